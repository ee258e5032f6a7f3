//! What each step found: the `data` of its frame and of its event. A later step learns from it, also after a restart.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::RunId;
use serde::{Deserialize, Serialize};
use wire::demo::Preset;
use wire::model_selection::{CandidateId, ModelId, RankMetrics};
use wire::retail::{ProductId, StoreId, TableCounts, WorldId};

/// A step that finds nothing worth keeping.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Nothing {}

#[derive(Debug, Serialize)]
pub(crate) struct Reset {
    pub records_deleted: TableCounts,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Seeded {
    pub records_created: TableCounts,
    pub scenario: Preset,
    /// The names of the knobs that were turned.
    pub overrides_applied: Vec<String>,
    pub world_id: Option<WorldId>,
    pub is_existing: bool,
}

/// The pair and window that is modelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grain {
    pub world_id: WorldId,
    pub store_id: StoreId,
    pub product_id: ProductId,
    #[serde(rename = "date_range_start")]
    pub start: NaiveDate,
    #[serde(rename = "date_range_end")]
    pub end: NaiveDate,
    pub user_scope_applied: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct FeatureSet {
    pub row_count: usize,
    pub column_count: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Trained {
    #[serde(rename = "trained")]
    pub models: Vec<String>,
    pub requested_models: Vec<String>,
    pub training_run_ids: Vec<RunId>,
}

/// The champion of the backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Winner {
    #[serde(rename = "winner")]
    pub model_type: String,
    #[serde(rename = "selection_id")]
    pub comparison: RunId,
    #[serde(rename = "candidate_id")]
    pub candidate: CandidateId,
    pub per_model: BTreeMap<String, RankMetrics>,
    /// In the chosen metric; the name is older than the choice.
    #[serde(rename = "winner_wape")]
    pub value: f64,
    pub metric: wire::demo::Metric,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Registered {
    pub run_id: RunId,
    pub model_id: ModelId,
    pub alias: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    pub verified: bool,
}

/// What the whole showcase came to: the artifact `metrics` and the structured output of its end. No clock and no id
/// goes in: the same request on the same data gives the same bytes.
#[derive(Debug, Serialize)]
pub(crate) struct Summary<'a> {
    pub scenario: Preset,
    pub seed: u64,
    pub steps: &'a BTreeMap<String, frames::StepStatus>,
    pub winner_model_type: Option<&'a str>,
    pub winner_value: Option<f64>,
    pub metric: wire::demo::Metric,
    pub per_model: Option<&'a BTreeMap<String, RankMetrics>>,
}
