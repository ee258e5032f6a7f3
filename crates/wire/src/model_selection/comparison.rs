//! A comparison with everything known of it, and as lists show it.

use chrono::{DateTime, Utc};
use kernel::RunId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::{
    BusinessSummary, CandidateId, CandidateModel, CandidateStatus, ChartData, Combination, ComparisonStatus,
    Confidence, Course, Coverage, Figure, Gaps, OverallEntry, PairAvailability, Racing, RankMetrics,
    RankingMetric, RankingPolicy, SelectionCheck, SplitConfig, Verdict, Window,
};
use crate::datasets::{DatasetId, Frequency};
use crate::retail::{ProductId, StoreId};

/// A comparison with everything known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Comparison)]
pub struct Comparison {
    /// Its id: that of its run.
    #[schema(value_type = uuid::Uuid)]
    pub selection_id: RunId,
    /// The store, if it compares on a pair.
    #[schema(value_type = Option<i64>)]
    pub store_id: Option<StoreId>,
    /// The product.
    #[schema(value_type = Option<i64>)]
    pub product_id: Option<ProductId>,
    /// The days that were read.
    pub selection_window: Option<Window>,
    /// The data set, if it compares on one.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub dataset_id: Option<DatasetId>,
    /// How it stands.
    pub status: ComparisonStatus,
    /// How far apart the dates are, where all series are alike.
    pub frequency: Option<Frequency>,
    /// Steps that are forecast.
    pub forecast_horizon: usize,
    /// What it is ranked by.
    pub ranking_metric: RankingMetric,
    /// The folds: those asked for, or those that were planned.
    pub split_config: SplitConfig,
    /// What was not asked for and how it was decided, one sentence each.
    pub assumptions: Vec<String>,
    /// When a winner counts.
    pub ranking_policy: RankingPolicy,
    /// The season of seasonal candidates without their own; each series' usual one when `null`.
    pub season_length: Option<usize>,
    /// The feature set of feature-aware candidates that choose none: 1 or 2.
    pub feature_frame_version: u64,
    /// Its groups; the default ones when `null`.
    pub feature_groups: Option<Vec<String>>,
    /// Whether costly candidates may be dropped early.
    pub racing: Racing,
    /// What a date without a value means.
    pub gaps: Gaps,
    /// The candidates, as asked for or proposed, by ordinal.
    pub candidate_models: Vec<CandidateModel>,
    /// Whether the pair had enough history at submit; `null` for a data set.
    pub availability: Option<PairAvailability>,
    /// Series it compares on.
    pub series_total: usize,
    /// The first 200 of the series that were asked for and take no part.
    pub excluded_series: Vec<ExcludedSeries>,
    /// How many there are of those.
    pub excluded_total: usize,
    /// What the ranking comes to; `null` before the end.
    pub verdict: Option<Verdict>,
    /// The same in one sentence.
    pub statement: Option<String>,
    /// On how many series it rests.
    pub coverage: Option<Coverage>,
    /// Everyone's place over all series; empty before the end.
    pub ranking: Vec<OverallEntry>,
    /// The first-ranked candidate, one model for all series.
    pub winner: Option<Winner>,
    /// The keys of those that cannot be told from the winner, the winner's first.
    pub tied: Vec<String>,
    /// Whether the first one's forecasts run high or low, in one sentence; `null` before the end.
    pub bias: Option<String>,
    /// The numbers by name, each with what it was measured on.
    pub figures: Vec<Figure>,
    /// By the lead, the tests against the others, and the choice judged blind; `null` before the end.
    pub recommendation_confidence: Option<Confidence>,
    /// Why.
    pub confidence_reasons: Vec<String>,
    /// The mean of the candidates beside the winner.
    pub combination: Option<Combination>,
    /// The choice, judged on a fold it was not made on.
    pub selection_check: Option<SelectionCheck>,
    /// What a reader must know before trusting the first-ranked.
    pub notes: Vec<String>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
    /// The charts, of a comparison on one series.
    pub chart_data: Option<ChartData>,
    /// The result in plain sentences.
    pub business_summary: Option<BusinessSummary>,
    /// How it went, and when.
    #[serde(flatten)]
    pub course: Course,
    /// How many candidates stand where.
    pub progress: Tally,
    /// Each candidate, by ordinal.
    pub candidate_progress: Vec<CandidateProgress>,
}

/// The first-ranked candidate, one model for all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Winner)]
pub struct Winner {
    /// Which candidate.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
    /// Its place in the request, from 0.
    pub ordinal: usize,
    /// Its model type.
    pub model_type: String,
    /// Its parameters.
    #[schema(value_type = Object)]
    pub params: Value,
    /// Its metrics.
    pub metrics: RankMetrics,
    /// 1.
    pub rank: usize,
}

/// A candidate's progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::CandidateProgress)]
pub struct CandidateProgress {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
    /// Its place in the request, from 0.
    pub ordinal: usize,
    /// Its model type.
    pub model_type: String,
    /// Its parameters as given.
    pub params: Map<String, Value>,
    /// How it stands.
    pub status: CandidateStatus,
    /// Series it has finished.
    pub series_done: usize,
    /// Of one that failed or was dropped by racing; `error` says why in a sentence.
    pub error_code: Option<String>,
    /// Why it failed or was dropped.
    pub error: Option<String>,
    /// When its first backtest began.
    #[serde(with = "crate::time::option")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(with = "crate::time::option")]
    pub completed_at: Option<DateTime<Utc>>,
    /// From the one to the other.
    pub duration_ms: Option<i64>,
}

/// How many candidates stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Progress)]
pub struct Tally {
    /// All of them.
    pub total: usize,
    /// Waiting.
    pub pending: usize,
    /// At work.
    pub running: usize,
    /// Finished.
    pub completed: usize,
    /// Dropped by racing.
    pub dropped: usize,
    /// Failed.
    pub failed: usize,
    /// Stopped.
    pub cancelled: usize,
}

/// A series that takes no part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = model_selection::ExcludedSeries)]
pub struct ExcludedSeries {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// A comparison as it stands in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Item)]
pub struct ComparisonItem {
    /// Its id; the position of a list's next page.
    #[schema(value_type = uuid::Uuid)]
    pub selection_id: RunId,
    /// The store, if it compares on a pair.
    #[schema(value_type = Option<i64>)]
    pub store_id: Option<StoreId>,
    /// The product.
    #[schema(value_type = Option<i64>)]
    pub product_id: Option<ProductId>,
    /// The data set, if it compares on one.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub dataset_id: Option<DatasetId>,
    /// How it stands.
    pub status: ComparisonStatus,
    /// Steps that are forecast.
    pub forecast_horizon: usize,
    /// What it is ranked by.
    pub ranking_metric: RankingMetric,
    /// Series it compares on.
    pub series_total: usize,
    /// How many candidates it has.
    pub candidates_total: usize,
    /// The champion's type, if one is named.
    pub winner_model_type: Option<String>,
    /// The champion's value of the ranking metric.
    pub winner_value: Option<f64>,
    /// How sure the first place is.
    pub recommendation_confidence: Option<Confidence>,
    /// What went wrong, or why no champion is named.
    pub error_message: Option<String>,
    /// When it was submitted.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When its candidates began to race.
    #[serde(with = "crate::time::option")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it settled.
    #[serde(with = "crate::time::option")]
    pub completed_at: Option<DateTime<Utc>>,
}

/// A page of comparisons, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Page)]
pub struct ComparisonPage {
    /// The comparisons.
    pub items: Vec<ComparisonItem>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which comparisons to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListComparisons {
    /// How many, at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
    /// Only of this store.
    #[param(value_type = Option<i64>)]
    pub store_id: Option<StoreId>,
    /// Only of this product.
    #[param(value_type = Option<i64>)]
    pub product_id: Option<ProductId>,
    /// Only of this data set.
    #[param(value_type = Option<uuid::Uuid>)]
    pub dataset_id: Option<DatasetId>,
    /// Only in this status.
    #[param(inline)]
    pub status: Option<ComparisonStatus>,
}
