//! The frames of a conversation, run after run, and where it was cut.

use chrono::{DateTime, Utc};
use kernel::{ConversationId, RunId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::access::TokenId;

/// Which part of a conversation to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReplayQuery {
    /// How many, at most. A page ends early after 1 MiB.
    #[param(minimum = 1, maximum = 1000, default = 500)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
    /// Or: after this place, `RUN:SEQ`, or `RUN:SEQ:CUT` behind a cut.
    #[param(max_length = 80)]
    pub after: Option<String>,
}

/// From where to stream a conversation, and how far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReplayStreamQuery {
    /// Begin after this place, `RUN:SEQ` or `RUN:SEQ:CUT`. The header `Last-Event-ID` goes before.
    #[param(max_length = 80)]
    pub after: Option<String>,
    /// Wait for the frames of runs that go on, one run after the other; `false` ends the stream after what is stored.
    #[param(default = true)]
    pub follow: Option<bool>,
}

/// A page of a conversation's frames.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Replay)]
pub struct Replay {
    /// The conversation.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// What stands there: one run after the other, in the order of their submission, each in the order of its frames.
    pub items: Vec<ReplayItem>,
    /// The runs of this page that go on: more frames of theirs may come, which the next page does not have.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub open_run_ids: Vec<RunId>,
    /// Where the next page begins; `null` when nothing is stored after this one.
    pub next_cursor: Option<String>,
}

/// What stands in one place of a conversation: a frame, a cut, or where frames were.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::ReplayItem)]
pub struct ReplayItem {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// The frame, or the frame behind which the cut stands; of frames that are gone the last.
    #[schema(minimum = 0)]
    pub seq: u64,
    /// The stored bytes of the frame, unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub frame: Option<Box<RawValue>>,
    /// The cut that stands here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
    /// The first of the frames up to this one that were let go under a retention receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub gone_from_seq: Option<u64>,
}

/// From where on to leave out what there is of a conversation. Nothing is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Truncate)]
#[serde(deny_unknown_fields)]
pub struct Truncate {
    /// A run of the conversation. Those that were submitted after it are left out.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// Its last frame that is still shown; 0 leaves all of it out.
    #[schema(format = "uint64", minimum = 0)]
    pub seq: u64,
}

/// A cut: where a segment of a conversation ends. What is submitted later begins the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Cut)]
pub struct Cut {
    /// Which cut of the conversation, from 1.
    #[schema(minimum = 1)]
    pub number: u32,
    /// The run that it stands in.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// The frame that it stands behind; 0 where it stands before the first.
    #[schema(minimum = 0)]
    pub seq: u64,
    /// The last run that it leaves out: the conversation's newest at that time.
    #[schema(value_type = uuid::Uuid)]
    pub through_run_id: RunId,
    /// Of how many runs it left out something that was shown until then.
    #[schema(minimum = 0)]
    pub runs: u64,
    /// How many frames it left out that were shown until then.
    #[schema(minimum = 0)]
    pub frames: u64,
    /// When.
    #[serde(with = "crate::time")]
    pub cut_at: DateTime<Utc>,
    /// By whom: the token that was shown; `null` where nobody was asked.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub cut_by: Option<TokenId>,
}

/// Every cut of a conversation, first to last: the lineage of its segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Cuts)]
pub struct Cuts {
    /// The cuts, also those that lie behind another one by now.
    pub items: Vec<Cut>,
}
