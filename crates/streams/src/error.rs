//! What can go wrong with a stream.

use std::sync::Arc;

use kernel::{Class, Fault, FieldError};
use sea_orm::DbErr;

use crate::{Offset, Refusal};

/// The stream refuses, or cannot.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Unknown, deleted, expired or foreign: indistinguishable on purpose.
    #[error("there is no such stream")]
    NotFound,
    /// Deleted, while streams that were forked from it go on: its path stays taken until they are gone.
    #[error("the stream was deleted; its path is free again when the streams forked from it are gone")]
    Gone,
    /// The path is of a deleted stream that others were forked from.
    #[error(
        "the path is of a deleted stream that others were forked from; delete those first, or take another"
    )]
    PathHeld,
    /// Another stream is there.
    #[error("there is a stream at this path already, and its {what} is another one")]
    Exists {
        /// What differs.
        what: &'static str,
    },
    /// The stream to fork was deleted.
    #[error("the stream to fork was deleted")]
    SourceGone,
    /// The stream to fork consists of something else.
    #[error("the stream is of the type {stream}, not {given}")]
    ContentType {
        /// Of the stream.
        stream: String,
        /// Of the request.
        given: String,
    },
    /// Nothing is added to a closed stream.
    #[error("the stream is closed")]
    Closed {
        /// Its end.
        end: Offset,
    },
    /// `Stream-Seq` does not grow.
    #[error("`Stream-Seq` is `{given}` and must sort after `{last}`")]
    OutOfOrder {
        /// The last one.
        last: String,
        /// The one of this append.
        given: String,
    },
    /// A producer of the same name has begun a later epoch.
    #[error("the producer writes in epoch {current} by now: stop writing")]
    StaleEpoch {
        /// The epoch in force.
        current: u64,
    },
    /// An epoch begins with its first append.
    #[error("a new epoch of a producer begins with `Producer-Seq: 0`, not {given}")]
    EpochStart {
        /// The seq of this append.
        given: u64,
    },
    /// An append of the producer is missing.
    #[error("the producer's next append is {expected}, not {given}")]
    ProducerGap {
        /// The next one.
        expected: u64,
        /// The seq of this append.
        given: u64,
    },
    /// A header, a part of the address or the body is not what it must be.
    #[error("{field}: {reason}")]
    Wrong {
        /// Which.
        field: &'static str,
        /// What is wrong with it and what would be right.
        reason: String,
    },
    /// A value is not what the stream was declared to consist of.
    #[error(
        "value {index} of the append, counted from 0, is refused, and nothing of the append is stored: {}",
        kernel::error_chain(.refusal)
    )]
    Refused {
        /// Which.
        index: usize,
        /// Why.
        refusal: Refusal,
    },
    /// One JSON value is larger than a frame.
    #[error("a value has {size_bytes} bytes where at most {limit_bytes} are taken: send it in parts")]
    TooLarge {
        /// Its size.
        size_bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// Writers of several processes keep taking the stream from each other.
    #[error("others are writing to this stream from elsewhere; try again in a moment")]
    Contended,
    /// A stored frame is none that this program wrote.
    #[error("append {seq} of stream {stream} cannot be read")]
    Unreadable {
        /// Which stream.
        stream: crate::StreamId,
        /// Which append.
        seq: u64,
    },
    /// The program is shutting down.
    #[error("the program is shutting down")]
    Stopped,
    /// The run of the stream refuses, or cannot.
    #[error("the stream's run failed")]
    Run(#[from] Arc<runs::foreign::Error>),
    /// The ledger refuses, or cannot.
    #[error("the stream's ledger failed")]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database of the streams failed")]
    Db(#[from] DbErr),
}

impl Error {
    pub(crate) fn wrong(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Wrong { field, reason: reason.into() }
    }
}

impl From<runs::foreign::Error> for Error {
    fn from(error: runs::foreign::Error) -> Self {
        Self::Run(Arc::new(error))
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::NotFound | Self::Gone => Class::NotFound,
            Self::PathHeld
            | Self::Exists { .. }
            | Self::SourceGone
            | Self::ContentType { .. }
            | Self::Closed { .. }
            | Self::OutOfOrder { .. }
            | Self::ProducerGap { .. } => Class::Conflict,
            Self::StaleEpoch { .. } => Class::Forbidden,
            Self::EpochStart { .. } | Self::Wrong { .. } => Class::Malformed,
            Self::Refused { refusal, .. } => refusal.class(),
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Contended => Class::Busy,
            Self::Unreadable { .. } => Class::Internal,
            Self::Stopped => Class::Unavailable,
            Self::Run(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "STREAM_NOT_FOUND",
            Self::Gone => "STREAM_GONE",
            Self::PathHeld => "STREAM_PATH_HELD",
            Self::Exists { .. } => "STREAM_EXISTS",
            Self::SourceGone => "STREAM_SOURCE_GONE",
            Self::ContentType { .. } => "STREAM_CONTENT_TYPE",
            Self::Closed { .. } => "STREAM_CLOSED",
            Self::OutOfOrder { .. } => "STREAM_SEQ_CONFLICT",
            Self::StaleEpoch { .. } => "PRODUCER_STALE_EPOCH",
            Self::EpochStart { .. } => "PRODUCER_EPOCH_START",
            Self::ProducerGap { .. } => "PRODUCER_GAP",
            Self::Wrong { .. } => "STREAM_REQUEST",
            Self::Refused { refusal, .. } => refusal.code(),
            Self::TooLarge { .. } => "STREAM_VALUE_TOO_LARGE",
            Self::Contended => "STREAM_CONTENDED",
            Self::Unreadable { .. } => "STREAM_UNREADABLE",
            Self::Stopped => "STREAMS_STOPPED",
            Self::Run(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Wrong { field, reason } => vec![FieldError::new(*field, reason.clone())],
            Self::Refused { index, refusal } => refusal.fields(*index),
            _ => Vec::new(),
        }
    }
}
