//! The best weight `α`, and with it the first level and the line's share.
//!
//! # What is minimised
//! With `S(α, l, w)` the sum of squared errors over `n` rows, `d(t)` the weight of the first level in the forecast of
//! row `t` and `κ` the model's [`Theta::evidence`]:
//!
//! ```text
//! [ S(α, l, w) + κ/n · S(α, ·, free) · (w − ½)² ] · (1 + ln Σ d(t)² / n)
//! ```
//! `l` and `w ∈ [0, 1]` in closed form. The middle term is a normal prior of variance `σ²/κ` around the standard
//! model's share: short histories overstate their trend. The last factor integrates the first level out instead of
//! taking its best value, as in restricted likelihood: a slow level has a first value that explains many rows, a
//! freedom that costs a fast level nothing, so that plain squares prefer `α = 0.1` on short histories too often. It is
//! `Σd²` to the power `1/n`, to first order.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Row;
use super::fit::Theta;
use super::kernel::{AT_ONCE, Products, Rows, pass};
use crate::simd::Lanes;

/// The least weight of an error, as in the reference implementations: a slower level mistakes a trend for noise.
const LEAST_ALPHA: f64 = 0.1;
const MOST_ALPHA: f64 = 0.99;

const GRID: [f64; 16] = [
    LEAST_ALPHA,
    0.14,
    0.18,
    0.23,
    0.28,
    0.34,
    0.4,
    0.46,
    0.52,
    0.58,
    0.64,
    0.71,
    0.78,
    0.85,
    0.92,
    MOST_ALPHA,
];

/// Weights on either side of the best, in units of a round's reach.
const SIDES: [f64; 2] = [-1.0, 1.0];
/// Half of the grid's distance, and halves of that.
const REACHES: [f64; 3] = [0.03, 0.015, 0.0075];

/// What the lanes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    /// Eight series with one weight each.
    Series,
    /// Eight weights of one series.
    Weights,
}

/// What a weight gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Solved {
    pub(super) alpha: f64,
    /// `1 − 1/θ`.
    pub(super) share: f64,
    /// The level after the last row.
    pub(super) level: f64,
    /// Sum of squared errors.
    pub(super) squares: f64,
    objective: f64,
}

/// The best weight of each series; of the first alone if it runs alone.
#[inline(always)]
pub(super) fn search<D: Lanes<Number = f64>>(theta: Theta, rows: &Rows<'_>, spread: Spread) -> [Solved; 8] {
    // Where no weight has a finite objective, the forecast is not finite either, and refused.
    let nothing = Solved {
        alpha: LEAST_ALPHA,
        share: 0.5,
        level: f64::NAN,
        squares: f64::NAN,
        objective: f64::INFINITY,
    };
    let mut best = [nothing; 8];
    try_all::<D>(theta, rows, spread, &mut best, &GRID, 0.0);
    for reach in REACHES {
        try_all::<D>(theta, rows, spread, &mut best, &SIDES, reach);
    }
    best
}

/// Tries all weights: themselves, or with a reach as steps of that size from the best so far.
#[inline(always)]
fn try_all<D: Lanes<Number = f64>>(
    theta: Theta,
    rows: &Rows<'_>,
    spread: Spread,
    best: &mut [Solved; 8],
    weights: &[f64],
    reach: f64,
) {
    let center = *best;
    let at_once = if spread == Spread::Series { AT_ONCE } else { 8 * AT_ONCE };
    for first in (0..weights.len()).step_by(at_once) {
        let mut alphas = [[0.0; 8]; AT_ONCE];
        for (k, lane) in (0..AT_ONCE).flat_map(|k| (0..8).map(move |lane| (k, lane))) {
            let (series, weight) = place(spread, k, lane);
            // Lanes beyond the last weight repeat it, which cannot win a second time.
            let weight = weights[(first + weight).min(weights.len() - 1)];
            let around = (center[series].alpha + reach * weight).clamp(LEAST_ALPHA, MOST_ALPHA);
            alphas[k][lane] = if reach > 0.0 { around } else { weight };
        }
        let products = pass(rows, [D::load(&alphas[0]), D::load(&alphas[1])]);
        for k in 0..AT_ONCE {
            let found = solve::<D>(theta, rows.counted() as f64, &products[k]);
            challenge(best, &alphas[k], &found, |lane| place(spread, k, lane).0);
        }
    }
}

/// Takes over what is better than the best so far of the series that each lane is.
#[inline(always)]
fn challenge(
    best: &mut [Solved; 8],
    alphas: &Row,
    [share, level, squares, objective]: &[Row; 4],
    series_of: impl Fn(usize) -> usize,
) {
    for lane in 0..8 {
        let best = &mut best[series_of(lane)];
        if objective[lane] < best.objective {
            let (alpha, objective) = (alphas[lane], objective[lane]);
            let (share, level, squares) = (share[lane], level[lane], squares[lane]);
            *best = Solved { alpha, share, level, squares, objective };
        }
    }
}

/// Which series, and which of the weights of a pass, a lane of the `k`-th register is.
#[inline(always)]
const fn place(spread: Spread, k: usize, lane: usize) -> (usize, usize) {
    match spread {
        Spread::Series => (lane, k),
        Spread::Weights => (0, 8 * k + lane),
    }
}

/// Share, last level, squares and objective of the best first level and share, with the share inside `[0, 1]`.
#[inline(always)]
fn solve<D: Lanes<Number = f64>>(theta: Theta, counted: f64, products: &Products<D>) -> [Row; 4] {
    let &Products { ed, eg, dd, dg, gg, .. } = products;
    let (zero, half) = (D::splat(0.0), D::splat(0.5));
    let mut share = half;
    let mut pull = zero;
    if theta != Theta::Standard {
        // Profiled over the first level, the squares are `squares(free) + curvature · (share − free)²`.
        let part = dg.over(dd);
        let curvature = gg.minus(dg.times(part));
        let curvature = gg.times(D::splat(1e-12)).if_less(curvature, curvature, zero);
        let free = zero.if_less(curvature, eg.minus(ed.times(part)).over(curvature), half);
        pull = squares(products, inside(free)).1.times(D::splat(theta.evidence() / counted));
        let weight = curvature.plus(pull);
        let drawn = curvature.times_plus(free, pull.times(half)).over(weight);
        share = inside(zero.if_less(weight, drawn, half));
    }
    let (first_level, squares) = squares(products, share);
    let distance = share.minus(half);
    let penalised = pull.times(distance).times_plus(distance, squares);
    let factor = logarithm(dd).times_plus(D::splat(1.0 / counted), D::splat(1.0));
    let mut rows = [[0.0; 8]; 4];
    share.store(&mut rows[0]);
    products.power.times_plus(first_level, products.level).store(&mut rows[1]);
    squares.store(&mut rows[2]);
    penalised.times(factor).store(&mut rows[3]);
    rows
}

/// The first level (less the first value) that is best for a share, and the sum of squares with both.
#[inline(always)]
fn squares<D: Lanes<Number = f64>>(products: &Products<D>, share: D) -> (D, D) {
    let &Products { ee, ed, eg, dd, dg, gg, .. } = products;
    // Less the share of the line, the errors are `e − w g`; less the first level, they lose their part along `d`.
    let across = ed.minus(share.times(dg));
    let first_level = across.over(dd);
    let line = share.times(share.times(gg).minus(eg.plus(eg)));
    let sum = ee.plus(line).minus(across.times(first_level));
    let zero = D::splat(0.0);
    (first_level, sum.if_less(zero, zero, sum))
}

/// Inside `[0, 1]`.
#[inline(always)]
fn inside<D: Lanes<Number = f64>>(share: D) -> D {
    let (zero, one) = (D::splat(0.0), D::splat(1.0));
    let share = share.if_less(zero, zero, share);
    one.if_less(share, one, share)
}

/// `ln x` of numbers from 1 to 5.3, more than which no weight gives, good to 0.005: `2 atanh((x − 1)/(x + 1))` to the
/// ninth power.
#[inline(always)]
fn logarithm<D: Lanes<Number = f64>>(x: D) -> D {
    let one = D::splat(1.0);
    let z = x.minus(one).over(x.plus(one));
    let square = z.times(z);
    let mut series = D::splat(2.0 / 9.0);
    for factor in [2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0, 2.0] {
        series = series.times_plus(square, D::splat(factor));
    }
    series.times(z)
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;
