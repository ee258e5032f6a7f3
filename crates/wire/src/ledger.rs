//! The frames of a run, in pages and as streams.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{ConversationId, Digest, RunId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

/// One frame of a run: an envelope, and the fields of its kind beside it. Absent optionals are left out.
///
/// Which fields a kind has is the contract of `public_sse_v1`, and of `run_v1`, which adds the kinds of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::Frame)]
pub struct Frame {
    /// The contract: `public_sse_v1` or `run_v1`.
    pub schema: String,
    /// What the frame says; the terminal kinds are `final` and `error`.
    pub kind: String,
    /// The frame's seq in its run: 1, 2, … without a gap.
    #[schema(minimum = 1)]
    pub event_id: u64,
    /// `run_<32 hex digits>`.
    pub stream_id: String,
    /// When the server wrote it.
    #[serde(with = "crate::time")]
    pub server_timestamp: DateTime<Utc>,
    /// What its run belongs to.
    pub conversation_id: String,
    /// The fields of the kind and the optional ones of the envelope.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

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
    #[schema(value_type = Vec<Frame>)]
    pub items: Vec<Box<RawValue>>,
    /// Where the next page begins; `null` when nothing is stored after this one. As long as `head.is_closed` is
    /// false, more may follow: ask again with `after`.
    pub next_cursor: Option<String>,
    /// Where the chain stands.
    pub head: Head,
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

/// From where to stream, and how far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// Begin after this seq. The header `Last-Event-ID` goes before.
    pub after: Option<u64>,
    /// Wait for frames that are not there yet; `false` ends the stream after what is stored.
    #[param(default = true)]
    pub follow: Option<bool>,
}

/// From where to stream over a WebSocket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// Begin after this seq.
    pub after: Option<u64>,
}
