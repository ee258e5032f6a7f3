//! Artifacts: what runs leave behind.

use std::ops::Range;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::Stream;
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};

use crate::{Client, Error};

kernel::id! {
    /// One artifact of one run.
    ArtifactId
}

/// What is known of an artifact without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Its id.
    pub artifact_id: ArtifactId,
    /// The run that made it.
    pub run_id: RunId,
    /// Its name within the run.
    pub name: String,
    /// The type of its bytes.
    pub media_type: String,
    /// How many there are.
    pub size_bytes: u64,
    /// Their SHA-256 digest.
    pub digest: Digest,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Client {
    /// `GET /api/artifacts/{id}`.
    pub async fn artifact(&self, artifact: ArtifactId) -> Result<Artifact, Error> {
        self.get(&format!("/api/artifacts/{artifact}")).await
    }

    /// `GET /api/artifacts/{id}/content`.
    pub async fn artifact_content(&self, artifact: ArtifactId) -> Result<Bytes, Error> {
        self.download(&content(artifact)).await
    }

    /// `GET /api/artifacts/{id}/content` of some bytes. The server has compared the whole with its digest.
    pub async fn artifact_range(&self, artifact: ArtifactId, range: Range<u64>) -> Result<Bytes, Error> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.download_range(&content(artifact), range).await
    }

    /// `GET /api/artifacts/{id}/content`, piece by piece. It ends with an error where the stored bytes are damaged.
    pub async fn artifact_stream(
        &self,
        artifact: ArtifactId,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, Error> {
        self.download_stream(&content(artifact)).await
    }
}

fn content(artifact: ArtifactId) -> String {
    format!("/api/artifacts/{artifact}/content")
}
