//! Frames about a response as a whole and about the items of its output.

use serde_json::{Value, json};

use crate::error::Broken;
use crate::object::{Wire, object, words};
use crate::schemas::Schemas;

words! {
    /// How a response stands.
    pub enum LifecycleStatus {
        /// Waiting.
        Queued = "queued",
        /// At work.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Broken off by an error.
        Failed = "failed",
        /// Ended early, for example at a limit.
        Incomplete = "incomplete",
        /// Stopped on request.
        Cancelled = "cancelled",
    }
}

object! {
    /// How a response stands.
    pub struct Lifecycle {
        /// The state.
        status: LifecycleStatus,
        /// Why.
        reason: Option<String>,
    }
}

/// How memory was made smaller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MemoryStrategy {
    /// Items were compacted. Also what a strategy nobody knows means: the marker must not be lost over a new word.
    #[default]
    Compact,
    /// Items were replaced by a summary.
    Summarize,
    /// Items were dropped.
    Trim,
}

impl MemoryStrategy {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Summarize => "summarize",
            Self::Trim => "trim",
        }
    }
}

impl serde::Serialize for MemoryStrategy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Wire for MemoryStrategy {
    fn read(value: Value) -> Result<Self, Broken> {
        Ok(match String::read(value)?.as_str() {
            "summarize" => Self::Summarize,
            "trim" => Self::Trim,
            _ => Self::Compact,
        })
    }

    /// Any text, since the reader takes a strategy nobody knows.
    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "string", "examples": ["compact", "summarize", "trim"] })
    }
}

object! {
    /// The model's memory was made smaller. It never changes what was shown before.
    #[derive(Default)]
    pub struct Checkpoint {
        /// How.
        strategy: MemoryStrategy,
        /// What set it off.
        trigger_reason: Option<String>,
        /// Tokens in memory before.
        tokens_before: Option<u64>,
        /// Tokens in memory after.
        tokens_after: Option<u64>,
        /// How many items were compacted.
        compacted_count: Option<u64>,
        /// How many of them were inputs.
        compacted_inputs: Option<u64>,
        /// How many of them were outputs.
        compacted_outputs: Option<u64>,
        /// How many turns are kept whole.
        keep_turns: Option<u64>,
        /// From how many turns on it happens.
        trigger_turns: Option<u64>,
        /// Whether the inputs of tools were cleared as well.
        clear_tool_inputs: Option<bool>,
        /// Tools it does not touch.
        excluded_tools: Option<Vec<String>>,
        /// Tools it touches.
        included_tools: Option<Vec<String>>,
        /// Items before.
        total_items_before: Option<u64>,
        /// Items after.
        total_items_after: Option<u64>,
        /// Turns before.
        turns_before: Option<u64>,
        /// Turns after.
        turns_after: Option<u64>,
    }
}

object! {
    /// Another agent took over.
    pub struct AgentUpdated {
        /// Who handed over.
        from_agent: Option<String>,
        /// Who took over.
        to_agent: String,
        /// Which handover it is, from 1.
        handoff_index: Option<u64>,
    }
}

object! {
    /// An output item begins: a place to show it in.
    pub struct OutputItemAdded: item {
        /// What it is, for example `message` or `function_call`.
        item_type: String,
        /// Who speaks.
        role: Option<String>,
        /// How it stands.
        status: Option<String>,
    }
}

object! {
    /// An output item is complete.
    pub struct OutputItemDone: item {
        /// What it is.
        item_type: String,
        /// Who speaks.
        role: Option<String>,
        /// How it ended.
        status: Option<String>,
    }
}
