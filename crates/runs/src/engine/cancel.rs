//! Cancelling a run and waiting for it to settle.

use std::time::Duration;

use kernel::{RunId, Tenant};
use ledger::Head;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Statement};

use super::end::{Closing, EndError};
use super::{Engine, Shared, submit};
use crate::error::CancelError;
use crate::kind::End;
use crate::query;
use crate::run::Run;
use crate::state::RunState;
use crate::table;

/// What the cancel transaction found.
enum Asked {
    Settled,
    Running,
}

impl Engine {
    /// Asks a run to stop and waits until it has. A queued run settles at once.
    pub async fn cancel(&self, tenant: Tenant, run: RunId) -> Result<Run, CancelError> {
        let shared = &self.0;
        let asked =
            shared.db.write.write("cancel run", async |tx| shared.ask_to_stop(tx, tenant, run).await).await?;
        match asked {
            Asked::Settled => shared.announce_end(run),
            Asked::Running => {
                if let Some(active) = shared.active.lock().expect("no holder panics").get(&run) {
                    active.cancel.cancel();
                }
            }
        }
        tokio::time::timeout(shared.config.cancel_wait, self.settled(tenant, run))
            .await
            .map_err(|_| CancelError::Timeout(run))?
    }

    /// Waits until a run has ended.
    pub async fn settled(&self, tenant: Tenant, run: RunId) -> Result<Run, CancelError> {
        let shared = &self.0;
        loop {
            // Registered before reading, so that an end between the two is not missed.
            let settled = shared.settled.notified();
            let found = query::find(&shared.db.read, tenant, run).await?.ok_or(CancelError::NotFound(run))?;
            if found.state.is_terminal() {
                return Ok(found);
            }
            // The timer sees ends that another process wrote.
            let _ = tokio::time::timeout(Duration::from_millis(250), settled).await;
        }
    }
}

impl Shared {
    async fn ask_to_stop(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        id: RunId,
    ) -> Result<Asked, CancelError> {
        let row = self.lock(tx, tenant, id).await?.ok_or(CancelError::NotFound(id))?;
        let fence = row.fence;
        let run = Run::try_from(row)?;
        match run.state {
            RunState::Queued => {
                self.settle_unowned(
                    tx,
                    &run,
                    fence,
                    &End::Cancelled,
                    Closing::cancelled("cancelled while queued"),
                )
                .await
                .map_err(|error| match error {
                    EndError::Ledger(error) => CancelError::Ledger(error),
                    EndError::Db(error) => CancelError::Db(error),
                    EndError::Lost | EndError::Illegal(_) => CancelError::Timeout(id),
                })?;
                Ok(Asked::Settled)
            }
            RunState::Running => {
                let sql =
                    "UPDATE run SET cancel_requested_us = coalesce(cancel_requested_us, $1) WHERE id = $2";
                let values = [self.clock.now_us().into(), id.into()];
                tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values))
                    .await?;
                Ok(Asked::Running)
            }
            state => Err(CancelError::AlreadyTerminal { run: id, state }),
        }
    }

    async fn lock(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        id: RunId,
    ) -> Result<Option<table::run::Model>, sea_orm::DbErr> {
        use sea_orm::QuerySelect;
        table::run::Entity::find_by_id(id)
            .filter(table::run::Column::TenantId.eq(tenant.id()))
            .lock_exclusive()
            .one(tx)
            .await
    }

    /// Ends a run that no live worker holds: takes the fencing token over first, so that a worker that comes back
    /// from the dead can neither append nor end.
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
            let rows =
                table::input::Entity::find().filter(table::input::Column::RunId.eq(run.id)).all(tx).await?;
            let inputs = rows.into_iter().map(TryFrom::try_from).collect::<Result<Vec<_>, _>>()?;
            closing.opening = Some(submit::opening(run, &inputs));
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
