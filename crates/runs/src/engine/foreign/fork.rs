//! Forks: a run of others that begins with what another run did up to a frame, and goes on as its holder says.
//!
//! What both have in common is the same bytes under the same numbers; the fork's spec has the link of the source's chain
//! after the last of them, so that it is proven without the source's frames.

use frames::{Chain, Frame, LedgerId};
use kernel::{Class, Digest, Fault, FieldError, RunId, Tenant, canonical_json};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::{Deserialize, Serialize};
use wire::runs::InputSource;

use super::{Error, Kind, Opening, Runs};
use crate::engine::PAGE;
use crate::query;
use crate::run::{Input, Run};

/// The role of the run that a fork begins with.
pub(crate) const ROLE: &str = "fork";

/// No more is copied.
const MAX_BYTES: usize = 64 << 20;

/// What is known of a fork: what it shares with which run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Forked {
    pub(crate) source_run_id: RunId,
    /// The ledger that the digest is a link of.
    pub(crate) source_ledger_id: uuid::Uuid,
    /// The last frame that both have.
    pub(crate) seq: u64,
    /// The link of the source's chain after it.
    pub(crate) digest: Digest,
}

/// A run was not forked.
#[derive(Debug, thiserror::Error)]
pub enum ForkError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// No frame of the run that one can go on after.
    #[error("frame {seq} of run {run} cannot be forked at: {reason}")]
    Place {
        /// The run.
        run: RunId,
        /// Where it was to be.
        seq: u64,
        /// Why not.
        reason: String,
    },
    /// More bytes than are copied.
    #[error("the frames of run {run} up to {seq} have more than {MAX_BYTES} bytes: fork it earlier")]
    TooLarge {
        /// The run.
        run: RunId,
        /// Where it was to be.
        seq: u64,
    },
    /// It was not read or not written.
    #[error(transparent)]
    Write(#[from] Error),
}

impl From<DbErr> for ForkError {
    fn from(error: DbErr) -> Self {
        Self::Write(error.into())
    }
}

impl From<ledger::Error> for ForkError {
    fn from(error: ledger::Error) -> Self {
        Self::Write(error.into())
    }
}

impl Fault for ForkError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::Place { .. } => Class::Invalid,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Write(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "RUN_NOT_FOUND",
            Self::Place { .. } => "VALIDATION_ERROR",
            Self::TooLarge { .. } => "FORK_TOO_LARGE",
            Self::Write(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Place { reason, .. } => vec![FieldError::new("seq", reason.clone())],
            _ => Vec::new(),
        }
    }
}

impl Runs {
    /// Opens a run whose first `seq` frames are those of another run. Its holder goes on with [`Self::extend`].
    ///
    /// # Errors
    ///
    /// Fails if there is no such run, if it has no such frame or ends with it, or if its frames were let go.
    pub async fn fork(&self, tenant: Tenant, source: RunId, seq: u64) -> Result<RunId, ForkError> {
        let shared = &self.0;
        let found = query::find(&shared.db.read, tenant, source).await?;
        let found = found.ok_or(ForkError::NotFound(source))?;
        let ledger = shared.ledger.reader().id(tenant, source).await?;
        let frames = self.beginning(tenant, source, seq).await?;
        let opening = opening(&found, ledger, &frames, shared.config.worker.clone());
        let write = async |tx: &DatabaseTransaction| {
            let held = self.open_in(tx, tenant, &opening).await?;
            self.append_in(tx, held.run, held.fence, 1, &frames).await?;
            Ok::<_, Error>(held.run)
        };
        let run = shared.db.write.write("fork run", write).await?;
        self.woken(run);
        Ok(run)
    }

    /// The first frames of a run, none of which ends it.
    async fn beginning(&self, tenant: Tenant, run: RunId, seq: u64) -> Result<Vec<String>, ForkError> {
        let place = |reason: String| ForkError::Place { run, seq, reason };
        let reader = self.0.ledger.reader();
        let (mut frames, mut bytes) = (Vec::new(), 0);
        while (frames.len() as u64) < seq {
            let page = reader.page(tenant, run, frames.len() as u64, PAGE).await?;
            if page.frames.is_empty() {
                return Err(place(format!("the run has {} frames", page.head.seq)));
            }
            for (_, text) in page.frames.into_iter().take_while(|(at, _)| *at <= seq) {
                bytes += text.len();
                frames.push(text);
            }
            if bytes > MAX_BYTES {
                return Err(ForkError::TooLarge { run, seq });
            }
        }
        let last = frames.last().ok_or_else(|| place("frames are numbered from 1".to_owned()))?;
        let last = Frame::parse(last).map_err(|error| place(error.to_string()))?;
        if last.is_terminal() {
            return Err(place("the run ends with it, and nothing comes after an end".to_owned()));
        }
        Ok(frames)
    }
}

fn opening(source: &Run, ledger: LedgerId, frames: &[String], holder: String) -> Opening {
    let mut chain = Chain::new(ledger);
    for frame in frames {
        chain.push(frame.as_bytes());
    }
    let spec = Forked {
        source_run_id: source.id,
        source_ledger_id: ledger.0,
        seq: chain.seq(),
        digest: chain.head(),
    };
    Opening {
        kind: Kind::Fork,
        title: format!("Fork of {}", source.title),
        spec: canonical_json(&spec).expect("what is known of a fork is plain data"),
        holder,
        conversation_id: Some(source.conversation_id),
        inputs: vec![Input {
            role: ROLE.to_owned(),
            source: InputSource::Run,
            source_id: source.id.to_string(),
            digest: source.spec_digest,
        }],
    }
}
