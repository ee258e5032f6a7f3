//! What can go wrong with a request about a run.

use kernel::{Class, Fault, RunId};
use sea_orm::DbErr;

/// A run that was not submitted.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Another run holds the key that only one may hold at a time.
    #[error("run {holder} is still active; cancel it or wait for its end")]
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
    /// The engine is shutting down.
    #[error("the server is shutting down; submit again when it is back")]
    ShuttingDown,
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
            Self::Exclusive { .. } | Self::KeyReused { .. } => Class::Conflict,
            Self::ShuttingDown => Class::Unavailable,
            Self::Spec(_) | Self::Ledger(_) | Self::Db(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Exclusive { .. } => "RUN_ALREADY_ACTIVE",
            Self::KeyReused { .. } => "IDEMPOTENCY_KEY_REUSED",
            Self::ShuttingDown => "SHUTTING_DOWN",
            Self::Spec(_) | Self::Ledger(_) | Self::Db(_) => "INTERNAL_ERROR",
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
    /// It was asked to stop and has not yet; the request stays in force.
    #[error("run {0} was asked to stop and has not settled yet; the request stays in force, so look again")]
    Timeout(RunId),
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
            Self::AlreadyTerminal { .. } => Class::Conflict,
            Self::Timeout(_) => Class::Timeout,
            Self::Ledger(_) | Self::Db(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "NOT_FOUND",
            Self::AlreadyTerminal { .. } => "RUN_ALREADY_TERMINAL",
            Self::Timeout(_) => "CANCEL_TIMEOUT",
            Self::Ledger(_) | Self::Db(_) => "INTERNAL_ERROR",
        }
    }
}
