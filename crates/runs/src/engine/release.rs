//! A clean stop: what this process could not finish is handed back at once, in one transaction.

use kernel::RunId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};

use super::{Active, Shared};
use crate::attempt_end::AttemptEnd;

impl Shared {
    /// Hands back the runs of this process that its shutdown did not wait for. They are queued again, and the
    /// attempts do not count: nobody failed.
    pub(super) async fn release_active(&self) {
        let active: Vec<_> = self.active().clone().into_iter().collect();
        for (_, run) in &active {
            run.lost.cancel();
        }
        let released: Result<(), DbErr> = self
            .db
            .write
            .write("hand back runs", async |tx| {
                for (id, run) in &active {
                    self.release_in(tx, *id, run).await?;
                }
                Ok(())
            })
            .await;
        match released {
            Ok(()) => tracing::info!(runs = active.len(), "unfinished runs were handed back"),
            Err(error) => {
                tracing::warn!(%error, "runs could not be handed back; their leases will run out");
            }
        }
    }

    async fn release_in(&self, tx: &DatabaseTransaction, id: RunId, run: &Active) -> Result<(), DbErr> {
        let now_us = self.clock.now_us();
        let backend = tx.get_database_backend();
        let sql =
            "UPDATE run SET state = 'queued', not_before_us = $1, lease_owner = NULL, lease_until_us = NULL,
                lease_us = NULL
             WHERE id = $2 AND fence = $3 AND state = 'running'";
        let values = [now_us.into(), id.into(), run.fence.into()];
        let moved = tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        // It ended in time, or somebody else has it.
        if moved.rows_affected() != 1 {
            return Ok(());
        }
        let sql = "UPDATE run_attempt SET ended_us = $1, outcome = $2 WHERE run_id = $3 AND ended_us IS NULL";
        let values = [now_us.into(), AttemptEnd::Released.outcome().as_str().into(), id.into()];
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }
}
