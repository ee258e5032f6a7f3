//! Documents: what a row stands for, as canonical JSON in the store under its digest. They are stored before the row
//! that names them, so a row never names what is not there.

use artifacts::Store;
use bytes::Bytes;
use kernel::{Digest, canonical_json};
use runs::{Input, RunContext, Stop};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::runs::InputSource;

use crate::LabError;

/// Something that never changes, by id and by the digest of its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pinned<I> {
    /// Its id.
    pub(crate) id: I,
    /// The digest of its document.
    pub(crate) digest: Digest,
}

impl<I: std::fmt::Display> Pinned<I> {
    /// As an input of a run.
    pub(crate) fn input(&self, role: &str) -> Input {
        let source_id = format!("{role}/{}", self.id);
        Input { role: role.to_owned(), source: InputSource::Snapshot, source_id, digest: self.digest }
    }
}

/// Stores a document.
pub(crate) async fn put(store: &Store, document: &impl Serialize) -> Result<Digest, LabError> {
    let text = canonical_json(document).expect("a document is plain data with finite numbers");
    Ok(store.put(Bytes::from(text)).await?.digest)
}

/// A document from the store.
pub(crate) async fn get<T: DeserializeOwned>(
    store: &artifacts::Reader,
    what: &str,
    digest: &Digest,
) -> Result<T, LabError> {
    let bytes = store.get(digest).await?;
    serde_json::from_slice(&bytes).map_err(|error| LabError::unreadable(what, error))
}

/// A document as a run reads it: once for all runs of the process that hold it.
pub(crate) async fn held<T>(
    cx: &RunContext,
    digest: Digest,
) -> Result<Result<Arc<T>, serde_json::Error>, Stop>
where
    T: DeserializeOwned + Send + Sync + 'static,
{
    cx.object(digest, |bytes| serde_json::from_slice(&bytes)).await
}
