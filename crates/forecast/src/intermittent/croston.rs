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

/// The forecast of every step.
pub(crate) fn croston(values: &[f64], bias: Bias) -> f64 {
    let demands = Demands::of(values);
    if demands.sizes.is_empty() {
        return 0.0;
    }
    let factors = ALPHAS.map(|alpha| if bias == Bias::Corrected { 1.0 - 0.5 * alpha } else { 1.0 });
    let (squares, forecasts) = simd::run(Pass { demands: &demands, factors: &factors });
    forecasts[least(&squares)]
}

struct Pass<'a> {
    demands: &'a Demands,
    factors: &'a [f64; 8],
}

impl Task for Pass<'_> {
    /// Squared errors and the forecast after the last row, per weight.
    type Output = ([f64; 8], [f64; 8]);

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let Demands { sizes, intervals, tail } = self.demands;
        let (alpha, factor) = (D::load(&ALPHAS), D::load(self.factors));
        let (mut size, mut interval) = (D::splat(sizes[0]), D::splat(intervals[0]));
        let mut forecast = factor.times(size).over(interval);
        let mut squares = D::splat(0.0);
        for (&next, &rows) in sizes.iter().zip(intervals).skip(1) {
            // The same forecast held through `rows − 1` rows without demand and met the demand in the last.
            let quiet = D::splat(rows - 1.0);
            squares = forecast.times(forecast).times_plus(quiet, squares);
            let error = D::splat(next).minus(forecast);
            squares = error.times_plus(error, squares);
            size = alpha.times_plus(D::splat(next).minus(size), size);
            interval = alpha.times_plus(D::splat(rows).minus(interval), interval);
            forecast = factor.times(size).over(interval);
        }
        squares = forecast.times(forecast).times_plus(D::splat(*tail), squares);
        let (mut of_squares, mut of_forecasts) = ([0.0; 8], [0.0; 8]);
        squares.store(&mut of_squares);
        forecast.store(&mut of_forecasts);
        (of_squares, of_forecasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook recursion, row by row.
    fn by_hand(values: &[f64], alpha: f64, factor: f64) -> (f64, f64) {
        let first = values.iter().position(|&value| value != 0.0).unwrap();
        let (mut size, mut interval, mut since, mut squares) = (values[first], first as f64 + 1.0, 0.0, 0.0);
        for &value in &values[first + 1..] {
            since += 1.0;
            squares += (value - factor * size / interval).powi(2);
            if value != 0.0 {
                size += alpha * (value - size);
                interval += alpha * (since - interval);
                since = 0.0;
            }
        }
        (squares, factor * size / interval)
    }

    #[test]
    fn the_sparse_pass_equals_the_textbook_recursion() {
        let values: Vec<f64> =
            (0..80).map(|t| if t * t % 7 == 2 { f64::from(t % 5 + 1) } else { 0.0 }).collect();
        let demands = Demands::of(&values);
        let (squares, forecasts) = simd::run(Pass { demands: &demands, factors: &[0.9; 8] });
        for (lane, alpha) in ALPHAS.into_iter().enumerate() {
            let (expected, forecast) = by_hand(&values, alpha, 0.9);
            assert!((squares[lane] - expected).abs() < 1e-9 * expected, "{alpha}");
            assert!((forecasts[lane] - forecast).abs() < 1e-12, "{alpha}");
        }
    }

    #[test]
    fn no_demand_is_forecast_as_zero() {
        assert!(croston(&[0.0, f64::NAN, 0.0], Bias::Kept).abs() < f64::EPSILON);
    }
}
