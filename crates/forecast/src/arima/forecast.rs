//! What fitted orders say about the rows after their origin.

use super::difference::Differences;
use super::fit::{Estimate, Problem};
use super::process::Process;

/// Fitted orders with their weights, which sum to one; the best first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fit {
    pub(crate) parts: Vec<(f64, Part)>,
}

/// A fitted order at the end of a history.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    estimate: Estimate,
    differences: Differences,
    /// The differenced values' last rows, and the values', newest first.
    recent: Vec<f64>,
    values: Vec<f64>,
    /// What past errors add to the next rows of the differenced values.
    ahead: Vec<f64>,
    mean: f64,
    variance: f64,
}

impl Part {
    /// An estimate for differenced values in some unit, brought back to the values.
    pub(super) fn of(
        values: &[f64],
        scaled: &[f64],
        unit: f64,
        differences: Differences,
        estimate: &Estimate,
    ) -> Self {
        let Estimate { order, ref partials, mean, squares, .. } = *estimate;
        let problem = Problem::of(scaled, differences.period, order);
        let [ahead, ones] = problem.filtered(partials).ahead;
        let process = Process::of(order, differences.period, partials);
        let error = |at: usize| (ahead[at][0] - ones.get(at).map_or(0.0, |ones| mean * ones[0])) / unit;
        let newest_first = |values: &[f64], count: usize, scale: f64| -> Vec<f64> {
            values.iter().rev().take(count).map(|value| value * scale).collect()
        };
        let degrees = scaled.len() as f64 - order.parameters() as f64 + 1.0;
        Self {
            estimate: estimate.clone(),
            differences,
            recent: newest_first(scaled, process.ar.len() - 1, 1.0 / unit),
            values: newest_first(values, differences.polynomial().len() - 1, 1.0),
            ahead: (0..ahead.len()).map(error).collect(),
            mean: mean / unit,
            variance: squares / degrees / unit / unit,
        }
    }

    fn process(&self) -> Process {
        Process::of(self.estimate.order, self.differences.period, &self.estimate.partials)
    }

    /// The forecasts of the differenced values, then of the values.
    fn points(&self, steps: usize) -> Vec<f64> {
        let process = self.process();
        let difference = self.differences.polynomial();
        let (mut changes, mut points): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let past = |ahead: &[f64], behind: &[f64], lag: usize| match ahead.len().checked_sub(lag) {
            Some(at) => Some(ahead[at]),
            None => behind.get(lag - ahead.len() - 1).copied(),
        };
        for step in 0..steps {
            let mut change = self.mean + self.ahead.get(step).copied().unwrap_or(0.0);
            for (lag, &coefficient) in process.ar.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                // Rows before the history are at the mean.
                let deviation = past(&changes, &self.recent, lag).map_or(0.0, |value| value - self.mean);
                change = coefficient.mul_add(deviation, change);
            }
            changes.push(change);
            let mut point = change;
            for (lag, &coefficient) in
                difference.iter().enumerate().skip(1).filter(|(_, value)| **value != 0.0)
            {
                let value =
                    past(&points, &self.values, lag).expect("the differences were taken of these rows");
                point = (-coefficient).mul_add(value, point);
            }
            points.push(point);
        }
        points
    }

    /// Variances of the errors of each step: `σ² Σ ψ²` with the `ψ` of the undifferenced process.
    fn variances(&self, steps: usize) -> Vec<f64> {
        let difference = self.differences.polynomial();
        let own = self.process().weights(steps);
        let mut weights: Vec<f64> = Vec::with_capacity(steps);
        let mut sum = 0.0_f64;
        let step = |step: usize| {
            let lags = (1..difference.len().min(step + 1)).filter(|&lag| difference[lag] != 0.0);
            let weight =
                lags.fold(own[step], |sum, lag| (-difference[lag]).mul_add(weights[step - lag], sum));
            weights.push(weight);
            sum = weight.mul_add(weight, sum);
            sum * self.variance
        };
        (0..steps).map(step).collect()
    }
}

impl Fit {
    /// The weighted mean of the orders' forecasts.
    pub(crate) fn points(&self, steps: usize) -> Vec<f64> {
        let mut points = vec![0.0_f64; steps];
        for (weight, part) in &self.parts {
            for (point, more) in points.iter_mut().zip(part.points(steps)) {
                *point = weight.mul_add(more, *point);
            }
        }
        points
    }

    /// Standard deviations of the errors of each step: those of the mixture, `Σ w (σ² + (ŷ − ȳ)²)`. `None` if one is
    /// too large to be a number. The parameters count as known, so they are a little too small for short histories.
    pub(crate) fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        let centre = self.points(steps);
        let mut sums = vec![0.0_f64; steps];
        for (weight, part) in &self.parts {
            let rows = part.variances(steps).into_iter().zip(part.points(steps)).zip(&centre);
            for (sum, ((variance, point), centre)) in sums.iter_mut().zip(rows) {
                *sum = weight.mul_add((point - centre).mul_add(point - centre, variance), *sum);
            }
        }
        sums.into_iter().map(|sum| kernel::finite(sum.sqrt())).collect()
    }
}
