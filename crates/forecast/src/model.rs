//! The one interface of all models: learn from a history, then state one number per future step.

use chrono::NaiveDate;
use kernel::{Class, Fault};

use crate::features::KnownRows;

/// What a model may learn from. All slices have one element per row; `NaN` is a missing value.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The values up to the origin.
    pub values: &'a [f64],
    /// Their dates.
    pub dates: &'a [NaiveDate],
    /// What else was known of those dates.
    pub known: Option<KnownRows<'a>>,
}

/// The steps to forecast: the first follows the last row of the history.
#[derive(Debug, Clone, Copy)]
pub struct Future<'a> {
    /// One date per step.
    pub dates: &'a [NaiveDate],
    /// What is known of those dates beforehand: a plan, never an outcome.
    pub known: Option<KnownRows<'a>>,
}

impl Future<'_> {
    /// Steps to forecast.
    pub const fn steps(&self) -> usize {
        self.dates.len()
    }
}

/// A model with its parameters, not yet fitted.
pub trait Model: Send + Sync {
    /// Learns from a history.
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError>;
}

/// A fitted model.
pub trait Fitted: Send + Sync {
    /// One point forecast per step of the future, in order.
    fn forecast(&self, future: &Future<'_>) -> Vec<f64>;
}

/// A history a model cannot learn from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Fewer rows, or fewer observed values, than the model needs.
    #[error("{model} needs {needed} observed values, and there are {found}")]
    TooShort {
        /// The model.
        model: &'static str,
        /// Values it needs.
        needed: usize,
        /// Values there are.
        found: usize,
    },
    /// The arithmetic overflowed.
    #[error("{model} gives no finite forecast for step {step}: the values are too large for it")]
    NotFinite {
        /// The model.
        model: &'static str,
        /// The first step, from 1, without a number.
        step: usize,
    },
    /// The model's kind of pattern is not in this history.
    #[error("{model} does not apply: {reason}")]
    NotApplicable {
        /// The model.
        model: &'static str,
        /// Why not.
        reason: &'static str,
    },
}

impl Fault for FitError {
    fn class(&self) -> Class {
        Class::Unprocessable
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "TOO_FEW_OBSERVATIONS",
            Self::NotFinite { .. } => "FORECAST_NOT_FINITE",
            Self::NotApplicable { .. } => "MODEL_NOT_APPLICABLE",
        }
    }
}

/// How many values are observed.
pub(crate) fn observed(values: &[f64]) -> usize {
    values.iter().filter(|value| !value.is_nan()).count()
}
