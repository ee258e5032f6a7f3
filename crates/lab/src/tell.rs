//! What runs of the lab have in common: how they fail, what they say, and what they leave behind.

use bytes::Bytes;
use frames::{Item, MessageDelta, OutputItemAdded, OutputItemDone, PhaseStarted, Progress};
use kernel::{Class, Fault, FieldError, canonical_json};
use runs::{RunContext, Stop};
use serde::Serialize;

/// A run of the lab that gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
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

/// A phase begins.
pub(crate) async fn phase(cx: &RunContext, phase: &str, index: u32, total: u32) -> Result<(), Stop> {
    let started =
        PhaseStarted { phase: phase.to_owned(), phase_index: index, phase_total: total, title: None };
    cx.emit(started).await
}

/// How far a phase has come.
pub(crate) async fn progress(cx: &RunContext, phase: &str, done: u64, total: u64) -> Result<(), Stop> {
    let fraction = done as f64 / total.max(1) as f64;
    let (done, total) = (Some(done), Some(total));
    cx.emit(Progress { phase: phase.to_owned(), fraction, done, total, message: None }).await
}

/// A message to people.
pub(crate) async fn message(cx: &RunContext, text: &str) -> Result<(), Stop> {
    let item = Item::new(0, "explanation");
    let (item_type, role) = ("message".to_owned(), Some("assistant".to_owned()));
    cx.emit(OutputItemAdded {
        item: item.clone(),
        item_type: item_type.clone(),
        role: role.clone(),
        status: Some("in_progress".to_owned()),
    })
    .await?;
    cx.emit(MessageDelta { item: item.clone(), content_index: 0, delta: text.to_owned() }).await?;
    cx.emit(OutputItemDone { item, item_type, role, status: Some("completed".to_owned()) }).await
}
