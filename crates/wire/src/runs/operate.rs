//! What a person does with a run besides watching and cancelling.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Status;

/// An answer to a question of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Decide)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// The question's name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The answer.
    pub decision: Answer,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: Option<String>,
}

kernel::words! {
    /// Yes or no.
    #[derive(ToSchema)]
    #[schema(as = runs::Answer)]
    pub enum Answer {
        /// Yes.
        Approved = "approved",
        /// No.
        Rejected = "rejected",
    }
}

/// Why a run is given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Abandon)]
#[serde(deny_unknown_fields)]
pub struct Abandon {
    /// Stands in the run's error.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Where a run is forked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Fork)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// The last frame that the new run shares with this one; none that ends it.
    #[schema(format = "uint64", minimum = 1)]
    pub seq: u64,
}

/// What must hold of a bundle beside itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// The public key that must have signed its checkpoint, `NAME+ID+KEY` as signed notes write it. Without it one of those
    /// that the bundle names must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(min_length = 1, max_length = 1000)]
    pub key: Option<String>,
}

/// A run that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Accepted)]
pub struct Accepted {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// The same id, as comparisons call it.
    #[schema(value_type = uuid::Uuid)]
    pub selection_id: RunId,
    /// Where it stood when it was accepted.
    pub status: Status,
    /// Where to look; `DELETE` there cancels.
    pub monitor_url: String,
    /// Where `DELETE` cancels.
    pub cancel_url: String,
    /// Where its frames are.
    pub stream_url: String,
}
