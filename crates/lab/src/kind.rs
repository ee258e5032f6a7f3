//! What the six kinds of runs of the lab share: a row of what a run stands on, written with its submit and compared when it
//! is verified; a message that sums it up; metrics that are its structured output too.

use std::future::Future;

use kernel::{ReadDb, RunId, Tenant};
use runs::tell::message;
use runs::{Completion, Ending, Failure, OutcomeCheck, Record, RunContext, RunKind};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wire::lab::LabKind;

use crate::lineage::Described;
use crate::tell::RunError;

/// What a kind has of its own.
pub(crate) trait Work: Send + Sync + 'static {
    /// Which it is.
    const KIND: LabKind;
    /// What a run is pinned to.
    type Spec: Stands + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Does the work, and leaves what it gives.
    fn execute(
        &self,
        spec: Self::Spec,
        cx: &RunContext,
    ) -> impl Future<Output = Result<Given, Failure<RunError>>> + Send;

    /// What more there is to verify of a run than what it stands on.
    fn check(
        &self,
        _record: &Record<'_>,
        _spec: &Self::Spec,
        _found: &mut OutcomeCheck,
    ) -> impl Future<Output = Result<(), DbErr>> + Send {
        async { Ok(()) }
    }

    /// Runs on which something stands that is no run.
    fn held(
        &self,
        _db: &ReadDb,
        _tenant: Tenant,
    ) -> impl Future<Output = Result<Vec<(RunId, String)>, DbErr>> + Send {
        async { Ok(Vec::new()) }
    }
}

/// A spec that says what its run stands on.
pub(crate) trait Stands {
    fn described(&self) -> Described;
}

/// What a run gave.
pub(crate) struct Given {
    pub(crate) ending: Ending,
    pub(crate) metrics: Value,
    pub(crate) summary: String,
}

impl Given {
    /// All of it was done.
    pub(crate) const fn completed(metrics: Value, summary: String) -> Self {
        Self { ending: Ending::Completed, metrics, summary }
    }
}

/// A kind as the engine knows it.
#[derive(Debug, Clone)]
pub(crate) struct Kind<W>(pub(crate) W);

impl<W: Work> RunKind for Kind<W> {
    const NAME: &'static str = W::KIND.as_str();
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 3;
    type Spec = W::Spec;
    type Outcome = ();
    type Error = RunError;

    async fn prepare(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        run: RunId,
        spec: &W::Spec,
    ) -> Result<(), DbErr> {
        spec.described().write(tx, tenant, run).await
    }

    async fn check_outcome(
        &self,
        record: &Record<'_>,
        spec: &W::Spec,
    ) -> Result<Option<OutcomeCheck>, DbErr> {
        let mut found = spec.described().check(record).await?;
        self.0.check(record, spec, &mut found).await?;
        Ok(Some(found))
    }

    async fn held(&self, db: &ReadDb, tenant: Tenant) -> Result<Vec<(RunId, String)>, DbErr> {
        self.0.held(db, tenant).await
    }

    async fn execute(&self, spec: W::Spec, cx: &RunContext) -> Result<Completion<()>, Failure<RunError>> {
        let Given { ending, metrics, summary } = self.0.execute(spec, cx).await?;
        message(cx, "explanation", 0, std::slice::from_ref(&summary)).await?;
        let structured = Some(metrics.clone());
        Ok(Completion { outcome: (), ending, metrics, summary, structured })
    }
}
