//! What runs of the lab have in common: how they fail and what they leave behind.

use bytes::Bytes;
use kernel::{Class, Fault, FieldError, canonical_json};
use runs::{RunContext, Stop};
use serde::Serialize;

/// A run of the lab that gave nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// What is pinned cannot be computed with; the caller can choose something else.
    #[error("{message}")]
    Unfit {
        /// A stable code.
        code: &'static str,
        /// Why.
        message: String,
    },
    /// What is pinned is not readable by this version.
    #[error("what the run is pinned to is not readable by this version")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A piece of work failed.
    #[error("{0}")]
    Shard(String),
}

impl RunError {
    pub(crate) fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unreadable(error.into())
    }

    pub(crate) fn fault(fault: &impl Fault) -> Self {
        Self::Unfit { code: fault.code(), message: fault.to_string() }
    }

    pub(crate) fn field(wrong: &FieldError) -> Self {
        Self::Unfit { code: "FIELD_UNFIT", message: format!("{} {}", wrong.field, wrong.message) }
    }
}

impl Fault for RunError {
    fn class(&self) -> Class {
        match self {
            Self::Unfit { .. } => Class::Unprocessable,
            Self::Unreadable(_) | Self::Shard(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unfit { code, .. } => code,
            Self::Unreadable(_) | Self::Shard(_) => "INTERNAL_ERROR",
        }
    }
}

/// Stores what a run gives, as JSON.
pub(crate) async fn leave(cx: &RunContext, name: &str, what: &impl Serialize) -> Result<(), Stop> {
    let text = canonical_json(what).expect("a result is plain data");
    cx.artifact(name, "application/json", Bytes::from(text)).await.map(drop)
}
