//! What can go wrong with a forecast before it runs.

use artifacts::StoreError;
use kernel::{Class, Fault, FieldError};

use crate::ReadError;
use crate::panel::LoadError;

/// A forecast that was not submitted. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Fields outside their bounds.
    #[error("the forecast is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// The series cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// No series can be forecast.
    #[error("none of the series can be forecast: {}", series_list(fields))]
    Unusable {
        /// The first series and why.
        fields: Vec<FieldError>,
    },
    /// The earlier forecast has no decision that could be taken.
    #[error("champion: {0}")]
    Champion(#[source] ReadError),
    /// The decision cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The decision cannot be written as JSON.
    #[error("the decision cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The engine refused the run.
    #[error(transparent)]
    Engine(#[from] runs::SubmitError),
}

/// Series by their names, each with its own sentence: a name is no subject of it.
fn series_list(fields: &[FieldError]) -> String {
    let parts: Vec<String> = fields.iter().map(|one| format!("`{}`: {}", one.field, one.message)).collect();
    parts.join("; ")
}

impl Fault for SubmitError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::Load(error) => error.class(),
            Self::Unusable { .. } => Class::Unprocessable,
            Self::Champion(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Json(_) => Class::Internal,
            Self::Engine(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Load(error) => error.code(),
            Self::Unusable { .. } => "SERIES_UNUSABLE",
            Self::Champion(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Json(_) => "INTERNAL_ERROR",
            Self::Engine(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } | Self::Unusable { fields } => fields.clone(),
            Self::Load(error) => error.fields(),
            Self::Engine(error) => error.fields(),
            Self::Champion(error) => vec![FieldError::new("champion", error.to_string())],
            Self::Store(_) | Self::Json(_) => Vec::new(),
        }
    }
}
