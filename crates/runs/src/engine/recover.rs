//! Recovery: what a crash or a lost lease left behind is queued again or closed, at start and ever after.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QuerySelect, Statement};

use super::Shared;
use super::end::{Closing, EndError, end_attempt};
use crate::kind::End;
use crate::run::{AttemptOutcome, Run, RunProblem};
use crate::state::Event;
use crate::table::run;

pub(super) async fn sweep_loop(shared: Arc<Shared>) {
    loop {
        if let Err(error) = shared.sweep().await {
            tracing::warn!(%error, "the sweep over lost runs failed; trying again");
        }
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = tokio::time::sleep(shared.config.lease / 2) => {}
        }
    }
}

/// Why a run is taken from its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Because {
    /// Its lease ran out.
    Expired,
    /// Its worker, this one, gives it back.
    Released,
}

impl Shared {
    async fn sweep(&self) -> Result<(), EndError> {
        let sql = "SELECT * FROM run WHERE state = 'running' AND lease_until_us < $1 ORDER BY id";
        let values = [self.clock.now_us().into()];
        let statement = Statement::from_sql_and_values(self.db.read.backend(), sql, values);
        let lost = run::Entity::find().from_raw_sql(statement).all(self.db.read.conn()).await?;
        for row in lost {
            self.recover(row, Because::Expired).await?;
        }
        Ok(())
    }

    /// Hands back the runs of this process that its shutdown could not wait for.
    pub(super) async fn release_active(&self) {
        let active: Vec<_> = self.active.lock().expect("no holder panics").clone().into_iter().collect();
        for (id, active) in active {
            active.lost.cancel();
            let row = run::Entity::find_by_id(id).one(self.db.read.conn()).await;
            let released = match row {
                Ok(Some(row)) if row.fence == active.fence && row.state == "running" => {
                    self.recover(row, Because::Released).await
                }
                Ok(_) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = released {
                tracing::warn!(run.id = %id, %error, "a run could not be handed back; its lease will run out");
            }
        }
    }

    async fn recover(&self, row: run::Model, because: Because) -> Result<(), EndError> {
        let (fence, worker) = (row.fence, row.lease_owner.clone().unwrap_or_default());
        let run = Run::try_from(row)?;
        let recovered = self
            .db
            .write
            .write("recover run", async |tx| {
                if because == Because::Expired {
                    self.still_expired(tx, &run, fence).await?;
                }
                self.recover_in(tx, &run, fence, &worker).await
            })
            .await;
        match recovered {
            // Somebody else was faster, or the worker came back in time.
            Err(EndError::Lost) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => {
                tracing::info!(run.id = %run.id, worker, "a run without a worker was recovered");
                self.announce_end(run.id);
                self.queued.notify_one();
                Ok(())
            }
        }
    }

    /// A heartbeat may have waited for the same writer as we did, and have been first.
    async fn still_expired(&self, tx: &DatabaseTransaction, run: &Run, fence: i64) -> Result<(), EndError> {
        let row = run::Entity::find_by_id(run.id).lock_exclusive().one(tx).await?;
        let now_us = self.clock.now_us();
        let is_expired = |row: &run::Model| row.lease_until_us.is_some_and(|until_us| until_us < now_us);
        match row {
            Some(row) if row.fence == fence && is_expired(&row) => Ok(()),
            _ => Err(EndError::Lost),
        }
    }

    async fn recover_in(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        fence: i64,
        worker: &str,
    ) -> Result<(), EndError> {
        let problem = RunProblem {
            code: "WORKER_LOST".to_owned(),
            message: format!("worker {worker} vanished during attempt {}", run.attempt),
        };
        if run.cancel_requested_at.is_some() {
            let closing = Closing::cancelled("cancelled; its worker had vanished");
            return self.settle_unowned(tx, run, fence, &End::Cancelled, closing).await;
        }
        if run.attempt >= run.max_attempts {
            let closing = Closing::failed(problem.clone(), true, AttemptOutcome::Lost);
            return self.settle_unowned(tx, run, fence, &End::Failed(problem), closing).await;
        }
        run.state.next(Event::Requeue)?;
        let now_us = self.clock.now_us();
        end_attempt(tx, run, AttemptOutcome::Lost, Some(&problem), now_us).await?;
        let sql =
            "UPDATE run SET state = 'queued', not_before_us = $1, lease_owner = NULL, lease_until_us = NULL
             WHERE id = $2 AND fence = $3 AND state = 'running'";
        let values = [now_us.into(), run.id.into(), fence.into()];
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        if tx.execute_raw(statement).await?.rows_affected() == 1 { Ok(()) } else { Err(EndError::Lost) }
    }
}
