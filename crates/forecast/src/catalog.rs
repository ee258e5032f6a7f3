//! The models there are, with their parameters, and whether this program has them.

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;
use wire::model_selection::{CatalogEntry, Family, Scope};

use crate::model::Model;
use crate::models;
use crate::panel::PanelModel;
use crate::params::{Parameter, Params};

/// Whether a model can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    Present,
    /// Not in this program, and why.
    Absent(&'static str),
}

/// How a model is made of its parameters.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// One that learns from one series at a time.
    Series(fn(&Params) -> Box<dyn Model>),
    /// One that learns from all series of a panel together.
    Panel(fn(&Params) -> Box<dyn PanelModel>),
}

/// Everything the crate knows of a model type.
pub(crate) struct Definition {
    pub(crate) model_type: &'static str,
    pub(crate) label: &'static str,
    pub(crate) family: Family,
    pub(crate) is_feature_aware: bool,
    pub(crate) description: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) minimum_history: fn(&Params) -> usize,
    pub(crate) availability: Availability,
    pub(crate) build: Build,
}

impl Definition {
    pub(crate) const fn scope(&self) -> Scope {
        match self.build {
            Build::Series(_) => Scope::Series,
            Build::Panel(_) => Scope::Panel,
        }
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definition").field("model_type", &self.model_type).finish_non_exhaustive()
    }
}

/// The candidates proposed when none are chosen.
pub const DEFAULT_CANDIDATES: [&str; 5] =
    ["naive", "seasonal_naive", "ets", "dynamic_optimized_theta", "ces"];

static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(models::definitions);

/// Every model type, in a fixed order.
pub fn catalog() -> Vec<CatalogEntry> {
    DEFINITIONS.iter().map(entry).collect()
}

/// One model type; `None` for a name that is none.
pub fn catalog_entry(model_type: &str) -> Option<CatalogEntry> {
    find(model_type).map(entry)
}

/// The proposed candidates that this program has.
pub fn default_candidates() -> Vec<&'static str> {
    let is_present =
        |name: &&str| find(name).is_some_and(|found| found.availability == Availability::Present);
    DEFAULT_CANDIDATES.into_iter().filter(is_present).collect()
}

fn is_costly(model_type: &str) -> bool {
    matches!(model_type, "arima" | "combination" | "global_boosting" | "random_forest" | "regression")
}

pub(crate) fn find(model_type: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.model_type == model_type)
}

/// The name of every model type, in a fixed order.
pub fn names() -> Vec<&'static str> {
    DEFINITIONS.iter().map(|definition| definition.model_type).collect()
}

fn entry(definition: &Definition) -> CatalogEntry {
    let defaults = Params::resolve(&definition.parameters, &Value::Null).expect("defaults are in bounds");
    let unavailable_reason = match definition.availability {
        Availability::Present => None,
        Availability::Absent(reason) => Some(reason),
    };
    CatalogEntry {
        model_type: definition.model_type.to_owned(),
        label: definition.label.to_owned(),
        family: definition.family,
        scope: definition.scope(),
        feature_aware: definition.is_feature_aware,
        requires_extra: unavailable_reason.is_some(),
        costly: is_costly(definition.model_type),
        default_params: defaults.to_json(),
        supports_auto_predict: !definition.is_feature_aware,
        description: definition.description.to_owned(),
        minimum_history: (definition.minimum_history)(&defaults),
        parameters: definition.parameters.iter().map(Parameter::shown).collect(),
        available: unavailable_reason.is_none(),
        unavailable_reason: unavailable_reason.map(str::to_owned),
    }
}

#[cfg(test)]
#[path = "catalog/tests.rs"]
mod tests;
