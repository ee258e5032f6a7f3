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

/// Weights whose passes run at once: one alone would wait for its own level at every row.
pub(super) const AT_ONCE: usize = 2;

/// The products for some weights of each lane.
#[inline(always)]
pub(super) fn pass<D: Lanes<Number = f64>>(rows: &Rows<'_>, alphas: [D; AT_ONCE]) -> [Products<D>; AT_ONCE] {
    match rows.lines {
        Lines { running: None, .. } => still(rows, alphas),
        Lines { running: Some(lines), .. } => {
            [running(rows, lines, alphas[0]), running(rows, lines, alphas[1])]
        }
    }
}

/// Where the recursion of the level is.
#[derive(Clone, Copy)]
struct State<D> {
    alpha: D,
    rest: D,
    level: D,
    /// The first level's weight in the level.
    power: D,
}

impl<D: Lanes<Number = f64>> State<D> {
    #[inline(always)]
    fn before(alpha: D, first_level: &Row) -> Self {
        let one = D::splat(1.0);
        Self { alpha, rest: one.minus(alpha), level: D::load(first_level), power: one }
    }

    /// Goes on by a row with this error.
    #[inline(always)]
    fn advance(&mut self, error: D) {
        self.level = self.alpha.times_plus(error, self.level);
        self.power = self.power.times(self.rest);
    }

    /// `−(1−α)/α`: the line is `(1−α)^(t−1) (a + back · b) + b/α`.
    #[inline(always)]
    fn back(&self) -> D {
        let one = D::splat(1.0);
        one.minus(one.over(self.alpha))
    }

    /// `Σd²` of the first row and of the rows from the weight `first` on: powers have a sum in closed form.
    #[inline(always)]
    fn squared_weights(&self, first: D) -> D {
        let one = D::splat(1.0);
        let later = first.times(first).minus(self.power.times(self.power));
        one.plus(later.over(one.minus(self.rest.times(self.rest))))
    }
}

/// The products with one line for all rows.
#[inline(always)]
fn still<D: Lanes<Number = f64>>(rows: &Rows<'_>, alphas: [D; AT_ONCE]) -> [Products<D>; AT_ONCE] {
    let first = &rows.values[0];
    let mut states = [State::before(alphas[0], first), State::before(alphas[1], first)];
    // Of each weight the sums of the errors, of their squares, and of their products with the first level's weight.
    let mut sums = [[D::splat(0.0); 3]; AT_ONCE];
    for value in rows.values {
        let value = D::load(value);
        for k in 0..AT_ONCE {
            let error = value.minus(states[k].level);
            let [sum, ee, ed] = sums[k];
            sums[k] = [sum.plus(error), error.times_plus(error, ee), error.times_plus(states[k].power, ed)];
            states[k].advance(error);
        }
    }
    [along(rows, &states[0], sums[0]), along(rows, &states[1], sums[1])]
}

/// The line's products: with `d` the first level's weight it is `g = c d + s`, so that its sums follow from those of the
/// errors and of `d`.
#[inline(always)]
fn along<D: Lanes<Number = f64>>(rows: &Rows<'_>, state: &State<D>, [sum, ee, ed]: [D; 3]) -> Products<D> {
    let &State { alpha, rest, level, power } = state;
    let slope = D::load(&rows.lines.slope);
    let c = state.back().times_plus(slope, D::load(&rows.lines.intercept));
    let s = slope.over(alpha);
    let (dd, weights) = (state.squared_weights(rest), D::splat(1.0).minus(power).over(alpha));
    let eg = c.times_plus(ed, s.times(sum));
    let dg = c.times_plus(dd, s.times(weights));
    let gg = c.times_plus(dg, s.times(c.times_plus(weights, s.times(D::splat(rows.values.len() as f64)))));
    Products { ee, ed, eg, dd, dg, gg, level, power }
}

/// The products with the line before each row.
#[inline(always)]
fn running<D: Lanes<Number = f64>>(rows: &Rows<'_>, lines: &[[Row; 2]], alpha: D) -> Products<D> {
    let values = rows.values;
    let mut running = Running::before(alpha, &values[0]);
    running.count(&values[0], &lines[0]);
    let from = 1 + rows.skipped;
    for value in &values[1..from] {
        running.state.advance(D::load(value).minus(running.state.level));
    }
    let first = running.state.power;
    for (value, line) in values[from..].iter().zip(&lines[from..]) {
        running.count(value, line);
    }
    let State { level, power, .. } = running.state;
    let dd = running.state.squared_weights(first);
    let [ee, ed, eg, dg, gg] = running.sums;
    Products { ee, ed, eg, dd, dg, gg, level, power }
}

/// Where the recursion with a running line is.
struct Running<D> {
    state: State<D>,
    inverse: D,
    back: D,
    sums: [D; 5],
}

impl<D: Lanes<Number = f64>> Running<D> {
    #[inline(always)]
    fn before(alpha: D, first_level: &Row) -> Self {
        let state = State::before(alpha, first_level);
        let (inverse, back) = (D::splat(1.0).over(alpha), state.back());
        Self { state, inverse, back, sums: [D::splat(0.0); 5] }
    }

    /// One row whose error counts.
    #[inline(always)]
    fn count(&mut self, value: &Row, line: &[Row; 2]) {
        let State { level, power, .. } = self.state;
        let error = D::load(value).minus(level);
        let slope = D::load(&line[1]);
        let g = power.times_plus(self.back.times_plus(slope, D::load(&line[0])), slope.times(self.inverse));
        let [ee, ed, eg, dg, gg] = self.sums;
        self.sums = [
            error.times_plus(error, ee),
            error.times_plus(power, ed),
            error.times_plus(g, eg),
            g.times_plus(power, dg),
            g.times_plus(g, gg),
        ];
        self.state.advance(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    type Registers = Portable<f64, 8>;

    #[test]
    fn one_line_for_all_rows_gives_what_the_same_line_at_every_row_gives() {
        let values: Vec<Row> =
            (0..70).map(|t| [20.0 + 0.3 * f64::from(t) + f64::from(t * 7 % 11); 8]).collect();
        let lines = Lines::of_all::<Registers>(&values);
        let repeated = Some(vec![[lines.intercept, lines.slope]; values.len()]);
        let repeated = Lines { running: repeated, ..Lines::of_all::<Registers>(&values) };
        let products = |lines: &Lines| {
            let rows = Rows { values: &values, lines, skipped: 0 };
            let found = pass(&rows, [0.1, 0.7].map(Registers::splat));
            found.map(|found| {
                [found.ee, found.ed, found.eg, found.dd, found.dg, found.gg, found.level].map(first)
            })
        };
        let pairs = products(&lines).into_iter().flatten().zip(products(&repeated).into_iter().flatten());
        for (found, expected) in pairs {
            assert!((found - expected).abs() < 1e-10 * expected.abs(), "{found} {expected}");
        }
    }

    fn first(register: Registers) -> f64 {
        let mut lanes = [0.0; 8];
        register.store(&mut lanes);
        lanes[0]
    }
}
