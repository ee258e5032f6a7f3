//! The model catalogue.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Every model type with its parameters, and the candidates proposed when none are chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Catalog)]
pub struct Catalog {
    /// Every model type.
    pub models: Vec<CatalogEntry>,
    /// The candidates proposed when none are chosen.
    pub default_candidate_model_types: Vec<String>,
}

kernel::words! {
    /// The group a model belongs to.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Family)]
    pub enum Family {
        /// Simple rules every other model must beat.
        Baseline = "baseline",
        /// Regression trees over features.
        Tree = "tree",
        /// Sums of a trend, seasons and effects.
        Additive = "additive",
        /// States that follow the values.
        Smoothing = "smoothing",
        /// A level plus a share of a straight line.
        Theta = "theta",
        /// Autoregressions and moving averages of differences.
        Arima = "arima",
        /// Seasons taken out, and what remains forecast by itself.
        Decomposition = "decomposition",
        /// Demand that is often zero.
        Intermittent = "intermittent",
        /// Several models together.
        Combination = "combination",
    }
}

kernel::words! {
    /// What a model learns from.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Scope)]
    pub enum Scope {
        /// One series at a time.
        Series = "series",
        /// All series of a panel together.
        Panel = "panel",
    }
}

/// A model type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the names of the wire")]
#[schema(as = model_selection::CatalogEntry)]
pub struct CatalogEntry {
    /// Its name in requests.
    pub model_type: String,
    /// Its name for people.
    pub label: String,
    /// Its group.
    pub family: Family,
    /// What it learns from.
    pub scope: Scope,
    /// Whether it reads prices, promotions, holidays and lags.
    pub feature_aware: bool,
    /// Whether it needs a library that a program may lack.
    pub requires_extra: bool,
    /// Whether `racing` may stop it early: it takes milliseconds a fit and more, where most take microseconds.
    pub costly: bool,
    /// What its parameters are when left out.
    #[schema(value_type = Object)]
    pub default_params: Value,
    /// Whether it can forecast without a plan of prices and promotions.
    pub supports_auto_predict: bool,
    /// What it does.
    pub description: String,
    /// Its parameters and their bounds.
    pub parameters: Vec<Parameter>,
    /// Observed values it needs with default parameters.
    pub minimum_history: usize,
    /// Whether this program has it.
    pub available: bool,
    /// Why not, and what to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable_reason: Option<String>,
}

/// One parameter of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Parameter)]
pub struct Parameter {
    /// Its key in `params`.
    pub name: String,
    /// What it may be.
    #[serde(flatten)]
    pub kind: ParameterKind,
    /// What it is when left out.
    pub default: Value,
    /// What it does.
    pub description: String,
}

/// The values a parameter may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = model_selection::ParameterKind)]
pub enum ParameterKind {
    /// A whole number.
    Integer {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
        /// Whether `null` (no limit) is allowed.
        nullable: bool,
    },
    /// A number.
    Number {
        /// Lower bound.
        min: f64,
        /// Upper bound.
        max: f64,
        /// Whether the bounds themselves are excluded.
        exclusive: bool,
    },
    /// True or false.
    Boolean,
    /// One of these words.
    Choice {
        /// The words.
        options: Vec<String>,
    },
    /// A list of at least one of these words, or null.
    Words {
        /// The words.
        options: Vec<String>,
    },
}
