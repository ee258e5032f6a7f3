//! What the JSON of the catalogue, of availability and of a comparison's request looks like, for the OpenAPI
//! document. The values themselves are written by their domain.

use chrono::NaiveDate;
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
    /// Its name in requests.
    model_type: String,
    /// Its name for people.
    label: String,
    /// `baseline`, `tree`, `additive`, …
    family: String,
    /// `series` or `panel`: what it learns from.
    scope: String,
    /// Whether it reads prices, promotions, holidays and lags.
    feature_aware: bool,
    requires_extra: bool,
    /// Whether `racing` may stop it early.
    costly: bool,
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
    /// Wrong ones make this candidate fail, not the request. At most 10 000 bytes as JSON.
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
    #[schema(min_items = 1, max_items = 32)]
    candidate_models: Vec<CandidateModelShape>,
    #[schema(minimum = 1, maximum = 365)]
    season_length: Option<u32>,
    /// The feature frame of feature-aware models whose parameters do not choose one.
    #[schema(minimum = 1, maximum = 2, default = 1, required = false)]
    feature_frame_version: u32,
    /// The groups of feature frame 2, by name; the default ones when null.
    #[schema(min_items = 1)]
    feature_groups: Option<Vec<String>>,
    /// `off`, or `costly`: a costly candidate that has lost on a sample of the series is not run on the others.
    #[schema(default = "off", required = false)]
    racing: String,
    #[schema(required = false)]
    ranking_policy: PolicyShape,
    /// What a date without a value means: `missing`, `zero`, `omit` or `refuse`.
    #[schema(default = "missing", required = false)]
    gaps: String,
    /// What a person calls the run.
    #[schema(max_length = 200)]
    title: Option<String>,
    #[schema(max_length = 200)]
    conversation_id: Option<String>,
}
