//! What can go wrong with a showcase.

use kernel::{Class, Fault, FieldError};

/// A start request that is refused before anything runs.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Not JSON, or a field of another type.
    #[error("the start request is not readable: {0}")]
    Malformed(String),
    /// Fields outside their bounds or against each other.
    #[error("the start request is not valid: {}", summary(.0))]
    Invalid(Vec<FieldError>),
}

fn summary(fields: &[FieldError]) -> String {
    let lines: Vec<String> = fields.iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
    lines.join("; ")
}

impl Fault for RequestError {
    fn class(&self) -> Class {
        match self {
            Self::Malformed(_) => Class::Malformed,
            Self::Invalid(_) => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "BAD_REQUEST",
            Self::Invalid(_) => "VALIDATION_ERROR",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Malformed(_) => Vec::new(),
            Self::Invalid(fields) => fields.clone(),
        }
    }
}

/// A showcase whose step came to no good end.
#[derive(Debug, thiserror::Error)]
pub enum ShowcaseError {
    /// A step failed, and would fail again.
    #[error("step {step} failed: {detail}")]
    Failed {
        /// The step.
        step: &'static str,
        /// Its one-line reason.
        detail: String,
    },
    /// A step could not reach what it needs: the same attempt may get further a little later.
    #[error("step {step} could not be done: {detail}")]
    Unavailable {
        /// The step.
        step: &'static str,
        /// Its one-line reason.
        detail: String,
    },
}

impl Fault for ShowcaseError {
    fn class(&self) -> Class {
        match self {
            Self::Failed { .. } => Class::Unprocessable,
            Self::Unavailable { .. } => Class::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "SHOWCASE_STEP_FAILED",
            Self::Unavailable { .. } => "SHOWCASE_STEP_UNAVAILABLE",
        }
    }
}
