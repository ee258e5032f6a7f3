//! Artifacts: what runs leave behind, and what people send in.

use std::ops::Range;

use bytes::Bytes;
use futures::Stream;
use wire::artifacts::{
    Artifact, ArtifactId, ArtifactPage, DownloadLink, DownloadQuery, LinkQuery, Links, LinksRequest,
    UploadQuery,
};
use wire::page::PageQuery;

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// What is known of an artifact.
    artifact(artifact: ArtifactId) = GET "/artifacts/{artifact_id}" => Artifact;

    /// A page of what was sent in, newest first.
    artifacts() = GET "/artifacts" ? PageQuery => ArtifactPage;

    /// A link under which an artifact's bytes can be had for a while.
    download_link(artifact: ArtifactId) = POST "/artifacts/{artifact_id}/download-url" ? LinkQuery => DownloadLink;

    /// Links of several artifacts.
    download_links() = POST "/artifacts/download-urls", LinksRequest => Links;
}

pub(super) const CONTENT: Operation = Operation { method: "GET", path: "/artifacts/{artifact_id}/content" };
pub(super) const UPLOAD: Operation = Operation { method: "POST", path: "/artifacts" };
pub(super) const DOWNLOAD: Operation = Operation { method: "GET", path: "/downloads" };

impl Client {
    /// Keeps a file under a name.
    pub async fn send_in(&self, query: &UploadQuery, file: Bytes) -> Result<Artifact, Error> {
        self.call(Call::new(UPLOAD).asking(query).sending("application/octet-stream", file)).await
    }

    /// The bytes under a link of this server.
    pub async fn linked(&self, query: &DownloadQuery) -> Result<Bytes, Error> {
        self.download(Call::new(DOWNLOAD).asking(query)).await
    }

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
