//! Artifacts: what runs leave behind.

use std::ops::Range;

use bytes::Bytes;
use futures::Stream;
use wire::artifacts::{Artifact, ArtifactId};

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// What is known of an artifact.
    artifact(artifact: ArtifactId) = GET "/artifacts/{artifact_id}" => Artifact;
}

pub(super) const CONTENT: Operation = Operation { method: "GET", path: "/artifacts/{artifact_id}/content" };

impl Client {
    /// An artifact's bytes.
    pub async fn artifact_content(&self, artifact: ArtifactId) -> Result<Bytes, Error> {
        self.download(Call::new(CONTENT).at(&artifact)).await
    }

    /// Some of an artifact's bytes. The server has compared the whole with its digest.
    pub async fn artifact_range(&self, artifact: ArtifactId, range: Range<u64>) -> Result<Bytes, Error> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.download_range(Call::new(CONTENT).at(&artifact), range).await
    }

    /// An artifact's bytes, piece by piece. The stream ends with an error where the stored bytes are damaged.
    pub async fn artifact_stream(
        &self,
        artifact: ArtifactId,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, Error> {
        self.download_stream(Call::new(CONTENT).at(&artifact)).await
    }
}
