//! What a run showed after its first frames.

use chrono::{DateTime, Utc};
use kernel::{ConversationId, RunId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::Head;

/// As of when to show a run: after a frame, or at a time; without either as it stands now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StateQuery {
    /// After the frame with this seq; 0 is before the first.
    #[param(format = "uint64", minimum = 0)]
    pub seq: Option<u64>,
    /// Or: after the frames that were written until then.
    #[serde(default, with = "crate::time::option", skip_serializing_if = "Option::is_none")]
    pub t: Option<DateTime<Utc>>,
}

/// What a run showed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ledger::State)]
pub struct State {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// What it belongs to.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// After how many frames.
    #[schema(minimum = 0)]
    pub seq: u64,
    /// Where its ledger stands now.
    pub head: Head,
    /// The state of the reducer of frames after them: what a page that followed the run until then would show.
    #[schema(value_type = Object)]
    pub transcript: Box<RawValue>,
}
