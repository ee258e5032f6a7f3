//! The frames of a run, in pages and as streams.

mod diff;
mod live;
mod playback;
mod state;

use kernel::{ConversationId, Digest, FieldError, RunId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{Array, ArrayBuilder};
use utoipa::{IntoParams, ToSchema};

pub use self::diff::{
    Change, Diff, DiffEntry, DiffField, DiffPart, DiffQuery, DiffRow, DiffShow, DiffSide, DiffSpan,
    DiffTotals,
};
pub use self::live::{LiveAnswer, LiveRequest, LiveRequestType};
use self::playback::Asked;
pub use self::playback::{NotAPoint, NotASpeed, Playback, Point, Speed};
pub use self::state::{State, StateQuery};

/// Which frames of a run to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// How many, at most. A page ends early after 1 MiB.
    #[param(minimum = 1, maximum = 1000, default = 500)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
    /// Or: after this seq.
    #[param(format = "uint64", minimum = 0)]
    pub after: Option<u64>,
}

/// A page of a run's frames.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::Page)]
pub struct Page {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// What it belongs to.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// The stored bytes, unchanged.
    #[schema(schema_with = stored)]
    pub items: Vec<Box<RawValue>>,
    /// Where the next page begins; `null` when nothing is stored after this one. As long as `head.is_closed` is
    /// false, more may follow: ask again with `after`.
    pub next_cursor: Option<String>,
    /// Where the chain stands.
    pub head: Head,
    /// The frame behind which the conversation's replay leaves this run out, because it was cut there; `null` where it
    /// shows all of it. Here nothing is left out.
    #[schema(minimum = 0)]
    pub cut_after_seq: Option<u64>,
}

/// Frames have their schemas from the crate that reads them; none of their shapes stands here again.
fn stored() -> Array {
    let frame = Ref::from_schema_name("ledger.Frame");
    ArrayBuilder::new().items(frame).description(Some("The stored bytes, unchanged.")).build()
}

/// What was found out about a text of frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::LintReport)]
pub struct LintReport {
    /// Lines that hold a frame, readable or not.
    #[schema(format = "uint64", minimum = 0)]
    pub frames: u64,
    /// Whether they are a whole stream that keeps to the contract.
    pub is_valid: bool,
    /// The first thousand faults, in the order of their lines.
    pub findings: Vec<LintFinding>,
    /// How many there are.
    #[schema(format = "uint64", minimum = 0)]
    pub findings_total: u64,
}

/// A fault of a text of frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::LintFinding)]
pub struct LintFinding {
    /// The line, counted from 1; behind the last one where the stream stops too early.
    #[schema(format = "uint64", minimum = 1)]
    pub line: u64,
    /// The stable code of the rule.
    pub code: String,
    /// The path of the field that is wrong; empty where it is the frame or the stream as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// Frames as text, a frame or an event of a server-sent stream a line.
pub mod media_type {
    /// Lines of JSON.
    pub const NDJSON: &str = "application/x-ndjson";
    /// A server-sent stream.
    pub const EVENT_STREAM: &str = "text/event-stream";
}

/// The end of a run's chain of frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::Head)]
pub struct Head {
    /// The last frame's seq; 0 before the first.
    pub seq: u64,
    /// The chain's digest after it: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// Whether the last frame is the terminal one.
    pub is_closed: bool,
}

/// From where to stream, how far and how fast.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// Begin after this seq. The header `Last-Event-ID` goes before.
    #[param(format = "uint64", minimum = 0)]
    pub after: Option<u64>,
    /// Wait for frames that are not there yet; `false` ends the stream after what is stored.
    #[param(default = true)]
    pub follow: Option<bool>,
    /// Or: begin with this frame, or with the first one that was not written before this time. `Last-Event-ID` goes
    /// before where it is later.
    #[param(value_type = Option<String>, example = "2026-01-05T08:00:00Z")]
    pub from: Option<Point>,
    /// End with this frame, or before the first one that was written after this time.
    #[param(value_type = Option<String>, example = "17")]
    pub to: Option<Point>,
    /// As fast as can be (`instant`), at the pace at which the frames were written (`original`), or at that pace times a
    /// factor from `0.1x` to `1000x`.
    #[param(value_type = Option<String>, default = "instant",
        pattern = r"^(instant|original|(0\.[1-9][0-9]{0,2}|[1-9][0-9]{0,2}(\.[0-9]{1,3})?|1000)x)$")]
    pub speed: Option<Speed>,
    /// With a speed that waits: no silence between two frames counts for longer than this.
    #[param(format = "uint64", minimum = 1, maximum = 3_600_000)]
    pub max_gap_ms: Option<u64>,
}

/// From where to stream over a WebSocket, how far and how fast.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// Begin after this seq.
    pub after: Option<u64>,
    /// Or: begin with this frame, or with the first one that was not written before this time.
    pub from: Option<Point>,
    /// End with this frame, or before the first one that was written after this time.
    pub to: Option<Point>,
    /// How fast.
    pub speed: Option<Speed>,
    /// With a speed that waits: no silence between two frames counts for longer than this.
    pub max_gap_ms: Option<u64>,
}

impl StreamQuery {
    /// What is to be played; the field that is wrong if it contradicts itself.
    pub fn playback(&self) -> Result<Playback, FieldError> {
        let &Self { after, from, to, speed, max_gap_ms, .. } = self;
        Asked { after, from, to, speed, max_gap_ms }.check()
    }
}

impl LiveQuery {
    /// What is to be played; the field that is wrong if it contradicts itself.
    pub fn playback(&self) -> Result<Playback, FieldError> {
        let &Self { after, from, to, speed, max_gap_ms } = self;
        Asked { after, from, to, speed, max_gap_ms }.check()
    }
}
