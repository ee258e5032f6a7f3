//! The method of Teunter, Syntetos and Babai, whose forecast falls while there is no demand.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::{Demands, least};
use crate::simd::{self, Lanes, Task};

/// Weights of the demand size, one per register.
const ALPHAS: [f64; 4] = [0.03, 0.08, 0.16, 0.3];
/// Weights of the demand probability, one per lane.
const BETAS: [f64; 8] = [0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3];

/// The forecast of every step.
pub(crate) fn tsb(values: &[f64]) -> f64 {
    let demands = Demands::of(values);
    if demands.sizes.is_empty() {
        return 0.0;
    }
    let (squares, forecasts) = simd::run(Pass { demands: &demands });
    forecasts[least(&squares)]
}

struct Pass<'a> {
    demands: &'a Demands,
}

impl Task for Pass<'_> {
    /// Squared errors and the forecast after the last row, per pair of weights.
    type Output = ([f64; 32], [f64; 32]);

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let Demands { sizes, intervals, tail } = self.demands;
        let beta = D::load(&BETAS);
        let keep = D::splat(1.0).minus(beta);
        let mut probability = D::splat(1.0).over(D::splat(intervals[0]));
        let mut size = [D::splat(sizes[0]); 4];
        let mut squares = [D::splat(0.0); 4];
        // The probability does not depend on the size, so the rows without demand need its squares only.
        let quiet_rows = |probability: &mut D, rows: f64| {
            let mut sum = D::splat(0.0);
            let mut row = 0.0;
            while row < rows {
                sum = probability.times_plus(*probability, sum);
                *probability = probability.times(keep);
                row += 1.0;
            }
            sum
        };
        for (&next, &rows) in sizes.iter().zip(intervals).skip(1) {
            let quiet = quiet_rows(&mut probability, rows - 1.0);
            for k in 0..4 {
                squares[k] = size[k].times(size[k]).times_plus(quiet, squares[k]);
                let error = D::splat(next).minus(probability.times(size[k]));
                squares[k] = error.times_plus(error, squares[k]);
                size[k] = D::splat(ALPHAS[k]).times_plus(D::splat(next).minus(size[k]), size[k]);
            }
            probability = probability.times_plus(keep, beta);
        }
        let quiet = quiet_rows(&mut probability, *tail);
        let (mut of_squares, mut of_forecasts) = ([0.0; 32], [0.0; 32]);
        for k in 0..4 {
            squares[k] = size[k].times(size[k]).times_plus(quiet, squares[k]);
            squares[k].store(&mut of_squares[8 * k..]);
            probability.times(size[k]).store(&mut of_forecasts[8 * k..]);
        }
        (of_squares, of_forecasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sparse_pass_equals_the_textbook_recursion() {
        let values: Vec<f64> =
            (0..80).map(|t| if t * t % 7 == 2 { f64::from(t % 5 + 1) } else { 0.0 }).collect();
        let first = values.iter().position(|&value| value != 0.0).unwrap();
        let (squares, forecasts) = simd::run(Pass { demands: &Demands::of(&values) });
        for (at, alpha) in ALPHAS.into_iter().enumerate() {
            for (lane, beta) in BETAS.into_iter().enumerate() {
                let (mut size, mut chance, mut sum) = (values[first], 1.0 / (first as f64 + 1.0), 0.0);
                for &value in &values[first + 1..] {
                    sum += (value - chance * size).powi(2);
                    if value == 0.0 {
                        chance -= beta * chance;
                    } else {
                        chance += beta * (1.0 - chance);
                        size += alpha * (value - size);
                    }
                }
                assert!((squares[8 * at + lane] - sum).abs() < 1e-9 * sum, "{alpha} {beta}");
                assert!((forecasts[8 * at + lane] - chance * size).abs() < 1e-12, "{alpha} {beta}");
            }
        }
    }
}
