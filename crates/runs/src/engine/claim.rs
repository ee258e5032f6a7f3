//! Claiming: one worker takes one run that is ready, under a lease and a new fencing token.

use std::sync::Arc;

use kernel::{RunId, Tenant};
use ledger::Head;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect, Set, Statement, Value,
};
use tokio::sync::Semaphore;

use super::{Shared, execute, micros};
use crate::run::Run;
use crate::state::{Event, IllegalTransition};
use crate::table::{attempt, run};

/// A run that this worker holds.
pub(super) struct Claimed {
    pub run: Run,
    pub tenant: Tenant,
    pub fence: i64,
    pub head: Head,
    /// The open attempt goes on: the run was parked.
    pub resumes: bool,
}

/// A claim that failed; the run stays where it was.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClaimError {
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl ClaimError {
    /// The database as a whole is in trouble, and not this run.
    fn is_passing(&self) -> bool {
        use kernel::Fault;
        match self {
            Self::Illegal(_) => false,
            Self::Ledger(error) => error.is_retryable(),
            Self::Db(error) => error.is_retryable(),
        }
    }
}

/// How many ready runs are looked at: more than one, so that a damaged one does not stand in the way of others.
const CANDIDATES: usize = 16;

/// No back-off is longer. A run that is to wait longer was queued under a clock that has been set back since.
pub(super) const MAX_BACKOFF_US: i64 = 600_000_000;

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
                // Held before this loop goes on: once it is over, a stop finds every run that it took.
                let active = shared.hold(&claimed);
                shared.tasks.spawn(async move {
                    execute::drive(shared_by_run, claimed, active).await;
                    drop(slot);
                });
                continue;
            }
            Ok(None) => {}
            Err(error) => kernel::warn_seldom!(%error, "looking for queued runs failed; trying again"),
        }
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = queued => {}
            () = tokio::time::sleep(shared.config.poll) => {}
        }
    }
}

impl Shared {
    /// Each run's trouble is its own: one that cannot be taken is set aside, and the next one is tried.
    async fn claim(&self) -> Result<Option<Claimed>, DbErr> {
        for id in self.ready().await? {
            match self.claim_one(id).await {
                Ok(Some(claimed)) => return Ok(Some(claimed)),
                // Another worker was faster.
                Ok(None) => {}
                Err(error) if error.is_passing() => {
                    kernel::warn_seldom!(run.id = %id, %error, "a run could not be taken; trying again");
                    return Ok(None);
                }
                Err(error) => self.set_aside(id, &error.to_string()).await,
            }
        }
        Ok(None)
    }

    /// The ready runs that come first, of the kinds this program knows. A look without the write lock: an idle worker
    /// must not disturb the writer.
    async fn ready(&self) -> Result<Vec<RunId>, DbErr> {
        let now_us = self.clock.now_us();
        let mut values: Vec<Value> = vec![now_us.into(), (now_us + MAX_BACKOFF_US).into()];
        let kinds: Vec<String> = (0..self.kinds.len()).map(|i| format!("${}", i + 3)).collect();
        values.extend(self.kinds.keys().map(|kind| Value::from(*kind)));
        let family = match self.family.get() {
            Some(root) => {
                values.push((*root).into());
                format!("AND root_run_id = ${}", values.len())
            }
            None => String::new(),
        };
        let mine = format!("NOT is_dead_letter AND kind IN ({}) {family}", kinds.join(", "));
        let sql = format!(
            "SELECT id FROM (
                SELECT id, priority, not_before_us AS ready_us FROM run
                WHERE state = 'queued' AND (not_before_us <= $1 OR not_before_us > $2) AND {mine}
                UNION ALL
                SELECT id, priority, wake_us AS ready_us FROM run
                WHERE state = 'waiting' AND wake_us <= $1 AND {mine}
             ) ready ORDER BY priority DESC, ready_us, id LIMIT {CANDIDATES}"
        );
        let statement = Statement::from_sql_and_values(self.db.read.backend(), sql, values);
        let rows = self.db.read.conn().query_all_raw(statement).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }

    async fn claim_one(&self, id: RunId) -> Result<Option<Claimed>, ClaimError> {
        self.db
            .write
            .write("claim run", async |tx| {
                let found = run::Entity::find_by_id(id)
                    .filter(run::Column::State.is_in(["queued", "waiting"]))
                    .filter(run::Column::IsDeadLetter.eq(false))
                    .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                    .one(tx)
                    .await?;
                let Some(found) = found else { return Ok(None) };
                let resumes = found.resumes || found.state == "waiting";
                Run::try_from(found.clone())?.state.next(Event::Claim)?;
                let row = self.take(tx, found, resumes).await?;
                let (fence, tenant) = (row.fence, row.tenant());
                let head = self.ledger.fence_in(tx, row.id, fence).await?;
                Ok(Some(Claimed { run: Run::try_from(row)?, tenant, fence, head, resumes }))
            })
            .await
    }

    async fn take(
        &self,
        tx: &DatabaseTransaction,
        found: run::Model,
        resumes: bool,
    ) -> Result<run::Model, DbErr> {
        let now_us = self.clock.now_us();
        let mut row = run::ActiveModel::from(found.clone());
        row.state = Set("running".to_owned());
        row.fence = Set(found.fence + 1);
        row.attempt = Set(if resumes { found.attempt } else { found.attempt + 1 });
        row.resumes = Set(false);
        row.waits_for = Set(None);
        row.wake_us = Set(None);
        row.lease_owner = Set(Some(self.config.worker.clone()));
        row.lease_us = Set(Some(micros(self.config.lease)));
        row.lease_until_us = Set(Some(self.lease_until_us()));
        row.started_us = Set(found.started_us.or(Some(now_us)));
        let taken = row.update(tx).await?;
        if resumes {
            change_worker(tx, &taken, &self.config.worker).await?;
        } else {
            insert_attempt(tx, &taken, &self.config.worker, now_us).await?;
        }
        Ok(taken)
    }

    /// Makes a run that cannot be taken a dead letter: it stays for an operator to look at, and no other waits for it.
    pub(super) async fn set_aside(&self, id: RunId, reason: &str) {
        tracing::error!(run.id = %id, reason, "a damaged run is set aside as a dead letter");
        let sql = "UPDATE run SET is_dead_letter = TRUE, error_code = $1, error_message = $2
             WHERE id = $3 AND NOT is_dead_letter";
        let values = ["RUN_DAMAGED".into(), reason.into(), id.into()];
        let statement = Statement::from_sql_and_values(self.db.write.backend(), sql, values);
        let written: Result<_, DbErr> =
            self.db.write.write("set run aside", async |tx| tx.execute_raw(statement).await).await;
        if let Err(error) = written {
            tracing::error!(run.id = %id, %error, "a damaged run could not be set aside");
        }
    }
}

async fn change_worker(tx: &DatabaseTransaction, row: &run::Model, worker: &str) -> Result<(), DbErr> {
    let sql = "UPDATE run_attempt SET worker = $1 WHERE run_id = $2 AND number = $3 AND ended_us IS NULL";
    let values = [worker.into(), row.id.into(), row.attempt.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

pub(super) async fn insert_attempt(
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
