//! Runs as they stand in a list.

use chrono::{DateTime, Utc};
use kernel::{ConversationId, RunId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::page::Damaged;

/// A run as it stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Item)]
pub struct Item {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// What sort of work it is: `showcase`, `comparison`, …
    pub kind: String,
    /// Where it stands.
    pub status: Status,
    /// What it is called.
    pub title: String,
    /// When it was submitted.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When its first attempt began.
    #[serde(with = "crate::time::option")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(with = "crate::time::option")]
    pub ended_at: Option<DateTime<Utc>>,
    /// The number of its latest attempt; 0 before the first.
    pub attempt: u32,
    /// What it waits for while it is `waiting`.
    pub waits_for: Option<WaitsFor>,
    /// Runs may share one.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// The run that started it.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub parent_run_id: Option<RunId>,
    /// Higher ones are taken first.
    pub priority: i32,
    /// No further attempt is made; somebody should look.
    pub is_dead_letter: bool,
    /// How many frames it has.
    pub frames: u64,
    /// Why it failed.
    pub error: Option<Fault>,
}

kernel::words! {
    /// Where a run stands.
    #[derive(ToSchema)]
    #[schema(as = runs::Status)]
    pub enum Status {
        /// Waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// Parked: it holds no worker, and a decision, a timer or the ends of its children wake it.
        Waiting = "waiting",
        /// Ended with its `metrics` artifact.
        Succeeded = "succeeded",
        /// Ended with an error.
        Failed = "failed",
        /// Ended because somebody asked.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Whether it will never change again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

kernel::words! {
    /// What a parked run waits for.
    #[derive(ToSchema)]
    #[schema(as = runs::WaitsFor)]
    pub enum WaitsFor {
        /// The ends of all runs that it started.
        Children = "children",
        /// An answer to one of its questions.
        Decision = "decision",
        /// A moment.
        Time = "time",
    }
}

/// Why a run or an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Fault)]
pub struct Fault {
    /// A stable code.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}

/// The kinds of runs there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Kinds)]
pub struct Kinds {
    /// Their names, in order.
    pub kinds: Vec<String>,
}

/// A page of runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Page)]
pub struct Page {
    /// The runs.
    pub items: Vec<Item>,
    /// Runs of this page whose rows cannot be read. Their trouble is their own.
    pub damaged: Vec<Damaged>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which runs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only runs that stand here.
    pub status: Option<Status>,
    /// Only runs of this conversation.
    #[param(value_type = Option<uuid::Uuid>)]
    pub conversation_id: Option<ConversationId>,
    /// Only runs that this one has started.
    #[param(value_type = Option<uuid::Uuid>)]
    pub parent_run_id: Option<RunId>,
    /// Only dead letters, or only others.
    pub is_dead_letter: Option<bool>,
}
