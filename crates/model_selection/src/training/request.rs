//! What is to be trained: as asked for, and as pinned.

use forecast::ModelSpec;
use kernel::{Digest, Fault, FieldError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wire::datasets::DatasetId;
use wire::model_selection::{TrainingRequest, Window};

use crate::bounds::{check_between, check_params, check_run, check_season};
use crate::feature_set::FeatureSetChoice;
use crate::source::{Pair, Source, check_window};

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
    /// The feature set of feature-aware models that choose none.
    #[serde(default, skip_serializing_if = "FeatureSetChoice::is_usual")]
    pub feature_frame: FeatureSetChoice,
    /// Steps to forecast.
    pub horizon: usize,
}

const MAX_HORIZON: usize = 90;

/// What a checked request reads from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reads {
    Pair { pair: Pair, window: Window },
    Dataset { dataset_id: DatasetId, series: Option<String> },
}

/// A request that is being checked.
pub(super) struct Question<'a>(pub(super) &'a TrainingRequest);

impl Question<'_> {
    /// Checks everything that can be known without looking at the data, and reports all that is wrong. Unlike a
    /// candidate's, the parameters of the only model must be right.
    pub(super) fn check(&self) -> Result<Reads, Vec<FieldError>> {
        let mut fields = Vec::new();
        check_run(self.0.title.as_deref(), self.0.priority, &mut fields);
        let reads = self.reads(&mut fields);
        check_between("forecast_horizon", self.0.forecast_horizon, MAX_HORIZON, &mut fields);
        check_season(self.0.season_length, &mut fields);
        self.feature_frame().validate(&mut fields);
        check_params(&self.0.params, "params", &mut fields);
        if let Err(error) = ModelSpec::parse(&self.0.model_type, &Value::Object(self.0.params.clone())) {
            fields.extend(error.fields());
        }
        match reads {
            Some(reads) if fields.is_empty() => Ok(reads),
            _ => Err(fields),
        }
    }

    pub(super) fn feature_frame(&self) -> FeatureSetChoice {
        FeatureSetChoice { version: self.0.feature_frame_version, groups: self.0.feature_groups.clone() }
    }

    fn reads(&self, fields: &mut Vec<FieldError>) -> Option<Reads> {
        let has_pair_field =
            self.0.store_id.is_some() || self.0.product_id.is_some() || self.0.train_window.is_some();
        if let Some(dataset_id) = self.0.dataset_id {
            if has_pair_field {
                fields.push(FieldError::new(
                    "dataset_id",
                    "must be left out when a pair is given, and vice versa",
                ));
            }
            return Some(Reads::Dataset { dataset_id, series: self.0.series.clone() });
        }
        let given = [
            ("store_id", self.0.store_id.is_some()),
            ("product_id", self.0.product_id.is_some()),
            ("train_window", self.0.train_window.is_some()),
        ];
        for (field, _) in given.iter().filter(|(_, is_given)| !is_given) {
            fields.push(FieldError::new(*field, "is required, unless dataset_id names a data set"));
        }
        let (pair, window) =
            (Pair { store_id: self.0.store_id?, product_id: self.0.product_id? }, self.0.train_window?);
        pair.validate(fields);
        check_window(window, "train_window", fields);
        Some(Reads::Pair { pair, window })
    }
}
