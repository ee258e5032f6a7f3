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
//! | bias_percent | 100 · Σ(a − p) / Σ\|a\|: bias beside WAPE, in percent of the demand |
//! | mase | mean \|a − p\| / in-sample mean \|yₜ − yₜ₋ₘ\| (Hyndman & Koehler 2006) |
//! | rmsse | √ (mean (a − p)² / in-sample mean (yₜ − yₜ₋₁)²), from the first demand on (M5, Makridakis 2022) |

mod aggregate;
mod quantile;
mod scale;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use aggregate::{Aggregate, Bucket, stability_index};
pub use quantile::{interval_score, pinball, scaled_pinball, wrmsse};
pub use scale::Scale;

/// The name of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Weighted absolute percentage error.
    Wape,
    /// Symmetric mean absolute percentage error, 0 to 200.
    Smape,
    /// Mean absolute error.
    Mae,
    /// Root mean squared error.
    Rmse,
    /// Mean of actual minus forecast.
    Bias,
    /// Mean absolute scaled error.
    Mase,
    /// Root mean squared scaled error.
    Rmsse,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Wape, Self::Smape, Self::Mae, Self::Rmse, Self::Bias, Self::Mase, Self::Rmsse];

    /// Its name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wape => "wape",
            Self::Smape => "smape",
            Self::Mae => "mae",
            Self::Rmse => "rmse",
            Self::Bias => "bias",
            Self::Mase => "mase",
            Self::Rmsse => "rmsse",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every metric of one set of points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Metrics {
    /// Weighted absolute percentage error, percent.
    pub wape: Option<f64>,
    /// Symmetric mean absolute percentage error, percent.
    pub smape: Option<f64>,
    /// Mean absolute error, in the unit of the series.
    pub mae: Option<f64>,
    /// Root mean squared error, in the unit of the series.
    pub rmse: Option<f64>,
    /// Mean of actual minus forecast, in the unit of the series.
    pub bias: Option<f64>,
    /// Sum of actual minus forecast over the sum of the actuals' sizes, percent; absent where WAPE is.
    #[serde(default)]
    pub bias_percent: Option<f64>,
    /// Mean absolute scaled error.
    pub mase: Option<f64>,
    /// Root mean squared scaled error.
    pub rmsse: Option<f64>,
    /// Points that had an actual.
    pub sample_size: usize,
    /// Why a metric is absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<Metric, String>,
}

impl Metrics {
    /// The metrics of equally long actuals and predictions; points without an actual are skipped.
    pub fn of(actuals: &[f64], predictions: &[f64], scale: Scale) -> Self {
        let mut sums = Sums::default();
        sums.add_all(actuals, predictions, scale);
        sums.metrics()
    }

    /// One metric by name.
    pub const fn get(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Wape => self.wape,
            Metric::Smape => self.smape,
            Metric::Mae => self.mae,
            Metric::Rmse => self.rmse,
            Metric::Bias => self.bias,
            Metric::Mase => self.mase,
            Metric::Rmsse => self.rmsse,
        }
    }

    pub(crate) fn set(&mut self, metric: Metric, value: Result<f64, String>) {
        let value = value.and_then(|value| {
            if value.is_finite() { Ok(value) } else { Err("the numbers are too large".to_owned()) }
        });
        let slot = match metric {
            Metric::Wape => &mut self.wape,
            Metric::Smape => &mut self.smape,
            Metric::Mae => &mut self.mae,
            Metric::Rmse => &mut self.rmse,
            Metric::Bias => &mut self.bias,
            Metric::Mase => &mut self.mase,
            Metric::Rmsse => &mut self.rmsse,
        };
        *slot = value.as_ref().ok().copied();
        if let Err(reason) = value {
            self.missing.insert(metric, reason);
        }
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
        metrics.set(Metric::Mae, mean(self.absolute));
        metrics.set(Metric::Rmse, mean(self.squared).map(f64::sqrt));
        metrics.set(Metric::Smape, mean(self.symmetric).map(|mean| 100.0 * mean));
        metrics.set(Metric::Bias, mean(self.error));
        metrics.set(Metric::Mase, scaled(self.scaled_absolute, self.unscaled_absolute));
        metrics.set(Metric::Rmsse, scaled(self.scaled_squared, self.unscaled_squared).map(f64::sqrt));
        metrics.bias_percent = kernel::finite(100.0 * self.error / self.actual);
        metrics.set(
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
