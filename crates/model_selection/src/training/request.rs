//! What is to be trained: as asked for, and as pinned.

use forecast::{Gaps, ModelSpec};
use kernel::{Digest, Fault, FieldError};
use retail::{DatasetId, ProductId, StoreId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::bounds::check_params;
use crate::frame::{FrameChoice, usual_version};
use crate::source::{DEFAULT_GAPS, Pair, Source, Window};

/// A training as asked for: on a pair's sales, or on one series of a data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The store; with `product_id` and `train_window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_id: Option<StoreId>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,
    /// The days to learn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_window: Option<Window>,
    /// The data set; instead of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<DatasetId>,
    /// The data set's series; may be left out if it has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// A type of the catalogue.
    pub model_type: String,
    /// Its parameters; what is left out has the catalogue's default.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Steps to forecast after the last row, 1 to 90.
    #[serde(default = "default_horizon")]
    pub forecast_horizon: usize,
    /// The season of a seasonal model whose parameters do not say it; the series' usual one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season_length: Option<usize>,
    /// The feature frame of feature-aware models whose parameters do not choose one: 1 or 2.
    #[serde(default = "usual_version")]
    pub feature_frame_version: u64,
    /// The groups of feature frame 2; the default ones when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature_groups: Option<Vec<String>>,
    /// What a date without a value means.
    #[serde(default = "default_gaps")]
    pub gaps: Gaps,
}

/// A training, pinned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Where the series was read.
    pub source: Source,
    /// The digest of the series as it was read.
    pub input: Digest,
    /// Its name.
    pub series_name: String,
    /// The model type.
    pub model_type: String,
    /// Its parameters as given.
    pub params: Map<String, Value>,
    /// The season for a model that has one and is given none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season_length: Option<usize>,
    /// The feature frame of feature-aware models that choose none.
    #[serde(default, skip_serializing_if = "FrameChoice::is_usual")]
    pub feature_frame: FrameChoice,
    /// Steps to forecast.
    pub horizon: usize,
}

const fn default_horizon() -> usize {
    14
}

const fn default_gaps() -> Gaps {
    DEFAULT_GAPS
}

const MAX_HORIZON: usize = 90;
const MAX_SEASON: usize = 365;

/// What a checked request reads from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reads {
    Pair { pair: Pair, window: Window },
    Dataset { dataset_id: DatasetId, series: Option<String> },
}

impl Request {
    /// Checks everything that can be known without looking at the data, and reports all that is wrong. Unlike a
    /// candidate's, the parameters of the only model must be right.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        self.check().map(drop)
    }

    pub(super) fn check(&self) -> Result<Reads, Vec<FieldError>> {
        let mut fields = Vec::new();
        let reads = self.reads(&mut fields);
        if !(1..=MAX_HORIZON).contains(&self.forecast_horizon) {
            let message = format!("must be between 1 and {MAX_HORIZON}, not {}", self.forecast_horizon);
            fields.push(FieldError::new("forecast_horizon", message));
        }
        if let Some(season) = self.season_length.filter(|season| !(1..=MAX_SEASON).contains(season)) {
            let message = format!("must be between 1 and {MAX_SEASON}, not {season}");
            fields.push(FieldError::new("season_length", message));
        }
        self.feature_frame().validate(&mut fields);
        check_params(&self.params, "params", &mut fields);
        if let Err(error) = ModelSpec::parse(&self.model_type, &Value::Object(self.params.clone())) {
            fields.extend(error.fields());
        }
        match reads {
            Some(reads) if fields.is_empty() => Ok(reads),
            _ => Err(fields),
        }
    }

    pub(super) fn feature_frame(&self) -> FrameChoice {
        FrameChoice { version: self.feature_frame_version, groups: self.feature_groups.clone() }
    }

    fn reads(&self, fields: &mut Vec<FieldError>) -> Option<Reads> {
        let has_pair_field =
            self.store_id.is_some() || self.product_id.is_some() || self.train_window.is_some();
        if let Some(dataset_id) = self.dataset_id {
            if has_pair_field {
                fields.push(FieldError::new(
                    "dataset_id",
                    "must be left out when a pair is given, and vice versa",
                ));
            }
            return Some(Reads::Dataset { dataset_id, series: self.series.clone() });
        }
        let given = [
            ("store_id", self.store_id.is_some()),
            ("product_id", self.product_id.is_some()),
            ("train_window", self.train_window.is_some()),
        ];
        for (field, _) in given.iter().filter(|(_, is_given)| !is_given) {
            fields.push(FieldError::new(*field, "is required, unless dataset_id names a data set"));
        }
        let (pair, window) =
            (Pair { store_id: self.store_id?, product_id: self.product_id? }, self.train_window?);
        pair.validate(fields);
        window.validate("train_window", fields);
        Some(Reads::Pair { pair, window })
    }
}
