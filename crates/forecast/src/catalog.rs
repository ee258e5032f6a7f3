//! The models there are, with their parameters, and whether this program has them.

use std::fmt;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;

use crate::model::Model;
use crate::models;
use crate::panel::PanelModel;
use crate::params::{Parameter, Params};

/// The group a model belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Simple rules every other model must beat.
    Baseline,
    /// Regression trees over features.
    Tree,
    /// Sums of a trend, seasons and effects.
    Additive,
    /// States that follow the values.
    Smoothing,
    /// A level plus a share of a straight line.
    Theta,
    /// Autoregressions and moving averages of differences.
    Arima,
    /// Seasons taken out, and what remains forecast by itself.
    Decomposition,
    /// Demand that is often zero.
    Intermittent,
    /// Several models together.
    Combination,
}

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

/// What a model learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One series at a time.
    Series,
    /// All series of a panel together.
    Panel,
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

/// One model type as shown to people and programs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the keys of the JSON contract")]
pub struct CatalogEntry {
    /// Its name in specifications.
    pub model_type: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// Its group.
    pub family: Family,
    /// Whether it learns from one series at a time or from all of a panel together.
    pub scope: Scope,
    /// Whether it reads prices, promotions, holidays and lags.
    pub feature_aware: bool,
    /// Whether it needs a library that a program may lack.
    pub requires_extra: bool,
    /// Whether it takes so much longer than the others that it pays to stop it early (see [`crate::racing`]):
    /// milliseconds a fit and more, where most take microseconds.
    pub costly: bool,
    /// What its parameters are when left out.
    pub default_params: Value,
    /// Whether it can forecast without a plan of prices and promotions.
    pub supports_auto_predict: bool,
    /// What it does.
    pub description: &'static str,
    /// Its parameters and their bounds.
    pub parameters: Vec<Parameter>,
    /// Observed values it needs with default parameters.
    pub minimum_history: usize,
    /// Whether this program has it.
    pub available: bool,
    /// Why not, and what to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable_reason: Option<&'static str>,
}

/// The candidates proposed when none are chosen.
pub const DEFAULT_CANDIDATES: [&str; 5] =
    ["naive", "seasonal_naive", "moving_average", "regression", "prophet_like"];

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
    matches!(model_type, "arima" | "combination" | "random_forest" | "regression")
}

pub(crate) fn find(model_type: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.model_type == model_type)
}

pub(crate) fn names() -> String {
    DEFINITIONS.iter().map(|definition| definition.model_type).collect::<Vec<_>>().join(", ")
}

fn entry(definition: &Definition) -> CatalogEntry {
    let defaults = Params::resolve(&definition.parameters, &Value::Null).expect("defaults are in bounds");
    let unavailable_reason = match definition.availability {
        Availability::Present => None,
        Availability::Absent(reason) => Some(reason),
    };
    CatalogEntry {
        model_type: definition.model_type,
        label: definition.label,
        family: definition.family,
        scope: definition.scope(),
        feature_aware: definition.is_feature_aware,
        requires_extra: unavailable_reason.is_some(),
        costly: is_costly(definition.model_type),
        default_params: defaults.to_json(),
        supports_auto_predict: !definition.is_feature_aware,
        description: definition.description,
        minimum_history: (definition.minimum_history)(&defaults),
        parameters: definition.parameters.clone(),
        available: unavailable_reason.is_none(),
        unavailable_reason,
    }
}

#[cfg(test)]
#[path = "catalog/tests.rs"]
mod tests;
