//! What readers of comparisons get.

use chrono::{DateTime, Utc};
use forecast::rank::{BusinessSummary, ChartData, Confidence, RankMetrics};
use forecast::{Gaps, Metric, RankingPolicy, SplitConfig};
use kernel::RunId;
use retail::{DatasetId, ProductId, StoreId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ranking::{Combination, Coverage, Figure, OverallEntry, SelectionCheck, SeriesRanking, Verdict};
use super::spec::{CandidateSpec, ExcludedSeries, Racing};
use super::status::{CandidateStatus, Status, Tally};
use crate::CandidateId;
use crate::source::Window;

/// A comparison with everything known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Its id: that of its run.
    pub selection_id: RunId,
    /// The store, if it compares on a pair.
    pub store_id: Option<StoreId>,
    /// The product.
    pub product_id: Option<ProductId>,
    /// The days that were read.
    pub selection_window: Option<Window>,
    /// The data set, if it compares on one.
    pub dataset_id: Option<DatasetId>,
    /// How it stands.
    pub status: Status,
    /// Steps that are forecast.
    pub forecast_horizon: usize,
    /// What it is ranked by.
    pub ranking_metric: Metric,
    /// The folds asked for.
    pub split_config: SplitConfig,
    /// How sure the ranking must be.
    pub ranking_policy: RankingPolicy,
    /// The season of seasonal candidates without their own; each series' usual one when absent.
    pub season_length: Option<usize>,
    /// The feature frame of feature-aware candidates that choose none: 1 or 2.
    pub feature_frame_version: u64,
    /// Its groups; the default ones when absent.
    pub feature_groups: Option<Vec<String>>,
    /// Whether costly candidates may be dropped early.
    pub racing: Racing,
    /// What a date without a value means.
    pub gaps: Gaps,
    /// The candidates as asked for, by ordinal.
    pub candidate_models: Vec<CandidateSpec>,
    /// Whether the pair had enough history at submit.
    pub availability: Option<Value>,
    /// Series it compares on.
    pub series_total: usize,
    /// Series that were asked for and take no part.
    pub excluded_series: Vec<ExcludedSeries>,
    /// What the ranking comes to; absent until it has ended.
    pub verdict: Option<Verdict>,
    /// The same in one sentence.
    pub statement: Option<String>,
    /// On how many series it rests.
    pub coverage: Option<Coverage>,
    /// Everyone's place over all series; empty until it has ended.
    pub ranking: Vec<OverallEntry>,
    /// The first-ranked candidate, one model for all series.
    pub winner: Option<Winner>,
    /// The keys of those that cannot be told from it, its own first.
    pub tied: Vec<String>,
    /// The numbers by name, each with what it was measured on.
    pub figures: Vec<Figure>,
    /// How sure that is; absent until there is a ranking.
    pub recommendation_confidence: Option<Confidence>,
    /// Why.
    pub confidence_reasons: Vec<String>,
    /// The mean of the candidates beside the champion.
    pub combination: Option<Combination>,
    /// The choice, judged on a fold it was not made on.
    pub selection_check: Option<SelectionCheck>,
    /// What a reader must know before trusting the champion.
    pub notes: Vec<String>,
    /// The charts, of a comparison on one series (see [`crate::Selector::comparison_charts`]).
    pub chart_data: Option<ChartData>,
    /// The result in plain sentences.
    pub business_summary: Option<BusinessSummary>,
    /// A stable code of what went wrong.
    pub error_code: Option<String>,
    /// What went wrong, or why no champion is named.
    pub error_message: Option<String>,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
    /// When its candidates began to race.
    pub started_at: Option<DateTime<Utc>>,
    /// When it settled.
    pub completed_at: Option<DateTime<Utc>>,
    /// How many candidates stand where.
    pub progress: Tally,
    /// Each candidate, by ordinal.
    pub candidate_progress: Vec<CandidateProgress>,
}

/// The champion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Winner {
    /// Which candidate.
    pub candidate_id: CandidateId,
    /// Its place in the request.
    pub ordinal: usize,
    /// Its model type.
    pub model_type: String,
    /// Its parameters.
    pub params: Value,
    /// Its metrics.
    pub metrics: RankMetrics,
    /// 1.
    pub rank: usize,
}

/// One candidate's progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateProgress {
    /// Its id.
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
    /// A stable code of why it failed or was dropped.
    pub error_code: Option<String>,
    /// Why it failed or was dropped.
    pub error: Option<String>,
    /// When its first backtest began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
    /// From the one to the other.
    pub duration_ms: Option<i64>,
}

/// The ranking alone, with that of every series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankingDetail {
    /// The comparison.
    pub selection_id: RunId,
    /// How it stands; before its end there is no ranking.
    pub status: Status,
    /// What it is ranked by.
    pub metric: Metric,
    /// What it comes to; absent before the end.
    pub verdict: Option<Verdict>,
    /// The same in one sentence.
    pub statement: Option<String>,
    /// On how many series it rests.
    pub coverage: Option<Coverage>,
    /// How several series were made one figure.
    pub method: Option<String>,
    /// The first entry, if anybody is ranked.
    pub winner: Option<OverallEntry>,
    /// Everyone's place over all series.
    pub entries: Vec<OverallEntry>,
    /// How sure the first place is.
    pub confidence: Confidence,
    /// Why.
    pub reasons: Vec<String>,
    /// The keys of those that cannot be told from the first, the first one's first.
    pub tied: Vec<String>,
    /// The numbers by name, each with what it was measured on.
    pub figures: Vec<Figure>,
    /// The mean of the candidates beside the champion.
    pub combination: Option<Combination>,
    /// The choice, judged on a fold it was not made on.
    pub selection_check: Option<SelectionCheck>,
    /// What a reader must know before trusting the champion.
    pub notes: Vec<String>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
    /// Everyone's place on each series.
    pub series: Vec<SeriesRanking>,
    /// Series that took no part.
    pub excluded_series: Vec<ExcludedSeries>,
}

/// A comparison as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its id; the position of a list's next page.
    pub selection_id: RunId,
    /// The store, if it compares on a pair.
    pub store_id: Option<StoreId>,
    /// The product.
    pub product_id: Option<ProductId>,
    /// The data set, if it compares on one.
    pub dataset_id: Option<DatasetId>,
    /// How it stands.
    pub status: Status,
    /// Steps that are forecast.
    pub forecast_horizon: usize,
    /// What it is ranked by.
    pub ranking_metric: Metric,
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
    pub created_at: DateTime<Utc>,
    /// When its candidates began to race.
    pub started_at: Option<DateTime<Utc>>,
    /// When it settled.
    pub completed_at: Option<DateTime<Utc>>,
}

/// Which comparisons a list holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this store.
    pub store_id: Option<StoreId>,
    /// Only of this product.
    pub product_id: Option<ProductId>,
    /// Only of this data set.
    pub dataset_id: Option<DatasetId>,
    /// Only in this status.
    pub status: Option<Status>,
}

impl RankingDetail {
    /// That of a comparison that has none yet.
    pub(super) fn empty(
        id: RunId,
        status: Status,
        metric: Metric,
        excluded_series: Vec<ExcludedSeries>,
    ) -> Self {
        Self {
            selection_id: id,
            status,
            metric,
            verdict: None,
            statement: None,
            coverage: None,
            method: None,
            winner: None,
            entries: Vec::new(),
            confidence: Confidence::Low,
            reasons: Vec::new(),
            tied: Vec::new(),
            figures: Vec::new(),
            combination: None,
            selection_check: None,
            notes: Vec::new(),
            warnings: Vec::new(),
            series: Vec::new(),
            excluded_series,
        }
    }
}
