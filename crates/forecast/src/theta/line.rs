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

/// The lines of eight series.
pub(super) struct Lines {
    /// Intercept and slope before each row; `None` if one line serves all rows.
    pub(super) running: Option<Vec<[Row; 2]>>,
    /// Of all rows.
    pub(super) mean: Row,
    /// Of all rows.
    pub(super) slope: Row,
    /// Of all rows.
    pub(super) intercept: Row,
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
        Self::ending(Some(rows), values.len(), mean, slope)
    }

    /// The line of all rows.
    #[inline(always)]
    pub(super) fn of_all<D: Lanes<Number = f64>>(values: &[Row]) -> Self {
        let n = values.len() as f64;
        let mut mean = D::splat(0.0);
        for value in values {
            mean = mean.plus(D::load(value));
        }
        let mean = mean.times(D::splat(1.0 / n));
        let (mut slope, mut t) = (D::splat(0.0), -0.5 * (n - 1.0));
        for value in values {
            slope = D::load(value).minus(mean).times_plus(D::splat(t), slope);
            t += 1.0;
        }
        let slope = slope.times(D::splat(12.0 / (n * (n * n - 1.0))));
        Self::ending(None, values.len(), mean, slope)
    }

    #[inline(always)]
    fn ending<D: Lanes<Number = f64>>(
        running: Option<Vec<[Row; 2]>>,
        rows: usize,
        mean: D,
        slope: D,
    ) -> Self {
        let mut lines = Self { running, mean: [0.0; 8], slope: [0.0; 8], intercept: [0.0; 8] };
        mean.store(&mut lines.mean);
        slope.store(&mut lines.slope);
        slope.times_plus(D::splat(-0.5 * (rows as f64 + 1.0)), mean).store(&mut lines.intercept);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Registers = crate::simd::Portable<f64, 8>;

    #[test]
    fn the_running_line_ends_as_the_line_of_all_rows() {
        let rows: Vec<Row> = (0..50).map(|t| [f64::from(t * t % 13) + 0.5 * f64::from(t); 8]).collect();
        let (running, whole) = (Lines::before::<Registers>(&rows), Lines::of_all::<Registers>(&rows));
        for (found, expected) in [(running.slope, whole.slope), (running.intercept, whole.intercept)] {
            assert!((found[3] - expected[3]).abs() < 1e-10, "{} {}", found[3], expected[3]);
        }
    }

    #[test]
    fn the_running_line_is_the_least_squares_line() {
        let mut line = Line::default();
        for t in 1..=10 {
            line.push(2.0 + 3.0 * f64::from(t));
        }
        assert!((line.slope - 3.0).abs() < 1e-12 && (line.intercept() - 2.0).abs() < 1e-11, "{line:?}");
    }
}
