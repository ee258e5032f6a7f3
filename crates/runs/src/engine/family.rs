//! Parents and children: no run ends before those it started, and their ends wake it.
//!
//! Rows are locked from the top of a family down, by every transaction: so two of them never wait for each other.

use std::time::Duration;

use kernel::RunId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement,
};

use super::{Engine, Shared};
use crate::run::Run;
use crate::state::RunState;
use crate::table::run;
use wire::runs::WaitsFor;

/// The states of a run that has not ended.
pub(super) const ACTIVE: [&str; 3] = ["queued", "running", "waiting"];

/// How long to wait for a wake-up before looking anyway: another process rings no bell here.
pub(super) const LOOK: Duration = Duration::from_millis(250);

impl Engine {
    /// The runs that a run has started and that have not ended.
    pub(crate) async fn active_children(&self, parent: RunId) -> Result<Vec<RunId>, DbErr> {
        active_children(self.0.db.read.conn(), parent).await
    }
}

pub(super) async fn active_children(db: &impl ConnectionTrait, parent: RunId) -> Result<Vec<RunId>, DbErr> {
    run::Entity::find()
        .select_only()
        .column(run::Column::Id)
        .filter(run::Column::ParentRunId.eq(parent))
        .filter(run::Column::State.is_in(ACTIVE))
        .order_by_asc(run::Column::Id)
        .into_tuple()
        .all(db)
        .await
}

impl Shared {
    /// Locks the parent of a run that is about to end, before anything else of the transaction.
    pub(super) async fn lock_parent(&self, tx: &DatabaseTransaction, run: &Run) -> Result<(), DbErr> {
        if let Some(parent) = run.parent_run_id {
            run::Entity::find_by_id(parent).lock_exclusive().one(tx).await?;
        }
        Ok(())
    }

    /// Queues a parent that waits for its children, when the one that just ended was the last.
    pub(super) async fn wake_parent_in(&self, tx: &DatabaseTransaction, run: &Run) -> Result<(), DbErr> {
        let Some(parent) = run.parent_run_id else { return Ok(()) };
        if !active_children(tx, parent).await?.is_empty() {
            return Ok(());
        }
        wake_in(tx, parent, WaitsFor::Children, self.clock.now_us()).await.map(drop)
    }

    /// Asks all that a run has started, and what those have started, to stop.
    pub(super) async fn stop_children_in(
        &self,
        tx: &DatabaseTransaction,
        parent: RunId,
    ) -> Result<(), DbErr> {
        let mut parents = vec![parent];
        while let Some(parent) = parents.pop() {
            for child in active_children(tx, parent).await? {
                request_stop_in(tx, child, self.clock.now_us()).await?;
                parents.push(child);
            }
        }
        Ok(())
    }

    /// Returns when everything that a run has started has ended. With `stop`, they are asked to stop first.
    pub(super) async fn children_end(&self, parent: RunId, stop: bool) -> Result<(), DbErr> {
        if active_children(self.db.read.conn(), parent).await?.is_empty() {
            return Ok(());
        }
        if stop {
            self.db.write.write("stop children", async |tx| self.stop_children_in(tx, parent).await).await?;
        }
        loop {
            let settled = self.settled.notified();
            let active = active_children(self.db.read.conn(), parent).await?;
            if active.is_empty() {
                return Ok(());
            }
            if stop {
                self.cancel_here(&active);
            }
            self.queued.notify_one();
            let _ = tokio::time::timeout(LOOK, settled).await;
        }
    }

    /// Lets runs that execute in this process see at once that they are asked to stop.
    pub(super) fn cancel_here(&self, runs: &[RunId]) {
        let active = self.active();
        runs.iter().filter_map(|id| active.get(id)).for_each(|run| run.cancel.cancel());
    }
}

/// Queues a run that waits for this. Returns whether it did.
pub(super) async fn wake_in(
    tx: &DatabaseTransaction,
    run: RunId,
    waits_for: WaitsFor,
    now_us: i64,
) -> Result<bool, DbErr> {
    let sql = "UPDATE run SET state = 'queued', resumes = TRUE, not_before_us = $1, waits_for = NULL, wake_us = NULL
         WHERE id = $2 AND state = 'waiting' AND waits_for = $3";
    let values = [now_us.into(), run.into(), waits_for.as_str().into()];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected() == 1)
}

/// Notes that a run is to stop. One that waits is queued, so that a worker sees it; where it stood goes on counting.
pub(super) async fn request_stop_in(tx: &DatabaseTransaction, run: RunId, now_us: i64) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let sql = "UPDATE run SET cancel_requested_us = coalesce(cancel_requested_us, $1) WHERE id = $2
         AND state IN ('queued', 'running', 'waiting')";
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [now_us.into(), run.into()])).await?;
    let sql = "UPDATE run SET state = 'queued', resumes = TRUE, not_before_us = $1, waits_for = NULL, wake_us = NULL
         WHERE id = $2 AND state = 'waiting'";
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [now_us.into(), run.into()])).await?;
    // Stopping does not wait for a back-off.
    let sql = "UPDATE run SET not_before_us = $1 WHERE id = $2 AND state = 'queued' AND not_before_us > $1";
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [now_us.into(), run.into()])).await?;
    Ok(())
}

/// Whether a state is one of a run that has not ended.
pub(super) fn is_active(state: RunState) -> bool {
    !state.is_terminal()
}
