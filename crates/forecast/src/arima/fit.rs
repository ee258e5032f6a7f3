//! Maximum likelihood of one order by damped Gauss-Newton steps.
#![expect(clippy::needless_range_loop, reason = "the lane indexes several arrays at once")]

use super::kernel::{Filter, Filtered, Row, WIDTH};
use super::order::Order;
use super::process::Process;
use crate::simd;

/// The bound of every partial autocorrelation. An order that reaches it is judged by its likelihood there like any
/// other: to refuse it, as the reference implementations do, is a little better on M3 and far worse on M4 weekly.
const BOUND: f64 = 0.99;

/// The most steps of the search.
const MOST_STEPS: usize = 12;

/// The search ends when a step lowers `−2 ln L` by less than this.
const NEGLIGIBLE: f64 = 0.05;

/// Width of the difference quotients.
const NUDGE: f64 = 1e-5;

/// Damping of the eight steps tried at once, relative to the curvature.
const DAMPING: Row = [0.0, 1e-3, 1e-2, 0.1, 0.4, 2.0, 10.0, 100.0];

/// An order with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Estimate {
    pub(super) order: Order,
    /// Partial autocorrelations of the four polynomials.
    pub(super) partials: Vec<f64>,
    pub(super) mean: f64,
    /// The sum of squares of standardised errors.
    pub(super) squares: f64,
    /// `−2 ln L` with mean and variance at their maximum, without the terms every order shares.
    pub(super) deviance: f64,
}

impl Estimate {
    /// The corrected Akaike criterion (Hurvich & Tsai 1989); infinite if there are too few values.
    pub(super) fn criterion(&self, rows: usize) -> f64 {
        let (n, k) = (rows as f64, self.order.parameters() as f64);
        if n - k - 1.0 < 1.0 {
            return f64::INFINITY;
        }
        self.deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
    }
}

/// One order and the values it is fitted to.
pub(super) struct Problem<'a> {
    pub(super) values: &'a [f64],
    pub(super) period: usize,
    pub(super) order: Order,
    lags: (Vec<usize>, Vec<usize>),
}

/// Eight parameter vectors with their errors.
struct Trial<'a> {
    filtered: &'a Filtered,
    means: Row,
    squares: Row,
    deviances: Row,
}

impl<'a> Problem<'a> {
    pub(super) fn of(values: &'a [f64], period: usize, order: Order) -> Self {
        Self { values, period, order, lags: Process::lags(order, period) }
    }

    /// The filter at one parameter vector, in every lane.
    pub(super) fn filtered(&self, partials: &[f64]) -> Filtered {
        let process = Process::of(self.order, self.period, partials);
        let mut filtered = Filtered::default();
        self.filter(&std::array::from_fn(|_| process.clone()), &mut filtered);
        filtered
    }

    fn filter(&self, processes: &[Process; WIDTH], into: &mut Filtered) {
        let has_mean = self.order.has_mean;
        simd::run(Filter { values: self.values, lags: &self.lags, processes, has_mean, into });
    }

    fn trial<'b>(&self, points: &[Vec<f64>; WIDTH], filtered: &'b mut Filtered) -> Trial<'b> {
        let processes = std::array::from_fn(|lane| Process::of(self.order, self.period, &points[lane]));
        self.filter(&processes, filtered);
        let n = self.values.len() as f64;
        let [values, cross, ones] = filtered.sums;
        let means: Row =
            std::array::from_fn(|lane| if ones[lane] > 0.0 { cross[lane] / ones[lane] } else { 0.0 });
        // A perfect fit is bounded, so that the order with the fewest parameters wins among perfect ones.
        let squares: Row =
            std::array::from_fn(|lane| (values[lane] - means[lane] * cross[lane]).max(1e-12 * n));
        let deviances =
            std::array::from_fn(|lane| n * (squares[lane] / n).ln() + filtered.log_determinant[lane]);
        Trial { filtered, means, squares, deviances }
    }

    /// The parameters of greatest likelihood near `start`. `None` if the arithmetic overflows. What `buffers` hold does
    /// not matter.
    pub(super) fn solve(&self, start: &[f64], buffers: &mut Filtered) -> Option<Estimate> {
        let mut point: Vec<f64> = start.iter().map(|value| value.clamp(-BOUND, BOUND)).collect();
        let mut best: Option<Estimate> = None;
        for _ in 0..MOST_STEPS {
            let around = self.trial(&nudged(&point), buffers);
            let here = self.estimate(&point, &around, 0);
            if !here.deviance.is_finite() {
                return None;
            }
            if point.is_empty() {
                return Some(here);
            }
            let steps = Normal::of(&around, point.len()).steps(&point);
            let tried = self.trial(&steps, buffers);
            let lane = least(&tried.deviances);
            let gained = here.deviance - tried.deviances[lane];
            if gained.is_nan() || gained <= 0.0 {
                return Some(here);
            }
            point.clone_from(&steps[lane]);
            best = Some(self.estimate(&point, &tried, lane));
            if gained < NEGLIGIBLE {
                break;
            }
        }
        best
    }

    fn estimate(&self, point: &[f64], trial: &Trial<'_>, lane: usize) -> Estimate {
        Estimate {
            order: self.order,
            partials: point.to_vec(),
            mean: trial.means[lane],
            squares: trial.squares[lane],
            deviance: trial.deviances[lane],
        }
    }
}

/// The point, and each coordinate moved a little towards zero, so that none leaves its bounds.
fn nudged(point: &[f64]) -> [Vec<f64>; WIDTH] {
    std::array::from_fn(|lane| {
        let mut moved = point.to_vec();
        if let Some(value) = lane.checked_sub(1).and_then(|at| moved.get_mut(at)) {
            *value -= nudge(*value);
        }
        moved
    })
}

fn nudge(value: f64) -> f64 {
    if value < 0.0 { -NUDGE } else { NUDGE }
}

/// The lane with the least number, the first on a tie; a number that is none counts as infinite.
fn least(row: &Row) -> usize {
    (0..WIDTH).fold(0, |best, lane| if row[lane] < row[best] || row[best].is_nan() { lane } else { best })
}

/// The normal equations of `r(t) = (v − μ u) √(G/f)` with `G` the geometric mean of the variances: its sum of squares
/// is least where the likelihood is greatest.
struct Normal {
    curvature: [Row; WIDTH],
    slope: Row,
    count: usize,
}

impl Normal {
    fn of(trial: &Trial<'_>, count: usize) -> Self {
        let (filtered, rows) = (trial.filtered, trial.filtered.errors.len());
        let scales: Row =
            std::array::from_fn(|lane| (0.5 * filtered.log_determinant[lane] / rows as f64).exp());
        let mut normal = Self { curvature: [[0.0; WIDTH]; WIDTH], slope: [0.0; WIDTH], count };
        for t in 0..rows {
            let mut errors = filtered.errors[t];
            if let Some(ones) = filtered.ones.get(t) {
                for lane in 0..WIDTH {
                    errors[lane] -= trial.means[lane] * ones[lane];
                }
            }
            for lane in 0..WIDTH {
                errors[lane] *= scales[lane];
            }
            let (mut change, mut precision) = (errors, 1.0);
            match filtered.variances.get(t) {
                Some(variances) => {
                    precision = 1.0 / variances[0];
                    // `√(f′/f)` for variances that differ by a nudge.
                    for lane in 0..WIDTH {
                        change[lane] -= errors[0] * (0.5 * precision * variances[lane] + 0.5);
                    }
                }
                None => {
                    for lane in 0..WIDTH {
                        change[lane] -= errors[0];
                    }
                }
            }
            let own = errors[0] * precision;
            for i in 0..count {
                let weighted = change[i + 1] * precision;
                for j in 0..WIDTH {
                    normal.curvature[i][j] += weighted * change[j];
                }
                normal.slope[i] += change[i + 1] * own;
            }
        }
        for row in &mut normal.curvature {
            row.rotate_left(1);
        }
        normal
    }

    /// The points after eight steps with growing damping, kept within the bounds.
    fn steps(&self, point: &[f64]) -> [Vec<f64>; WIDTH] {
        let nudges: Vec<f64> = point.iter().map(|&value| -nudge(value)).collect();
        // A coordinate at its bound that would leave it stays there.
        let is_free: Vec<bool> = (0..self.count)
            .map(|at| point[at].abs() < BOUND || self.slope[at] * nudges[at] * point[at] > 0.0)
            .collect();
        std::array::from_fn(|lane| {
            let step = self.solved(&is_free, DAMPING[lane]);
            let moved = |at: usize| (point[at] + nudges[at] * step[at]).clamp(-BOUND, BOUND);
            (0..self.count).map(moved).collect()
        })
    }

    /// `(C + d·diag C) s = −slope` over the free coordinates, by elimination without pivots, as `C` is positive
    /// semi-definite; a coordinate without curvature of its own stays.
    fn solved(&self, is_free: &[bool], damping: f64) -> Row {
        let mut c = self.curvature;
        let mut s = self.slope.map(|value| -value);
        let mut is_live = [false; WIDTH];
        for i in 0..self.count {
            let own = self.curvature[i][i];
            c[i][i] += damping * own;
            is_live[i] = is_free[i] && own > 0.0;
        }
        for i in 0..self.count {
            is_live[i] &= c[i][i] > 1e-10 * self.curvature[i][i];
            if !is_live[i] {
                continue;
            }
            for j in i + 1..self.count {
                let factor = c[j][i] / c[i][i];
                let above = c[i];
                for k in i..self.count {
                    c[j][k] -= factor * above[k];
                }
                s[j] -= factor * s[i];
            }
        }
        for i in (0..self.count).rev() {
            if !is_live[i] {
                s[i] = 0.0;
                continue;
            }
            let known: f64 = (i + 1..self.count).map(|k| c[i][k] * s[k]).sum();
            s[i] = (s[i] - known) / c[i][i];
        }
        s
    }
}
