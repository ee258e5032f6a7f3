//! The ranking, over all series and per series, and which series to show.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    Combination, ComparisonStatus, Confidence, Coverage, ExcludedSeries, Figure, RankMetrics, RankingMetric,
    Rival, SelectionCheck, Sufficiency, Uncertainty, Verdict,
};
use crate::datasets::Frequency;

/// A candidate's place on one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Entry)]
pub struct RankEntry {
    /// From 1, the same for candidates that all numbers of are equal; `null` if excluded.
    pub rank: Option<usize>,
    /// Whose place it is.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: String,
    /// Its place in the request, from 0.
    pub ordinal: usize,
    /// Its key in charts: the model type, with the place in the request where the type took part twice.
    pub key: String,
    /// Its model type.
    pub model_type: String,
    /// Its parameters.
    #[schema(value_type = Object)]
    pub params: Value,
    /// Whether it was ranked.
    pub included: bool,
    /// Why not.
    pub exclusion_reason: Option<String>,
    /// Its numbers, if ranked.
    pub metrics: Option<RankMetrics>,
    /// Kind, observed coverage and scores of its intervals, if ranked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
}

impl RankEntry {
    /// The number it is ranked by; of the bias its size.
    pub fn by(&self, metric: RankingMetric) -> Option<f64> {
        match metric {
            RankingMetric::Pinball => self.uncertainty.as_ref()?.scaled_pinball,
            _ => self.metrics?.by(metric),
        }
    }
}

/// A candidate's place over all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::OverallEntry)]
pub struct OverallEntry {
    /// The place and the metrics over all points.
    #[serde(flatten)]
    pub entry: RankEntry,
    /// The mean of its places on the series, among those ranked on all of them; `null` if it is not ranked.
    pub mean_rank: Option<f64>,
    /// Series where it is first, alone or with others.
    pub series_won: usize,
    /// Series where it is ranked.
    pub series_ranked: usize,
    /// Its errors against the first-ranked one's: relative lead with its interval, and the tests' p-values. Absent if it
    /// is not ranked or was not judged on the same days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_champion: Option<Rival>,
}

/// Candidates that ran on the same folds of one series: the ranked, then the excluded in the order of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Standings)]
pub struct Standings {
    /// What it is ranked by.
    pub metric: RankingMetric,
    /// The first entry, if anybody is ranked.
    pub winner: Option<RankEntry>,
    /// Everyone: ranked first, then the excluded in the order of the request.
    pub entries: Vec<RankEntry>,
    /// How sure the first place is.
    pub confidence: Confidence,
    /// Why, with the numbers.
    pub reasons: Vec<String>,
    /// The keys of the entries whose errors cannot be told from the winner's at 5 %, the winner's first.
    #[serde(default)]
    pub tied: Vec<String>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
}

/// The ranking on one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::SeriesRanking)]
pub struct SeriesRanking {
    /// Its name.
    pub name: String,
    /// How far apart its dates are.
    pub frequency: Frequency,
    /// Its rows.
    pub rows: usize,
    /// Whether it has enough of them.
    pub sufficiency: Sufficiency,
    /// What its ranking comes to.
    pub verdict: Verdict,
    /// The same in one sentence.
    pub statement: String,
    /// Everyone's place, and how sure the first is.
    #[serde(flatten)]
    pub standings: Standings,
}

/// The ranking of a comparison over all its series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Ranking)]
pub struct Ranking {
    /// The comparison.
    #[schema(value_type = uuid::Uuid)]
    pub selection_id: RunId,
    /// How it stands; before its end there is no ranking.
    pub status: ComparisonStatus,
    /// What it is ranked by.
    pub metric: RankingMetric,
    /// What it comes to; `null` before the end.
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
    /// The keys of the entries that cannot be told from the first over all series, the first one's first.
    pub tied: Vec<String>,
    /// Whether the first one's forecasts run high or low, in one sentence; `null` before the end.
    pub bias: Option<String>,
    /// The numbers by name, each with what it was measured on.
    pub figures: Vec<Figure>,
    /// The mean of the candidates beside the champion.
    pub combination: Option<Combination>,
    /// The choice, judged on a fold it was not made on.
    pub selection_check: Option<SelectionCheck>,
    /// What a reader must know before trusting the champion.
    pub notes: Vec<String>,
    /// What was not asked for and how it was decided, one sentence each.
    pub assumptions: Vec<String>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
    /// The first 200 of the series that took no part.
    pub excluded_series: Vec<ExcludedSeries>,
    /// How many there are of those.
    pub excluded_total: usize,
}

/// Which series of a comparison to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RankedSeriesQuery {
    /// Series on a page.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Only those whose names have this part, in either case.
    #[param(min_length = 1, max_length = 200)]
    pub name_contains: Option<String>,
}

/// A page of rankings, each on one series, in the order of the data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::SeriesPage)]
pub struct RankedSeriesPage {
    /// The rankings.
    pub items: Vec<SeriesRanking>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}
