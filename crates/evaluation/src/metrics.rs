//! How far a forecast was from what happened.
//!
//! A number that cannot be computed (no actuals, all actuals zero, overflow) is `None` and its reason is kept beside
//! it; a metric is never infinite and never `NaN`. WAPE and sMAPE are in percent.
//!
//! | metric | formula over actual `a`, forecast `p` |
//! |---|---|
//! | mae | mean \|a − p\| |
//! | rmse | √ mean (a − p)² |
//! | smape | 100 · mean 2\|a − p\| / (\|a\| + \|p\|), 0 where both are zero |
//! | wape | 100 · Σ\|a − p\| / Σ\|a\| |
//! | bias | mean (a − p): positive means too little was forecast |
//! | `bias_percent` | 100 · Σ(a − p) / Σ\|a\|: bias beside WAPE, in percent of the demand |
//! | mase | mean \|a − p\| / in-sample mean \|yₜ − yₜ₋ₘ\| (Hyndman & Koehler 2006) |
//! | rmsse | √ (mean (a − p)² / in-sample mean (yₜ − yₜ₋ₘ)²), from the first demand on; M5 (Makridakis 2022) has m = 1 |
//! | `rel_mae` | mean \|a − p\| over that of Seasonal Naive on the same points; of several series the geometric mean (`AvgRelMAE`, Davydenko & Fildes 2013) |
//!
//! `m` is the season that was stated, else the usual one of the frequency, else 1 where the first fold holds no season: one
//! yardstick for all folds of a series.

mod aggregate;
mod quantile;
mod scale;

use wire::model_selection::{Metric, Metrics};

pub use aggregate::{Aggregate, Bucket, stability_index};
pub use quantile::{interval_score, pinball, scaled_pinball, wrmsse};
pub(crate) use scale::naive_error;
pub use scale::{Scale, relative_error};

/// The metrics of equally long actuals and predictions; points without an actual are skipped.
pub fn metrics_of(actuals: &[f64], predictions: &[f64], scale: Scale) -> Metrics {
    let mut sums = Sums::default();
    sums.add_all(actuals, predictions, scale);
    sums.metrics()
}

/// Keeps a value, or why there is none.
pub(crate) fn set(metrics: &mut Metrics, metric: Metric, value: Result<f64, String>) {
    let value = value.and_then(|value| {
        if value.is_finite() { Ok(value) } else { Err("the numbers are too large".to_owned()) }
    });
    let slot = match metric {
        Metric::Wape => &mut metrics.wape,
        Metric::Smape => &mut metrics.smape,
        Metric::Mae => &mut metrics.mae,
        Metric::Rmse => &mut metrics.rmse,
        Metric::Bias => &mut metrics.bias,
        Metric::Mase => &mut metrics.mase,
        Metric::Rmsse => &mut metrics.rmsse,
    };
    *slot = value.as_ref().ok().copied();
    if let Err(reason) = value {
        metrics.missing.insert(metric, reason);
    }
}

/// Running sums over points, from which the metrics of any set of folds or days follow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    points: usize,
    error: f64,
    absolute: f64,
    squared: f64,
    symmetric: f64,
    actual: f64,
    scaled_absolute: f64,
    scaled_squared: f64,
    unscaled_absolute: usize,
    unscaled_squared: usize,
}

impl Sums {
    pub(crate) fn add_all(&mut self, actuals: &[f64], predictions: &[f64], scale: Scale) {
        for (&actual, &prediction) in actuals.iter().zip(predictions) {
            self.add(actual, prediction, scale);
        }
    }

    pub(crate) fn add(&mut self, actual: f64, prediction: f64, scale: Scale) {
        if actual.is_nan() {
            return;
        }
        let error = actual - prediction;
        let size = actual.abs() + prediction.abs();
        self.points += 1;
        self.error += error;
        self.absolute += error.abs();
        self.squared = error.mul_add(error, self.squared);
        self.symmetric += if size == 0.0 { 0.0 } else { 2.0 * error.abs() / size };
        self.actual += actual.abs();
        match scale.absolute {
            Some(unit) => self.scaled_absolute += error.abs() / unit,
            None => self.unscaled_absolute += 1,
        }
        match scale.squared {
            Some(unit) => self.scaled_squared += error * error / unit,
            None => self.unscaled_squared += 1,
        }
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let mut metrics = Metrics { sample_size: self.points, ..Metrics::default() };
        let n = self.points as f64;
        let mean = |sum: f64| {
            if self.points == 0 { Err("there are no actual values".to_owned()) } else { Ok(sum / n) }
        };
        let scaled = |sum: f64, unscaled: usize| {
            if unscaled > 0 { Err("the training values never change".to_owned()) } else { mean(sum) }
        };
        set(&mut metrics, Metric::Mae, mean(self.absolute));
        set(&mut metrics, Metric::Rmse, mean(self.squared).map(f64::sqrt));
        set(&mut metrics, Metric::Smape, mean(self.symmetric).map(|mean| 100.0 * mean));
        set(&mut metrics, Metric::Bias, mean(self.error));
        set(&mut metrics, Metric::Mase, scaled(self.scaled_absolute, self.unscaled_absolute));
        set(&mut metrics, Metric::Rmsse, scaled(self.scaled_squared, self.unscaled_squared).map(f64::sqrt));
        metrics.bias_percent = kernel::finite(100.0 * self.error / self.actual);
        set(
            &mut metrics,
            Metric::Wape,
            mean(self.absolute).and_then(|_| match self.actual {
                0.0 => Err("the actual values sum to zero".to_owned()),
                total => Ok(100.0 * self.absolute / total),
            }),
        );
        metrics
    }
}

#[cfg(test)]
#[path = "metrics/tests.rs"]
mod tests;
