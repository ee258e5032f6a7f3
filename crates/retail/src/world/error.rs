//! A world that cannot be had.

use kernel::{Class, Fault, FieldError};
use sea_orm::DbErr;

use wire::retail::WorldId;

/// A world that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// Unknown, deleted or someone else's.
    #[error("there is no world {0}")]
    Unknown(WorldId),
    /// None was named and there are several.
    #[error("there are several worlds; name one with world_id")]
    Ambiguous(Vec<(WorldId, String)>),
    /// The numbers of the split are outside their bounds.
    #[error("the question is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// The database does not answer.
    #[error("the worlds could not be read")]
    Db(#[from] DbErr),
}

impl Fault for WorldError {
    fn class(&self) -> Class {
        match self {
            Self::Unknown(_) => Class::NotFound,
            Self::Ambiguous(_) => Class::Conflict,
            Self::Invalid { .. } => Class::Invalid,
            Self::Db(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "NOT_FOUND",
            Self::Ambiguous(_) => "WORLD_AMBIGUOUS",
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Db(_) => "DATABASE_ERROR",
        }
    }

    /// The choices, newest first, each under its id.
    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Ambiguous(choices) => {
                choices.iter().map(|(id, title)| FieldError::new(id.to_string(), title.clone())).collect()
            }
            Self::Invalid { fields } => fields.clone(),
            Self::Unknown(_) | Self::Db(_) => Vec::new(),
        }
    }
}
