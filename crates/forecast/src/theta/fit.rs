//! Fitting a Theta model at the end of a history.

use super::kernel::{Lines, Pass, Products};
use super::seasonal::Seasonality;
use crate::simd;

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theta {
    Standard,
    Optimised,
    DynamicOptimised,
}

/// A fitted model.
#[derive(Debug, Clone)]
pub(crate) struct ThetaFit {
    theta: Theta,
    alpha: f64,
    /// `1 − 1/θ`.
    share: f64,
    level: f64,
    rows: usize,
    line: Line,
    seasonality: Seasonality,
    /// Variance of a one-step error without the season.
    noise: f64,
}

/// The straight line through the values so far, updated value by value.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    rows: f64,
    mean: f64,
    slope: f64,
}

impl Line {
    fn push(&mut self, value: f64) {
        let t = self.rows + 1.0;
        let deviation = value - self.mean;
        if t > 1.0 {
            self.slope = (t - 2.0).mul_add(self.slope, 6.0 * deviation / t) / (t + 1.0);
        }
        self.mean += deviation / t;
        self.rows = t;
    }

    fn intercept(&self) -> f64 {
        (-0.5 * (self.rows + 1.0)).mul_add(self.slope, self.mean)
    }
}

/// The least weight of an error, as in the reference implementations: a slower level mistakes a trend for noise.
const LEAST_ALPHA: f64 = 0.1;

/// How much evidence a share other than one half needs: a share of zero or one must lower the squares by a quarter
/// of this part. Short histories overstate their trend without it.
const EVIDENCE: f64 = 0.05;

/// What one `α` gives.
#[derive(Debug, Clone, Copy)]
struct Solved {
    alpha: f64,
    share: f64,
    first_level: f64,
    /// Of the errors, and of the share's distance from one half.
    squares: f64,
    /// Of the errors alone.
    of_errors: f64,
}

impl Theta {
    /// Fits the model to complete values, at least four of them.
    pub(crate) fn fit(self, values: &[f64], period: usize) -> ThetaFit {
        let seasonality = Seasonality::of(values, period);
        let values = seasonality.remove(values);
        let (lines, line) = self.lines(&values);
        let first = if self == Self::DynamicOptimised { 3 } else { 0 };
        let lines = Lines { values: &values, line: &lines, first };
        let best = self.search(&lines);
        let mut level = best.first_level;
        for value in &values {
            level = best.alpha.mul_add(value - level, level);
        }
        let Solved { alpha, share, of_errors, .. } = best;
        // The weight, the first level and the share are estimated.
        let noise = of_errors / values.len().saturating_sub(first + 3).max(1) as f64;
        ThetaFit { theta: self, alpha, share, level, rows: values.len(), line, seasonality, noise }
    }

    /// Intercept and slope before each row, and the line through all rows.
    fn lines(self, values: &[f64]) -> (Vec<(f64, f64)>, Line) {
        let mut line = Line::default();
        let mut before = Vec::with_capacity(values.len());
        for &value in values {
            before.push((line.intercept(), line.slope));
            line.push(value);
        }
        if self != Self::DynamicOptimised {
            before.fill((line.intercept(), line.slope));
        }
        (before, line)
    }

    fn search(self, lines: &Lines<'_>) -> Solved {
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
            0.99,
        ];
        let solve = |alphas: &[f64], products: Vec<Products>| {
            let solved = alphas.iter().zip(products).map(|(&alpha, products)| self.solve(alpha, &products));
            let better = |best: Solved, next: Solved| if next.squares < best.squares { next } else { best };
            solved.reduce(better)
        };
        let first = solve(&GRID, simd::run(Pass::<2> { lines, alphas: &GRID }));
        let mut best = first.expect("a grid is not empty");
        let mut reach: f64 = 0.06;
        for _ in 0..2 {
            // Eight weights around the best, which is not tried again.
            const STEPS: [f64; 8] = [-1.0, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1.0];
            let alphas = STEPS.map(|step| reach.mul_add(step, best.alpha).clamp(LEAST_ALPHA, 0.999));
            let found = solve(&alphas, simd::run(Pass::<1> { lines, alphas: &alphas }));
            best = found.filter(|found| found.squares < best.squares).unwrap_or(best);
            reach /= 6.0;
        }
        best
    }

    /// The first level and the line's share of least squares, with the share inside `[0, 1]` and drawn towards one half.
    fn solve(self, alpha: f64, products: &Products) -> Solved {
        let &Products { ee, ed, eg, dd, dg, gg } = products;
        let with = |share: f64| {
            let first_level = if dd > 0.0 { (ed - share * dg) / dd } else { 0.0 };
            let squares = ee - 2.0 * (first_level * ed + share * eg)
                + first_level * first_level * dd
                + 2.0 * first_level * share * dg
                + share * share * gg;
            let squares = if squares.is_finite() { squares.max(0.0) } else { f64::INFINITY };
            Solved { alpha, share, first_level, squares, of_errors: squares }
        };
        if self == Self::Standard {
            return with(0.5);
        }
        // Profiled over the first level, the squares are `squares(free) + curvature · (share − free)²`.
        let curvature = gg - dg * dg / dd;
        let free = if curvature > 1e-12 * gg { (eg - dg * ed / dd) / curvature } else { 0.5 };
        let pull = EVIDENCE * with(free.clamp(0.0, 1.0)).squares;
        let share = curvature.mul_add(free, pull * 0.5) / (curvature + pull);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
        let solved = with(share);
        Solved { squares: (pull * (share - 0.5)).mul_add(share - 0.5, solved.squares), ..solved }
    }
}

impl ThetaFit {
    /// The recursion continued, each forecast taking the place of the value it forecasts.
    pub(crate) fn points(&self, steps: usize) -> Vec<f64> {
        let (mut level, mut line) = (self.level, self.line);
        let rest = 1.0 - self.alpha;
        let mut points = Vec::with_capacity(steps);
        for step in 0..steps {
            // Beyond 2^31 rows the power is zero anyway.
            let t = i32::try_from(self.rows + step + 1).unwrap_or(i32::MAX);
            let power = rest.powi(t - 1);
            let g = power.mul_add(line.intercept(), (1.0 - power * rest) / self.alpha * line.slope);
            let point = self.share.mul_add(g, level);
            level = self.alpha.mul_add(point - level, level);
            if self.theta == Theta::DynamicOptimised {
                line.push(point);
            }
            points.push(point);
        }
        self.seasonality.restore(&mut points, self.rows);
        points
    }

    /// `σ √(1 + (h − 1) α²)`, times the step's index where the season is multiplicative: the model is simple
    /// smoothing with a drift (Hyndman & Billah 2003), whose line and indices are taken as known. `None` for the
    /// dynamic model, whose line moves with every value.
    pub(crate) fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        if self.theta == Theta::DynamicOptimised {
            return None;
        }
        let at = |step: usize| {
            let grown = (self.noise * (step as f64 * self.alpha).mul_add(self.alpha, 1.0)).sqrt();
            grown * self.seasonality.factor(self.rows + step)
        };
        Some((0..steps).map(at).collect())
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

    #[test]
    fn a_line_and_a_constant_are_continued() {
        let values: Vec<f64> = (1..=30).map(|t| 5.0 + 2.0 * f64::from(t)).collect();
        for theta in [Theta::Optimised, Theta::DynamicOptimised] {
            let points = theta.fit(&values, 1).points(3);
            for (step, point) in points.into_iter().enumerate() {
                assert!((point - (67.0 + 2.0 * step as f64)).abs() < 0.3, "{theta:?} {step}: {point}");
            }
        }
        for point in Theta::DynamicOptimised.fit(&[7.0; 20], 7).points(5) {
            assert!((point - 7.0).abs() < 1e-9, "{point}");
        }
    }

    #[test]
    fn the_profiled_optimum_is_a_minimum() {
        let values: Vec<f64> =
            (0..60).map(|t| 20.0 + 0.3 * f64::from(t) + 4.0 * f64::from(t * 7 % 11)).collect();
        let squares = |alpha: f64, share: f64, first: f64| {
            let (mut level, mut line, mut sum) = (first, Line::default(), 0.0);
            for (at, value) in values.iter().enumerate() {
                let power = (1.0 - alpha).powi(i32::try_from(at).unwrap());
                let g = power * line.intercept() + (1.0 - power * (1.0 - alpha)) / alpha * line.slope;
                if at >= 3 {
                    sum += (value - level - share * g).powi(2);
                }
                level += alpha * (value - level);
                line.push(*value);
            }
            sum
        };
        let (lines, _) = Theta::DynamicOptimised.lines(&values);
        let best = Theta::DynamicOptimised.search(&Lines { values: &values, line: &lines, first: 3 });
        let plain = squares(best.alpha, best.share, best.first_level);
        let pull = (best.squares - plain) / (best.share - 0.5).powi(2);
        let squares =
            |share: f64, first: f64| pull.mul_add((share - 0.5).powi(2), squares(best.alpha, share, first));
        let least = squares(best.share, best.first_level);
        assert!((least - best.squares).abs() < 1e-6 * least, "{least} {best:?}");
        for (share, first) in [(0.05, 0.0), (-0.05, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            let other = squares((best.share + share).clamp(0.0, 1.0), best.first_level + first);
            assert!(other >= least * (1.0 - 1e-9), "{other} {least}");
        }
    }
}
