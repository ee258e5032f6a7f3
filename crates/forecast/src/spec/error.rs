//! Why a model type and parameters name no usable model.

use kernel::{Class, Fault, FieldError};

use crate::catalog;

/// A model type and parameters that name no usable model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// No such type.
    #[error("there is no model type `{model_type}`; the types are {}", catalog::names().join(", "))]
    UnknownModel {
        /// What was asked for.
        model_type: String,
    },
    /// In the catalogue, but not in this program.
    #[error("model type `{model_type}` is not available: {reason}")]
    Unavailable {
        /// The type.
        model_type: &'static str,
        /// Why, and what to use instead.
        reason: &'static str,
    },
    /// Parameters that are unknown or outside their bounds.
    #[error("the parameters of {model_type} are not valid: {}", kernel::field_list(fields))]
    InvalidParams {
        /// The type.
        model_type: &'static str,
        /// Each wrong parameter.
        fields: Vec<FieldError>,
    },
}

impl Fault for SpecError {
    fn class(&self) -> Class {
        match self {
            Self::Unavailable { .. } => Class::Unprocessable,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownModel { .. } => "UNKNOWN_MODEL_TYPE",
            Self::Unavailable { .. } => "MODEL_UNAVAILABLE",
            Self::InvalidParams { .. } => "INVALID_MODEL_PARAMS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::InvalidParams { fields, .. } => fields.clone(),
            _ => vec![FieldError::new("model_type", self.to_string())],
        }
    }
}
