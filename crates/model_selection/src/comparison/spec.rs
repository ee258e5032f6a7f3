//! What a comparison is pinned to when it is submitted.

use forecast::{CatalogEntry, Gaps, Metric, ModelSpec, RankingPolicy, Series, SpecError, SplitConfig};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::source::Source;

/// The metrics a ranking can go by.
pub(super) const RANKING_METRICS: [Metric; 4] = [Metric::Wape, Metric::Smape, Metric::Mae, Metric::Bias];

/// A comparison: its input by digest, its candidates and its folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Where the series were read.
    pub source: Source,
    /// The digest of the series as they were read: canonical JSON in the artifact store.
    pub input: Digest,
    /// How many series it holds.
    pub series_total: usize,
    /// Series that were asked for and cannot be compared on, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_series: Vec<ExcludedSeries>,
    /// Whether the pair has enough history, as it stood at submit; absent for a data set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Value>,
    /// The candidates, by ordinal.
    pub candidates: Vec<CandidateSpec>,
    /// Steps to forecast.
    pub horizon: usize,
    /// The folds.
    pub split: SplitConfig,
    /// What to rank by.
    pub ranking_metric: Metric,
    /// The season of seasonal candidates without their own; each series' usual one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season_length: Option<usize>,
    /// How sure the ranking must be.
    pub policy: RankingPolicy,
    /// What a date without a value means.
    pub gaps: Gaps,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateSpec {
    /// Its model type.
    pub model_type: String,
    /// Its parameters as given.
    pub params: Map<String, Value>,
}

/// A series that takes no part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExcludedSeries {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// The model of a candidate on a series: the candidate's own parameters, and the season where the model has one and
/// the candidate does not say it.
pub(crate) fn model_for(
    model_type: &str,
    params: &Map<String, Value>,
    season_length: Option<usize>,
    series: &Series,
) -> Result<ModelSpec, SpecError> {
    let mut params = params.clone();
    if has_season(model_type) && !params.contains_key("season_length") {
        let season = season_length.unwrap_or_else(|| series.frequency().season_length());
        params.insert("season_length".to_owned(), season.into());
    }
    ModelSpec::parse(model_type, &Value::Object(params))
}

fn has_season(model_type: &str) -> bool {
    let is_asked = |entry: &CatalogEntry| entry.model_type == model_type;
    let catalog = forecast::catalog();
    catalog
        .iter()
        .find(|entry| is_asked(entry))
        .is_some_and(|entry| entry.parameters.iter().any(|parameter| parameter.name == "season_length"))
}
