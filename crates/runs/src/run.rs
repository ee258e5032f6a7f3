//! What a run looks like to its readers.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId, Seed};
use serde::{Deserialize, Serialize};

use crate::RunState;

kernel::id! {
    /// One artifact of one run.
    ArtifactId
}

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
    /// The conversation it belongs to.
    pub conversation_id: String,
    /// The run it was requeued from.
    pub retry_of: Option<RunId>,
    /// The number of the latest attempt; 0 before the first.
    pub attempt: u32,
    /// How many attempts it may have.
    pub max_attempts: u32,
    /// Whether its attempts are exhausted and an operator should look.
    pub is_dead_letter: bool,
    /// Why it failed.
    pub problem: Option<RunProblem>,
    /// When cancellation was asked for.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
    /// When its first attempt began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Why a run or an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunProblem {
    /// Stable code.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}

/// One attempt at a run.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// 1, 2, …
    pub number: u32,
    /// Which worker held the lease.
    pub worker: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; `None` while it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<AttemptOutcome>,
    /// Why it failed.
    pub problem: Option<RunProblem>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The run succeeded.
    Succeeded,
    /// The run failed for good.
    Failed,
    /// The run was cancelled.
    Cancelled,
    /// It failed and the run was queued again.
    Retried,
    /// Its worker vanished.
    Lost,
}

impl AttemptOutcome {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Retried => "retried",
            Self::Lost => "lost",
        }
    }
}

/// What a run was given, pinned by id and digest at submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What the run uses it for.
    pub role: String,
    /// Where it lives.
    pub source: InputSource,
    /// Its id there.
    pub source_id: String,
    /// The digest of its content.
    pub digest: Digest,
}

/// Where an input lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputSource {
    /// Another run's artifact.
    Artifact,
    /// A stored or imported data set.
    Dataset,
}

impl InputSource {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Artifact => "artifact",
            Self::Dataset => "dataset",
        }
    }
}

/// A result of a run: bytes named by their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its id.
    pub id: ArtifactId,
    /// The run that made it.
    pub run_id: RunId,
    /// Its name, unique in the run; `metrics` is the one every succeeded run has.
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
