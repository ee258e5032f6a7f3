//! The log of ends: what proves that a run ended as it is shown.

use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What to prove beside the end itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProofQuery {
    /// Also that the log began with its first so many entries: the size that an older checkpoint names.
    #[param(format = "uint64", minimum = 0)]
    pub since: Option<u64>,
}

/// That the end of a run is in the log of ends. With the run's frames behind it, one a line, it is a bundle that can be
/// checked without anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::Proof)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The form of this text.
    pub format: ProofFormat,
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// What the chain of its frames begins with.
    pub ledger_id: Uuid,
    /// How many frames it has.
    #[schema(format = "uint64", minimum = 0)]
    pub frames: u64,
    /// The head of the chain after the last one: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub head: Digest,
    /// The place of its end in the log.
    #[schema(format = "uint64", minimum = 0)]
    pub index: u64,
    /// The hashes from its entry to the root.
    #[schema(value_type = Vec<String>)]
    pub path: Vec<Digest>,
    /// The checkpoint with that root: a signed note as c2sp.org/tlog-checkpoint has it.
    pub checkpoint: String,
    /// The keys that sign checkpoints, as this server lists them.
    pub keys: Vec<Key>,
    /// In a bundle: the first 8 hex digits of the chain's link after each frame, one behind the other. They prove nothing, and
    /// say which frame is wrong where the chain says that one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<String>,
    /// That the log began with a smaller one, where `since` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// The form of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::ProofFormat)]
pub enum ProofFormat {
    /// The only one there is.
    #[serde(rename = "assay.proof.v1")]
    V1,
}

/// That a log began with a smaller one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::Since)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// How many entries the smaller one had.
    #[schema(format = "uint64", minimum = 0)]
    pub size: u64,
    /// The hashes from its root to the root of the checkpoint.
    #[schema(value_type = Vec<String>)]
    pub path: Vec<Digest>,
}

/// A key that signs checkpoints, or has signed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::Key)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The public half, `NAME+ID+KEY` as c2sp.org/signed-note writes it.
    pub key: String,
    /// It has signed the log from this size on, until the next key in the list did.
    #[schema(format = "uint64", minimum = 0)]
    pub from_size: u64,
}

/// The keys of the log, the one that signs now last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::Keys)]
pub struct Keys {
    /// All of them.
    pub keys: Vec<Key>,
}

/// What witnesses have signed of the newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::Cosign)]
#[serde(deny_unknown_fields)]
pub struct Cosign {
    /// Lines as they stand under signed notes.
    #[schema(min_items = 1, max_items = 100)]
    pub lines: Vec<String>,
}

/// What became of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = log::Cosigned)]
pub struct Cosigned {
    /// How many were of witnesses that count, and stand under the checkpoint now.
    #[schema(format = "uint64", minimum = 0)]
    pub accepted: u64,
}
