//! What a run looks like to its readers.

use chrono::{DateTime, Utc};
use kernel::{ConversationId, Digest, RunId, Seed, TenantId, canonical_json};
use serde_json::json;
use wire::artifacts::ArtifactId;
use wire::runs::{Fault, InputSource, WaitsFor};

use crate::RunState;

/// A run as stored.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id; time-ordered, so newest first is descending by id.
    pub id: RunId,
    /// The run kind's name.
    pub kind: String,
    /// The run kind's version at submit.
    pub kind_version: u32,
    /// What a person calls it.
    pub title: String,
    /// Where it stands.
    pub state: RunState,
    /// The pinned spec, canonical JSON.
    pub spec: String,
    /// The digest of `spec`.
    pub spec_digest: Digest,
    /// The seed of all its randomness.
    pub seed: Seed,
    /// The program that took the submission.
    pub program: Program,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// The run that started it.
    pub parent_run_id: Option<RunId>,
    /// The run at the top of its family; itself where no run started it.
    pub root_run_id: RunId,
    /// The run it was requeued from.
    pub retry_of: Option<RunId>,
    /// Higher ones are taken first.
    pub priority: i32,
    /// Whose it is, and the keys it was submitted under.
    pub(crate) keys: Keys,
    /// The number of the latest attempt; 0 before the first.
    pub attempt: u32,
    /// How many attempts may fail.
    pub max_attempts: u32,
    /// Attempts that failed with a retryable error, since there was progress last.
    pub failures: u32,
    /// Attempts whose worker vanished, since there was progress last.
    pub losses: u32,
    /// Shards that were computed for it and are stored.
    pub shards_done: u64,
    /// How many steps and shards were done when an attempt last ended badly.
    pub progress_seen: i64,
    /// What a waiting run waits for.
    pub waits_for: Option<WaitsFor>,
    /// When a waiting run goes on at the latest.
    pub wakes_at: Option<DateTime<Utc>>,
    /// Whether no further attempt is made and an operator should look.
    pub is_dead_letter: bool,
    /// Why it failed.
    pub problem: Option<Fault>,
    /// When cancellation was asked for.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
    /// When its first attempt began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Whose a run is, and the keys it was submitted under.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub tenant: TenantId,
    pub exclusive: Option<String>,
    pub dedup: Option<String>,
    pub idempotency: Option<String>,
}

impl Run {
    /// A digest of what was asked for beside what the first frame says in words. The keys are the caller's own business:
    /// a digest proves them and shows nobody what they are.
    pub(crate) fn request_digest(&self) -> Digest {
        let asked = json!({
            "tenant_id": self.keys.tenant,
            "root_run_id": self.root_run_id,
            "retry_of": self.retry_of,
            "priority": self.priority,
            "max_attempts": self.max_attempts,
            "exclusive_key": self.keys.exclusive,
            "dedup_key": self.keys.dedup,
            "idempotency_key": self.keys.idempotency,
            "created_us": self.created_at.timestamp_micros(),
        });
        Digest::of(canonical_json(&asked).expect("texts and numbers can be written"))
    }
}

/// Which program a run was submitted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// The commit it was built from, where that is known.
    pub commit: Option<String>,
}

impl std::fmt::Display for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.commit {
            Some(commit) => write!(f, "{} ({commit})", self.version),
            None => f.write_str(&self.version),
        }
    }
}

/// What a run was given, pinned by id and digest at submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What the run uses it for; several inputs of one role are told apart by their order.
    pub role: String,
    /// Where it lives.
    pub source: InputSource,
    /// Its id there.
    pub source_id: String,
    /// The digest of its content.
    pub digest: Digest,
}

/// A result of a run: bytes named by their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its id.
    pub id: ArtifactId,
    /// The run that made it.
    pub run_id: RunId,
    /// Its name, unique in the run; `metrics` is the one every ended run has.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// The digest of its bytes, under which the store keeps them.
    pub digest: Digest,
    /// When the run published it.
    pub created_at: DateTime<Utc>,
}

impl From<Artifact> for wire::artifacts::Artifact {
    fn from(artifact: Artifact) -> Self {
        let Artifact { id, run_id, name, media_type, size_bytes, digest, created_at } = artifact;
        Self { artifact_id: id, run_id: Some(run_id), name, media_type, size_bytes, digest, created_at }
    }
}

impl From<Input> for wire::runs::Input {
    fn from(input: Input) -> Self {
        let Input { role, source, source_id, digest } = input;
        Self { role, source, id: source_id, digest }
    }
}
