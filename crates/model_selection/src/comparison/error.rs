//! What can go wrong with a comparison before it runs.

use artifacts::StoreError;
use kernel::{Class, Fault, FieldError};

use crate::panel::LoadError;

/// A comparison that was not submitted. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Fields outside their bounds.
    #[error("the comparison is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// The series cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// No series is long enough for one fold.
    #[error("{reason}; choose a longer window, a smaller min_train_size or a shorter horizon")]
    Unusable {
        /// The numbers.
        reason: String,
        /// Each series and why.
        fields: Vec<FieldError>,
    },
    /// More work than one comparison may have.
    #[error(
        "{series} series with {candidates} candidates are more than the {limit} backtests one comparison may have"
    )]
    TooLarge {
        /// Series.
        series: usize,
        /// Candidates.
        candidates: usize,
        /// The most there may be.
        limit: usize,
    },
    /// What is known of the pair cannot be written as JSON.
    #[error("the availability cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The input could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused the run.
    #[error(transparent)]
    Engine(#[from] runs::SubmitError),
}

impl Fault for SubmitError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::Load(error) => error.class(),
            Self::Unusable { .. } => Class::Unprocessable,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Json(_) => Class::Internal,
            Self::Store(error) => error.class(),
            Self::Engine(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Load(error) => error.code(),
            Self::Unusable { .. } => "SERIES_UNUSABLE",
            Self::TooLarge { .. } => "COMPARISON_TOO_LARGE",
            Self::Json(_) => "INTERNAL_ERROR",
            Self::Store(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } | Self::Unusable { fields, .. } => fields.clone(),
            Self::Load(error) => error.fields(),
            Self::Engine(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}
