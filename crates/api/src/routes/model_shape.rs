//! What the JSON of trainings, features and the registry looks like, for the OpenAPI document. The values
//! themselves are written by their domain.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ranking_shape::MetricsShape;
use super::selection_shape::WindowShape;

/// A training: on a pair's sales, or on a series of a data set.
#[derive(Serialize, ToSchema)]
#[schema(as = training::Request)]
pub(crate) struct TrainingRequest {
    /// With `product_id` and `train_window`.
    #[schema(minimum = 1)]
    store_id: Option<i64>,
    #[schema(minimum = 1)]
    product_id: Option<i64>,
    train_window: Option<WindowShape>,
    dataset_id: Option<Uuid>,
    series: Option<String>,
    model_type: String,
    #[schema(value_type = Object, required = false)]
    params: Map<String, Value>,
    #[schema(minimum = 1, maximum = 90, default = 14, required = false)]
    forecast_horizon: u32,
    #[schema(minimum = 1, maximum = 365)]
    season_length: Option<u32>,
    /// The feature frame of feature-aware models whose parameters do not choose one.
    #[schema(minimum = 1, maximum = 2, default = 1, required = false)]
    feature_frame_version: u32,
    /// The groups of feature frame 2, by name; the default ones when null.
    #[schema(min_items = 1)]
    feature_groups: Option<Vec<String>>,
    #[schema(default = "missing", required = false)]
    gaps: String,
    #[schema(max_length = 200)]
    title: Option<String>,
    #[schema(max_length = 200)]
    conversation_id: Option<String>,
}

/// A training with everything known of it.
#[derive(Serialize, ToSchema)]
#[schema(as = training::Training)]
pub(crate) struct TrainingShape {
    run_id: Uuid,
    status: String,
    series_name: String,
    model_type: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// The feature frame of a feature-aware model that chooses none.
    feature_frame_version: u32,
    feature_groups: Option<Vec<String>>,
    forecast_horizon: usize,
    /// What it gave, once it has succeeded.
    #[schema(value_type = Option<Object>)]
    model: Option<Value>,
    error_code: Option<String>,
    error_message: Option<String>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

/// Which features of which pair.
#[derive(Serialize, ToSchema)]
#[schema(as = featureset::Request)]
pub(crate) struct FeatureRequest {
    #[schema(minimum = 1)]
    store_id: i64,
    #[schema(minimum = 1)]
    product_id: i64,
    /// The last day.
    cutoff_date: NaiveDate,
    #[schema(minimum = 1, maximum = 1095)]
    lookback_days: u32,
    /// `lag`, `rolling` and `calendar`: which columns, at most 200 of lags and windows.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    #[schema(default = "missing", required = false)]
    gaps: String,
}

/// A table of features.
#[derive(Serialize, ToSchema)]
#[schema(as = featureset::Features)]
pub(crate) struct FeatureShape {
    store_id: i64,
    product_id: i64,
    cutoff_date: NaiveDate,
    dates: Vec<NaiveDate>,
    #[schema(value_type = Vec<Object>)]
    columns: Vec<Value>,
    row_count: usize,
    column_count: usize,
    null_counts: BTreeMap<String, usize>,
    config_hash: String,
}

/// A registered model. What it is never changes; how it stands is its newest event.
#[derive(Serialize, ToSchema)]
#[schema(as = registry::Model)]
pub(crate) struct ModelShape {
    model_id: Uuid,
    training_run_id: Uuid,
    judged_by: Option<super::registry::JudgedByBody>,
    model_type: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    config_hash: String,
    series_name: String,
    window_start: NaiveDate,
    window_end: NaiveDate,
    horizon: usize,
    /// Its own.
    metrics: Option<MetricsShape>,
    metrics_origin: String,
    artifact_id: Uuid,
    artifact_digest: String,
    artifact_size_bytes: u64,
    description: Option<String>,
    registered_by: String,
    registered_at: DateTime<Utc>,
    /// `registered` or `archived`.
    state: String,
    /// How often that was said; the entity tag.
    state_version: u32,
}

/// One change of a model's state.
#[derive(Serialize, ToSchema)]
#[schema(as = registry::ModelEvent)]
pub(crate) struct ModelEventShape {
    version: u32,
    /// `registered` or `archived`.
    state: String,
    changed_by: String,
    reason: Option<String>,
    changed_at: DateTime<Utc>,
}

/// What re-hashing a model found.
#[derive(Serialize, ToSchema)]
#[schema(as = registry::Verification)]
pub(crate) struct VerificationShape {
    model_id: Uuid,
    verified: bool,
    artifact_id: Uuid,
    stored_digest: String,
    computed_digest: Option<String>,
    stored_size_bytes: u64,
    reason: Option<String>,
}

/// An alias.
#[derive(Serialize, ToSchema)]
#[schema(as = registry::Alias)]
pub(crate) struct AliasShape {
    alias_name: String,
    /// `null` since it was withdrawn.
    model_id: Option<Uuid>,
    model_type: Option<String>,
    /// How often it was moved.
    version: u32,
    moved_by: String,
    reason: Option<String>,
    moved_at: DateTime<Utc>,
}

/// One move of an alias.
#[derive(Serialize, ToSchema)]
#[schema(as = registry::AliasMove)]
pub(crate) struct AliasMoveShape {
    version: u32,
    from_model_id: Option<Uuid>,
    /// `null` if it was withdrawn.
    to_model_id: Option<Uuid>,
    moved_by: String,
    reason: Option<String>,
    moved_at: DateTime<Utc>,
}
