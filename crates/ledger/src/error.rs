//! What can go wrong with a ledger.

use kernel::{Class, Fault, RunId};
use sea_orm::DbErr;

/// The ledger refuses, or cannot.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// No such run, or one of another tenant: indistinguishable on purpose.
    #[error("there is no run {run}")]
    UnknownRun {
        /// Which.
        run: RunId,
    },
    /// Another writer has taken over; this one must stop.
    #[error("the writer of run {run} holds token {given}, but the current one is {current}: stop writing")]
    Fenced {
        /// Which.
        run: RunId,
        /// The token of the caller.
        given: i64,
        /// The token in force.
        current: i64,
    },
    /// The terminal frame is written; nothing comes after it.
    #[error("the ledger of run {run} is closed after frame {seq}")]
    Closed {
        /// Which.
        run: RunId,
        /// Its last frame.
        seq: u64,
    },
    /// Frames before these are missing.
    #[error("run {run} expects frame {expected} next, not frame {given}")]
    Gap {
        /// Which.
        run: RunId,
        /// The next seq.
        expected: u64,
        /// The seq of the caller's first frame.
        given: u64,
    },
    /// The frame is already stored, and differs.
    #[error("frame {seq} of run {run} is already stored with other bytes")]
    Conflict {
        /// Which.
        run: RunId,
        /// The first frame that differs.
        seq: u64,
    },
    /// A frame is one line: not empty, and free of control characters (JSON writes them as escapes).
    #[error("frame {seq} of run {run} is empty or contains a control character")]
    NotOneLine {
        /// Which.
        run: RunId,
        /// The offending frame.
        seq: u64,
    },
    /// One frame or one append is larger than the ledger takes.
    #[error("an append to run {run} has {size_bytes} bytes where at most {limit_bytes} are taken")]
    TooLarge {
        /// Which.
        run: RunId,
        /// The size of the frame or the append.
        size_bytes: usize,
        /// The limit of the frame or the append.
        limit_bytes: usize,
    },
    /// The frames were let go under a retention receipt. Their digests are kept, so the chain is still proven.
    #[error("frames {first} to {last} of run {run} were removed under retention: read on after {last}")]
    Pruned {
        /// Which.
        run: RunId,
        /// The first frame that was asked for and is gone.
        first: u64,
        /// The last of those that are gone with it.
        last: u64,
    },
    /// Frames of a run that goes on are never let go.
    #[error("the ledger of run {run} is open: only the frames of an ended run can be removed")]
    Open {
        /// Which.
        run: RunId,
    },
    /// No retention receipt names the frames of this run.
    #[error("no retention receipt releases the frames of run {run}: write one first")]
    NotReleased {
        /// Which.
        run: RunId,
    },
    /// The ledger's own row cannot be read.
    #[error("the ledger's row of run {run} is damaged ({reason}): restore it from a copy")]
    DamagedHead {
        /// Which.
        run: RunId,
        /// What is wrong with it.
        reason: String,
    },
    /// The stored frames contradict themselves; `verify` says more.
    #[error("the stored frames of run {run} are damaged at frame {seq}: verify the run")]
    Damaged {
        /// Which.
        run: RunId,
        /// The first frame that cannot be read.
        seq: u64,
    },
    /// The committer is gone, because its runtime is shutting down.
    #[error("the ledger takes no more frames: the program is shutting down")]
    Stopped,
    /// The database failed; nothing of the append is stored unless the commit's answer was lost, and then appending
    /// the same bytes again is safe.
    #[error("the database of the ledger failed")]
    Db(#[from] DbErr),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::UnknownRun { .. } | Self::Pruned { .. } => Class::NotFound,
            Self::Fenced { .. }
            | Self::Closed { .. }
            | Self::Gap { .. }
            | Self::Conflict { .. }
            | Self::Open { .. }
            | Self::NotReleased { .. } => Class::Conflict,
            Self::NotOneLine { .. } => Class::Invalid,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Stopped => Class::Unavailable,
            Self::Db(error) => error.class(),
            Self::Damaged { .. } | Self::DamagedHead { .. } => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownRun { .. } => "RUN_NOT_FOUND",
            Self::Fenced { .. } => "LEDGER_FENCED",
            Self::Closed { .. } => "LEDGER_CLOSED",
            Self::Gap { .. } => "LEDGER_GAP",
            Self::Conflict { .. } => "LEDGER_CONFLICT",
            Self::NotOneLine { .. } => "FRAME_NOT_ONE_LINE",
            Self::TooLarge { .. } => "FRAME_TOO_LARGE",
            Self::Pruned { .. } => "FRAMES_PRUNED",
            Self::Open { .. } => "LEDGER_OPEN",
            Self::NotReleased { .. } => "FRAMES_NOT_RELEASED",
            Self::Damaged { .. } | Self::DamagedHead { .. } => "LEDGER_DAMAGED",
            Self::Stopped => "LEDGER_STOPPED",
            Self::Db(error) => error.code(),
        }
    }
}
