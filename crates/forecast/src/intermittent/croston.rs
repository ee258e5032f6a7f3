//! Croston's method and the Syntetos-Boylan approximation.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::{Demands, least};
use crate::simd::{self, Lanes, Task};

/// Whether the forecast is corrected for the bias of a ratio of smoothed numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bias {
    Kept,
    Corrected,
}

const ALPHAS: [f64; 8] = [0.02, 0.04, 0.07, 0.1, 0.14, 0.18, 0.24, 0.3];

/// The forecast of every step after each of the ascending origins.
pub(crate) fn croston(values: &[f64], origins: &[usize], bias: Bias) -> Vec<f64> {
    let demands = Demands::of(values, origins);
    let factors = ALPHAS.map(|alpha| if bias == Bias::Corrected { 1.0 - 0.5 * alpha } else { 1.0 });
    let passed = simd::run(Pass { demands: &demands, factors: &factors });
    passed.into_iter().map(|(squares, forecasts)| forecasts[least(&squares)]).collect()
}

struct Pass<'a> {
    demands: &'a Demands,
    factors: &'a [f64; 8],
}

impl Task for Pass<'_> {
    /// Per origin, of each weight: squared errors less the squared values, and the forecast.
    type Output = Vec<([f64; 8], [f64; 8])>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let Demands { sizes, intervals, origins } = self.demands;
        let (alpha, factor) = (D::load(&ALPHAS), D::load(self.factors));
        let zero = D::splat(0.0);
        let (mut size, mut interval, mut forecast, mut squares) = (zero, zero, zero, zero);
        let mut from = 0;
        let mut results = Vec::with_capacity(origins.len());
        for origin in origins {
            if from == 0 && origin.demands > 0 {
                (size, interval) = (D::splat(sizes[0]), D::splat(f64::from(intervals[0])));
                forecast = factor.times(size).over(interval);
                from = 1;
            }
            for (&next, &rows) in sizes[from..origin.demands].iter().zip(&intervals[from..]) {
                let (twice, next, rows) = (D::splat(-2.0 * next), D::splat(next), D::splat(f64::from(rows)));
                // The same forecast `f` held through all these rows: `Σ (y − f)² − y² = f (rows · f − 2y)`.
                squares = forecast.times_plus(forecast.times_plus(rows, twice), squares);
                size = alpha.times_plus(next.minus(size), size);
                interval = alpha.times_plus(rows.minus(interval), interval);
                forecast = factor.times(size).over(interval);
            }
            from = origin.demands;
            let mut result = ([0.0; 8], [0.0; 8]);
            let tail = D::splat(f64::from(origin.tail()));
            forecast.times(forecast).times_plus(tail, squares).store(&mut result.0);
            forecast.store(&mut result.1);
            results.push(result);
        }
        results
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook recursion, row by row: squared errors less the squared values, and the forecast.
    fn by_hand(values: &[f64], alpha: f64, factor: f64) -> (f64, f64) {
        let first = values.iter().position(|&value| value != 0.0).unwrap();
        let (mut size, mut interval, mut since, mut squares) = (values[first], first as f64 + 1.0, 0.0, 0.0);
        for &value in &values[first + 1..] {
            since += 1.0;
            squares += (value - factor * size / interval).powi(2) - value * value;
            if value != 0.0 {
                size += alpha * (value - size);
                interval += alpha * (since - interval);
                since = 0.0;
            }
        }
        (squares, factor * size / interval)
    }

    #[test]
    fn the_sparse_pass_equals_the_textbook_recursion_at_every_origin() {
        let values: Vec<f64> =
            (0..80).map(|t| if t * t % 7 == 2 { f64::from(t % 5 + 1) } else { 0.0 }).collect();
        let origins = [30, 55, 80];
        let demands = Demands::of(&values, &origins);
        let passed = simd::run(Pass { demands: &demands, factors: &[0.9; 8] });
        for (origin, (squares, forecasts)) in origins.into_iter().zip(passed) {
            for (lane, alpha) in ALPHAS.into_iter().enumerate() {
                let (expected, forecast) = by_hand(&values[..origin], alpha, 0.9);
                assert!((squares[lane] - expected).abs() < 1e-9 * expected.abs(), "{origin} {alpha}");
                assert!((forecasts[lane] - forecast).abs() < 1e-12, "{origin} {alpha}");
            }
        }
    }

    #[test]
    fn no_demand_is_forecast_as_zero() {
        let forecasts = croston(&[0.0, f64::NAN, 0.0, 2.0], &[1, 3, 4], Bias::Kept);
        assert_eq!(forecasts, [0.0, 0.0, 2.0 / 3.0]);
    }
}
