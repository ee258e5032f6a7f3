//! What can go wrong with a ledger.

use kernel::{Class, Fault, RunId};
use sea_orm::{DbErr, RuntimeErr, sqlx};

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
            Self::UnknownRun { .. } => Class::NotFound,
            Self::Fenced { .. } | Self::Closed { .. } | Self::Gap { .. } | Self::Conflict { .. } => {
                Class::Conflict
            }
            Self::NotOneLine { .. } => Class::Invalid,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Stopped => Class::Unavailable,
            Self::Db(error) if is_lost(error) => Class::Unavailable,
            Self::Damaged { .. } | Self::Db(_) => Class::Internal,
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
            Self::Damaged { .. } => "LEDGER_DAMAGED",
            Self::Stopped => "LEDGER_STOPPED",
            Self::Db(_) => "LEDGER_DATABASE",
        }
    }
}

/// The database is not there right now, or busy, as opposed to: it refuses what we ask.
pub(crate) fn is_lost(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match &**cause {
                sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| is_busy(&code)),
                cause => matches!(
                    cause,
                    sqlx::Error::Io(_)
                        | sqlx::Error::PoolTimedOut
                        | sqlx::Error::PoolClosed
                        | sqlx::Error::WorkerCrashed
                ),
            }
        }
        _ => false,
    }
}

/// `SQLITE_BUSY` with its variants; PostgreSQL's classes of lost connections, exhausted resources and shut-downs.
fn is_busy(code: &str) -> bool {
    let is_postgres = code.len() == 5 && ["08", "53", "57P"].iter().any(|class| code.starts_with(class));
    is_postgres || matches!(code, "5" | "261" | "517" | "773")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_or_lost_database_is_worth_another_try_and_a_refusal_is_not() {
        for code in ["5", "517", "08006", "53100", "57P01"] {
            assert!(is_busy(code), "{code}");
        }
        for code in ["1811", "23505", "P0001", "40P01", "13", "531"] {
            assert!(!is_busy(code), "{code}");
        }
        let closed = RuntimeErr::SqlxError(std::sync::Arc::new(sqlx::Error::PoolClosed));
        assert!(Error::Db(DbErr::Exec(closed)).is_retryable());
        assert!(!Error::Db(DbErr::RecordNotUpdated).is_retryable());
    }
}
