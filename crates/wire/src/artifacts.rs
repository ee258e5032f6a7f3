//! Artifacts: what runs leave behind, and what people send in; and the links under which their bytes can be had.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kernel::id! {
    /// One artifact: of a run, or sent in. Frames name it as `object_id`.
    ArtifactId
}

/// An artifact without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = artifacts::Artifact)]
pub struct Artifact {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub artifact_id: ArtifactId,
    /// The run that made it; absent where somebody sent it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>, nullable = false)]
    pub run_id: Option<RunId>,
    /// Its name within the run; `metrics` is the one every ended run has. What was sent in has the name of its file.
    pub name: String,
    /// The type of its bytes.
    pub media_type: String,
    /// How many there are.
    pub size_bytes: u64,
    /// SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// When the run published it, or when it first came in.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A page of what was sent in, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = artifacts::Page)]
pub struct ArtifactPage {
    /// The artifacts.
    pub items: Vec<Artifact>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What is sent in besides the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// What the file is called.
    #[param(min_length = 1, max_length = 255)]
    pub name: String,
}

/// For how long a link is to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LinkQuery {
    /// Seconds from now.
    #[param(minimum = 60, maximum = 86_400, default = 900)]
    pub expires_in_s: Option<u32>,
}

/// Which links are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = artifacts::LinksRequest)]
#[serde(deny_unknown_fields)]
pub struct LinksRequest {
    /// The artifacts.
    #[schema(value_type = Vec<uuid::Uuid>, min_items = 1, max_items = 100)]
    pub artifact_ids: Vec<ArtifactId>,
    /// Seconds from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 60, maximum = 86_400, default = 900, nullable = false, required = false)]
    pub expires_in_s: Option<u32>,
}

/// An address under which anybody has an artifact's bytes for a while, without a token. It is kept nowhere: ask for
/// another one before it expires.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = artifacts::DownloadLink)]
pub struct DownloadLink {
    /// The artifact.
    #[schema(value_type = uuid::Uuid)]
    pub artifact_id: ArtifactId,
    /// Where the bytes are: an address of this server from its root on, or one of the store's own.
    pub download_url: String,
    /// How to ask for them.
    #[schema(pattern = "^GET$")]
    pub method: String,
    /// What the file is called where it is saved.
    pub filename: String,
    /// The type of the bytes.
    pub media_type: String,
    /// How many there are.
    pub size_bytes: u64,
    /// Their SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub sha256: Digest,
    /// From then on the link leads nowhere.
    #[serde(with = "crate::time")]
    pub expires_at: DateTime<Utc>,
}

/// Whoever has the address has the bytes, so it does not get into a log by being printed.
impl fmt::Debug for DownloadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadLink")
            .field("artifact_id", &self.artifact_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Links of several artifacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = artifacts::Links)]
pub struct Links {
    /// In the order in which they were asked for.
    pub items: Vec<DownloadLink>,
    /// Artifacts that do not exist.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub missing: Vec<ArtifactId>,
}

/// A link, as it was given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DownloadQuery {
    /// What the link says.
    #[param(max_length = 1000)]
    pub link: String,
}

impl fmt::Debug for DownloadQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadQuery").finish_non_exhaustive()
    }
}
