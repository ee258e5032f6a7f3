//! The forms of smoothing and the parameters that are tried for each.

use std::cmp::Ordering;
use std::sync::LazyLock;

/// How a season enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Season {
    None,
    Additive,
    Multiplicative,
}

/// How a trend enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trend {
    None,
    Full,
    Damped,
}

/// What is smoothed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) trend: Trend,
    pub(crate) season: Season,
}

/// Smoothing parameters: `beta` is the absolute weight of the error in the trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) alpha: f64,
    pub(crate) beta: f64,
    pub(crate) gamma: f64,
    pub(crate) phi: f64,
}

impl Candidate {
    /// How implausible the parameters are before any data, in units of `−2 log` likelihood: a trend that turns with
    /// every error needs evidence. Its weight fades as one over the length of the history. Without it, the trends of
    /// short histories are worse than those of libraries whose optimisers stop early.
    pub(crate) fn penalty(self) -> f64 {
        const TREND: f64 = 20.0;
        TREND * self.beta / self.alpha
    }

    /// Any fixed order that brings equal candidates together.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let all = |candidate: &Self| [candidate.alpha, candidate.beta, candidate.gamma, candidate.phi];
        let orders = all(self).into_iter().zip(all(other)).map(|(a, b)| a.total_cmp(&b));
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

/// Candidates of a refinement, and of the largest grid.
pub(crate) const WIDTH: usize = 32;

/// Histories up to this length are searched on the fine grid.
pub(crate) const FINE_UP_TO: usize = 256;

pub(crate) type Candidates = [Candidate; WIDTH];

impl Form {
    pub(crate) const LEVEL: Self = Self { trend: Trend::None, season: Season::None };
    pub(crate) const HOLT: Self = Self { trend: Trend::Full, season: Season::None };
    pub(crate) const DAMPED: Self = Self { trend: Trend::Damped, season: Season::None };

    pub(crate) const fn with(self, season: Season) -> Self {
        Self { trend: self.trend, season }
    }

    /// Numbers that are estimated, the error's variance included: for `AICc`.
    pub(crate) const fn parameters(self, period: usize) -> usize {
        let trend = match self.trend {
            Trend::None => 0,
            Trend::Full => 2,
            Trend::Damped => 3,
        };
        let season = match self.season {
            Season::None => 0,
            _ => period,
        };
        3 + trend + season
    }

    /// The fixed grid for a history of so many rows.
    pub(crate) fn grid(self, rows: usize) -> &'static [Candidate] {
        static GRIDS: LazyLock<[[Vec<Candidate>; 2]; 6]> = LazyLock::new(|| {
            std::array::from_fn(|at| {
                let trend = [Trend::None, Trend::Full, Trend::Damped][at / 2];
                let season = if at.is_multiple_of(2) { Season::None } else { Season::Additive };
                let form = Form { trend, season };
                [fine(form), coarse(form)]
            })
        });
        let [fine, coarse] = &GRIDS[2 * self.trend as usize + usize::from(self.season != Season::None)];
        if rows <= FINE_UP_TO { fine } else { coarse }
    }

    /// Candidates around one, in a box that shrinks with the round.
    pub(crate) fn around(self, center: Candidate, round: usize) -> Candidates {
        static OFFSETS: LazyLock<[[f64; 4]; WIDTH]> = LazyLock::new(|| {
            std::array::from_fn(|at| [2, 3, 5, 7].map(|base| 2.0 * halton(at + 1, base) - 1.0))
        });
        let radius = [0.5, 0.15, 0.05][round.min(2)];
        let near = |value: f64, low: f64, high: f64| {
            let reach = radius * (2.0 * (value - low) * (high - value) / (high - low) + 0.1 * (high - low));
            move |offset: f64| reach.mul_add(offset, value).clamp(low, high)
        };
        let alpha = near(center.alpha, 0.001, 0.999);
        let share = near(center.beta / center.alpha, 0.001, 0.99);
        let fading = near(center.phi, 0.8, 0.98);
        let gamma = near(center.gamma / (1.0 - center.alpha), 0.001, 0.99);
        let mut all = [center; WIDTH];
        for (one, &[a, b, c, d]) in all.iter_mut().zip(&*OFFSETS) {
            one.alpha = alpha(a);
            (one.beta, one.phi) = match self.trend {
                Trend::None => (0.0, 0.0),
                Trend::Full => (share(b) * one.alpha, 1.0),
                Trend::Damped => (share(b) * one.alpha, fading(d)),
            };
            one.gamma = match self.season {
                Season::None => 0.0,
                _ => gamma(c) * (1.0 - one.alpha),
            };
        }
        all[0] = center;
        all
    }
}

/// Every combination of these weights of errors in the level, `(β/α, φ)` and `γ/(1 − α)`.
fn product(alphas: &[f64], trends: &[(f64, f64)], seasons: &[f64]) -> Vec<Candidate> {
    let mut all = Vec::with_capacity(WIDTH);
    for &alpha in alphas {
        for &(share, phi) in trends {
            for &season in seasons {
                all.push(Candidate { alpha, beta: share * alpha, gamma: season * (1.0 - alpha), phi });
            }
        }
    }
    all
}

/// For short histories.
fn fine(form: Form) -> Vec<Candidate> {
    const LEVEL: [f64; 32] = [
        0.002, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.1, 0.125, 0.15, 0.18, 0.21, 0.245, 0.28, 0.32,
        0.36, 0.4, 0.445, 0.49, 0.535, 0.58, 0.625, 0.67, 0.715, 0.76, 0.805, 0.85, 0.89, 0.93, 0.965, 0.999,
    ];
    const EIGHT: [f64; 8] = [0.01, 0.04, 0.1, 0.2, 0.35, 0.55, 0.8, 0.97];
    const FOUR: [f64; 4] = [0.03, 0.15, 0.4, 0.8];
    const SEASONS: [f64; 4] = [0.01, 0.08, 0.2, 0.45];
    let none = [0.0];
    match (form.trend, form.season) {
        (Trend::None, Season::None) => product(&LEVEL, &[(0.0, 0.0)], &none),
        (Trend::None, _) => product(&EIGHT, &[(0.0, 0.0)], &SEASONS),
        (Trend::Full, Season::None) => {
            product(&EIGHT, &[(0.01, 1.0), (0.08, 1.0), (0.25, 1.0), (0.6, 1.0)], &none)
        }
        (Trend::Full, _) => product(&FOUR, &[(0.01, 1.0), (0.15, 1.0)], &SEASONS),
        (Trend::Damped, Season::None) => {
            product(&EIGHT, &[(0.05, 0.95), (0.25, 0.95), (0.6, 0.95), (0.3, 0.85)], &none)
        }
        (Trend::Damped, _) => product(&FOUR, &[(0.05, 0.95), (0.25, 0.9)], &SEASONS),
    }
}

/// For long histories.
fn coarse(form: Form) -> Vec<Candidate> {
    const TWELVE: [f64; 12] = [0.005, 0.02, 0.045, 0.08, 0.13, 0.2, 0.29, 0.4, 0.53, 0.68, 0.84, 0.97];
    const FOUR: [f64; 4] = [0.015, 0.08, 0.3, 0.8];
    const SEASONS: [f64; 4] = [0.01, 0.06, 0.2, 0.45];
    let none = [0.0];
    match (form.trend, form.season) {
        (Trend::None, Season::None) => product(&TWELVE, &[(0.0, 0.0)], &none),
        (Trend::None, _) => product(&FOUR, &[(0.0, 0.0)], &SEASONS),
        (Trend::Full, Season::None) => {
            product(&[0.03, 0.25, 0.85], &[(0.005, 1.0), (0.05, 1.0), (0.3, 1.0)], &none)
        }
        (Trend::Full, _) => product(&[0.03, 0.2, 0.7], &[(0.02, 1.0)], &[0.01, 0.1, 0.35]),
        (Trend::Damped, Season::None) => {
            product(&[0.03, 0.25, 0.85], &[(0.05, 0.97), (0.3, 0.95), (0.7, 0.9)], &none)
        }
        (Trend::Damped, _) => product(&[0.03, 0.2, 0.7], &[(0.1, 0.95)], &[0.01, 0.1, 0.35]),
    }
}

/// The `index`-th number of the van der Corput sequence of a base: evenly spread and fixed.
pub(crate) fn halton(mut index: usize, base: usize) -> f64 {
    let (mut result, mut fraction) = (0.0, 1.0);
    while index > 0 {
        fraction /= base as f64;
        result += fraction * (index % base) as f64;
        index /= base;
    }
    result
}
