//! What can go wrong with a data set.

use artifacts::StoreError;
use artifacts::objects::ObjectError;
use kernel::{Class, Fault, FieldError};
use sea_orm::DbErr;
use series::columnar::WriteError;
use series::intake::IntakeError;
use wire::datasets::DatasetId;

use crate::MAX_NAME_CHARS;
use crate::object::Unreadable;

/// An import that did not happen; no data set was made.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file gives no series, or asks something.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The name cannot be used.
    #[error("the dataset's name must have 1 to {MAX_NAME_CHARS} characters and no control characters")]
    InvalidName,
    /// The series cannot be written.
    #[error("the series could not be written")]
    Write(#[from] WriteError),
    /// The series cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The object cannot be recorded.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// The database refused.
    #[error("the dataset could not be stored")]
    Db(#[from] DbErr),
}

impl Fault for ImportError {
    fn class(&self) -> Class {
        match self {
            Self::Intake(error) => error.class(),
            Self::Write(_) => Class::Internal,
            Self::Store(error) => error.class(),
            Self::Object(error) => error.class(),
            Self::Db(error) => error.class(),
            Self::InvalidName => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Intake(error) => error.code(),
            Self::InvalidName => "VALIDATION_ERROR",
            Self::Write(_) => "INTERNAL_ERROR",
            Self::Store(error) => error.code(),
            Self::Object(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Intake(error) => error.fields(),
            Self::Object(error) => error.fields(),
            Self::InvalidName => vec![FieldError::new("name", self.to_string())],
            Self::Write(_) | Self::Store(_) | Self::Db(_) => Vec::new(),
        }
    }
}

/// A data set that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// Unknown or someone else's.
    #[error("there is no dataset {0}")]
    Unknown(DatasetId),
    /// What is stored is not what was imported, or is not there any more.
    #[error(
        "data set {dataset} is damaged: its series are not those that were imported; import the file again under another name"
    )]
    Damaged {
        /// The data set.
        dataset: DatasetId,
        /// What was found.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store does not answer.
    #[error(transparent)]
    Store(StoreError),
    /// The database does not answer, or holds what this version cannot read.
    #[error("the dataset could not be read")]
    Db(#[from] DbErr),
}

impl DatasetError {
    /// The bytes are gone, or others; everything else is the store's.
    pub(crate) fn of_store(dataset: DatasetId, error: StoreError) -> Self {
        match error {
            StoreError::Missing { .. } | StoreError::NotAFile { .. } | StoreError::Tampered { .. } => {
                Self::Damaged { dataset, source: Box::new(error) }
            }
            other => Self::Store(other),
        }
    }

    pub(crate) fn of_object(dataset: DatasetId, error: Unreadable) -> Self {
        match error {
            Unreadable::Store(error) => Self::of_store(dataset, error),
            Unreadable::Bytes(error) => Self::Damaged { dataset, source: Box::new(error) },
        }
    }
}

impl Fault for DatasetError {
    fn class(&self) -> Class {
        match self {
            Self::Unknown(_) => Class::NotFound,
            Self::Damaged { .. } => Class::Unprocessable,
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "NOT_FOUND",
            Self::Damaged { .. } => "DATASET_DAMAGED",
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}
