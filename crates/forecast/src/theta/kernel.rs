//! Sums of products of errors and their derivatives over a history.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Row;
use super::line::Lines;
use crate::simd::Lanes;

/// What the errors of a series depend on besides `α`.
pub(super) struct Rows<'a> {
    pub(super) values: &'a [Row],
    pub(super) lines: &'a Lines,
    /// Rows after the first whose errors do not count.
    pub(super) skipped: usize,
}

impl Rows<'_> {
    /// Rows whose errors count.
    pub(super) fn counted(&self) -> usize {
        self.values.len() - self.skipped
    }
}

/// Sums over the rows that count: `e` is the error with the first value as first level and no line, `d` the weight of
/// the first level, `g` that of the line.
#[derive(Clone, Copy)]
pub(super) struct Products<D> {
    pub(super) ee: D,
    pub(super) ed: D,
    pub(super) eg: D,
    pub(super) dd: D,
    pub(super) dg: D,
    pub(super) gg: D,
    /// The level after the last row.
    pub(super) level: D,
    /// The first level's weight in it.
    pub(super) power: D,
}

/// Where the recursion is.
struct State<D> {
    alpha: D,
    rest: D,
    inverse: D,
    /// `−(1−α)/α`: the line is `(1−α)^(t−1) (a + back · b) + b/α`.
    back: D,
    level: D,
    power: D,
    sums: [D; 5],
}

impl<D: Lanes<Number = f64>> State<D> {
    #[inline(always)]
    fn before(alpha: D, first_level: &Row) -> Self {
        let (zero, one) = (D::splat(0.0), D::splat(1.0));
        let (rest, inverse) = (one.minus(alpha), one.over(alpha));
        let back = one.minus(inverse);
        Self { alpha, rest, inverse, back, level: D::load(first_level), power: one, sums: [zero; 5] }
    }

    /// One row whose error counts.
    #[inline(always)]
    fn count(&mut self, value: &Row, line: &[Row; 2]) {
        let error = D::load(value).minus(self.level);
        let slope = D::load(&line[1]);
        let g =
            self.power.times_plus(self.back.times_plus(slope, D::load(&line[0])), slope.times(self.inverse));
        let [ee, ed, eg, dg, gg] = self.sums;
        self.sums = [
            error.times_plus(error, ee),
            error.times_plus(self.power, ed),
            error.times_plus(g, eg),
            g.times_plus(self.power, dg),
            g.times_plus(g, gg),
        ];
        self.level = self.alpha.times_plus(error, self.level);
        self.power = self.power.times(self.rest);
    }

    /// One row whose error does not.
    #[inline(always)]
    fn skip(&mut self, value: &Row) {
        let error = D::load(value).minus(self.level);
        self.level = self.alpha.times_plus(error, self.level);
        self.power = self.power.times(self.rest);
    }
}

/// The products for the weight of each lane.
#[inline(always)]
pub(super) fn pass<D: Lanes<Number = f64>>(rows: &Rows<'_>, alpha: D) -> Products<D> {
    let (values, lines) = (rows.values, rows.lines.rows.as_slice());
    let mut state = State::<D>::before(alpha, &values[0]);
    state.count(&values[0], &lines[0]);
    let from = 1 + rows.skipped;
    for value in &values[1..from] {
        state.skip(value);
    }
    let first = state.power;
    for (value, line) in values[from..].iter().zip(&lines[from..]) {
        state.count(value, line);
    }
    // The weights of the first level are powers, whose squares have a sum in closed form.
    let one = D::splat(1.0);
    let later = first.times(first).minus(state.power.times(state.power));
    let dd = one.plus(later.over(one.minus(state.rest.times(state.rest))));
    let [ee, ed, eg, dg, gg] = state.sums;
    Products { ee, ed, eg, dd, dg, gg, level: state.level, power: state.power }
}
