//! By what forecasts that are no candidate of their own are measured, so that their numbers stand beside those of the ranking:
//! the mean of the candidates, the best of each series, what would have been chosen blind.
//!
//! Of one series it is WAPE as the ranking has it: the mean over folds, pooled where a fold has no demand. Of several
//! that are ranked by volume, WAPE over all points. Of several that count alike, the geometric mean over series of the
//! error relative to Seasonal Naive. Two measures beside each other would be two values of one thing.

use evaluation::FoldResult;
use evaluation::metrics::relative_error;
use wire::model_selection::{RankingMetric, Weight};

/// What is measured of so many series that are ranked by a metric.
pub(super) fn measure(metric: RankingMetric, series: usize) -> RankingMetric {
    match metric.weighs_series() {
        Weight::Alike if series > 1 => RankingMetric::RelMae,
        _ => RankingMetric::Wape,
    }
}

/// Absolute errors, demand, and what Seasonal Naive errs.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    error: f64,
    demand: f64,
    naive: f64,
    points: usize,
}

impl Sums {
    fn add(&mut self, fold: &FoldResult, predictions: &[f64]) {
        let before = self.points;
        for (actual, prediction) in fold.actuals.iter().zip(predictions) {
            if let Some(actual) = actual {
                self.error += (actual - prediction).abs();
                self.demand += actual.abs();
                self.points += 1;
            }
        }
        self.naive += (self.points - before) as f64 * fold.naive_error.unwrap_or(0.0);
    }

    fn wape(self) -> Option<f64> {
        kernel::finite(100.0 * self.error / self.demand)
    }
}

/// Errors of some forecasts, series by series.
pub(super) struct Measured {
    measure: RankingMetric,
    all: Sums,
    /// WAPE of each fold that has an outcome.
    folds: Vec<Option<f64>>,
    /// Of each series with an outcome, the logarithm of its relative error.
    series: Vec<f64>,
    own: Sums,
}

impl Measured {
    pub(super) fn by(measure: RankingMetric) -> Self {
        let own = Sums::default();
        Self { measure, all: own, folds: Vec::new(), series: Vec::new(), own }
    }

    /// Adds what was forecast of a fold.
    pub(super) fn add(&mut self, fold: &FoldResult, predictions: &[f64]) {
        self.all.add(fold, predictions);
        self.own.add(fold, predictions);
        let mut alone = Sums::default();
        alone.add(fold, predictions);
        if alone.points > 0 {
            self.folds.push(alone.wape());
        }
    }

    /// What comes next is of another series.
    pub(super) fn end_series(&mut self) {
        let own = std::mem::take(&mut self.own);
        if own.points > 0 && own.error.is_finite() {
            self.series.push(relative_error(own.error, own.naive).ln());
        }
    }

    /// The error of so many series.
    pub(super) fn error(&self, series: usize) -> Option<f64> {
        if self.measure == RankingMetric::RelMae {
            return geometric_mean(&self.series);
        }
        let folds: Option<Vec<f64>> = self.folds.iter().copied().collect();
        match folds {
            Some(folds) if series == 1 => kernel::finite(folds.iter().sum::<f64>() / folds.len() as f64),
            _ => self.all.wape(),
        }
    }
}

/// Of logarithms.
pub(super) fn geometric_mean(logarithms: &[f64]) -> Option<f64> {
    kernel::finite((logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp())
}
