//! What can go wrong when a transcript is folded.

use frames::ContractError;
use kernel::{Class, Fault, RunId};
use sea_orm::DbErr;

/// A run is not shown.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// It has no such frame.
    #[error("run {run} has {frames} frames, so there is no state after frame {seq}")]
    BeyondEnd {
        /// Which.
        run: RunId,
        /// How many it has.
        frames: u64,
        /// The frame that was asked for.
        seq: u64,
    },
    /// It shows more than is kept in memory for one run.
    #[error(
        "what the first {seq} frames of run {run} show takes more than {} MiB: read its frames instead",
        super::fold::MAX_KEPT_BYTES >> 20
    )]
    TooLarge {
        /// Which.
        run: RunId,
        /// Where the limit was reached.
        seq: u64,
    },
    /// A stored frame is none.
    #[error("frame {seq} of run {run} cannot be read: verify the run")]
    Unreadable {
        /// Which.
        run: RunId,
        /// The frame.
        seq: u64,
        /// Why.
        #[source]
        source: Box<ContractError>,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for TranscriptError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::BeyondEnd { .. } => Class::Malformed,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Unreadable { .. } => Class::Internal,
            Self::Ledger(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "RUN_NOT_FOUND",
            Self::BeyondEnd { .. } => "POSITION_BEYOND_END",
            Self::TooLarge { .. } => "TRANSCRIPT_TOO_LARGE",
            Self::Unreadable { .. } => "LEDGER_DAMAGED",
            Self::Ledger(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}
