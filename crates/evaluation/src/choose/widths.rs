//! Intervals from errors that a whole fleet has made.
//!
//! The folds of one series are few, and the errors inside a fold share their fate: quantiles of them cover too
//! little, and a series without folds has none. Across a fleet the errors are many once they are *relative*:
//! divided by the mean seasonal difference of what the fold was trained on (the scale of MASE), and by how errors
//! grow with the step. What is left is a ratio, whose `⌈(n + 1)·level⌉`-th smallest of `n` is the half width (split
//! conformal prediction, Vovk, Gammerman & Shafer 2005):
//!
//! `half width = scale now × growth(step) × level of the series × quantile of the ratios`
//!
//! - *Growth* is the mean relative error of a step, drawn to a power of the step as by twenty errors; beyond the last
//!   judged step it goes on with the square root.
//! - The *level of the series* is its mean ratio to the power `n/(n + 2)` of its `n` folds, 1 without any. The
//!   ratios are taken as they would have been met: each fold against the level that the other folds give.
//! - With few folds in all, a half width grows as Student's t does over the normal distribution, by
//!   `1 + (z² + 1)/(4ν − 2)` of ν folds: the first term of its expansion (Fisher & Cornish 1960).
//!
//! Where nothing was judged, the ratios are those of normal errors around the seasonal naive forecast of a seasonal
//! random walk, whose growth is the square root of the seasons ahead. Every interval is finite and encloses its
//! point; higher levels enclose lower ones. Coverage is observed, not guaranteed.

mod growth;

use wire::model_selection::Interval;

use crate::FoldResult;
use crate::metrics::Scale;

/// Errors of a step that count as much as the power law.
const FIRM: f64 = 20.0;
/// Folds that the fleet counts for in the level of a series.
const FLEET_FOLDS: f64 = 2.0;
/// The mean size of a standard normal number.
const MEAN_SIZE: f64 = 0.797_884_560_802_865_4;
/// A level of a series is not below this: a perfect fold is luck.
const LEAST_LEVEL: f64 = 0.05;

/// The absolute errors of one fold relative to its scale; absent where there was no outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldErrors(Vec<Option<f64>>);

/// How wide the intervals of a fleet are.
#[derive(Debug, Clone, PartialEq)]
pub struct Widths {
    growth: Vec<f64>,
    /// Ascending.
    ratios: Vec<f64>,
    /// Folds that the ratios are of.
    folds: usize,
    season: usize,
}

impl FoldErrors {
    /// The errors of a fold that was trained on these rows; `None` where they do not change.
    pub fn of(fold: &FoldResult, train: &[f64], season: usize) -> Option<Self> {
        let scale = Scale::of(train, season).absolute?;
        let relative = |(actual, point): (&Option<f64>, &f64)| {
            actual.and_then(|actual| kernel::finite((actual - point).abs() / scale))
        };
        Some(Self(fold.actuals.iter().zip(&fold.predictions).map(relative).collect()))
    }
}

impl Widths {
    /// Learned from the folds of each series; `season` is that of the scales.
    pub fn of_fleet(series: &[Vec<FoldErrors>], season: usize) -> Self {
        let growth = growth::of(series);
        let mut ratios = Vec::new();
        for folds in series {
            let levels: Vec<Option<f64>> = folds.iter().map(|fold| mean_ratio(fold, &growth)).collect();
            for (at, fold) in folds.iter().enumerate() {
                let others = levels.iter().enumerate().filter(|(other, _)| *other != at);
                let level = level(others.filter_map(|(_, level)| *level));
                let steps =
                    fold.0.iter().zip(&growth).filter_map(|(error, growth)| Some((*error)? / growth / level));
                ratios.extend(steps.filter(|ratio| ratio.is_finite()));
            }
        }
        ratios.sort_unstable_by(f64::total_cmp);
        let folds = series.iter().flatten().filter(|fold| mean_ratio(fold, &growth).is_some()).count();
        Self { growth, ratios, folds, season: season.max(1) }
    }

    /// Half the width at each step for a series with these folds and this history, at a level between 0 and 1.
    /// `None` where the history does not change, or a number is too large.
    pub fn half_widths(
        &self,
        own: &[FoldErrors],
        history: &[f64],
        steps: usize,
        share: f64,
    ) -> Option<Vec<f64>> {
        let scale = Scale::of(history, self.season).absolute?;
        let level = level(own.iter().filter_map(|fold| mean_ratio(fold, &self.growth)));
        let width = scale * level * self.quantile(share.clamp(0.0, 1.0))?;
        (0..steps).map(|step| kernel::finite(width * self.growth_at(step))).collect()
    }

    /// Intervals around the points of a series, none of whose bounds is below `floor` unless its point is.
    pub fn intervals(
        &self,
        own: &[FoldErrors],
        history: &[f64],
        points: &[f64],
        levels: &[f64],
        floor: f64,
    ) -> Option<Vec<Interval>> {
        let at_level = |&level: &f64| {
            let widths = self.half_widths(own, history, points.len(), level)?;
            let bounds = || points.iter().zip(&widths);
            let lower = bounds().map(|(point, width)| (point - width).max(floor.min(*point))).collect();
            let upper = bounds().map(|(point, width)| point + width).collect();
            Some(Interval { level, lower, upper })
        };
        levels.iter().map(at_level).collect()
    }

    fn growth_at(&self, step: usize) -> f64 {
        match (self.growth.get(step), self.growth.last()) {
            (Some(growth), _) => *growth,
            (None, Some(last)) => last * ((step + 1) as f64 / self.growth.len() as f64).sqrt(),
            (None, None) => ((step / self.season + 1) as f64).sqrt(),
        }
    }

    /// The ratio that a share of outcomes stays below.
    fn quantile(&self, share: f64) -> Option<f64> {
        let z = normal_size(share);
        if self.ratios.is_empty() {
            return kernel::finite(z / MEAN_SIZE);
        }
        let n = self.ratios.len();
        // The tolerance keeps a product that is whole but for rounding at its number.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank from 0 to n + 1")]
        let rank = ((n as f64 + 1.0).mul_add(share, -1e-9)).ceil() as usize;
        let few = 1.0 + z.mul_add(z, 1.0) / 4.0_f64.mul_add(self.folds.max(1) as f64, -2.0);
        kernel::finite(few * self.ratios[rank.clamp(1, n) - 1])
    }
}

/// The mean of a fold's errors over their growth.
fn mean_ratio(fold: &FoldErrors, growth: &[f64]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for (error, growth) in fold.0.iter().zip(growth) {
        if let Some(error) = error {
            (sum, count) = (sum + error / growth, count + 1);
        }
    }
    if count > 0 { kernel::finite(sum / f64::from(count)) } else { None }
}

/// The level of a series with folds of these mean ratios.
fn level(ratios: impl Iterator<Item = f64>) -> f64 {
    let (sum, folds) = ratios.fold((0.0, 0.0), |(sum, folds), ratio| (sum + ratio, folds + 1.0));
    if folds == 0.0 { 1.0 } else { (sum / folds).max(LEAST_LEVEL).powf(folds / (folds + FLEET_FOLDS)) }
}

/// The size that a share of standard normal numbers stays below, to 0.0005 (Abramowitz & Stegun 1964, 26.2.23). No
/// more than five.
fn normal_size(share: f64) -> f64 {
    let tail = (0.5 * (1.0 - share)).clamp(3e-7, 0.5);
    let t = (-2.0 * tail.ln()).sqrt();
    let above = t.mul_add(t.mul_add(0.010_328, 0.802_853), 2.515_517);
    let below = t.mul_add(t.mul_add(t.mul_add(0.001_308, 0.189_269), 1.432_788), 1.0);
    (t - above / below).max(0.0)
}

#[cfg(test)]
#[path = "widths/tests.rs"]
mod tests;
