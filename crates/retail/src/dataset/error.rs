//! What can go wrong with a dataset.

use kernel::{Class, Fault, FieldError};
use sea_orm::DbErr;

use super::MAX_NAME_CHARS;
use crate::csv::CsvError;
use crate::key::DatasetId;

/// An import that did not happen; nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The text is no series.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// The name cannot be used.
    #[error("the dataset's name must have 1 to {MAX_NAME_CHARS} characters and no control characters")]
    InvalidName,
    /// The database refused.
    #[error("the dataset could not be stored")]
    Db(#[from] DbErr),
}

impl Fault for ImportError {
    fn class(&self) -> Class {
        match self {
            Self::Csv(error) => error.class(),
            Self::InvalidName => Class::Invalid,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Csv(error) => error.code(),
            Self::InvalidName => "VALIDATION_ERROR",
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Csv(error) => error.fields(),
            Self::InvalidName => vec![FieldError::new("name", self.to_string())],
            Self::Db(_) => Vec::new(),
        }
    }
}

/// A dataset that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// Unknown or someone else's.
    #[error("there is no dataset {0}")]
    Unknown(DatasetId),
    /// The stored points of a series are not those that were imported.
    #[error(
        "series `{series}` of data set {dataset} is damaged: its points are not those that were imported; import the file again under another name"
    )]
    Damaged {
        /// The data set.
        dataset: DatasetId,
        /// The series.
        series: String,
    },
    /// Series are missing, added or renamed.
    #[error(
        "data set {0} is damaged: its series are not those that were imported; import the file again under another name"
    )]
    Incomplete(DatasetId),
    /// The database does not answer, or holds what this version cannot read.
    #[error("the dataset could not be read")]
    Db(#[from] DbErr),
}

impl Fault for DatasetError {
    fn class(&self) -> Class {
        match self {
            Self::Unknown(_) => Class::NotFound,
            Self::Damaged { .. } | Self::Incomplete(_) => Class::Unprocessable,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "NOT_FOUND",
            Self::Damaged { .. } | Self::Incomplete(_) => "DATASET_DAMAGED",
            Self::Db(error) => error.code(),
        }
    }
}
