//! What a comparison is pinned to when it is submitted.

use bytes::Bytes;
use evaluation::SplitConfig;
use forecast::{ModelSpec, SpecError};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use series::Frequency;
use series::columnar::read_index;
use wire::model_selection::{
    CandidateModel, ExcludedSeries, Gaps, PairAvailability, Racing, RankingMetric, RankingPolicy,
};

use super::choice::choose;
use crate::feature_set::FeatureSetChoice;
use crate::panel::{Panel, PanelError, back, on_their_grids};
use crate::source::Source;

/// A comparison: its input by digest, its candidates and its folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Where the series were read.
    pub source: Source,
    /// The digest of the object its series are kept in: a data set, or the canonical JSON of a pair's series as it was.
    pub input: Digest,
    /// The series of the data set that were asked for; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<String>>,
    /// How far apart the dates are, where all series are alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// How many series it holds.
    pub series_total: usize,
    /// Series that were asked for and cannot be compared on, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_series: Vec<ExcludedSeries>,
    /// Whether the pair has enough history, as it stood at submit; absent for a data set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<PairAvailability>,
    /// What was not asked for and how it was decided, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<String>,
    /// The candidates, by ordinal.
    pub candidates: Vec<CandidateModel>,
    /// Steps to forecast.
    pub horizon: usize,
    /// The folds.
    pub split: SplitConfig,
    /// What to rank by.
    pub ranking_metric: RankingMetric,
    /// The season of seasonal candidates without their own; each series' usual one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season_length: Option<usize>,
    /// The feature set of feature-aware candidates that choose none.
    #[serde(default, skip_serializing_if = "FeatureSetChoice::is_usual")]
    pub feature_frame: FeatureSetChoice,
    /// Whether costly candidates may be dropped early.
    #[serde(default, skip_serializing_if = "is_off")]
    pub racing: Racing,
    /// How sure the ranking must be.
    pub policy: RankingPolicy,
    /// What a date without a value means.
    pub gaps: Gaps,
}

impl Spec {
    /// What is read of the pinned object, as shards name it: the object, and the way it is read.
    pub(super) fn panel(&self) -> Digest {
        match self.source {
            Source::Pair { .. } => self.input,
            Source::Dataset { .. } => {
                let SplitConfig { gap, horizon, .. } = self.split;
                let read = (self.split.rows_needed(), back(gap, horizon));
                kernel::digest_json(&(&self.input, &self.series, self.gaps, read))
                    .expect("a spec is plain data")
            }
        }
    }

    /// The series of the pinned object that are compared on.
    pub(super) fn read(&self, bytes: &Bytes) -> Result<Panel, PanelError> {
        let dataset_id = match self.source {
            Source::Pair { .. } => return Panel::read(bytes),
            Source::Dataset { dataset_id, .. } => dataset_id,
        };
        let index = read_index(bytes)?;
        let chosen = choose(dataset_id, &index, self.series.as_deref(), self.gaps).map_err(Box::new)?;
        let (long_enough, _) = chosen.parted(self.split.rows_needed());
        let places: Vec<_> = long_enough.into_iter().map(|one| (one.place, one.frequency)).collect();
        on_their_grids(bytes, &places, self.gaps, back(self.split.gap, self.split.horizon))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_off(racing: &Racing) -> bool {
    *racing == Racing::Off
}

/// A model as asked for, with what its comparison or training gives to models that do not say it themselves.
pub(crate) struct Asked<'a> {
    pub model_type: &'a str,
    pub params: &'a Map<String, Value>,
    pub season_length: Option<usize>,
    pub feature_frame: &'a FeatureSetChoice,
}

/// The longest season that a model can be given.
const LONGEST_SEASON: usize = 365;

/// The model on series of a frequency: its own parameters, and the season and the feature set where it has them and does not say
/// them. Ranking and training both come here, so they learn from one frame.
pub(crate) fn model_for(asked: &Asked<'_>, frequency: Frequency) -> Result<ModelSpec, SpecError> {
    let mut params = asked.params.clone();
    let known = forecast::catalog_entry(asked.model_type).map_or_else(Vec::new, |entry| entry.parameters);
    let has = |name: &str| known.iter().any(|parameter| parameter.name == name);
    if has("season_length") && !params.contains_key("season_length") {
        // A day of minutes is longer than a season of these models may be.
        let usual =
            || Some(frequency.season_length()).filter(|season| *season <= LONGEST_SEASON).unwrap_or(1);
        let season = asked.season_length.unwrap_or_else(usual);
        params.insert("season_length".to_owned(), season.into());
    }
    if has("feature_frame_version") {
        asked.feature_frame.give_to(&mut params);
    }
    ModelSpec::parse(asked.model_type, &Value::Object(params))
}
