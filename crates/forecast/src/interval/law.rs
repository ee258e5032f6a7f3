//! What a model itself says of its errors: a normal distribution around each step, or a distribution of counts.

use wire::model_selection::Interval;

use super::push;
use crate::distribution::{Counts, normal_quantile};

/// A forecast with what its model says of its errors.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Predicted {
    /// One finite number per step.
    pub(crate) points: Vec<f64>,
    /// Absent where the model says nothing.
    pub(crate) law: Option<Law>,
}

impl Predicted {
    /// Drops the first steps.
    pub(crate) fn skip(&mut self, steps: usize) {
        self.points.drain(..steps);
        if let Some(Law::Normal(deviations)) = &mut self.law {
            deviations.drain(..steps);
        }
    }
}

/// The distribution of the errors of each step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Law {
    /// Normal around the point with these standard deviations.
    Normal(Vec<f64>),
    /// Whole numbers whose mean is the point and whose variance is this many times the mean, at least one.
    Count { dispersion: f64 },
}

impl Law {
    /// Normal errors, unless a deviation is no number.
    pub(crate) fn normal(deviations: Vec<f64>) -> Option<Self> {
        let are_numbers = deviations.iter().all(|deviation| deviation.is_finite() && *deviation >= 0.0);
        are_numbers.then_some(Self::Normal(deviations))
    }

    /// Counts, if the history is whole numbers from zero and neither too large nor too uneven to be counted one by one.
    ///
    /// The dispersion is `Σ(y − l)² / Σ l` over the rows after the first demand, with `l` the simply smoothed level
    /// before each: Pearson's estimate with one-step errors, so that a slow change of level does not count as noise.
    pub(crate) fn of_counts(values: &[f64], points: &[f64]) -> Option<Self> {
        /// Slow, as the weights that intermittent models choose.
        const ALPHA: f64 = 0.1;
        let (mut level, mut squares, mut levels) = (None, 0.0_f64, 0.0);
        for &value in values.iter().filter(|value| !value.is_nan()) {
            if value < 0.0 || value.fract() != 0.0 {
                return None;
            }
            let Some(before) = level else {
                level = (value > 0.0).then_some(value);
                continue;
            };
            let error: f64 = value - before;
            squares = error.mul_add(error, squares);
            levels += before;
            level = Some(ALPHA.mul_add(error, before));
        }
        let dispersion = if levels > 0.0 { (squares / levels).max(1.0) } else { 1.0 };
        let are_counts = points.iter().all(|point| (0.0..=Counts::LARGEST_MEAN).contains(point));
        (are_counts && dispersion <= Counts::LARGEST_DISPERSION).then_some(Self::Count { dispersion })
    }

    /// Intervals around points at ascending levels. Those of counts have whole bounds that enclose the point, which is
    /// a mean and may lie outside the middle half of a skewed distribution.
    pub(super) fn intervals(&self, points: &[f64], levels: &[f64], floor: f64) -> Vec<Interval> {
        let mut intervals: Vec<Interval> =
            levels.iter().map(|&level| Interval { level, lower: Vec::new(), upper: Vec::new() }).collect();
        match self {
            Self::Normal(deviations) => {
                for interval in &mut intervals {
                    let width = normal_quantile(0.5 + 0.5 * interval.level);
                    for (point, deviation) in points.iter().zip(deviations) {
                        push(interval, *point, width * deviation, floor);
                    }
                }
            }
            Self::Count { dispersion } => {
                let below = levels.iter().rev().map(|level| 0.5 - 0.5 * level);
                let probabilities: Vec<f64> =
                    below.chain(levels.iter().map(|level| 0.5 + 0.5 * level)).collect();
                let mut known: Option<(f64, Vec<f64>)> = None;
                for &point in points {
                    // The forecasts of intermittent demand are flat: most steps share their quantiles.
                    let quantiles = match known.take() {
                        Some((mean, quantiles)) if mean.to_bits() == point.to_bits() => quantiles,
                        _ => Counts { mean: point, dispersion: *dispersion }.quantiles(&probabilities),
                    };
                    let n = levels.len();
                    for (at, interval) in intervals.iter_mut().enumerate() {
                        interval.lower.push(quantiles[n - 1 - at].min(point.floor()));
                        interval.upper.push(quantiles[n + at].max(point.ceil()));
                    }
                    known = Some((point, quantiles));
                }
            }
        }
        intervals
    }
}
