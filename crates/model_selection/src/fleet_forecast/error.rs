//! What can go wrong with a forecast, before it runs and when it is read.

use artifacts::StoreError;
use kernel::{Class, Fault, FieldError, RunId};
use sea_orm::DbErr;

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
            Self::Engine(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Load(error) => error.code(),
            Self::Unusable { .. } => "SERIES_UNUSABLE",
            Self::Engine(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } | Self::Unusable { fields } => fields.clone(),
            Self::Load(error) => error.fields(),
            Self::Engine(error) => error.fields(),
        }
    }
}

/// A forecast that cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such forecast for this tenant.
    #[error("forecast {0} does not exist")]
    NotFound(RunId),
    /// It has no series to show yet, or never will.
    #[error("forecast {0} has no result: it has not succeeded")]
    NoResult(RunId),
    /// An artifact cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An artifact or spec was written by a version this one does not understand.
    #[error("the {what} of forecast {run} is not readable by this version")]
    Unreadable {
        /// The forecast.
        run: RunId,
        /// What was to be read.
        what: &'static str,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for ReadError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::NoResult(_) => Class::Conflict,
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
            Self::Unreadable { .. } => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "NOT_FOUND",
            Self::NoResult(_) => "FORECAST_WITHOUT_RESULT",
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
            Self::Unreadable { .. } => "INTERNAL_ERROR",
        }
    }
}
