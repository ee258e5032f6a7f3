//! Cancelling a run, and all that it has started, and waiting for it to settle.

use kernel::{RunId, Tenant};
use ledger::Head;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect,
    Statement,
};

use super::end::{Closing, EndError};
use super::family::{LOOK, active_children, request_stop_in};
use super::foreign::Kind;
use super::{Engine, Shared, submit};
use crate::attempt_end::CANCELLED_WHILE_QUEUED;
use crate::error::CancelError;
use crate::kind::End;
use crate::query;
use crate::run::Run;
use crate::state::RunState;
use crate::table;

/// What the cancel transaction found.
enum Asked {
    /// It had not begun, or nobody here takes it up, and it is settled.
    Settled,
    /// Its worker, or the next one, ends it.
    Asked,
}

impl Engine {
    /// Asks a run to stop and waits until it has, with everything that it has started. A queued run settles at once.
    pub async fn cancel(&self, tenant: Tenant, run: RunId) -> Result<Run, CancelError> {
        let shared = &self.0;
        let found = query::find(&shared.db.read, tenant, run).await?.ok_or(CancelError::NotFound(run))?;
        if found.state.is_terminal() {
            return Err(CancelError::AlreadyTerminal { run, state: found.state });
        }
        if Kind::of(&found.kind).is_some() {
            return Err(CancelError::OfOthers(run));
        }
        let mut closing = Closing::cancelled(CANCELLED_WHILE_QUEUED);
        let reached = shared.reached(&found, tenant).await;
        shared.add_metrics(&found, &mut closing, reached).await.map_err(|error| error.of_cancel(run))?;
        let asked = shared
            .db
            .write
            .write("cancel run", async |tx| shared.ask_to_stop(tx, tenant, run, closing).await)
            .await?;
        match asked {
            Asked::Settled => shared.announce(run),
            Asked::Asked => {
                shared.cancel_here(&[run]);
                shared.queued.notify_one();
            }
        }
        tokio::time::timeout(shared.config.cancel_wait, self.settled_or_lost(tenant, run))
            .await
            .map_err(|_| CancelError::Timeout(run))?
    }

    /// Waits until a run has ended.
    pub async fn settled(&self, tenant: Tenant, run: RunId) -> Result<Run, CancelError> {
        loop {
            if let Some(ended) = self.look(tenant, run).await? {
                return Ok(ended);
            }
        }
    }

    /// Waits until a run has ended, and ends it where its worker has vanished.
    async fn settled_or_lost(&self, tenant: Tenant, run: RunId) -> Result<Run, CancelError> {
        loop {
            if let Err(error) = self.0.recover_if_lost(run).await {
                kernel::warn_seldom!(run.id = %run, %error, "a run without a worker could not be settled");
            }
            if let Some(ended) = self.look(tenant, run).await? {
                return Ok(ended);
            }
        }
    }

    /// The run if it has ended; otherwise nothing, after a wake-up or a while.
    async fn look(&self, tenant: Tenant, run: RunId) -> Result<Option<Run>, CancelError> {
        let shared = &self.0;
        // Registered before reading, so that an end between the two is not missed.
        let settled = shared.settled.notified();
        let found = query::find(&shared.db.read, tenant, run).await?.ok_or(CancelError::NotFound(run))?;
        if found.state.is_terminal() {
            return Ok(Some(found));
        }
        // The timer sees ends that another process wrote.
        let _ = tokio::time::timeout(LOOK, settled).await;
        Ok(None)
    }
}

impl EndError {
    fn of_cancel(self, run: RunId) -> CancelError {
        match self {
            Self::Ledger(error) => CancelError::Ledger(error),
            Self::Db(error) => CancelError::Db(error),
            Self::Store(error) => CancelError::Store(error),
            Self::Lost | Self::Illegal(_) => CancelError::Timeout(run),
        }
    }
}

impl Shared {
    async fn ask_to_stop(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        id: RunId,
        closing: Closing,
    ) -> Result<Asked, CancelError> {
        let row = self.lock(tx, tenant, id).await?.ok_or(CancelError::NotFound(id))?;
        let fence = row.fence;
        let run = Run::try_from(row)?;
        if run.state.is_terminal() {
            return Err(CancelError::AlreadyTerminal { run: id, state: run.state });
        }
        let is_alone = active_children(tx, id).await?.is_empty();
        // One that has been at work is ended by its kind, which knows what of it is finished.
        let has_begun = run.attempt > 0 && self.takes_up(&run);
        if run.state == RunState::Queued && is_alone && !has_begun {
            let settled = self.settle_unowned(tx, &run, fence, &End::Cancelled, closing).await;
            settled.map_err(|error| error.of_cancel(id))?;
            return Ok(Asked::Settled);
        }
        request_stop_in(tx, id, self.clock.now_us()).await?;
        self.stop_children_in(tx, id).await?;
        Ok(Asked::Asked)
    }

    pub(super) async fn lock(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        id: RunId,
    ) -> Result<Option<table::run::Model>, DbErr> {
        table::run::Entity::find_by_id(id)
            .filter(table::run::Column::TenantId.eq(tenant.id()))
            .lock_exclusive()
            .one(tx)
            .await
    }

    /// Ends a run that no live worker holds: takes the fencing token over first, so that a worker that comes back
    /// from the dead can neither append nor end. The closing has its metrics.
    pub(super) async fn settle_unowned(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        fence: i64,
        end: &End,
        mut closing: Closing,
    ) -> Result<(), EndError> {
        let next_fence = fence + 1;
        let Head { seq, .. } = self.take_over(tx, run, fence, next_fence).await?;
        if seq == 0 {
            closing.opening = Some(submit::opening(run, &query::inputs_of(tx, run.id).await?));
        }
        if let Some(kind) = self.kinds.get(run.kind.as_str()) {
            kind.abandon(tx, run.id, end).await?;
        }
        self.close_in(tx, run, next_fence, seq, &closing).await
    }

    async fn take_over(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        fence: i64,
        next_fence: i64,
    ) -> Result<Head, EndError> {
        let sql = "UPDATE run SET fence = $1 WHERE id = $2 AND fence = $3 AND state = $4";
        let values = [next_fence.into(), run.id.into(), fence.into(), run.state.as_str().into()];
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        if tx.execute_raw(statement).await?.rows_affected() != 1 {
            return Err(EndError::Lost);
        }
        Ok(self.ledger.fence_in(tx, run.id, next_fence).await?)
    }
}
