//! What can go wrong with the log of ends.

use kernel::{Class, Fault, RunId};
use sea_orm::DbErr;

/// The log refuses, or cannot.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    /// No such run, or one of another tenant: indistinguishable on purpose.
    #[error("there is no run {run}")]
    UnknownRun {
        /// Which.
        run: RunId,
    },
    /// What goes on has no end yet.
    #[error("run {run} goes on: its end is in the log when it has one")]
    Open {
        /// Which.
        run: RunId,
    },
    /// The end is noted and not in a checkpoint yet.
    #[error("the end of run {run} waits for its place in the log: ask again")]
    Waiting {
        /// Which.
        run: RunId,
    },
    /// Nothing is signed yet.
    #[error("the log of ends has no checkpoint yet: start the server once")]
    Empty,
    /// An older checkpoint is of a log that is larger than this one.
    #[error(
        "the log has {size} entries, fewer than {since}: a log that shrinks was rewritten, or this is another one"
    )]
    Shrunk {
        /// How many it has.
        size: u64,
        /// How many it is said to have had.
        since: u64,
    },
    /// The key that is listed last is not in this data directory.
    #[error(
        "the log is signed with the key {listed}, which this data directory does not have: start the server where it is, \
         or list another with `assay key rotate`"
    )]
    OtherKey {
        /// The public half.
        listed: String,
    },
    /// There is no key to begin with.
    #[error("the data directory has no key to sign the log of ends with")]
    NoKey,
    /// The key's name is not that of the log.
    #[error("the log is named {origin}, and the new key {name}: a log keeps its name")]
    OtherName {
        /// The log's.
        origin: String,
        /// The key's.
        name: String,
    },
    /// A witness has signed something else, such as an older checkpoint.
    #[error("{witness} has not signed the newest checkpoint, which has {size} entries: ask it for that one")]
    NotCosigned {
        /// The name of its key.
        witness: String,
        /// The size of the newest checkpoint.
        size: u64,
    },
    /// The stored log contradicts itself. Nothing more is added to it.
    #[error("the log of ends is damaged ({reason}): restore it from a copy")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
    /// The database failed.
    #[error("the database of the log failed")]
    Db(#[from] DbErr),
}

impl LogError {
    pub(super) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged { reason: reason.into() }
    }
}

impl Fault for LogError {
    fn class(&self) -> Class {
        match self {
            Self::UnknownRun { .. } | Self::Empty => Class::NotFound,
            Self::Open { .. }
            | Self::Waiting { .. }
            | Self::Shrunk { .. }
            | Self::OtherName { .. }
            | Self::NotCosigned { .. } => Class::Conflict,
            Self::OtherKey { .. } | Self::NoKey => Class::Unavailable,
            Self::Damaged { .. } => Class::Internal,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownRun { .. } => "RUN_NOT_FOUND",
            Self::Open { .. } => "RUN_NOT_ENDED",
            Self::Waiting { .. } => "END_NOT_IN_LOG_YET",
            Self::Empty => "LOG_EMPTY",
            Self::Shrunk { .. } => "LOG_SMALLER",
            Self::OtherKey { .. } => "LOG_KEY_ELSEWHERE",
            Self::NoKey => "LOG_KEY_MISSING",
            Self::OtherName { .. } => "LOG_NAME_DIFFERS",
            Self::NotCosigned { .. } => "CHECKPOINT_NOT_COSIGNED",
            Self::Damaged { .. } => "LOG_DAMAGED",
            Self::Db(error) => error.code(),
        }
    }
}
