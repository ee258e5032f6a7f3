//! What a domain brings: a run kind. The registry erases its types, so the engine knows none of them.

use std::any::Any;
use std::future::Future;

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{Class, Fault, ReadDb, RunId, Tenant};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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

pub(crate) type AnyOutcome = Box<dyn Any + Send + Sync>;

/// An execution without an outcome, types erased.
#[derive(Debug)]
pub(crate) enum Broken {
    Stopped(Stop),
    Failed { problem: runs::Fault, is_retryable: bool },
}

impl Broken {
    pub(crate) fn permanent(code: &str, message: impl Into<String>) -> Self {
        let problem = runs::Fault { code: code.to_owned(), message: message.into() };
        Self::Failed { problem, is_retryable: false }
    }

    fn of(fault: &impl Fault) -> Self {
        // The class decides what may be told, here as in HTTP: our own defects go to the log, not to the frame.
        let message = if fault.class() == Class::Internal {
            tracing::error!(error = fault as &dyn std::error::Error, "a run failed by our own defect");
            "an internal error; the server's log has the cause".to_owned()
        } else {
            fault.to_string()
        };
        let problem = runs::Fault { code: fault.code().to_owned(), message };
        Self::Failed { problem, is_retryable: fault.is_retryable() }
    }
}

/// A run kind with its types erased.
pub(crate) trait AnyKind: Send + Sync {
    fn version(&self) -> u32;
    fn max_attempts(&self) -> u32;
    fn prepare<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        tenant: Tenant,
        run: RunId,
        spec: &'a str,
    ) -> BoxFuture<'a, Result<(), DbErr>>;
    fn execute<'a>(
        &'a self,
        spec: &'a str,
        cx: &'a RunContext,
    ) -> BoxFuture<'a, Result<Completion<AnyOutcome>, Broken>>;
    fn publish<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        run: RunId,
        outcome: &'a AnyOutcome,
    ) -> BoxFuture<'a, Result<(), DbErr>>;
    fn abandon<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        run: RunId,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), DbErr>>;
    fn check_outcome<'a>(
        &'a self,
        record: &'a Record<'a>,
    ) -> BoxFuture<'a, Result<Option<OutcomeCheck>, DbErr>>;
}

impl<K: RunKind> AnyKind for K {
    fn version(&self) -> u32 {
        K::VERSION
    }

    fn max_attempts(&self) -> u32 {
        K::MAX_ATTEMPTS
    }

    fn prepare<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        tenant: Tenant,
        run: RunId,
        spec: &'a str,
    ) -> BoxFuture<'a, Result<(), DbErr>> {
        async move {
            let spec: K::Spec = serde_json::from_str(spec).map_err(|e| DbErr::Json(e.to_string()))?;
            RunKind::prepare(self, tx, tenant, run, &spec).await
        }
        .boxed()
    }

    fn execute<'a>(
        &'a self,
        spec: &'a str,
        cx: &'a RunContext,
    ) -> BoxFuture<'a, Result<Completion<AnyOutcome>, Broken>> {
        async move {
            let spec = serde_json::from_str(spec).map_err(|error| {
                let message = format!("this version cannot read the spec ({error}); submit it again");
                Broken::permanent("SPEC_UNREADABLE", message)
            })?;
            match RunKind::execute(self, spec, cx).await {
                Ok(done) => Ok(Completion {
                    outcome: Box::new(done.outcome) as AnyOutcome,
                    ending: done.ending,
                    metrics: done.metrics,
                    summary: done.summary,
                    structured: done.structured,
                }),
                Err(Failure::Stopped(stop)) => Err(Broken::Stopped(stop)),
                Err(Failure::Failed(error)) => Err(Broken::of(&error)),
            }
        }
        .boxed()
    }

    fn publish<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        run: RunId,
        outcome: &'a AnyOutcome,
    ) -> BoxFuture<'a, Result<(), DbErr>> {
        let outcome = outcome.downcast_ref::<K::Outcome>().expect("a kind publishes what it executed");
        RunKind::publish(self, tx, run, outcome).boxed()
    }

    fn abandon<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        run: RunId,
        end: &'a End,
    ) -> BoxFuture<'a, Result<(), DbErr>> {
        RunKind::abandon(self, tx, run, end).boxed()
    }

    fn check_outcome<'a>(
        &'a self,
        record: &'a Record<'a>,
    ) -> BoxFuture<'a, Result<Option<OutcomeCheck>, DbErr>> {
        async move {
            match serde_json::from_str(&record.run.spec) {
                Ok(spec) => RunKind::check_outcome(self, record, &spec).await,
                Err(error) => {
                    let problems = vec![format!("the spec cannot be read: {error}")];
                    Ok(Some(OutcomeCheck { problems, ..OutcomeCheck::default() }))
                }
            }
        }
        .boxed()
    }
}
