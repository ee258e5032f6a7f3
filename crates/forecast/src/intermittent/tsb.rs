//! The method of Teunter, Syntetos and Babai, whose forecast falls while there is no demand.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use std::sync::LazyLock;

use super::{Demands, least};
use crate::simd::{self, Lanes, Task};

/// Weights of the demand size, each tried with all weights of the probability; the other lanes are idle.
const ALPHAS: [f64; 8] = [0.03, 0.08, 0.16, 0.3, 0.0, 0.0, 0.0, 0.0];
const SIZES: usize = 4;
/// Weights of the demand probability, one per lane.
const BETAS: [f64; 8] = [0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3];

/// Pairs of weights.
const PAIRS: usize = SIZES * 8;

/// The forecast of every step after each of the ascending origins.
pub(crate) fn tsb(values: &[f64], origins: &[usize]) -> Vec<f64> {
    let passed = simd::run(Pass { demands: &Demands::of(values, origins), quiet: &QUIET });
    passed.into_iter().map(|(squares, forecasts)| forecasts[least(&squares)]).collect()
}

/// What some rows without demand do, by their number: `(1−β)^rows`, and `Σ (1−β)^(2i)` over `i < rows`.
type Quiet = Vec<([f64; 8], [f64; 8])>;

/// Longer runs of quiet rows are taken in parts.
const LONGEST: u32 = 63;

static QUIET: LazyLock<Quiet> = LazyLock::new(|| {
    let mut quiet = vec![([1.0; 8], [0.0; 8])];
    for rows in 0..LONGEST as usize {
        let (mut power, mut sum) = quiet[rows];
        for lane in 0..8 {
            sum[lane] += power[lane] * power[lane];
            power[lane] *= 1.0 - BETAS[lane];
        }
        quiet.push((power, sum));
    }
    quiet
});

struct Pass<'a> {
    demands: &'a Demands,
    quiet: &'a Quiet,
}

impl Task for Pass<'_> {
    /// Per origin, of each pair of weights: squared errors less the squared values, and the forecast.
    type Output = Vec<([f64; PAIRS], [f64; PAIRS])>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let Demands { sizes, intervals, origins } = self.demands;
        let (alpha, beta) = (D::load(&ALPHAS), D::load(&BETAS));
        let keep = D::splat(1.0).minus(beta);
        let zero = D::splat(0.0);
        let (mut probability, mut size) = (zero, zero);
        let mut squares = [zero; SIZES];
        // The size of each weight where it can be spread over all lanes.
        let mut spread = [0.0; 8];
        let mut from = 0;
        let mut results = Vec::with_capacity(origins.len());
        for origin in origins {
            if from == 0 && origin.demands > 0 {
                (probability, size) = (D::splat(1.0 / f64::from(intervals[0])), D::splat(sizes[0]));
                size.store(&mut spread);
                from = 1;
            }
            for (&next, &rows) in sizes[from..origin.demands].iter().zip(&intervals[from..]) {
                let (before, sum) = self.rest(probability, rows - 1);
                // Of one size `z`: `Σ (y − p z)² − y² = z (z Σ p² − 2 y p)`, `y` and `p` of the row of the demand.
                let sum = before.times_plus(before, sum);
                let twice = before.times(D::splat(-2.0 * next));
                for k in 0..SIZES {
                    let size = D::splat(spread[k]);
                    squares[k] = size.times_plus(size.times_plus(sum, twice), squares[k]);
                }
                size = alpha.times_plus(D::splat(next).minus(size), size);
                size.store(&mut spread);
                probability = before.times_plus(keep, beta);
            }
            from = origin.demands;
            let (after, sum) = self.rest(probability, origin.tail());
            let mut result = ([0.0; PAIRS], [0.0; PAIRS]);
            for k in 0..SIZES {
                let size = D::splat(spread[k]);
                size.times(size).times_plus(sum, squares[k]).store(&mut result.0[8 * k..]);
                after.times(size).store(&mut result.1[8 * k..]);
            }
            results.push(result);
        }
        results
    }
}

impl Pass<'_> {
    /// The probability after some quiet rows, and the sum of its squares over them.
    #[inline(always)]
    fn rest<D: Lanes<Number = f64>>(&self, probability: D, rows: u32) -> (D, D) {
        let (mut probability, mut sum, mut rows) = (probability, D::splat(0.0), rows);
        loop {
            let part = rows.min(LONGEST);
            let (power, squares) = &self.quiet[part as usize];
            sum = probability.times(probability).times_plus(D::load(squares), sum);
            probability = probability.times(D::load(power));
            rows -= part;
            if rows == 0 {
                return (probability, sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sparse_pass_equals_the_textbook_recursion_at_every_origin() {
        let is_demand = |t: i32| t * t % 7 == 2 && !(90..180).contains(&t);
        let values: Vec<f64> =
            (0..200).map(|t| if is_demand(t) { f64::from(t % 5 + 1) } else { 0.0 }).collect();
        let origins = [40, 170, 200];
        let first = values.iter().position(|&value| value != 0.0).unwrap();
        let passed = simd::run(Pass { demands: &Demands::of(&values, &origins), quiet: &QUIET });
        for (origin, (squares, forecasts)) in origins.into_iter().zip(passed) {
            for (pair, alpha) in (0..PAIRS).map(|pair| (pair, ALPHAS[pair / 8])) {
                let beta = BETAS[pair % 8];
                let (mut size, mut chance, mut sum) = (values[first], 1.0 / (first as f64 + 1.0), 0.0);
                for &value in &values[first + 1..origin] {
                    sum += (value - chance * size).powi(2) - value * value;
                    if value == 0.0 {
                        chance -= beta * chance;
                    } else {
                        chance += beta * (1.0 - chance);
                        size += alpha * (value - size);
                    }
                }
                assert!((squares[pair] - sum).abs() < 1e-9 * sum.abs(), "{origin} {alpha} {beta}");
                assert!((forecasts[pair] - chance * size).abs() < 1e-12, "{origin} {alpha} {beta}");
            }
        }
    }
}
