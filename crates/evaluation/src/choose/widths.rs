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
//! That is for series that sell at most rows. One whose demand is often zero ([`Demand::is_seldom`](super::demand::Demand::is_seldom)) takes its intervals from
//! what it sold lately, and its errors, which go far up and hardly down, widen nobody else's.
//!
//! Where nothing was judged, the ratios are those of normal errors around the seasonal naive forecast of a seasonal
//! random walk, whose growth is the square root of the seasons ahead. Every interval is finite and encloses its
//! point; higher levels enclose lower ones. Coverage is observed, not guaranteed.

mod growth;
mod recent;

use wire::model_selection::Interval;

use self::recent::Recent;
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

/// The errors of one fold.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldErrors {
    /// Their sizes relative to the fold's scale; absent where there was no outcome.
    steps: Vec<Option<f64>>,
    /// Whether demand was often zero before the fold, so that these errors are not those of other series.
    is_seldom: bool,
}

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

/// What outcomes lie around.
enum Around {
    /// What was sold lately.
    Recent(Recent),
    /// The points, by ratios of this size.
    Errors(f64),
}

impl FoldErrors {
    /// The errors of a fold that was trained on these rows; `None` where they do not change.
    pub fn of(fold: &FoldResult, train: &[f64], season: usize) -> Option<Self> {
        let scale = Scale::of(train, season).absolute?;
        let relative = |(actual, point): (&Option<f64>, &f64)| {
            actual.and_then(|actual| kernel::finite((actual - point).abs() / scale))
        };
        let steps = fold.actuals.iter().zip(&fold.predictions).map(relative).collect();
        Some(Self { steps, is_seldom: recent::is_seldom(train) })
    }
}

impl Widths {
    /// Learned from the folds of each series that sells at most rows; `season` is that of the scales.
    pub fn of_fleet(series: &[Vec<FoldErrors>], season: usize) -> Self {
        let growth = growth::of(series);
        let mut ratios = Vec::new();
        for folds in series {
            let levels: Vec<Option<f64>> = folds.iter().map(|fold| mean_ratio(fold, &growth)).collect();
            for (at, fold) in folds.iter().enumerate().filter(|(_, fold)| !fold.is_seldom) {
                let others = levels.iter().enumerate().filter(|(other, _)| *other != at);
                let level = level(others.filter_map(|(_, level)| *level));
                let steps = fold.steps.iter().zip(&growth);
                let steps = steps.filter_map(|(error, growth)| Some((*error)? / growth / level));
                ratios.extend(steps.filter(|ratio| ratio.is_finite()));
            }
        }
        ratios.sort_unstable_by(f64::total_cmp);
        let is_judged = |fold: &&FoldErrors| !fold.is_seldom && mean_ratio(fold, &growth).is_some();
        let folds = series.iter().flatten().filter(is_judged).count();
        Self { growth, ratios, folds, season: season.max(1) }
    }

    /// What outcomes of a series with these folds and this history lie around. `None` where no two values of the history can
    /// be compared.
    fn around(&self, own: &[FoldErrors], history: &[f64]) -> Option<Around> {
        if let Some(recent) = Recent::of(history) {
            return Some(Around::Recent(recent));
        }
        let Some(scale) = Scale::of(history, self.season).absolute else {
            return repeats(history, self.season).then_some(Around::Errors(0.0));
        };
        Some(Around::Errors(scale * level(own.iter().filter_map(|fold| mean_ratio(fold, &self.growth)))))
    }

    /// What a share of outcomes stays below at each point; not below `floor` unless the point is. `None` where a
    /// number is too large.
    fn quantile(&self, around: &Around, points: &[f64], share: f64, floor: f64) -> Option<Vec<f64>> {
        let ratio = self.ratio(share)?;
        let quantile = |(step, &point): (usize, &f64)| {
            let quantile = match around {
                Around::Recent(recent) => recent.quantile(share, point),
                Around::Errors(size) => (size * ratio).mul_add(self.growth_at(step), point),
            };
            kernel::finite(quantile.max(floor.min(point)))
        };
        points.iter().enumerate().map(quantile).collect()
    }

    /// Intervals around the points of a series, each with as many outcomes below as above. None of the bounds is below
    /// `floor` unless its point is.
    pub fn intervals(
        &self,
        own: &[FoldErrors],
        history: &[f64],
        points: &[f64],
        levels: &[f64],
        floor: f64,
    ) -> Option<Vec<Interval>> {
        let around = self.around(own, history)?;
        let at_level = |&level: &f64| {
            let bound = |share: f64| self.quantile(&around, points, share, floor);
            let (mut lower, mut upper) = (bound(0.5 - 0.5 * level)?, bound(0.5 + 0.5 * level)?);
            for ((lower, upper), point) in lower.iter_mut().zip(&mut upper).zip(points) {
                (*lower, *upper) = (lower.min(*point), upper.max(*point));
            }
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
    fn ratio(&self, share: f64) -> Option<f64> {
        let (side, within) = ((share - 0.5).signum(), (2.0 * share - 1.0).abs());
        let z = normal_size(within);
        if self.ratios.is_empty() {
            return kernel::finite(side * z / MEAN_SIZE);
        }
        let few = 1.0 + z.mul_add(z, 1.0) / 4.0_f64.mul_add(self.folds.max(1) as f64, -2.0);
        kernel::finite(side * few * self.ratios[rank(self.ratios.len(), within) - 1])
    }
}

/// Which of `n` ascending numbers, counted from one, a share of further ones stays below.
fn rank(n: usize, share: f64) -> usize {
    // The tolerance keeps a product that is whole but for rounding at its number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank from 0 to n + 1")]
    let rank = ((n as f64 + 1.0).mul_add(share, -1e-9)).ceil() as usize;
    rank.clamp(1, n)
}

/// Whether all values that can be compared with the one a season before are equal to it.
fn repeats(history: &[f64], season: usize) -> bool {
    let lag = if history.len() > season { season } else { 1 };
    let differences = history.iter().skip(lag).zip(history).map(|(later, earlier)| later - earlier);
    let mut compared = differences.filter(|difference| !difference.is_nan()).peekable();
    compared.peek().is_some() && compared.all(|difference| difference == 0.0)
}

/// The mean of a fold's errors over their growth.
fn mean_ratio(fold: &FoldErrors, growth: &[f64]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for (error, growth) in fold.steps.iter().zip(growth) {
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
