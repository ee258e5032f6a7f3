//! What a domain brings: a run kind. The registry erases its types, so the engine knows none of them.

mod erased;

use std::future::Future;

use kernel::{Fault, ReadDb, RunId, Tenant};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use self::erased::{AnyKind, AnyOutcome, Broken};
use crate::Run;
use crate::context::{RunContext, Stop};
use wire::runs;

/// A kind of run: how its spec is executed and what commits with its end.
///
/// The value holds just that kind's dependencies. Everything a run learns of the outside comes through its
/// [`RunContext`].
pub trait RunKind: Send + Sync + 'static {
    /// Its name in the database, the API and the registry.
    const NAME: &'static str;
    /// Raised when the meaning of `Spec` changes.
    const VERSION: u32;
    /// How many attempts a run may have when errors are retryable or workers vanish.
    const MAX_ATTEMPTS: u32;
    /// The pinned input; its canonical JSON is stored and hashed.
    type Spec: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What `publish` writes.
    type Outcome: Send + Sync + 'static;
    /// What can go wrong.
    type Error: Fault;

    /// Rows that must exist from the moment the run does. Runs inside the submit transaction.
    fn prepare(
        &self,
        _tx: &DatabaseTransaction,
        _tenant: Tenant,
        _run: RunId,
        _spec: &Self::Spec,
    ) -> impl Future<Output = Result<(), DbErr>> + Send {
        async { Ok(()) }
    }

    /// Does the work. May be called again after a crash: what it did outside its context must bear repetition.
    fn execute(
        &self,
        spec: Self::Spec,
        cx: &RunContext,
    ) -> impl Future<Output = Result<Completion<Self::Outcome>, Failure<Self::Error>>> + Send;

    /// Writes the outcome rows. Runs inside the transaction that ends the run.
    fn publish(
        &self,
        _tx: &DatabaseTransaction,
        _run: RunId,
        _outcome: &Self::Outcome,
    ) -> impl Future<Output = Result<(), DbErr>> + Send {
        async { Ok(()) }
    }

    /// Where the outcome rows of an ended run differ from its spec and from its record. `None`: this kind has no rows of
    /// its own.
    fn check_outcome(
        &self,
        _record: &Record<'_>,
        _spec: &Self::Spec,
    ) -> impl Future<Output = Result<Option<OutcomeCheck>, DbErr>> + Send {
        async { Ok(None) }
    }

    /// Runs of this kind on which something stands that is no run, each with what: retention leaves them as they are.
    fn held(
        &self,
        _db: &ReadDb,
        _tenant: Tenant,
    ) -> impl Future<Output = Result<Vec<(RunId, String)>, DbErr>> + Send {
        async { Ok(Vec::new()) }
    }

    /// Settles domain rows of a run that ends without an outcome. Runs inside the transaction that ends it.
    fn abandon(
        &self,
        _tx: &DatabaseTransaction,
        _run: RunId,
        _end: &End,
    ) -> impl Future<Output = Result<(), DbErr>> + Send {
        async { Ok(()) }
    }
}

/// An ended run, and what its record says of its end.
#[derive(Debug)]
pub struct Record<'a> {
    /// Where to read.
    pub db: &'a ReadDb,
    /// Whose run it is.
    pub tenant: Tenant,
    /// Its row, which is compared with the record elsewhere.
    pub run: &'a Run,
    /// The structured output of its terminal frame; `None` for a run that ended without an outcome.
    pub structured: Option<&'a Value>,
    /// Whether its times have an order that can be demanded: no frame is older than one before it.
    pub has_order: bool,
}

/// What a look at the outcome rows of a run found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OutcomeCheck {
    /// How many rows were compared.
    pub checked: u64,
    /// What does not fit, each in a sentence.
    pub problems: Vec<String>,
    /// What nothing in the record speaks of, each in a sentence.
    pub not_covered: Vec<String>,
}

/// A finished execution.
#[derive(Debug)]
pub struct Completion<O> {
    /// What `publish` writes.
    pub outcome: O,
    /// How it ended.
    pub ending: Ending,
    /// The mandatory `metrics` artifact.
    pub metrics: Value,
    /// One paragraph for people; the terminal frame's text.
    pub summary: String,
    /// The machine-readable result; the terminal frame's structured output.
    pub structured: Option<Value>,
}

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All of it was done.
    Completed,
    /// All of it was done, and the honest answer is that there is none (no champion can be named).
    Refused,
    /// Cancellation was observed; the outcome holds the finished parts.
    Cancelled,
}

/// An execution that has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum Failure<E> {
    /// The context stopped it.
    #[error(transparent)]
    Stopped(Stop),
    /// The kind failed.
    #[error("the run failed")]
    Failed(#[source] E),
}

impl<E: Fault> From<E> for Failure<E> {
    fn from(error: E) -> Self {
        Self::Failed(error)
    }
}

impl<E: Fault> From<Stop> for Failure<E> {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// How a run ended that has no outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It failed.
    Failed(runs::Fault),
    /// It was cancelled.
    Cancelled,
}
