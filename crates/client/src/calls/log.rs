//! The log of ends, and runs as others read them.

use bytes::Bytes;
use futures::Stream;
use kernel::RunId;
use wire::export::ExportQuery;
use wire::log::{Cosign, Cosigned, Keys, Proof, ProofQuery};

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// That the end of a run is in the log.
    proof(run: RunId) = GET "/runs/{run_id}/proof" ? ProofQuery => Proof;
    /// The keys that sign the log, or have signed it.
    log_keys() = GET "/log/keys" => Keys;
    /// Adds what witnesses have signed.
    cosign() = POST "/log/cosignatures", Cosign => Cosigned;
}

pub(super) const CHECKPOINT: Operation = Operation { method: "GET", path: "/log/checkpoint" };

pub(super) const BUNDLE: Operation = Operation { method: "GET", path: "/runs/{run_id}/bundle" };

pub(super) const EXPORT: Operation = Operation { method: "GET", path: "/runs/{run_id}/export" };

impl Client {
    /// A run as another program reads it, as it comes.
    pub async fn export(
        &self,
        run: RunId,
        query: &ExportQuery,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, Error> {
        self.download_stream(Call::new(EXPORT).at(&run).asking(query)).await
    }

    /// The proof of a run with its frames, as it comes.
    pub async fn bundle(
        &self,
        run: RunId,
        query: &ProofQuery,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, Error> {
        self.download_stream(Call::new(BUNDLE).at(&run).asking(query)).await
    }

    /// The newest checkpoint, a signed note.
    pub async fn checkpoint(&self) -> Result<String, Error> {
        let note = self.download(Call::new(CHECKPOINT)).await?;
        Ok(String::from_utf8_lossy(&note).into_owned())
    }
}
