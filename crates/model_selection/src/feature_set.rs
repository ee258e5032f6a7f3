//! The feature set that is asked for: what feature-aware models learn from unless their own parameters say it.

use forecast::features::FeatureSet;
use kernel::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A feature set by version and groups. It is kept in specs as it was asked for, and left out of them where it is
/// the usual one, so that specs from before there was a choice mean what they meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSetChoice {
    /// 1 or 2.
    pub version: u64,
    /// The groups of set 2; the default ones when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
}

/// The version of a request that does not say one.
pub(crate) const fn usual_version() -> u64 {
    1
}

impl Default for FeatureSetChoice {
    fn default() -> Self {
        Self { version: usual_version(), groups: None }
    }
}

impl FeatureSetChoice {
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Reports a version or groups that are no frame, under `feature_frame_version` and `feature_groups`.
    pub(crate) fn validate(&self, fields: &mut Vec<FieldError>) {
        if let Err(errors) = FeatureSet::parse(self.version, self.groups.as_deref()) {
            fields.extend(errors);
        }
    }

    /// Adds the frame to the parameters of a feature-aware model, unless they choose a version themselves.
    pub(crate) fn give_to(&self, params: &mut Map<String, Value>) {
        if self.is_usual() || params.contains_key("feature_frame_version") {
            return;
        }
        params.insert("feature_frame_version".to_owned(), self.version.into());
        if let Some(groups) = &self.groups {
            params.entry("feature_groups").or_insert_with(|| groups.clone().into());
        }
    }
}
