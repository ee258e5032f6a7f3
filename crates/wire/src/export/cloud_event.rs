//! A frame as an event of CloudEvents 1.0.

use chrono::{DateTime, Utc};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// One frame. `source` and `id` together name it wherever it goes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = export::CloudEvent)]
pub struct CloudEvent {
    /// `1.0`.
    pub specversion: String,
    /// The frame's seq.
    pub id: String,
    /// The run, `urn:uuid:` and its id.
    pub source: String,
    /// `assay.frame.` and the frame's kind; `assay.frame.removed` for one that was let go under a retention receipt.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When the frame was written; absent where it was let go.
    #[serde(default, with = "crate::time::option", skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// The seq with zeros before it, so that it is in order as text.
    pub sequence: String,
    /// `application/json`.
    pub datacontenttype: String,
    /// The stored bytes of the frame, unchanged; of one that was let go its digest.
    #[schema(value_type = Object)]
    pub data: Box<RawValue>,
}

/// What is left of a frame that was let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedFrame {
    /// The digest of its bytes.
    pub digest: Digest,
}
