//! What can go wrong with a request about a run.

use artifacts::StoreError;
use frames::Decision;
use kernel::{Class, ConversationId, Fault, FieldError, RunId};
use sea_orm::DbErr;

/// A run that was not submitted.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Another run holds the key that only one may hold at a time.
    #[error(
        "run {holder} is still active; wait for its end or cancel it; where the process that ran it has ended, \
         `assay run recover` goes on with it"
    )]
    Exclusive {
        /// The active run.
        holder: RunId,
    },
    /// The idempotency key was used for something else.
    #[error("the idempotency key was used for run {earlier} with another request; choose a new key")]
    KeyReused {
        /// The run the key belongs to.
        earlier: RunId,
    },
    /// The conversation does not exist, or is another tenant's.
    #[error("conversation {0} does not exist; open one first, or leave the field out")]
    UnknownConversation(ConversationId),
    /// The run that would start this one has ended or is to stop.
    #[error("run {0} has ended or is to stop, so it starts no further run")]
    ParentEnded(RunId),
    /// This program has no such run kind.
    #[error("this program knows no run kind `{0}`")]
    UnknownKind(String),
    /// The engine is shutting down.
    #[error("the server is shutting down; submit again when it is back")]
    ShuttingDown,
    /// The tenant has as many active runs as it may.
    #[error(
        "{limit} runs of yours are active, and that is as many as may be; wait for the end of one or cancel it"
    )]
    TooManyOpen {
        /// How many may be.
        limit: u64,
    },
    /// The spec is not JSON.
    #[error("the spec cannot be stored")]
    Spec(#[from] serde_json::Error),
    /// The first frame's place could not be made.
    #[error("the ledger refused the run")]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for SubmitError {
    fn class(&self) -> Class {
        match self {
            Self::Exclusive { .. } | Self::KeyReused { .. } | Self::ParentEnded(_) => Class::Conflict,
            Self::UnknownConversation(_) => Class::Invalid,
            Self::UnknownKind(_) => Class::Unprocessable,
            Self::ShuttingDown => Class::Unavailable,
            Self::TooManyOpen { .. } => Class::Busy,
            Self::Ledger(ledger::Error::Db(error)) | Self::Db(error) => error.class(),
            Self::Spec(_) | Self::Ledger(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Exclusive { .. } => "RUN_ALREADY_ACTIVE",
            Self::KeyReused { .. } => "IDEMPOTENCY_KEY_REUSED",
            Self::UnknownConversation(_) => "VALIDATION_ERROR",
            Self::ParentEnded(_) => "PARENT_ENDED",
            Self::UnknownKind(_) => "UNKNOWN_RUN_KIND",
            Self::ShuttingDown => "SHUTTING_DOWN",
            Self::TooManyOpen { .. } => "TOO_MANY_OPEN_RUNS",
            Self::Ledger(ledger::Error::Db(error)) | Self::Db(error) => error.code(),
            Self::Spec(_) | Self::Ledger(_) => "INTERNAL_ERROR",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::UnknownConversation(id) => {
                vec![FieldError::new("conversation_id", format!("conversation {id} does not exist"))]
            }
            _ => Vec::new(),
        }
    }
}

/// A cancellation that did not settle the run.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// It had ended before.
    #[error("run {run} has already {state}; there is nothing to cancel")]
    AlreadyTerminal {
        /// The run.
        run: RunId,
        /// How it ended.
        state: crate::RunState,
    },
    /// Others write it, and nobody here can stop them.
    #[error("others write run {0}, and it ends when they end it; where they have vanished, abandon it")]
    OfOthers(RunId),
    /// It was asked to stop and has not yet; the request stays in force.
    #[error("run {0} was asked to stop and has not settled yet; the request stays in force, so look again")]
    Timeout(RunId),
    /// The metrics of the end could not be stored.
    #[error("the metrics of the end could not be stored")]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error("the ledger refused the end")]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for CancelError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::AlreadyTerminal { .. } | Self::OfOthers(_) => Class::Conflict,
            Self::Timeout(_) => Class::Timeout,
            Self::Store(error) => error.class(),
            Self::Ledger(ledger::Error::Db(error)) | Self::Db(error) => error.class(),
            Self::Ledger(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "NOT_FOUND",
            Self::AlreadyTerminal { .. } => "RUN_ALREADY_TERMINAL",
            Self::OfOthers(_) => "RUN_OF_OTHERS",
            Self::Timeout(_) => "CANCEL_TIMEOUT",
            Self::Store(error) => error.code(),
            Self::Ledger(ledger::Error::Db(error)) | Self::Db(error) => error.code(),
            Self::Ledger(_) => "INTERNAL_ERROR",
        }
    }
}

/// An answer that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// No such run for this tenant, or it has not asked that.
    #[error("run {run} has no question `{name}`")]
    NotFound {
        /// The run.
        run: RunId,
        /// The question.
        name: String,
    },
    /// It was answered otherwise before.
    #[error("question `{name}` of run {run} has been answered: {}", answer.as_str())]
    Answered {
        /// The run.
        run: RunId,
        /// The question.
        name: String,
        /// The answer.
        answer: Decision,
    },
    /// The run has ended without an answer.
    #[error("run {run} has already {state}; there is nothing to decide")]
    Ended {
        /// The run.
        run: RunId,
        /// How it ended.
        state: crate::RunState,
    },
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for DecideError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound { .. } => Class::NotFound,
            Self::Answered { .. } | Self::Ended { .. } => Class::Conflict,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Answered { .. } => "ALREADY_DECIDED",
            Self::Ended { .. } => "RUN_ALREADY_TERMINAL",
            Self::Db(error) => error.code(),
        }
    }
}

/// An operator's step that was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperateError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// It goes on by itself.
    #[error("run {run} is {state}; only a run that has ended is run again")]
    NotEnded {
        /// The run.
        run: RunId,
        /// Where it stands.
        state: crate::RunState,
    },
    /// It left nothing that another one could be compared with.
    #[error("run {run} is {state}; only a run that has succeeded is reproduced")]
    NotSucceeded {
        /// The run.
        run: RunId,
        /// Where it stands.
        state: crate::RunState,
    },
    /// It had ended before.
    #[error("run {run} has already {state}; there is nothing to give up")]
    AlreadyTerminal {
        /// The run.
        run: RunId,
        /// How it ended.
        state: crate::RunState,
    },
    /// Others did what it records.
    #[error("run {run} is a record of what others did (`{}`), so it is not done again here", kind.as_str())]
    OfOthers {
        /// The run.
        run: RunId,
        /// Where it comes from.
        kind: crate::foreign::Kind,
    },
    /// A worker holds it.
    #[error("run {0} is running; cancel it instead")]
    Running(RunId),
    /// What it has started goes on.
    #[error("run {0} has started runs that go on; cancel it instead")]
    HasChildren(RunId),
    /// It was not submitted again.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Its end could not be written.
    #[error("the end of the run could not be written")]
    End(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for OperateError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::NotEnded { .. }
            | Self::NotSucceeded { .. }
            | Self::AlreadyTerminal { .. }
            | Self::OfOthers { .. }
            | Self::Running(_)
            | Self::HasChildren(_) => Class::Conflict,
            Self::Submit(error) => error.class(),
            Self::End(_) => Class::Unavailable,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "NOT_FOUND",
            Self::NotEnded { .. } => "RUN_NOT_ENDED",
            Self::NotSucceeded { .. } => "RUN_NOT_SUCCEEDED",
            Self::AlreadyTerminal { .. } => "RUN_ALREADY_TERMINAL",
            Self::OfOthers { .. } => "RUN_OF_OTHERS",
            Self::Running(_) => "RUN_IS_RUNNING",
            Self::HasChildren(_) => "RUN_HAS_CHILDREN",
            Self::Submit(error) => error.code(),
            Self::End(_) => "END_NOT_WRITTEN",
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Submit(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}
