//! What is asked for, and whether it can be done at all: a pure check that reports every wrong field at once.

use forecast::{Gaps, Metric, RankingPolicy, SplitConfig};
use kernel::{Fault, FieldError};
use retail::{DatasetId, ProductId, StoreId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::spec::{CandidateSpec, RANKING_METRICS, Racing};
use crate::bounds::check_params;
use crate::frame::{FrameChoice, usual_version};
use crate::source::{DEFAULT_GAPS, Pair, Window};

/// A comparison as asked for: of a pair's sales, or of the series of a data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The store; with `product_id` and `selection_window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_id: Option<StoreId>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,
    /// The days of the pair's sales to compare on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection_window: Option<Window>,
    /// The data set; instead of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<DatasetId>,
    /// Only these series of the data set; all of them when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<String>>,
    /// Steps to forecast, 1 to 90.
    pub forecast_horizon: usize,
    /// What to rank by.
    #[serde(default = "default_metric")]
    pub ranking_metric: Metric,
    /// The folds; its horizon is the forecast's. When left out: five expanding folds of that horizon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_config: Option<SplitConfig>,
    /// One to 32 candidates. One model type may stand for several, with other parameters or the same.
    pub candidate_models: Vec<CandidateModel>,
    /// The season that seasonal candidates without their own are given; each series' usual one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season_length: Option<usize>,
    /// The feature frame of feature-aware candidates whose parameters do not choose one: 1 or 2.
    #[serde(default = "usual_version")]
    pub feature_frame_version: u64,
    /// The groups of feature frame 2; the default ones when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature_groups: Option<Vec<String>>,
    /// Whether costly candidates may be dropped once they have lost on a sample of the series.
    #[serde(default)]
    pub racing: Racing,
    /// How sure the ranking must be.
    #[serde(default)]
    pub ranking_policy: RankingPolicy,
    /// What a date without a value means.
    #[serde(default = "default_gaps")]
    pub gaps: Gaps,
}

/// One candidate as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateModel {
    /// A type of the catalogue.
    pub model_type: String,
    /// Its parameters; what is left out has the catalogue's default. Wrong ones make this candidate fail, not the
    /// request.
    #[serde(default)]
    pub params: Map<String, Value>,
}

const MAX_CANDIDATES: usize = 32;
const MAX_HORIZON: usize = 90;
const MAX_SEASON: usize = 365;

const fn default_metric() -> Metric {
    Metric::Wape
}

const fn default_gaps() -> Gaps {
    DEFAULT_GAPS
}

/// What a checked request reads from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reads {
    Pair { pair: Pair, window: Window },
    Dataset { dataset_id: DatasetId, series: Option<Vec<String>> },
}

/// A request that passed every check that needs no data.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub reads: Reads,
    pub candidates: Vec<CandidateSpec>,
    pub split: SplitConfig,
    pub feature_frame: FrameChoice,
}

impl Request {
    /// Checks everything that can be known without looking at the data, and reports all that is wrong.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        self.check().map(drop)
    }

    pub(super) fn check(&self) -> Result<Checked, Vec<FieldError>> {
        let mut fields = Vec::new();
        let reads = self.reads(&mut fields);
        let split = self.split(&mut fields);
        self.check_candidates(&mut fields);
        self.check_metric_and_season(&mut fields);
        self.check_policy(&mut fields);
        let feature_frame =
            FrameChoice { version: self.feature_frame_version, groups: self.feature_groups.clone() };
        feature_frame.validate(&mut fields);
        match reads {
            Some(reads) if fields.is_empty() => {
                Ok(Checked { reads, candidates: self.candidates(), split, feature_frame })
            }
            _ => Err(fields),
        }
    }

    fn reads(&self, fields: &mut Vec<FieldError>) -> Option<Reads> {
        let has_pair_field =
            self.store_id.is_some() || self.product_id.is_some() || self.selection_window.is_some();
        match self.dataset_id {
            Some(_) if has_pair_field => {
                fields.push(FieldError::new(
                    "dataset_id",
                    "must be left out when a pair is given, and vice versa",
                ));
                None
            }
            Some(dataset_id) => {
                if self.series.as_ref().is_some_and(Vec::is_empty) {
                    fields.push(FieldError::new("series", "must name at least one series, or be left out"));
                }
                Some(Reads::Dataset { dataset_id, series: self.series.clone() })
            }
            None => self.pair(fields),
        }
    }

    fn pair(&self, fields: &mut Vec<FieldError>) -> Option<Reads> {
        let mut missing = |field: &str| {
            fields.push(FieldError::new(field, "is required, unless dataset_id names a data set"));
        };
        if self.store_id.is_none() {
            missing("store_id");
        }
        if self.product_id.is_none() {
            missing("product_id");
        }
        if self.selection_window.is_none() {
            missing("selection_window");
        }
        if self.series.is_some() {
            fields.push(FieldError::new("series", "must be left out: a pair has one series"));
        }
        let (pair, window) =
            (Pair { store_id: self.store_id?, product_id: self.product_id? }, self.selection_window?);
        pair.validate(fields);
        window.validate("selection_window", fields);
        Some(Reads::Pair { pair, window })
    }

    fn split(&self, fields: &mut Vec<FieldError>) -> SplitConfig {
        let horizon = self.forecast_horizon;
        if !(1..=MAX_HORIZON).contains(&horizon) {
            let message = format!("must be between 1 and {MAX_HORIZON}, not {horizon}");
            fields.push(FieldError::new("forecast_horizon", message));
        }
        let Some(split) = self.split_config else {
            return SplitConfig { horizon, ..SplitConfig::default() };
        };
        if let Err(error) = split.validate() {
            let within = |f: FieldError| FieldError::new(format!("split_config.{}", f.field), f.message);
            fields.extend(error.fields().into_iter().map(within));
        }
        if split.horizon != horizon {
            let message = format!("must equal forecast_horizon {horizon}, not {}", split.horizon);
            fields.push(FieldError::new("split_config.horizon", message));
        }
        split
    }

    fn check_candidates(&self, fields: &mut Vec<FieldError>) {
        let n = self.candidate_models.len();
        if !(1..=MAX_CANDIDATES).contains(&n) {
            let message = format!("must have 1 to {MAX_CANDIDATES} candidates, not {n}");
            fields.push(FieldError::new("candidate_models", message));
        }
        let known: Vec<&str> = forecast::catalog().into_iter().map(|entry| entry.model_type).collect();
        for (at, candidate) in self.candidate_models.iter().enumerate() {
            if !known.contains(&candidate.model_type.as_str()) {
                let message = format!("must be one of {}, not `{}`", known.join(", "), candidate.model_type);
                fields.push(FieldError::new(format!("candidate_models.{at}.model_type"), message));
            }
            check_params(&candidate.params, &format!("candidate_models.{at}.params"), fields);
        }
    }

    fn check_metric_and_season(&self, fields: &mut Vec<FieldError>) {
        if !RANKING_METRICS.contains(&self.ranking_metric) {
            let allowed: Vec<&str> = RANKING_METRICS.iter().map(|metric| metric.as_str()).collect();
            let message = format!("must be one of {}, not {}", allowed.join(", "), self.ranking_metric);
            fields.push(FieldError::new("ranking_metric", message));
        }
        if let Some(season) = self.season_length.filter(|season| !(1..=MAX_SEASON).contains(season)) {
            let message = format!("must be between 1 and {MAX_SEASON}, not {season}");
            fields.push(FieldError::new("season_length", message));
        }
    }

    fn check_policy(&self, fields: &mut Vec<FieldError>) {
        let RankingPolicy { high_confidence_rel_improvement: lead, max_acceptable_abs_bias: bias, .. } =
            self.ranking_policy;
        if !(0.0..=1.0).contains(&lead) {
            let message = format!("must be between 0 and 1, not {lead}");
            fields.push(FieldError::new("ranking_policy.high_confidence_rel_improvement", message));
        }
        if bias.is_nan() || bias < 0.0 {
            let message = format!("must be at least 0, not {bias}");
            fields.push(FieldError::new("ranking_policy.max_acceptable_abs_bias", message));
        }
    }

    fn candidates(&self) -> Vec<CandidateSpec> {
        let spec = |candidate: &CandidateModel| CandidateSpec {
            model_type: candidate.model_type.clone(),
            params: candidate.params.clone(),
        };
        self.candidate_models.iter().map(spec).collect()
    }
}
