//! How a stream can break its rules.

use kernel::{Class, Fault, FieldError};

use crate::error::ContractError;

/// A rule of streams that is broken, and at which frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A frame is out of bounds on its own.
    #[error("frame {event_id} breaks the contract")]
    Frame {
        /// The frame.
        event_id: u64,
        /// How.
        #[source]
        source: ContractError,
    },
    /// A frame is missing, doubled or out of order.
    #[error("frame {found} stands where frame {expected} was expected")]
    Number {
        /// The next number.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// Something that is constant in a stream changed.
    #[error("frame {event_id} has {field} `{found}` in a stream of `{expected}`")]
    Changed {
        /// The frame.
        event_id: u64,
        /// Which constant.
        field: &'static str,
        /// The stream's value.
        expected: String,
        /// The frame's value.
        found: String,
    },
    /// The provider's numbers fell within a response.
    #[error("frame {event_id} has provider_sequence_number {found} after {last} of the same response")]
    ProviderNumber {
        /// The frame.
        event_id: u64,
        /// The number before.
        last: u64,
        /// What came.
        found: u64,
    },
    /// A frame follows the terminal one.
    #[error("frame {event_id} follows the terminal frame")]
    AfterTerminal {
        /// The frame.
        event_id: u64,
    },
    /// `run.opened` is not the first frame.
    #[error("frame {event_id} opens the run; only frame 1 may")]
    OpenedLate {
        /// The frame.
        event_id: u64,
    },
    /// Attempts, phases or steps do not fit together.
    #[error("frame {event_id}: {reason}")]
    Plan {
        /// The frame.
        event_id: u64,
        /// What does not fit.
        reason: String,
    },
    /// No frame at all.
    #[error("the stream has no frame")]
    Empty,
    /// The stream stops without a terminal frame.
    #[error("the stream stops after frame {last_event_id} without a terminal frame")]
    NoTerminal {
        /// The last frame.
        last_event_id: u64,
    },
}

impl Fault for Violation {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Frame { source, .. } => source.code(),
            Self::Number { .. } => "STREAM_NUMBER",
            Self::Changed { .. } => "STREAM_CONSTANT_CHANGED",
            Self::ProviderNumber { .. } => "STREAM_PROVIDER_NUMBER",
            Self::AfterTerminal { .. } => "STREAM_AFTER_TERMINAL",
            Self::OpenedLate { .. } => "STREAM_OPENED_LATE",
            Self::Plan { .. } => "STREAM_PLAN",
            Self::Empty => "STREAM_EMPTY",
            Self::NoTerminal { .. } => "STREAM_NO_TERMINAL",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Frame { source, .. } => source.fields(),
            Self::Changed { field, .. } => vec![FieldError::new(*field, self.to_string())],
            _ => Vec::new(),
        }
    }
}
