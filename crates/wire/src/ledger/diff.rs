//! What two runs have in common and where they part.

use std::collections::BTreeMap;

use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::runs::Status;

/// What of a comparison of two runs to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DiffQuery {
    /// What does not count as a difference, separated by commas: `timing` for times and durations, `ids` for what
    /// providers and programs call things.
    #[param(max_length = 20, pattern = "^(timing|ids)(,(timing|ids))*$")]
    pub ignore: Option<String>,
    /// Whether rows that are the same are shown as well.
    #[param(default = "changes")]
    pub show: Option<DiffShow>,
    /// How many entries, at most. A page ends early after 1 MiB.
    #[param(minimum = 1, maximum = 1000, default = 200)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

kernel::words! {
    /// Which rows of a comparison are shown.
    #[derive(ToSchema)]
    #[schema(as = ledger::DiffShow)]
    pub enum DiffShow {
        /// Those that differ.
        Changes = "changes",
        /// Those that are the same as well, so that both runs can be read side by side.
        All = "all",
    }
}

kernel::words! {
    /// How a row of one run stands to the other run.
    #[derive(ToSchema)]
    #[schema(as = ledger::Change)]
    pub enum Change {
        /// Both have it.
        Same = "same",
        /// Both have it, and it says something else.
        Changed = "changed",
        /// Only the right run has it.
        Added = "added",
        /// Only the left run has it.
        Removed = "removed",
    }
}

kernel::words! {
    /// What part of a run a row belongs to. Causes come before what followed from them.
    #[derive(ToSchema)]
    #[schema(as = ledger::DiffPart)]
    pub enum DiffPart {
        /// What was asked for: kind, spec, seed, program and inputs.
        Request = "request",
        /// What happened.
        Course = "course",
        /// What came of it: artifacts, usage and the end.
        Result = "result",
    }
}

kernel::words! {
    /// What a row of a run is.
    #[derive(ToSchema)]
    #[schema(as = ledger::DiffRow)]
    pub enum DiffRow {
        /// What was asked for.
        Spec = "spec",
        /// Something it was made from.
        Input = "input",
        /// A beginning of it.
        Attempt = "attempt",
        /// A phase of its plan.
        Phase = "phase",
        /// A step of a phase.
        Step = "step",
        /// A question to a person, and the answer.
        Approval = "approval",
        /// A notice.
        Notice = "notice",
        /// What was left out of a frame.
        Omission = "omission",
        /// A response, or an agent run that is nested in a tool call.
        Section = "section",
        /// A message.
        Message = "message",
        /// A source of a message.
        Citation = "citation",
        /// A refusal.
        Refusal = "refusal",
        /// A part of a summary of reasoning.
        Reasoning = "reasoning",
        /// A tool call.
        Tool = "tool",
        /// An item that shows neither a text nor a tool.
        Item = "item",
        /// Another agent took over.
        Handover = "handover",
        /// The memory was compacted.
        Checkpoint = "checkpoint",
        /// A large field that came in pieces.
        Chunk = "chunk",
        /// An artifact.
        Artifact = "artifact",
        /// What it took.
        Usage = "usage",
        /// How it ended.
        End = "end",
    }
}

/// Two runs side by side: aligned by what they say, not by the numbers of their frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::Diff)]
pub struct Diff {
    /// The run that is read first.
    pub left: DiffSide,
    /// The run that it is compared with.
    pub right: DiffSide,
    /// Whether nothing that counts differs.
    pub is_same: bool,
    /// How many rows there are of each sort.
    pub totals: DiffTotals,
    /// A page of the rows, in the order in which they are read: what was asked for, what happened, what came of it.
    pub entries: Vec<DiffEntry>,
    /// How many rows of those asked for follow after this page.
    #[schema(minimum = 0)]
    pub remaining: u64,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// One of two runs that are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::DiffSide)]
pub struct DiffSide {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// Its kind.
    pub kind: String,
    /// Where it stands. Of a run that goes on, what there was when it was read is compared.
    pub status: Status,
    /// What a person calls it.
    pub title: String,
    /// The digest of what was asked for: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub spec_digest: Digest,
    /// How many frames were read.
    #[schema(minimum = 0)]
    pub frames: u64,
    /// How many rows they make.
    #[schema(minimum = 0)]
    pub rows: u64,
    /// How many frames there are of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// The seq of the first frame that tells of a row that differs; `null` where none does.
    #[schema(minimum = 1)]
    pub first_difference_seq: Option<u64>,
}

/// How many rows there are of each sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::DiffTotals)]
pub struct DiffTotals {
    /// In both, and the same.
    #[schema(minimum = 0)]
    pub same: u64,
    /// In both, and not the same.
    #[schema(minimum = 0)]
    pub changed: u64,
    /// In the right run only.
    #[schema(minimum = 0)]
    pub added: u64,
    /// In the left run only.
    #[schema(minimum = 0)]
    pub removed: u64,
}

/// One row of the comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::DiffEntry)]
pub struct DiffEntry {
    /// How the runs differ in it.
    pub change: Change,
    /// What part of a run it belongs to.
    pub part: DiffPart,
    /// What it is.
    pub row: DiffRow,
    /// What it is called: a tool's name, a step, an artifact's name; empty where it has no name.
    pub label: String,
    /// Where it stands, as in `sections[2].tools[0]`; of a removed row, where it stood.
    pub path: String,
    /// The frame of the left run that first tells of it; `null` where the left run has no such frame.
    #[schema(minimum = 1)]
    pub left_seq: Option<u64>,
    /// The frame of the right run that first tells of it; `null` where the right run has no such frame.
    #[schema(minimum = 1)]
    pub right_seq: Option<u64>,
    /// What it says: of a changed row what differs, of an added or removed one all of it, of one that is the same nothing.
    pub fields: Vec<DiffField>,
    /// How many fields more there are.
    #[schema(minimum = 0)]
    pub fields_omitted: u64,
}

/// A field of a row that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::DiffField)]
pub struct DiffField {
    /// Its name, with the path into a value that has parts: `arguments.query`, `output.rows[3].score`.
    pub name: String,
    /// What the left run says; absent where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub left: Option<Value>,
    /// What the right run says; absent where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub right: Option<Value>,
    /// Of two texts, the pieces that both have or only one has; empty of anything else.
    pub spans: Vec<DiffSpan>,
    /// Whether something of the values was left out because it is large.
    pub is_cut: bool,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::DiffSpan)]
pub struct DiffSpan {
    /// `same`, `added` or `removed`.
    pub change: Change,
    /// The piece.
    pub text: String,
}

/// A value that is there and `null` is not one that is absent.
fn said<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}
