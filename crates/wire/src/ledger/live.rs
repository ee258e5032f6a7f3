//! What is said over the WebSocket of a run besides its frames. A frame has a `schema`; what is said has a `type`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Field;

/// What a viewer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::LiveRequest)]
#[serde(deny_unknown_fields)]
pub struct LiveRequest {
    /// What to do.
    #[serde(rename = "type")]
    pub kind: LiveRequestType,
    /// Go on after this seq; 0 begins anew.
    #[schema(format = "uint64", minimum = 0)]
    pub after: u64,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::LiveRequestType)]
#[serde(rename_all = "snake_case")]
pub enum LiveRequestType {
    /// To go on from somewhere else.
    Resume,
}

/// What a viewer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::LiveAnswer)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveAnswer {
    /// The next frame is the one after `after`. Frames that came between the request and this belong to what was shown
    /// before.
    Resumed {
        /// The seq that was asked for.
        #[schema(format = "uint64", minimum = 0)]
        after: u64,
    },
    /// The request was not understood or cannot be met; the frames go on as they did.
    Refused {
        /// The stable code, as in the answer to a request over HTTP.
        code: String,
        /// What was wrong with it.
        detail: String,
        /// The fields that are wrong.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        errors: Vec<Field>,
    },
}
