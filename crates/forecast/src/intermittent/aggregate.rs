//! Temporal aggregation: the zeros vanish in sums over buckets.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::{least, origins_of};
use crate::model::is_complete;
use crate::simd::{self, Lanes, Task};

/// Weights of the smoothing of sums, one per lane, up to 0.3 as in [`super::croston`]: larger ones follow the noise.
/// On windows before the hold-out of M5 weights up to 0.7 were no better, on other intermittent demand worse.
const ALPHAS: [f64; 8] = [0.02, 0.04, 0.07, 0.1, 0.14, 0.18, 0.24, 0.3];

/// How many first buckets the first level is taken from.
const START: usize = 48;

/// The level of the sums over buckets of the mean interval, per row, after each of the ascending origins.
pub(crate) fn adida(values: &[f64], origins: &[usize]) -> Vec<f64> {
    let seen = origins_of(values, origins, |_, _, _| {});
    let buckets = seen.iter().map(|origin| (origin.rows as usize, origin.mean_interval()));
    levels(values, &buckets.collect::<Vec<_>>())
}

/// The mean of those levels over all bucket lengths from one row to the mean interval.
pub(crate) fn imapa(values: &[f64], origins: &[usize]) -> Vec<f64> {
    let seen = origins_of(values, origins, |_, _, _| {});
    let buckets =
        seen.iter().flat_map(|origin| (1..=origin.mean_interval()).map(|rows| (origin.rows as usize, rows)));
    let mut levels = levels(values, &buckets.collect::<Vec<_>>()).into_iter();
    let mut mean = |lengths: usize| levels.by_ref().take(lengths).sum::<f64>() / lengths as f64;
    seen.iter().map(|origin| mean(origin.mean_interval())).collect()
}

/// For each pair of observed rows and a bucket length: the smoothed sum of buckets that end with the last of those
/// rows, divided by the length.
fn levels(values: &[f64], buckets: &[(usize, usize)]) -> Vec<f64> {
    let sums = if is_complete(values) {
        running_sums(values)
    } else {
        running_sums(&values.iter().copied().filter(|value| !value.is_nan()).collect::<Vec<_>>())
    };
    simd::run(Smoothing { sums: &sums, buckets })
}

/// The sum of the first `i` values. Four rows are added to each other before they are added to the sum, so that a row
/// does not wait for the one before.
fn running_sums(values: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 4);
    let mut sum = 0.0;
    sums.push(sum);
    for rows in values.chunks(4) {
        // Rows beyond the last are zero, so that a prefix has the same sums as the whole.
        let mut four = [0.0; 4];
        four[..rows.len()].copy_from_slice(rows);
        let (first, last) = (four[0] + four[1], four[2] + four[3]);
        sums.extend_from_slice(&[sum + four[0], sum + first, sum + (first + four[2]), sum + (first + last)]);
        sum += first + last;
    }
    sums.truncate(values.len() + 1);
    sums
}

/// Simple exponential smoothing of buckets.
struct Smoothing<'a> {
    /// The sum of the first `i` observed values: two of them give any bucket.
    sums: &'a [f64],
    buckets: &'a [(usize, usize)],
}

impl Task for Smoothing<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let mut levels = Vec::with_capacity(self.buckets.len());
        for &(end, rows) in self.buckets {
            levels.push(level::<D>(&self.sums[..=end], rows.clamp(1, end.max(1))));
        }
        levels
    }
}

/// The level after the last bucket, per row, with the weight of the least squared errors.
#[inline(always)]
fn level<D: Lanes<Number = f64>>(sums: &[f64], rows: usize) -> f64 {
    let end = sums.len() - 1;
    let edges = &sums[end % rows..];
    let count = (end / rows).min(START) * rows;
    if count == 0 {
        return 0.0;
    }
    let alpha = D::load(&ALPHAS);
    let rest = D::splat(1.0).minus(alpha);
    // From the mean of the first buckets, backwards over them to the start.
    let mut level = D::splat((edges[count] - edges[0]) * (rows as f64 / count as f64));
    let mut at = count;
    while at > 0 {
        let bucket = D::splat(edges[at] - edges[at - rows]);
        level = level.times_plus(rest, bucket.times(alpha));
        at -= rows;
    }
    let mut squares = D::splat(0.0);
    let mut at = 0;
    while at + rows < edges.len() {
        let bucket = D::splat(edges[at + rows] - edges[at]);
        let error = bucket.minus(level);
        squares = error.times_plus(error, squares);
        level = level.times_plus(rest, bucket.times(alpha));
        at += rows;
    }
    let (mut of_squares, mut of_levels) = ([0.0; 8], [0.0; 8]);
    squares.store(&mut of_squares);
    level.store(&mut of_levels);
    of_levels[least(&of_squares)] / rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_intermittent_demand_is_forecast_by_its_mean() {
        let values: Vec<f64> = (0..90).map(|t| if t % 3 == 2 { 6.0 } else { 0.0 }).collect();
        let forecast = |model: fn(&[f64], &[usize]) -> Vec<f64>| model(&values, &[90])[0];
        assert!((forecast(adida) - 2.0).abs() < 1e-9, "{}", forecast(adida));
        assert!((forecast(imapa) - 2.0).abs() < 0.2, "{}", forecast(imapa));
        assert!(adida(&[0.0; 30], &[30])[0].abs() < 1e-9);
    }

    #[test]
    fn the_smoothing_is_the_textbook_recursion() {
        let values: Vec<f64> = (0..40).map(|t| f64::from(t * 7 % 11)).collect();
        // The first of 41 values is in no bucket of four.
        let whole: Vec<f64> = std::iter::once(99.0).chain(values.iter().copied()).collect();
        let buckets: Vec<f64> = values.chunks_exact(4).map(|rows| rows.iter().sum()).collect();
        let smoothed = |alpha: f64| {
            let mut level = buckets.iter().sum::<f64>() / buckets.len() as f64;
            for bucket in buckets.iter().rev() {
                level += alpha * (bucket - level);
            }
            let mut squares = 0.0;
            for bucket in &buckets {
                squares += (bucket - level).powi(2);
                level += alpha * (bucket - level);
            }
            (squares, level / 4.0)
        };
        let best = ALPHAS.map(smoothed).into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let found = levels(&whole, &[(41, 4)])[0];
        assert!((found - best.1).abs() < 1e-12, "{found} {best:?}");
    }
}
