//! A training with everything known of it.

use std::collections::BTreeMap;

use kernel::RunId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Course, IntervalKind, IntervalReason, Metric, Uncertainty};
use crate::artifacts::ArtifactId;
use crate::moment::Moment;
use crate::runs::Status;

/// A training with everything known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Training)]
pub struct Training {
    /// Its run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// How it stands, as its run does.
    pub status: Status,
    /// The series.
    pub series_name: String,
    /// The model type.
    pub model_type: String,
    /// Its parameters as given.
    pub params: Map<String, Value>,
    /// The feature set of a feature-aware model that chooses none: 1 or 2.
    pub feature_frame_version: u64,
    /// Its groups; the default ones when `null`.
    pub feature_groups: Option<Vec<String>>,
    /// Steps to forecast.
    pub forecast_horizon: usize,
    /// What it gave, once it has succeeded.
    pub model: Option<Trained>,
    /// How it went, and when.
    #[serde(flatten)]
    pub course: Course,
}

/// What a training gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Trained)]
pub struct Trained {
    /// The artifact that is the model.
    #[schema(value_type = uuid::Uuid)]
    pub artifact_id: ArtifactId,
    /// The hash of type and parameters.
    pub config_hash: String,
    /// The first date it learned from.
    pub window_start: Moment,
    /// The last.
    pub window_end: Moment,
    /// Values it learned from.
    pub n_observations: usize,
    /// What it forecasts after its window.
    pub forecast: Option<Forecast>,
    /// Why there is no forecast.
    pub forecast_reason: Option<String>,
    /// How it did on its own last rows.
    pub holdout: Option<Holdout>,
}

/// A model's numbers for the dates after a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Forecast)]
pub struct Forecast {
    /// One date per step, continuing the series' grid.
    pub dates: Vec<Moment>,
    /// One number per date.
    pub points: Vec<f64>,
    /// Intervals around the points, where they could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<Intervals>,
}

/// Intervals around a forecast, where they come from, and what they were worth before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Intervals)]
pub struct Intervals {
    /// Where they come from.
    pub kind: IntervalKind,
    /// Why.
    pub reason: IntervalReason,
    /// Ascending by level.
    pub intervals: Vec<Interval>,
    /// How the same model's intervals did on its folds; `null` without any.
    pub observed: Option<Uncertainty>,
}

/// Bounds at one level, one of each per step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Interval)]
pub struct Interval {
    /// The share of outcomes that should fall inside.
    pub level: f64,
    /// Lower bounds.
    pub lower: Vec<f64>,
    /// Upper bounds.
    pub upper: Vec<f64>,
}

impl Interval {
    /// The levels given when none are asked for.
    pub const USUAL_LEVELS: [f64; 3] = [0.5, 0.8, 0.95];
}

/// The same model, trained without the last rows and judged on them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Holdout)]
pub struct Holdout {
    /// Rows it was trained on.
    pub train_size: usize,
    /// Rows it was judged on.
    pub test_size: usize,
    /// Its metrics there.
    pub metrics: Metrics,
}

/// Every metric of one set of points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = training::Metrics)]
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
    /// Sum of actual minus forecast over the sum of the actuals' sizes, percent; `null` where WAPE is.
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
}
