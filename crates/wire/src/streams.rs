//! What a stream that anyone may write says of itself within an event stream. Everything else of the protocol stands in
//! headers.

use serde::{Deserialize, Serialize};

/// How far a reader of an event stream is: the data of each `control` event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// Where to go on after a break.
    pub stream_next_offset: String,
    /// What to send as `cursor` with the next request; absent when nothing will come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_cursor: Option<String>,
    /// Present when nothing was there after this offset.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub up_to_date: bool,
    /// Present when nothing will come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stream_closed: bool,
}
