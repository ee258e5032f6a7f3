//! Recovery: what a crash or a lost lease left behind is queued again or closed, at start and ever after. Each run's
//! trouble is its own: one that cannot be recovered is set aside, and the others are.

use std::sync::Arc;

use kernel::RunId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QuerySelect, Statement, Value};

use super::Shared;
use super::end::{Closing, EndError, Reached, end_attempt};
use super::family::active_children;
use crate::attempt_end::{AttemptEnd, CANCELLED_WITHOUT_WORKER, Loss};
use crate::kind::End;
use crate::run::Run;
use crate::state::Event;
use crate::table::run;
use wire::runs;

/// So many attempts in a row may lose their worker without getting anything done that stays done. More than a kind's
/// own attempts: a worker that vanishes rarely is the run's fault, and a machine may be restarted many times.
pub(crate) const MAX_LOSSES: u32 = 10;

pub(super) async fn sweep_loop(shared: Arc<Shared>) {
    loop {
        if let Err(error) = shared.sweep().await {
            kernel::warn_seldom!(%error, "the sweep over lost runs failed; trying again");
        }
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = tokio::time::sleep(shared.config.lease / 2) => {}
        }
    }
}

impl Shared {
    async fn sweep(&self) -> Result<(), DbErr> {
        for id in self.lost().await? {
            match self.recover_if_lost(id).await {
                Ok(()) => {}
                Err(error) if error.is_passing() => {
                    kernel::warn_seldom!(run.id = %id, %error, "a lost run could not be recovered; trying again");
                }
                Err(error) => self.set_aside(id, &error.to_string()).await,
            }
        }
        Ok(())
    }

    /// Runs whose lease has run out. A lease that lies further ahead than any worker would put it was written under a
    /// clock that has been set back since.
    async fn lost(&self) -> Result<Vec<RunId>, DbErr> {
        let now_us = self.clock.now_us();
        let mut values: Vec<Value> = vec![now_us.into()];
        let family = match self.family.get() {
            Some(root) => {
                values.push((*root).into());
                "AND root_run_id = $2"
            }
            None => "",
        };
        let sql = format!(
            "SELECT id FROM run WHERE state = 'running' AND NOT is_dead_letter
                AND (lease_until_us < $1 OR lease_until_us > $1 + 2 * lease_us) {family}
             ORDER BY id"
        );
        let statement = Statement::from_sql_and_values(self.db.read.backend(), sql, values);
        let rows = self.db.read.conn().query_all_raw(statement).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }

    /// Queues or closes a run if its lease has run out, and does nothing if not.
    pub(super) async fn recover_if_lost(&self, id: RunId) -> Result<(), EndError> {
        let Some(row) = run::Entity::find_by_id(id).one(self.db.read.conn()).await? else { return Ok(()) };
        if !self.is_lost(&row) {
            return Ok(());
        }
        let (fence, tenant) = (row.fence, row.tenant());
        let worker = row.lease_owner.clone().unwrap_or_default();
        let run = Run::try_from(row)?;
        let reached = self.reached(&run, tenant).await;
        let mut decided = self.decide_lost(&run, reached, &worker);
        if let Lost::Close(closing, _) = &mut decided {
            if !active_children(self.db.read.conn(), id).await?.is_empty() {
                // Its children end first; the sweep comes back for it.
                let stop = async |tx: &DatabaseTransaction| self.stop_children_in(tx, id).await;
                self.db.write.write("stop children", stop).await?;
                self.queued.notify_one();
                return Ok(());
            }
            self.add_metrics(&run, closing, reached).await?;
        }
        let recovered = self
            .db
            .write
            .write("recover run", async |tx| {
                self.lock_parent(tx, &run).await?;
                self.still_lost(tx, &run, fence).await?;
                self.recover_in(tx, &run, fence, decided).await
            })
            .await;
        match recovered {
            // Somebody else was faster, or the worker came back in time.
            Err(EndError::Lost) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => {
                tracing::info!(run.id = %run.id, worker, "a run without a worker was recovered");
                self.announce(run.id);
                Ok(())
            }
        }
    }

    fn is_lost(&self, row: &run::Model) -> bool {
        let now_us = self.clock.now_us();
        let (Some(until_us), Some(lease_us)) = (row.lease_until_us, row.lease_us) else { return false };
        row.state == "running" && (until_us < now_us || until_us > now_us.saturating_add(2 * lease_us))
    }

    /// A heartbeat may have waited for the same writer as we did, and have been first.
    async fn still_lost(&self, tx: &DatabaseTransaction, run: &Run, fence: i64) -> Result<(), EndError> {
        let row = run::Entity::find_by_id(run.id).lock_exclusive().one(tx).await?;
        match row {
            Some(row) if row.fence == fence && self.is_lost(&row) => Ok(()),
            _ => Err(EndError::Lost),
        }
    }

    fn decide_lost(&self, run: &Run, reached: Reached, worker: &str) -> Lost {
        let is_asked = run.cancel_requested_at.is_some();
        let cancelled = || Box::new(Closing::cancelled(CANCELLED_WITHOUT_WORKER));
        if is_asked && !self.takes_up(run) {
            return Lost::Close(cancelled(), End::Cancelled);
        }
        let problem = self.lost_by(worker, run.attempt);
        let losses = if reached.total() > run.progress_seen { 1 } else { run.losses + 1 };
        if losses > MAX_LOSSES && is_asked {
            return Lost::Close(cancelled(), End::Cancelled);
        }
        if losses > MAX_LOSSES {
            let closing = Closing::failed(AttemptEnd::Lost, problem.clone(), true);
            return Lost::Close(Box::new(closing), End::Failed(problem));
        }
        // The first loss costs no time: most often it is a restart. One that is to stop is taken up at once as well: an
        // attempt that is cancelled from its beginning lets the kind itself end it, with what has been finished.
        let wait_us = if losses == 1 || is_asked { 0 } else { self.backoff_us(run, losses - 1) };
        Lost::Requeue { problem, losses, wait_us, progress: reached.total() }
    }

    /// Who finds its own lease run out has not vanished: it could not renew it.
    fn lost_by(&self, worker: &str, attempt: u32) -> runs::Fault {
        let loss = if worker == self.config.worker { Loss::NotRenewed } else { Loss::Vanished };
        loss.fault(worker, attempt)
    }

    async fn recover_in(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        fence: i64,
        decided: Lost,
    ) -> Result<(), EndError> {
        let (problem, losses, wait_us, progress) = match decided {
            Lost::Close(closing, end) => return self.settle_unowned(tx, run, fence, &end, *closing).await,
            Lost::Requeue { problem, losses, wait_us, progress } => (problem, losses, wait_us, progress),
        };
        run.state.next(Event::Requeue)?;
        let now_us = self.clock.now_us();
        end_attempt(tx, run, &AttemptEnd::Lost(problem), now_us).await?;
        let sql = "UPDATE run SET state = 'queued', not_before_us = $1, losses = $2, progress_seen = $3,
                lease_owner = NULL, lease_until_us = NULL, lease_us = NULL
             WHERE id = $4 AND fence = $5 AND state = 'running'";
        let values = [
            (now_us + wait_us).into(),
            i32::try_from(losses).expect("losses are few").into(),
            progress.into(),
            run.id.into(),
            fence.into(),
        ];
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        if tx.execute_raw(statement).await?.rows_affected() == 1 { Ok(()) } else { Err(EndError::Lost) }
    }
}

/// What becomes of a run whose worker vanished.
enum Lost {
    /// It ends.
    Close(Box<Closing>, End),
    /// It is tried again.
    Requeue { problem: runs::Fault, losses: u32, wait_us: i64, progress: i64 },
}
