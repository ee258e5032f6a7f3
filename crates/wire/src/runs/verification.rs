//! What proving a run found.

use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What verification of a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Verification)]
pub struct Verification {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// Whether nothing speaks against the run.
    pub verified: bool,
    /// How many frames, from the first on, are proven.
    pub frames: u64,
    /// How many of them were removed under retention and are proven by their digests alone.
    pub pruned: u64,
    /// The stored head of the chain: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub head: Digest,
    /// Whether the terminal frame is written.
    pub is_closed: bool,
    /// The first frame that is wrong, missing or too many.
    pub first_bad_seq: Option<u64>,
    /// What is wrong with it.
    pub reason: Option<String>,
    /// Each part that was looked at: `frames`, `run` (its row, attempts and decisions), `inputs`, `artifacts` with their
    /// bytes, and `outcome`, the rows that the run has written.
    pub parts: Vec<VerifiedPart>,
}

/// A part of a run that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::VerifiedPart)]
pub struct VerifiedPart {
    /// Which one.
    pub part: String,
    /// Whether everything fits.
    pub verified: bool,
    /// How many frames, rows or objects were compared.
    pub checked: u64,
    /// What does not fit, each in a sentence.
    pub problems: Vec<String>,
    /// What nothing in the record speaks of, each in a sentence: it was not compared, or only bounded.
    #[serde(default)]
    pub not_covered: Vec<String>,
}
