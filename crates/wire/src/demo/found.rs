//! What each step of a showcase found: the `data` of its frame and of its event. Those of a step that was skipped or has
//! failed are empty.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Metric, Preset};
use crate::model_selection::{CandidateId, ModelId, RankMetrics};
use crate::retail::{ProductId, StoreId, TableCounts, WorldId};

/// What the step `reset` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Reset)]
pub struct Reset {
    /// Rows per table that are gone.
    pub records_deleted: TableCounts,
}

/// What the step `seed` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Seeded)]
pub struct Seeded {
    /// Rows per table of the world.
    pub records_created: TableCounts,
    /// The preset.
    pub scenario: Preset,
    /// The names of the knobs that were turned.
    pub overrides_applied: Vec<String>,
    /// The world.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub world_id: Option<WorldId>,
    /// It was there already, and is taken as it is.
    pub is_existing: bool,
}

/// What the step `status` found: the pair and window that is modelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Grain)]
pub struct Grain {
    /// The world.
    #[schema(value_type = uuid::Uuid)]
    pub world_id: WorldId,
    /// The store.
    #[schema(value_type = i64)]
    pub store_id: StoreId,
    /// The product.
    #[schema(value_type = i64)]
    pub product_id: ProductId,
    /// The first day.
    #[serde(rename = "date_range_start")]
    pub start: NaiveDate,
    /// The last day.
    #[serde(rename = "date_range_end")]
    pub end: NaiveDate,
    /// Whether the pair was asked for.
    pub user_scope_applied: bool,
}

/// What the step `features` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::FeatureSet)]
pub struct FeatureSet {
    /// Rows of the table.
    pub row_count: usize,
    /// Its columns.
    pub column_count: usize,
}

/// What the step `train` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Trained)]
pub struct Trained {
    /// The model types.
    #[serde(rename = "trained")]
    pub models: Vec<String>,
    /// Those that were asked for.
    pub requested_models: Vec<String>,
    /// The run that trained each.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub training_run_ids: Vec<RunId>,
}

/// What the step `backtest` found: the champion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Winner)]
pub struct Winner {
    /// Its model type.
    #[serde(rename = "winner")]
    pub model_type: String,
    /// The comparison that it won.
    #[serde(rename = "selection_id")]
    #[schema(value_type = uuid::Uuid)]
    pub comparison: RunId,
    /// Which of its candidates it is.
    #[serde(rename = "candidate_id")]
    #[schema(value_type = uuid::Uuid)]
    pub candidate: CandidateId,
    /// The metrics of each model type.
    pub per_model: BTreeMap<String, RankMetrics>,
    /// In the chosen metric; the name is older than the choice.
    #[serde(rename = "winner_wape")]
    pub value: f64,
    /// The chosen metric.
    pub metric: Metric,
}

/// What the step `register` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Registered)]
pub struct Registered {
    /// The run that trained the model.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// The model.
    #[schema(value_type = uuid::Uuid)]
    pub model_id: ModelId,
    /// The alias that points at it.
    pub alias: String,
}

/// What the step `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Verified)]
pub struct Verified {
    /// The model's bytes are those that were registered.
    pub verified: bool,
}
