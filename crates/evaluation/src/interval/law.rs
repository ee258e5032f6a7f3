//! The intervals of what a model itself says of its errors.

use forecast::Law;
use wire::model_selection::Interval;

use super::push;
use crate::distribution::{Counts, normal_quantile};

/// Intervals around points at ascending levels. Those of counts have whole bounds that enclose the point, which is
/// a mean and may lie outside the middle half of a skewed distribution.
pub(super) fn intervals(law: &Law, points: &[f64], levels: &[f64], floor: f64) -> Vec<Interval> {
    let mut intervals: Vec<Interval> =
        levels.iter().map(|&level| Interval { level, lower: Vec::new(), upper: Vec::new() }).collect();
    match law {
        Law::Normal(deviations) => {
            for interval in &mut intervals {
                let width = normal_quantile(0.5 + 0.5 * interval.level);
                for (point, deviation) in points.iter().zip(deviations) {
                    push(interval, *point, width * deviation, floor);
                }
            }
        }
        Law::Count { dispersion } => {
            let below = levels.iter().rev().map(|level| 0.5 - 0.5 * level);
            let probabilities: Vec<f64> = below.chain(levels.iter().map(|level| 0.5 + 0.5 * level)).collect();
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
