//! Why an event is refused.

use kernel::{Class, Fault, FieldError};

/// An event that is none of AG-UI, or does not follow from those before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not an object with a type.
    #[error("it is no event of AG-UI ({message})")]
    NotAnEvent {
        /// What the parser met.
        message: String,
    },
    /// A type that the protocol does not have.
    #[error("`{found}` is no type of event that AG-UI has")]
    UnknownType {
        /// The type.
        found: String,
    },
    /// A field is missing or of another type.
    #[error("{event_type} cannot be read ({message})")]
    Unreadable {
        /// The type of the event.
        event_type: String,
        /// What the parser met.
        message: String,
    },
    /// A run begins with `RUN_STARTED`.
    #[error("{event_type} comes before RUN_STARTED")]
    NotStarted {
        /// The type of the event.
        event_type: String,
    },
    /// A run begins once.
    #[error("RUN_STARTED comes a second time: a stream is one run")]
    StartedTwice,
    /// It goes on with something that has not begun, or has ended.
    #[error("{event_type} goes on with `{id}`, which is not open")]
    NotOpen {
        /// The type of the event.
        event_type: String,
        /// What is not open.
        id: String,
    },
    /// It begins what has begun.
    #[error("{event_type} begins `{id}`, which is open already")]
    OpenAlready {
        /// The type of the event.
        event_type: String,
        /// What is open.
        id: String,
    },
    /// More is open at once than is kept track of.
    #[error("{event_type} begins more than {limit} things at once: end some first")]
    TooMany {
        /// The type of the event.
        event_type: String,
        /// The limit.
        limit: usize,
    },
    /// Nothing follows the end of a run.
    #[error("{event_type} follows the end of the run")]
    AfterEnd {
        /// The type of the event.
        event_type: String,
    },
}

impl Fault for EventError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAnEvent { .. } => "AG_UI_NO_EVENT",
            Self::UnknownType { .. } => "AG_UI_UNKNOWN_TYPE",
            Self::Unreadable { .. } => "AG_UI_UNREADABLE",
            Self::NotStarted { .. }
            | Self::StartedTwice
            | Self::NotOpen { .. }
            | Self::OpenAlready { .. }
            | Self::AfterEnd { .. } => "AG_UI_ORDER",
            Self::TooMany { .. } => "AG_UI_TOO_MANY",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = if matches!(self, Self::UnknownType { .. }) { "type" } else { "" };
        vec![FieldError::new(field, self.to_string())]
    }
}
