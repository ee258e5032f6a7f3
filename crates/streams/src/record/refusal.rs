//! Why a value is not what its stream was declared to consist of.

use frames::agui::EventError;
use frames::{ContractError, Violation};
use kernel::{Class, Fault, FieldError};

/// Why a value is not what the schema of its stream wants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no frame.
    #[error(transparent)]
    Frame(#[from] ContractError),
    /// It does not follow from the frames before it.
    #[error(transparent)]
    Order(#[from] Violation),
    /// A frame of another contract.
    #[error("its schema is `{found}`, and the stream is declared `public_sse_v1`")]
    OtherSchema {
        /// The frame's.
        found: &'static str,
    },
    /// It is no event, or does not follow from those before it.
    #[error(transparent)]
    Event(#[from] EventError),
    /// What it becomes is too large.
    #[error(transparent)]
    Oversized(#[from] frames::Oversized),
}

impl Refusal {
    fn fault(&self) -> Option<&dyn Fault> {
        match self {
            Self::Frame(error) => Some(error),
            Self::Order(error) => Some(error),
            Self::OtherSchema { .. } => None,
            Self::Event(error) => Some(error),
            Self::Oversized(error) => Some(error),
        }
    }

    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Oversized(_) => Class::TooLarge,
            // The body was JSON; what is wrong with it is what it says.
            _ => Class::Invalid,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.fault().map_or("STREAM_CONSTANT_CHANGED", Fault::code)
    }

    /// The fields that are wrong, within the value with this place in the append.
    pub(crate) fn fields(&self, value: usize) -> Vec<FieldError> {
        let named = self.fault().map(Fault::fields).unwrap_or_default();
        let field = if matches!(self, Self::OtherSchema { .. }) { "schema" } else { "" };
        let named = if named.is_empty() { vec![FieldError::new(field, self.to_string())] } else { named };
        let place = |field: FieldError| {
            let dot = if field.field.is_empty() || field.field.starts_with('[') { "" } else { "." };
            FieldError::new(format!("[{value}]{dot}{}", field.field), field.message)
        };
        named.into_iter().map(place).collect()
    }
}
