//! Claiming: one worker takes one queued run, under a lease and a new fencing token.

use std::sync::Arc;

use kernel::Tenant;
use ledger::Head;
use sea_orm::{
    ActiveModelTrait, DatabaseBackend, DatabaseTransaction, DbErr, EntityTrait, Set, Statement, Value,
};
use tokio::sync::Semaphore;

use super::{Shared, execute};
use crate::run::Run;
use crate::table::{attempt, run};

/// A run that this worker holds.
pub(super) struct Claimed {
    pub run: Run,
    pub tenant: Tenant,
    pub fence: i64,
    pub head: Head,
}

/// A claim that failed; the run stays where it was.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClaimError {
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Takes runs while there are any, then waits to be woken or for the next poll.
pub(super) async fn worker_loop(shared: Arc<Shared>) {
    let slots = Arc::new(Semaphore::new(shared.config.max_running));
    loop {
        // Registers for the wake-up before looking, because a run queued between the look and the wait would
        // otherwise be seen only at the next poll.
        let queued = shared.queued.notified();
        let slot = tokio::select! {
            () = shared.closing.cancelled() => return,
            slot = Arc::clone(&slots).acquire_owned() => slot.expect("the semaphore is never closed"),
        };
        match shared.claim().await {
            Ok(Some(claimed)) => {
                let shared_by_run = Arc::clone(&shared);
                shared.tasks.spawn(async move {
                    execute::drive(shared_by_run, claimed).await;
                    drop(slot);
                });
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "looking for queued runs failed; trying again"),
        }
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = queued => {}
            () = tokio::time::sleep(shared.config.poll) => {}
        }
    }
}

impl Shared {
    async fn claim(&self) -> Result<Option<Claimed>, ClaimError> {
        // A look without the write lock first: an idle worker must not disturb the writer.
        if !self.has_claimable().await? {
            return Ok(None);
        }
        self.db
            .write
            .write("claim run", async |tx| {
                let Some(row) = run::Entity::find().from_raw_sql(self.claim_statement(tx)).one(tx).await?
                else {
                    return Ok(None);
                };
                insert_attempt(tx, &row, &self.config.worker, self.clock.now_us()).await?;
                let (fence, tenant) = (row.fence, Tenant::verified(row.tenant_id));
                let head = self.ledger.fence_in(tx, row.id, fence).await?;
                Ok(Some(Claimed { run: Run::try_from(row)?, tenant, fence, head }))
            })
            .await
    }

    async fn has_claimable(&self) -> Result<bool, DbErr> {
        let conn = self.db.read.conn();
        let sql = "SELECT * FROM run WHERE state = 'queued' AND not_before_us <= $1 LIMIT 1";
        let statement =
            Statement::from_sql_and_values(self.db.read.backend(), sql, [self.clock.now_us().into()]);
        Ok(run::Entity::find().from_raw_sql(statement).one(conn).await?.is_some())
    }

    fn claim_statement(&self, tx: &DatabaseTransaction) -> Statement {
        use sea_orm::ConnectionTrait;
        let backend = tx.get_database_backend();
        let skip = if backend == DatabaseBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
        let kinds: Vec<String> = (0..self.kinds.len()).map(|i| format!("${}", i + 4)).collect();
        let sql = format!(
            "UPDATE run SET state = 'running', fence = fence + 1, attempt = attempt + 1, lease_owner = $1,
                lease_until_us = $2, started_us = coalesce(started_us, $3)
             WHERE id = (SELECT id FROM run
                WHERE state = 'queued' AND not_before_us <= $3 AND kind IN ({kinds})
                ORDER BY not_before_us, id LIMIT 1 {skip})
             RETURNING *",
            kinds = kinds.join(", "),
        );
        let mut values: Vec<Value> =
            vec![self.config.worker.clone().into(), self.lease_until_us().into(), self.clock.now_us().into()];
        values.extend(self.kinds.keys().map(|kind| Value::from(*kind)));
        Statement::from_sql_and_values(backend, sql, values)
    }
}

async fn insert_attempt(
    tx: &DatabaseTransaction,
    row: &run::Model,
    worker: &str,
    now_us: i64,
) -> Result<(), DbErr> {
    let attempt = attempt::ActiveModel {
        run_id: Set(row.id),
        number: Set(row.attempt),
        worker: Set(worker.to_owned()),
        started_us: Set(now_us),
        ..Default::default()
    };
    attempt.insert(tx).await?;
    Ok(())
}
