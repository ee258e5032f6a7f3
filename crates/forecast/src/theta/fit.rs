//! Fitting Theta models at the end of histories, and forecasting from there.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Row;
use super::kernel::Rows;
use super::line::{Line, Lines};
use super::search::{Solved, Spread, search};
use super::seasonal::{Effect, Season, remove, restore, seasons};
use crate::simd::{self, Lanes, Task};

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theta {
    Standard,
    Optimised,
    DynamicOptimised,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ThetaFit {
    theta: Theta,
    solved: Solved,
    line: Line,
    season: Season,
    /// What the values without their season were counted from.
    centre: f64,
}

/// From how many series on eight lanes of series are faster than lanes of weights, series by series.
const FEW: usize = 4;

impl Theta {
    /// Fits the model to each of several complete histories of one length, at least four values. A fit does not
    /// depend on what it is fitted together with.
    pub(crate) fn fit(self, histories: &[&[f64]], period: usize) -> Vec<ThetaFit> {
        let mut fits = Vec::with_capacity(histories.len());
        for block in histories.chunks(8) {
            if block.len() < FEW {
                for history in block {
                    let histories = std::slice::from_ref(history);
                    fits.extend(simd::run(Fit { theta: self, histories, period, spread: Spread::Weights }));
                }
            } else {
                let spread = Spread::Series;
                fits.extend(simd::run(Fit { theta: self, histories: block, period, spread }));
            }
        }
        fits
    }

    /// How strongly the share is drawn towards one half: one over the variance of its prior, in units of the errors'
    /// variance. The line of all values has seen the rows it is judged on, so its share needs more evidence. How the
    /// two were chosen, and what they were not chosen by, is in ADR 101.
    pub(super) const fn evidence(self) -> f64 {
        match self {
            Self::DynamicOptimised => 2.0,
            Self::Standard | Self::Optimised => 8.0,
        }
    }
}

/// One to eight histories.
struct Fit<'a> {
    theta: Theta,
    histories: &'a [&'a [f64]],
    period: usize,
    spread: Spread,
}

impl Task for Fit<'_> {
    type Output = Vec<ThetaFit>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let Self { theta, histories, period, spread } = self;
        let mut values = packed(histories);
        let seasons = seasons::<D>(&values, period, histories.len());
        remove::<D>(&mut values, &seasons, period);
        let centres = centred::<D>(&mut values);
        let is_dynamic = theta == Theta::DynamicOptimised;
        let (lines, skipped) = if is_dynamic {
            (Lines::before::<D>(&values), 2.min(values.len() - 1))
        } else {
            (Lines::of_all::<D>(&values), 0)
        };
        let solved = search::<D>(theta, &Rows { values: &values, lines: &lines, skipped }, spread);
        let mut fits = Vec::with_capacity(histories.len());
        for (lane, season) in seasons.into_iter().enumerate() {
            let (mean, slope) = (lines.mean[lane], lines.slope[lane]);
            let line = Line { rows: values.len() as f64, mean, slope };
            fits.push(ThetaFit { theta, solved: solved[lane], line, season, centre: centres[lane] });
        }
        fits
    }
}

/// Row by row, one history per lane; the last is repeated.
fn packed(histories: &[&[f64]]) -> Vec<Row> {
    let mut rows = vec![[0.0; 8]; histories[0].len()];
    for lane in 0..8 {
        let history = histories[lane.min(histories.len() - 1)];
        for (row, value) in rows.iter_mut().zip(history) {
            row[lane] = *value;
        }
    }
    rows
}

/// Counts the values of each history from its first one and gives that. The first level takes up any constant that
/// all values have in common; of a large one the products that solve for it would lose the rest.
#[inline(always)]
fn centred<D: Lanes<Number = f64>>(values: &mut [Row]) -> Row {
    let centres = values[0];
    for row in values {
        D::load(row).minus(D::load(&centres)).store(row);
    }
    centres
}

impl ThetaFit {
    /// The recursion continued, each forecast taking the place of the value it forecasts.
    pub(crate) fn points(&self, steps: usize) -> Vec<f64> {
        let Solved { alpha, share, mut level, .. } = self.solved;
        let mut line = self.line;
        #[expect(clippy::cast_possible_truncation, reason = "beyond 2^31 rows the power is zero anyway")]
        let mut power = (1.0 - alpha).powi(line.rows as i32);
        let rows = line.rows;
        let mut points = Vec::with_capacity(steps);
        for _ in 0..steps {
            let next = power * (1.0 - alpha);
            let g = power * line.intercept() + (1.0 - next) / alpha * line.slope;
            let point = level + share * g;
            level += alpha * (point - level);
            if self.theta == Theta::DynamicOptimised {
                line.push(point);
            }
            power = next;
            points.push(point + self.centre);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of rows")]
        restore(&self.season, &mut points, rows as usize);
        points
    }

    /// `σ √(1 + (h − 1) α²)`, times the step's index where the season is multiplicative: the model is simple
    /// smoothing with a drift (Hyndman & Billah 2003), whose line and indices are taken as known. `None` for the
    /// dynamic model, whose line moves with every value.
    pub(crate) fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        if self.theta == Theta::DynamicOptimised {
            return None;
        }
        let Solved { alpha, squares, .. } = self.solved;
        // The weight, the first level and the share are estimated.
        let noise = squares / (self.line.rows - 3.0).max(1.0);
        let mut deviations: Vec<f64> =
            (0..steps).map(|step| (noise * (1.0 + step as f64 * alpha * alpha)).sqrt()).collect();
        let scales: Vec<Effect> =
            self.season.iter().map(|&Effect { factor, .. }| Effect { factor, shift: 0.0 }).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of rows")]
        restore(&scales, &mut deviations, self.line.rows as usize);
        Some(deviations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Theta; 3] = [Theta::Standard, Theta::Optimised, Theta::DynamicOptimised];

    /// A season of seven on a slope, stronger in some series than in others, and seven times none at all.
    fn histories() -> Vec<Vec<f64>> {
        let season = [5.0, -3.0, 0.0, 8.0, -6.0, 1.0, -5.0];
        let value = |series: usize, t: usize| {
            let noise = (t * (31 + series) % 17) as f64;
            100.0 + 0.1 * t as f64 + noise + season[t % 7] * (series % 3) as f64
        };
        (0..21).map(|series| (0..90).map(|t| value(series, t)).collect()).collect()
    }

    #[test]
    fn a_line_and_a_constant_are_continued() {
        let values: Vec<f64> = (1..=30).map(|t| 5.0 + 2.0 * f64::from(t)).collect();
        for theta in [Theta::Optimised, Theta::DynamicOptimised] {
            let points = theta.fit(&[&values], 1)[0].points(3);
            for (step, point) in points.into_iter().enumerate() {
                assert!((point - (67.0 + 2.0 * step as f64)).abs() < 0.5, "{theta:?} {step}: {point}");
            }
        }
        for theta in ALL {
            for point in theta.fit(&[&[7.0; 20]], 7)[0].points(5) {
                assert!((point - 7.0).abs() < 1e-9, "{theta:?} {point}");
            }
        }
    }

    #[test]
    fn every_path_and_any_company_gives_the_same_bits() {
        let histories = histories();
        let histories: Vec<&[f64]> = histories.iter().map(Vec::as_slice).collect();
        for theta in ALL {
            let together = theta.fit(&histories, 7);
            for (history, fit) in histories.iter().zip(&together) {
                assert_eq!(&theta.fit(&[*history], 7)[0], fit, "{theta:?}");
            }
            for path in simd::Path::all() {
                let spread = Spread::Series;
                let task = Fit { theta, histories: &histories[..8], period: 7, spread };
                assert_eq!(simd::run_on(path, task), together[..8], "{theta:?} {path:?}");
            }
        }
    }
}
