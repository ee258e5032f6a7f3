//! Import: a run that was recorded elsewhere is kept here as it is, under a run of its own.
//!
//! Its frames keep their bytes and its ledger its id, so that the head and every proof of it stay what they were. A tenant
//! keeps a ledger once: the same bundle again is the same run.

use artifacts::StoreError;
use bytes::Bytes;
use frames::LedgerId;
use kernel::{Class, Digest, Fault, FieldError, RunId, Tenant, canonical_json};
use ledger::Head;
use sea_orm::{DatabaseTransaction, DbErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::log::Proof;
use wire::runs::InputSource;

use super::{Bundle, BundleError, Error, Kind, Opening, Runs};
use crate::run::Input;

/// The role of what was brought.
pub(crate) const ROLE: &str = "bundle";

/// What is known of an imported run: where it was recorded, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Imported {
    /// The ledger's own id.
    pub(crate) ledger_id: Uuid,
    pub(crate) frames: u64,
    pub(crate) head: Digest,
    /// The run that it was where it was recorded.
    pub(crate) run_id: RunId,
    /// What that run did, where its first frame says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run_kind: Option<String>,
    pub(crate) schema: String,
    pub(crate) stream_id: String,
    /// The checkpoint of the log that its end is in.
    pub(crate) log: LogOf,
}

/// The log that the end of an imported run is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogOf {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Digest,
    /// The place of the end in it.
    pub(crate) index: u64,
    /// The key that has signed the checkpoint.
    pub(crate) signed_by: String,
    /// Whoever imported it has named the key; otherwise the bundle did.
    pub(crate) is_key_given: bool,
}

/// The proof as it was brought, kept under the run that it speaks for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The run here. With it the bytes are those of no other import.
    pub(crate) imported_as: RunId,
    pub(crate) proof: Proof,
}

/// A run was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The bundle does not hold.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The tenant has this ledger with other frames.
    #[error(
        "run {run} has the ledger {ledger} already, and with another record: verify that run, and ask where the bundle \
         comes from"
    )]
    Differs {
        /// The run that has it.
        run: RunId,
        /// The ledger.
        ledger: LedgerId,
    },
    /// It was not written.
    #[error(transparent)]
    Write(#[from] Error),
}

impl From<DbErr> for ImportError {
    fn from(error: DbErr) -> Self {
        Self::Write(error.into())
    }
}

impl From<ledger::Error> for ImportError {
    fn from(error: ledger::Error) -> Self {
        Self::Write(error.into())
    }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

impl Fault for ImportError {
    fn class(&self) -> Class {
        match self {
            Self::Bundle(error) => error.class(),
            Self::Differs { .. } => Class::Conflict,
            Self::Write(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Bundle(error) => error.code(),
            Self::Differs { .. } => "LEDGER_DIFFERS",
            Self::Write(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Bundle(error) => error.fields(),
            Self::Differs { .. } | Self::Write(_) => Vec::new(),
        }
    }
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// It is a run of its own now.
    New(RunId),
    /// The tenant had it already.
    Known(RunId),
}

impl Runs {
    /// Keeps the run of a bundle, which has been checked, under this tenant.
    ///
    /// # Errors
    ///
    /// Fails if the tenant has its ledger with other frames, or if it cannot be written.
    pub async fn import(&self, tenant: Tenant, bundle: &Bundle) -> Result<Import, ImportError> {
        if let Some(known) = self.known(tenant, bundle).await? {
            return Ok(Import::Known(known));
        }
        let shared = &self.0;
        let run = RunId::new(&*shared.clock);
        let proof = self.keep_proof(run, bundle).await?;
        let opening = opening(bundle, proof, shared.config.worker.clone());
        let ending = self.ending(run, &bundle.terminal).await?;
        let ending = ending.expect("a bundle that holds ends with a terminal frame");
        let ledger = LedgerId(bundle.proof.ledger_id);
        let write = async |tx: &DatabaseTransaction| {
            let held = self.open_as_in(tx, tenant, (run, ledger), &opening).await?;
            self.close_in(tx, held.fence, 1, &bundle.frames, &ending).await
        };
        match shared.db.write.write("import run", write).await {
            Ok(()) => {
                self.woken(run);
                Ok(Import::New(run))
            }
            // Another request with the same bundle may have been faster.
            Err(error) => match self.known(tenant, bundle).await {
                Ok(Some(known)) => Ok(Import::Known(known)),
                _ => Err(error.into()),
            },
        }
    }

    /// Keeps the proof that a run was brought with. The marks have done what they are for.
    async fn keep_proof(&self, run: RunId, bundle: &Bundle) -> Result<Digest, StoreError> {
        let kept = Kept { imported_as: run, proof: Proof { marks: None, ..bundle.proof.clone() } };
        let kept = canonical_json(&kept).expect("a proof is plain data");
        Ok(self.0.store.put(Bytes::from(kept)).await?.digest)
    }

    /// The run that has this record already.
    async fn known(&self, tenant: Tenant, bundle: &Bundle) -> Result<Option<RunId>, ImportError> {
        let (proof, ledger) = (&bundle.proof, LedgerId(bundle.proof.ledger_id));
        let found = self.0.ledger.reader().find(tenant, ledger).await?;
        let Some((run, head)) = found else { return Ok(None) };
        if head == (Head { seq: proof.frames, digest: proof.head, is_closed: true }) {
            return Ok(Some(run));
        }
        Err(ImportError::Differs { run, ledger })
    }
}

fn opening(bundle: &Bundle, digest: Digest, holder: String) -> Opening {
    let Bundle { proof, opened, terminal, signed, .. } = bundle;
    let checkpoint = &signed.checkpoint;
    let spec = Imported {
        ledger_id: proof.ledger_id,
        frames: proof.frames,
        head: proof.head,
        run_id: proof.run_id,
        run_kind: opened.as_ref().map(|opened| opened.run_kind.clone()),
        schema: terminal.envelope.schema.as_str().to_owned(),
        stream_id: terminal.envelope.stream_id.clone(),
        log: LogOf {
            origin: checkpoint.origin.clone(),
            size: checkpoint.size,
            root: checkpoint.root,
            index: proof.index,
            signed_by: signed.by.clone(),
            is_key_given: signed.is_key_given,
        },
    };
    let named = opened.as_ref().and_then(|opened| opened.title.clone());
    Opening {
        kind: Kind::Import,
        title: named.unwrap_or_else(|| terminal.envelope.stream_id.clone()),
        spec: canonical_json(&spec).expect("what is known of an import is plain data"),
        holder,
        conversation_id: None,
        inputs: vec![Input {
            role: ROLE.to_owned(),
            source: InputSource::Snapshot,
            source_id: format!("bundle/{}", proof.ledger_id),
            digest,
        }],
    }
}
