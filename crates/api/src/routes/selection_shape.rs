//! What the JSON of comparisons, trainings and the registry looks like, for the OpenAPI document. The values
//! themselves are written by their domain.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// The model catalogue.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Catalog)]
pub(crate) struct CatalogShape {
    models: Vec<CatalogEntryShape>,
    default_candidate_model_types: Vec<String>,
}

/// A model type.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::CatalogEntry)]
#[expect(clippy::struct_excessive_bools, reason = "the names of the wire")]
pub(crate) struct CatalogEntryShape {
    model_type: String,
    label: String,
    /// `baseline`, `tree`, `additive`, …
    family: String,
    /// Whether it reads prices, promotions, holidays and lags.
    feature_aware: bool,
    requires_extra: bool,
    #[schema(value_type = Object)]
    default_params: Map<String, Value>,
    supports_auto_predict: bool,
    description: String,
    /// Its parameters and their bounds.
    #[schema(value_type = Vec<Object>)]
    parameters: Vec<Map<String, Value>>,
    /// Observed values it needs.
    minimum_history: usize,
    available: bool,
    unavailable_reason: Option<String>,
}

/// Days, both included.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Window)]
pub(crate) struct WindowShape {
    start_date: NaiveDate,
    end_date: NaiveDate,
}

/// What there is of a pair's sales.
#[derive(Serialize, ToSchema)]
#[schema(as = retail::Coverage)]
pub(crate) struct CoverageShape {
    first_sales_date: Option<NaiveDate>,
    last_sales_date: Option<NaiveDate>,
    observed_days: u64,
    expected_calendar_days: u64,
    coverage_ratio: f64,
    missing_days: u64,
    zero_sale_days: u64,
    promotion_days: u64,
    average_daily_demand: f64,
}

/// Whether a pair has enough history. The first fields speak of the window, or of all history without one.
#[derive(Serialize, ToSchema)]
#[schema(as = retail::Availability)]
pub(crate) struct Availability {
    store_id: i64,
    product_id: i64,
    window: Option<WindowShape>,
    first_sales_date: Option<NaiveDate>,
    last_sales_date: Option<NaiveDate>,
    observed_days: u64,
    expected_calendar_days: u64,
    coverage_ratio: f64,
    missing_days: u64,
    zero_sale_days: u64,
    promotion_days: u64,
    average_daily_demand: f64,
    /// `ready`, `limited` or `unusable`.
    status: String,
    recommended_split_config: SplitShape,
    missing_ranges: Vec<WindowShape>,
    all_history: CoverageShape,
    warnings: Vec<String>,
}

/// The folds.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::SplitConfig)]
pub(crate) struct SplitShape {
    /// `expanding` or `sliding`.
    #[schema(default = "expanding", required = false)]
    strategy: String,
    #[schema(minimum = 2, maximum = 20, default = 5, required = false)]
    n_splits: u32,
    #[schema(minimum = 7, default = 30, required = false)]
    min_train_size: u32,
    /// Below the horizon.
    #[schema(minimum = 0, maximum = 30, default = 0, required = false)]
    gap: u32,
    /// The forecast's.
    #[schema(minimum = 1, maximum = 90, default = 14, required = false)]
    horizon: u32,
}

/// When a winner counts.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::RankingPolicy)]
pub(crate) struct PolicyShape {
    #[schema(default = 0, required = false)]
    minimum_sample_size: usize,
    #[schema(minimum = 0, maximum = 1, default = 0.1, required = false)]
    high_confidence_rel_improvement: f64,
    #[schema(minimum = 0, default = 1e9, required = false)]
    max_acceptable_abs_bias: f64,
}

/// A candidate as asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::CandidateModel)]
pub(crate) struct CandidateModelShape {
    model_type: String,
    /// Wrong ones make this candidate fail, not the request.
    #[schema(value_type = Object, required = false)]
    params: Map<String, Value>,
}

/// A comparison: of a pair's sales, or of the series of a data set.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Request)]
pub(crate) struct ComparisonRequest {
    /// With `product_id` and `selection_window`.
    #[schema(minimum = 1)]
    store_id: Option<i64>,
    #[schema(minimum = 1)]
    product_id: Option<i64>,
    selection_window: Option<WindowShape>,
    /// Instead of a pair.
    dataset_id: Option<Uuid>,
    /// Only these series of the data set.
    series: Option<Vec<String>>,
    #[schema(minimum = 1, maximum = 90)]
    forecast_horizon: u32,
    /// `wape`, `smape`, `mae`, `bias`, …
    #[schema(default = "wape", required = false)]
    ranking_metric: String,
    split_config: Option<SplitShape>,
    #[schema(min_items = 1, max_items = 10)]
    candidate_models: Vec<CandidateModelShape>,
    #[schema(minimum = 1, maximum = 365)]
    season_length: Option<u32>,
    ranking_policy: Option<PolicyShape>,
    /// What a date without a value means: `missing`, `zero`, `omit` or `refuse`.
    #[schema(default = "missing", required = false)]
    gaps: String,
    /// What a person calls the run.
    #[schema(max_length = 200)]
    title: Option<String>,
    #[schema(max_length = 200)]
    conversation_id: Option<String>,
}

/// The numbers a candidate is ranked by; `null` where a number does not exist.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Metrics)]
pub(crate) struct MetricsShape {
    /// Percent.
    wape: Option<f64>,
    /// Percent, 0 to 200.
    smape: Option<f64>,
    /// Units of demand.
    mae: Option<f64>,
    /// Units of demand.
    rmse: Option<f64>,
    /// Units of demand; positive means too little was forecast.
    bias: Option<f64>,
    mase: Option<f64>,
    rmsse: Option<f64>,
    /// Test points.
    sample_size: usize,
}

/// A candidate's place on one series.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Entry)]
pub(crate) struct EntryShape {
    /// From 1; `null` if excluded.
    rank: Option<usize>,
    candidate_id: Uuid,
    /// Its place in the request, from 0.
    ordinal: usize,
    /// Its key in charts.
    key: String,
    model_type: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    included: bool,
    exclusion_reason: Option<String>,
    metrics: Option<MetricsShape>,
}

/// A candidate's place over all series.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::OverallEntry)]
pub(crate) struct OverallEntryShape {
    /// From 1; `null` if excluded.
    rank: Option<usize>,
    candidate_id: Uuid,
    /// Its place in the request, from 0.
    ordinal: usize,
    /// Its key in charts.
    key: String,
    model_type: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    included: bool,
    exclusion_reason: Option<String>,
    metrics: Option<MetricsShape>,
    mean_rank: Option<f64>,
    series_won: usize,
    series_ranked: usize,
}

/// The champion.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Winner)]
pub(crate) struct WinnerShape {
    candidate_id: Uuid,
    ordinal: usize,
    model_type: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    metrics: MetricsShape,
    rank: usize,
}

/// A candidate's progress.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::CandidateProgress)]
pub(crate) struct CandidateProgressShape {
    candidate_id: Uuid,
    ordinal: usize,
    model_type: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// `pending`, `running`, `completed`, `failed` or `cancelled`.
    status: String,
    series_done: usize,
    error_code: Option<String>,
    error: Option<String>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    duration_ms: Option<i64>,
}

/// How many candidates stand where.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Progress)]
pub(crate) struct TallyShape {
    total: usize,
    pending: usize,
    running: usize,
    completed: usize,
    failed: usize,
    cancelled: usize,
}

/// A series that takes no part.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::ExcludedSeries)]
pub(crate) struct ExcludedShape {
    name: String,
    reason: String,
}

/// One fold of the winner.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::ChartFold)]
pub(crate) struct ChartFoldShape {
    fold_index: usize,
    dates: Vec<NaiveDate>,
    actuals: Vec<Option<f64>>,
    predictions: Vec<f64>,
}

/// The numbers behind the charts.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::ChartData)]
pub(crate) struct ChartShape {
    wape_by_model: BTreeMap<String, Option<f64>>,
    bias_by_model: BTreeMap<String, Option<f64>>,
    /// WAPE per fold.
    fold_stability: BTreeMap<String, Vec<Option<f64>>>,
    winner_actual_vs_predicted: Vec<ChartFoldShape>,
}

/// The charts of one series.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::SeriesCharts)]
pub(crate) struct SeriesChartsShape {
    name: String,
    wape_by_model: BTreeMap<String, Option<f64>>,
    bias_by_model: BTreeMap<String, Option<f64>>,
    /// WAPE per fold.
    fold_stability: BTreeMap<String, Vec<Option<f64>>>,
    winner_actual_vs_predicted: Vec<ChartFoldShape>,
}

/// A comparison with everything known of it.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Comparison)]
pub(crate) struct ComparisonShape {
    selection_id: Uuid,
    store_id: Option<i64>,
    product_id: Option<i64>,
    selection_window: Option<WindowShape>,
    dataset_id: Option<Uuid>,
    /// `pending`, `running`, `completed`, `partial`, `failed` or `cancelled`.
    status: String,
    forecast_horizon: usize,
    ranking_metric: String,
    split_config: SplitShape,
    ranking_policy: PolicyShape,
    season_length: Option<usize>,
    gaps: String,
    candidate_models: Vec<CandidateModelShape>,
    #[schema(value_type = Option<Object>)]
    availability: Option<Value>,
    series_total: usize,
    excluded_series: Vec<ExcludedShape>,
    ranking: Vec<OverallEntryShape>,
    winner: Option<WinnerShape>,
    /// `high`, `medium` or `low`.
    recommendation_confidence: Option<String>,
    confidence_reasons: Vec<String>,
    /// The mean of the candidates beside the champion.
    #[schema(value_type = Option<Object>)]
    combination: Option<Value>,
    /// The choice, judged on a fold it was not made on.
    #[schema(value_type = Option<Object>)]
    selection_check: Option<Value>,
    notes: Vec<String>,
    chart_data: Option<ChartShape>,
    #[schema(value_type = Option<Object>)]
    business_summary: Option<Value>,
    error_code: Option<String>,
    error_message: Option<String>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    progress: TallyShape,
    candidate_progress: Vec<CandidateProgressShape>,
}

/// A comparison as it stands in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Item)]
pub(crate) struct SelectionItem {
    selection_id: Uuid,
    store_id: Option<i64>,
    product_id: Option<i64>,
    dataset_id: Option<Uuid>,
    status: String,
    forecast_horizon: usize,
    ranking_metric: String,
    series_total: usize,
    candidates_total: usize,
    winner_model_type: Option<String>,
    winner_value: Option<f64>,
    recommendation_confidence: Option<String>,
    error_message: Option<String>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

/// The ranking on one series.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::SeriesRanking)]
pub(crate) struct SeriesRankingShape {
    name: String,
    frequency: String,
    rows: usize,
    /// `ready`, `limited` or `unusable`.
    sufficiency: String,
    metric: String,
    winner: Option<EntryShape>,
    entries: Vec<EntryShape>,
    confidence: String,
    reasons: Vec<String>,
    /// The keys of the entries whose errors cannot be told from the winner's at 5 %, the winner's first.
    tied: Vec<String>,
    /// What a reader must know of the numbers.
    warnings: Vec<String>,
}

/// The ranking, over all series and per series.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Ranking)]
pub(crate) struct RankingShape {
    selection_id: Uuid,
    status: String,
    metric: String,
    /// How several series were made one figure.
    method: Option<String>,
    winner: Option<OverallEntryShape>,
    entries: Vec<OverallEntryShape>,
    confidence: String,
    reasons: Vec<String>,
    #[schema(value_type = Option<Object>)]
    combination: Option<Value>,
    #[schema(value_type = Option<Object>)]
    selection_check: Option<Value>,
    notes: Vec<String>,
    warnings: Vec<String>,
    series: Vec<SeriesRankingShape>,
    excluded_series: Vec<ExcludedShape>,
}

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
    /// `lag`, `rolling` and `calendar`: which columns.
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

/// A registered model. It never changes.
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
    model_id: Uuid,
    model_type: String,
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
    to_model_id: Uuid,
    moved_by: String,
    reason: Option<String>,
    moved_at: DateTime<Utc>,
}
