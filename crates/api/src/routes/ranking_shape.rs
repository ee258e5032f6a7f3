//! What the JSON of comparisons and rankings looks like, for the OpenAPI document. The values themselves are
//! written by their domain.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::selection_shape::{CandidateModelShape, PolicyShape, SplitShape, WindowShape};

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
    /// Bias over the mean size of demand, percent.
    bias_percent: Option<f64>,
    mase: Option<f64>,
    rmsse: Option<f64>,
    /// Over several series: the mean of `rmsse` weighted by volume.
    wrmsse: Option<f64>,
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
    /// Kind, observed coverage and scores of its intervals.
    #[schema(value_type = Option<Object>)]
    uncertainty: Option<Value>,
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
    /// Kind, observed coverage and scores of its intervals.
    #[schema(value_type = Option<Object>)]
    uncertainty: Option<Value>,
    mean_rank: Option<f64>,
    series_won: usize,
    series_ranked: usize,
    /// Its errors against the first-ranked one's: relative lead with its interval, and the tests' p-values.
    #[schema(value_type = Option<Object>)]
    against_champion: Option<Value>,
}

/// A number with its name and what it was measured on.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Figure)]
pub(crate) struct FigureShape {
    /// `champion`, `best_per_series`, `mean`, `champion_blind`, `best_per_series_blind` or `mean_blind`.
    name: String,
    /// What people call it.
    label: String,
    /// The key of the model it is of; `null` where there are several.
    model: Option<String>,
    /// Percent; `null` where there is no demand.
    wape: Option<f64>,
    /// On what.
    measured_on: String,
}

/// On how many series a ranking rests: fewer than all if the comparison was cancelled.
#[derive(Serialize, ToSchema)]
#[schema(as = model_selection::Coverage)]
pub(crate) struct CoverageShape {
    series: usize,
    series_total: usize,
}

/// The first-ranked candidate, one model for all series.
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
    /// `pending`, `running`, `completed`, `dropped`, `failed` or `cancelled`.
    status: String,
    series_done: usize,
    /// Of one that failed or was dropped by racing; `error` says why in a sentence.
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
    /// By racing.
    dropped: usize,
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
    /// The feature frame of feature-aware candidates that choose none.
    feature_frame_version: u32,
    feature_groups: Option<Vec<String>>,
    /// `off` or `costly`.
    racing: String,
    gaps: String,
    candidate_models: Vec<CandidateModelShape>,
    #[schema(value_type = Option<Object>)]
    availability: Option<Value>,
    series_total: usize,
    excluded_series: Vec<ExcludedShape>,
    /// `clear`, `tied`, `contested`, `undecided`, `only` or `nobody`; `null` before the end.
    verdict: Option<String>,
    /// The same in one sentence.
    statement: Option<String>,
    coverage: Option<CoverageShape>,
    ranking: Vec<OverallEntryShape>,
    winner: Option<WinnerShape>,
    /// The keys of those that cannot be told from the winner, the winner's first.
    tied: Vec<String>,
    /// The numbers by name, each with what it was measured on.
    figures: Vec<FigureShape>,
    /// `high`, `medium` or `low`: by the lead, the tests against the others, and the choice judged blind.
    recommendation_confidence: Option<String>,
    confidence_reasons: Vec<String>,
    /// The mean of the candidates beside the winner.
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
    /// `clear`, `tied`, `contested`, `undecided`, `only` or `nobody`.
    verdict: String,
    /// The same in one sentence.
    statement: String,
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
    /// `clear`, `tied`, `contested`, `undecided`, `only` or `nobody`; `null` before the end.
    verdict: Option<String>,
    /// The same in one sentence.
    statement: Option<String>,
    coverage: Option<CoverageShape>,
    /// How several series were made one figure.
    method: Option<String>,
    winner: Option<OverallEntryShape>,
    entries: Vec<OverallEntryShape>,
    confidence: String,
    reasons: Vec<String>,
    /// The keys of the entries that cannot be told from the first over all series, the first one's first.
    tied: Vec<String>,
    /// The numbers by name, each with what it was measured on.
    figures: Vec<FigureShape>,
    #[schema(value_type = Option<Object>)]
    combination: Option<Value>,
    #[schema(value_type = Option<Object>)]
    selection_check: Option<Value>,
    notes: Vec<String>,
    warnings: Vec<String>,
    series: Vec<SeriesRankingShape>,
    excluded_series: Vec<ExcludedShape>,
}
