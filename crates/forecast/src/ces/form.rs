//! The forms and the weights that are tried for each.

use std::sync::LazyLock;

use crate::smoothing::halton;

/// How a season enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    None,
    Simple,
    Partial,
    Full,
}

/// Two real numbers `w₀ + i w₁` that weigh an error, in the terms they are searched in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    /// `w₀ − w₁`: how much of an error enters the level.
    share: f64,
    /// `(w₁ − 1)/w₀`: how much the forecast grows in a step, nearly.
    growth: f64,
}

impl Pair {
    pub(super) const fn new(share: f64, growth: f64) -> Self {
        Self { share, growth }
    }

    /// `w₀` and `w₁`.
    pub(super) fn weights(self) -> (f64, f64) {
        let real = (1.0 + self.share) / (1.0 - self.growth);
        (real, real.mul_add(self.growth, 1.0))
    }

    /// Whether both roots of the filter's discount matrix are inside the unit circle.
    fn is_stable(self) -> bool {
        let (real, imaginary) = self.weights();
        let trace = 2.0 - 2.0 * real + imaginary;
        let determinant =
            (1.0 - real + imaginary) * (1.0 - real) + (1.0 - imaginary) * (1.0 - real - imaginary);
        determinant.abs() < 1.0 && trace.abs() < 1.0 + determinant
    }

    /// A pair near this one, or this one where that would not be stable.
    fn near(self, radius: f64, offsets: [f64; 2]) -> Self {
        let share = (0.1 * radius).mul_add(offsets[0], self.share).clamp(0.01, 1.0);
        let reach = 0.6_f64.mul_add(self.growth.abs(), 0.006);
        let near = Self { share, growth: (radius * reach).mul_add(offsets[1], self.growth) };
        if near.is_stable() { near } else { self }
    }
}

/// Weights of a form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// Of the level; for the simple form, of each phase's level.
    pub(super) level: Pair,
    /// Of the season; the partial form reads the share alone.
    pub(super) season: Pair,
}

impl Candidate {
    /// How implausible the growth is before any data, in units of `−2 log` likelihood. One standard deviation is one
    /// per cent a step where there are seasons, and 4.5 per cent where there are none, since a step is then often a
    /// year. Its weight fades as one over the length of the history. Chosen on earlier origins of M3 and M1.
    pub(super) fn penalty(self, period: usize) -> f64 {
        let evidence = if period > 1 { 1e4 } else { 500.0 };
        evidence * (self.level.growth * self.level.growth + self.season.growth * self.season.growth)
    }
}

/// Candidates of one pass.
pub(super) const WIDTH: usize = 16;

const FLAT: Pair = Pair::new(0.0, 0.0);

impl Form {
    /// Weights and the error's variance: what `AICc` counts. The first states are none of it, because running the
    /// filter backwards gives them without a search; with them counted the criterion refused seasons that were there.
    pub(super) const fn searched(self) -> usize {
        match self {
            Self::None | Self::Simple => 3,
            Self::Partial => 4,
            Self::Full => 5,
        }
    }

    /// The same with the first states: a history of fewer rows says nothing of the form.
    pub(super) const fn parameters(self, period: usize) -> usize {
        match self {
            Self::None => 5,
            Self::Simple => 3 + 2 * period,
            Self::Partial => 5 + period,
            Self::Full => 5 + 2 * period,
        }
    }

    /// The fixed grid; the full form has none of its own.
    pub(super) fn grid(self) -> &'static [Candidate] {
        static GRIDS: LazyLock<[Vec<Candidate>; 3]> = LazyLock::new(|| {
            [
                grid(
                    &[0.02, 0.08, 0.18, 0.32, 0.5, 0.68, 0.84, 0.96],
                    &[-0.015, -0.004, 0.0, 0.004, 0.012, 0.03],
                    &[0.0],
                ),
                grid(&[0.02, 0.08, 0.18, 0.32, 0.5, 0.68, 0.84, 0.96], &[-0.012, 0.0, 0.012, 0.04], &[0.0]),
                grid(
                    &[0.03, 0.12, 0.28, 0.48, 0.7, 0.92],
                    &[-0.004, 0.0, 0.004, 0.012],
                    &[0.01, 0.05, 0.15, 0.35],
                ),
            ]
        });
        match self {
            Self::None => &GRIDS[0],
            Self::Simple => &GRIDS[1],
            Self::Partial | Self::Full => &GRIDS[2],
        }
    }

    /// Candidates around one, in a box that shrinks with the round.
    pub(super) fn around(self, center: Candidate, round: usize) -> [Candidate; WIDTH] {
        static OFFSETS: LazyLock<[[f64; 4]; WIDTH]> = LazyLock::new(|| {
            std::array::from_fn(|at| [2, 3, 5, 7].map(|base| 2.0 * halton(at + 1, base) - 1.0))
        });
        let radius = if round == 0 { 1.0 } else { 0.4 };
        OFFSETS.map(|[a, b, c, d]| {
            let level = center.level.near(radius, [a, b]);
            let season = match self {
                Self::None | Self::Simple => FLAT,
                Self::Partial => {
                    let reach = radius * 0.5_f64.mul_add(center.season.share, 0.02);
                    // A season that takes more than the level leaves is not stable.
                    let most = (1.0 - level.share).max(0.01);
                    Pair::new(reach.mul_add(c, center.season.share).clamp(0.001, most), 0.0)
                }
                Self::Full => center.season.near(radius, [c, d]),
            };
            Candidate { level, season }
        })
    }
}

fn grid(shares: &[f64], growths: &[f64], seasons: &[f64]) -> Vec<Candidate> {
    let mut all = Vec::new();
    for &share in shares {
        for &growth in growths {
            for &season in seasons {
                // The season's share is of what the level leaves.
                let season = Pair::new(season * (1.0 - share), 0.0);
                all.push(Candidate { level: Pair::new(share, growth), season });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_candidate_of_a_grid_is_stable_and_fills_whole_passes() {
        for form in [Form::None, Form::Simple, Form::Partial] {
            assert!(form.grid().len().is_multiple_of(WIDTH), "{form:?}");
            for candidate in form.grid() {
                assert!(candidate.level.is_stable(), "{form:?} {candidate:?}");
            }
        }
    }

    #[test]
    fn share_and_growth_name_one_pair_of_weights() {
        let (real, imaginary) = Pair::new(0.3, 0.02).weights();
        assert!((real - imaginary - 0.3).abs() < 1e-12 && ((imaginary - 1.0) / real - 0.02).abs() < 1e-12);
        assert!(Pair::new(0.3, 0.0).is_stable() && !Pair::new(1.2, 0.0).is_stable());
    }
}
