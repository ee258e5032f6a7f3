//! Sums of products of errors and their derivatives, for many `α` at once.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use crate::simd::{Lanes, Task};

/// What the line is at each row.
pub(super) struct Lines<'a> {
    pub(super) values: &'a [f64],
    /// Intercept and slope before each row.
    pub(super) line: &'a [(f64, f64)],
    /// The first row whose error counts.
    pub(super) first: usize,
}

/// Sums over the rows that count: `e` is the error with no first level and no line, `d` the weight of the first
/// level, `g` that of the line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Products {
    pub(super) ee: f64,
    pub(super) ed: f64,
    pub(super) eg: f64,
    pub(super) dd: f64,
    pub(super) dg: f64,
    pub(super) gg: f64,
}

/// The products for `8 K` weights.
pub(super) struct Pass<'a, const K: usize> {
    pub(super) lines: &'a Lines<'a>,
    pub(super) alphas: &'a [f64],
}

impl<const K: usize> Task for Pass<'_, K> {
    type Output = Vec<Products>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let zero = D::splat(0.0);
        let alpha: [D; K] = std::array::from_fn(|k| D::load(&self.alphas[8 * k..]));
        let rest: [D; K] = std::array::from_fn(|k| D::splat(1.0).minus(alpha[k]));
        let (mut level, mut power, mut sum) = ([zero; K], [D::splat(1.0); K], [D::splat(1.0); K]);
        let mut products = [[zero; K]; 6];
        for (at, (&value, &(intercept, slope))) in self.lines.values.iter().zip(self.lines.line).enumerate() {
            let (value, intercept, slope) = (D::splat(value), D::splat(intercept), D::splat(slope));
            for k in 0..K {
                let error = value.minus(level[k]);
                if at >= self.lines.first {
                    let line = power[k].times_plus(intercept, sum[k].times(slope));
                    products[0][k] = error.times_plus(error, products[0][k]);
                    products[1][k] = error.times_plus(power[k], products[1][k]);
                    products[2][k] = error.times_plus(line, products[2][k]);
                    products[3][k] = power[k].times_plus(power[k], products[3][k]);
                    products[4][k] = power[k].times_plus(line, products[4][k]);
                    products[5][k] = line.times_plus(line, products[5][k]);
                }
                level[k] = alpha[k].times_plus(error, level[k]);
                power[k] = power[k].times(rest[k]);
                sum[k] = sum[k].plus(power[k]);
            }
        }
        let mut result = Vec::with_capacity(8 * K);
        for k in 0..K {
            let mut lanes = [[0.0; 8]; 6];
            for (of, to) in products.iter().zip(&mut lanes) {
                of[k].store(to);
            }
            result.extend((0..8).map(|lane| {
                let [ee, ed, eg, dd, dg, gg] = lanes.map(|values| values[lane]);
                Products { ee, ed, eg, dd, dg, gg }
            }));
        }
        result
    }
}
