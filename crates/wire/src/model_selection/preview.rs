//! What a comparison or a forecast would do, before it is started.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CandidateModel, PreviewOf, SplitConfig, StatedFolds};
use crate::datasets::Sketch;
use crate::moment::Moment;

/// A comparison or a forecast that somebody puts together, and some of its series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = model_selection::PreviewRequest)]
pub struct PreviewRequest {
    /// What is put together.
    #[serde(default)]
    #[schema(default = "comparison", required = false)]
    pub of: PreviewOf,
    /// Some of the series, as an inspection answers them.
    #[schema(min_items = 1, max_items = 12)]
    pub sketches: Vec<Sketch>,
    /// How many series there are in all.
    #[schema(minimum = 1)]
    pub series_total: usize,
    /// Steps to forecast; of a comparison at most 90.
    #[schema(minimum = 1, maximum = 366)]
    pub forecast_horizon: usize,
    /// What of the folds is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<StatedFolds>,
    /// The candidates; left empty, the series decide.
    #[serde(default)]
    #[schema(max_items = 32, required = false)]
    pub candidate_models: Vec<CandidateModel>,
    /// The season of models that say none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    pub season_length: Option<usize>,
}

/// What it would do. It is planned on the series that were sent, and itself on all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Preview)]
pub struct Preview {
    /// The candidates that were named, or those that the series ask for.
    pub candidates: Vec<CandidateModel>,
    /// The folds; of a forecast those of the series in the middle by length.
    pub split: SplitConfig,
    /// What was not stated and how it was decided, one sentence each.
    pub assumptions: Vec<String>,
    /// The folds on each series that was sent, in the same order.
    pub series: Vec<PreviewSeries>,
    /// About how long it takes; `null` where no candidate could be measured.
    pub estimate: Option<Estimate>,
}

/// The folds on a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::PreviewSeries)]
pub struct PreviewSeries {
    /// Its name.
    pub name: String,
    /// The folds whose tests lie in what was sent of it, oldest first; none where it is too short.
    pub folds: Vec<PreviewFold>,
}

/// A fold of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::PreviewFold)]
pub struct PreviewFold {
    /// Rows to learn from.
    pub train_rows: usize,
    /// The first date of its test.
    pub first_date: Moment,
    /// The last one.
    pub last_date: Moment,
}

/// About how long it takes, from what its candidates took on the series that were sent, just now on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Estimate)]
pub struct Estimate {
    /// For all series, with all processors.
    pub seconds: f64,
    /// Candidates that were measured.
    pub measured: usize,
    /// The types of those that were not, and take more time: they learn from all series together, cannot be judged on the
    /// series that were sent, or the others took the time there was.
    pub unmeasured: Vec<String>,
    /// Series they were measured on.
    pub series: usize,
    /// Processors.
    pub threads: usize,
}
