//! What can go wrong before a training runs.

use artifacts::StoreError;
use kernel::{Class, Fault, FieldError};

use crate::panel::LoadError;

/// A training that was not submitted. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Fields outside their bounds.
    #[error("the training is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// The series cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The series is too short for the model.
    #[error(
        "{model_type} needs {needed} observed values, and series `{series}` has {found}; choose a longer window"
    )]
    TooShort {
        /// The model.
        model_type: String,
        /// The series.
        series: String,
        /// Values it needs.
        needed: usize,
        /// Values there are.
        found: usize,
    },
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
            Self::TooShort { .. } => Class::Unprocessable,
            Self::Store(error) => error.class(),
            Self::Engine(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Load(error) => error.code(),
            Self::TooShort { .. } => "TOO_FEW_OBSERVATIONS",
            Self::Store(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::Load(error) => error.fields(),
            Self::Engine(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}
