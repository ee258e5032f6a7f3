//! The straight line through the values so far.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Row;
use crate::simd::Lanes;

/// The line of one series, continued value by value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Line {
    pub(super) rows: f64,
    pub(super) mean: f64,
    pub(super) slope: f64,
}

impl Line {
    // Plain products: a fused one is a call outside the kernels, and nothing here is compared with what they do.
    pub(super) fn push(&mut self, value: f64) {
        let deviation = value - self.mean;
        self.rows += 1.0;
        let (keep, turn) = turns(self.rows);
        self.slope = keep * self.slope + turn * deviation;
        self.mean += deviation / self.rows;
    }

    pub(super) fn intercept(&self) -> f64 {
        self.mean - 0.5 * (self.rows + 1.0) * self.slope
    }
}

/// How much of the slope is kept, and what a deviation from the mean adds to it, when value `t` (from 1) comes.
#[inline(always)]
fn turns(t: f64) -> (f64, f64) {
    if t > 1.0 { ((t - 2.0) / (t + 1.0), 6.0 / (t * (t + 1.0))) } else { (0.0, 0.0) }
}

/// Intercept and slope of eight series, row by row, and where they end.
pub(super) struct Lines {
    /// At each row: the line before it, or the line of all rows.
    pub(super) rows: Vec<[Row; 2]>,
    pub(super) mean: Row,
    pub(super) slope: Row,
}

impl Lines {
    /// The line before each row, and at the first row its own value.
    #[inline(always)]
    pub(super) fn before<D: Lanes<Number = f64>>(values: &[Row]) -> Self {
        let mut rows = vec![[[0.0; 8]; 2]; values.len()];
        let (mut mean, mut slope) = (D::splat(0.0), D::splat(0.0));
        let mut t = 0.0;
        for (value, row) in values.iter().zip(&mut rows) {
            t += 1.0;
            let (keep, turn) = turns(t);
            slope.times_plus(D::splat(-0.5 * t), mean).store(&mut row[0]);
            slope.store(&mut row[1]);
            let deviation = D::load(value).minus(mean);
            slope = deviation.times_plus(D::splat(turn), slope.times(D::splat(keep)));
            mean = deviation.times_plus(D::splat(1.0 / t), mean);
        }
        rows[0] = [values[0], [0.0; 8]];
        let mut lines = Self { rows, mean: [0.0; 8], slope: [0.0; 8] };
        mean.store(&mut lines.mean);
        slope.store(&mut lines.slope);
        lines
    }

    /// The line of all rows, at every row.
    #[inline(always)]
    pub(super) fn of_all<D: Lanes<Number = f64>>(values: &[Row]) -> Self {
        let mut lines = Self::before::<D>(values);
        let middle = -0.5 * (values.len() as f64 + 1.0);
        let (mean, slope) = (D::load(&lines.mean), D::load(&lines.slope));
        let mut intercept = [0.0; 8];
        slope.times_plus(D::splat(middle), mean).store(&mut intercept);
        lines.rows.fill([intercept, lines.slope]);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_line_is_the_least_squares_line() {
        let mut line = Line::default();
        for t in 1..=10 {
            line.push(2.0 + 3.0 * f64::from(t));
        }
        assert!((line.slope - 3.0).abs() < 1e-12 && (line.intercept() - 2.0).abs() < 1e-11, "{line:?}");
    }
}
