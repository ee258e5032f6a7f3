//! Run kinds with their types erased: what the engine knows of them.

use std::any::Any;

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{Class, Fault, ReadDb, RunId, Tenant};
use sea_orm::{DatabaseTransaction, DbErr};
use wire::runs;

use super::{Completion, End, Failure, OutcomeCheck, Record, RunKind};
use crate::context::{RunContext, Stop};

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
    fn held<'a>(
        &'a self,
        db: &'a ReadDb,
        tenant: Tenant,
    ) -> BoxFuture<'a, Result<Vec<(RunId, String)>, DbErr>>;
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

    fn held<'a>(
        &'a self,
        db: &'a ReadDb,
        tenant: Tenant,
    ) -> BoxFuture<'a, Result<Vec<(RunId, String)>, DbErr>> {
        RunKind::held(self, db, tenant).boxed()
    }
}
