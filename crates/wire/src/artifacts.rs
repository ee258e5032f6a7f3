//! Artifacts: what runs leave behind.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::id! {
    /// One artifact of one run.
    ArtifactId
}

/// An artifact without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = artifacts::Artifact)]
pub struct Artifact {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub artifact_id: ArtifactId,
    /// The run that made it.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// Its name within the run; `metrics` is the one every ended run has.
    pub name: String,
    /// The type of its bytes.
    pub media_type: String,
    /// How many there are.
    pub size_bytes: u64,
    /// SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// When the run published it.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}
