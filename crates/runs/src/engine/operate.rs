//! What an operator does with a run that does not go on by itself: run its spec again, or give it up.

use kernel::{RunId, Tenant};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};

use super::end::{Closing, EndError};
use super::family::active_children;
use super::{Engine, Shared, foreign};
use crate::attempt_end::{ABANDONED, AttemptEnd};
use crate::error::OperateError;
use crate::kind::End;
use crate::query;
use crate::run::Run;
use wire::runs;

impl Engine {
    /// Submits an ended run's spec again, with the same inputs, as a new run that names the old one: a terminal run is
    /// closed for ever.
    pub async fn requeue(&self, tenant: Tenant, run: RunId) -> Result<RunId, OperateError> {
        let shared = &self.0;
        let old = query::find(&shared.db.read, tenant, run).await?.ok_or(OperateError::NotFound(run))?;
        check_is_ours(&old)?;
        if !old.state.is_terminal() {
            return Err(OperateError::NotEnded { run, state: old.state });
        }
        let inputs = query::inputs(&shared.db.read, &old).await?;
        Ok(self.submit_again(tenant, &old, inputs).await?)
    }

    /// Gives up a run that no worker holds, or that others have left: it fails, and says that somebody decided so. A damaged run, whose record
    /// takes no further frame, is closed without one.
    pub async fn abandon(&self, tenant: Tenant, run: RunId, reason: &str) -> Result<Run, OperateError> {
        let shared = &self.0;
        let found = query::find(&shared.db.read, tenant, run).await?.ok_or(OperateError::NotFound(run))?;
        if found.state.is_terminal() {
            return Err(OperateError::AlreadyTerminal { run, state: found.state });
        }
        let is_ours = check_is_ours(&found).is_ok();
        if is_ours && !found.is_dead_letter && found.state == crate::RunState::Running {
            return Err(OperateError::Running(run));
        }
        if !active_children(shared.db.read.conn(), run).await?.is_empty() {
            return Err(OperateError::HasChildren(run));
        }
        let problem = runs::Fault { code: ABANDONED.to_owned(), message: reason.to_owned() };
        let settled = if is_ours {
            shared.give_up(tenant, &found, &problem).await
        } else {
            self.foreign().abandon(tenant, &found, &problem).await.map_err(EndError::from)
        };
        match settled {
            Err(EndError::Ledger(_)) => {
                let closed = shared.close_without_record(&found, &problem).await;
                closed.map_err(|error| OperateError::End(error.into()))?;
            }
            other => other.map_err(|error| OperateError::End(error.into()))?,
        }
        shared.announce(run);
        query::find(&shared.db.read, tenant, run).await?.ok_or(OperateError::NotFound(run))
    }
}

/// What others did is not done again here.
pub(crate) fn check_is_ours(run: &Run) -> Result<(), OperateError> {
    match foreign::Kind::of(&run.kind) {
        Some(kind) => Err(OperateError::OfOthers { run: run.id, kind }),
        None => Ok(()),
    }
}

impl Shared {
    async fn give_up(&self, tenant: Tenant, run: &Run, problem: &runs::Fault) -> Result<(), EndError> {
        let mut closing = Closing::failed(AttemptEnd::Failed, problem.clone(), false);
        let reached = self.reached(run, tenant).await;
        self.add_metrics(run, &mut closing, reached).await?;
        self.db
            .write
            .write("abandon run", async |tx| {
                self.lock_parent(tx, run).await?;
                let row = self.lock(tx, tenant, run.id).await?.ok_or(EndError::Lost)?;
                let fence = row.fence;
                let run = Run::try_from(row)?;
                self.settle_unowned(tx, &run, fence, &End::Failed(problem.clone()), closing).await
            })
            .await
    }

    /// The record is damaged; the row at least says how it stands.
    async fn close_without_record(&self, run: &Run, problem: &runs::Fault) -> Result<(), EndError> {
        let mut closing = Closing::failed(AttemptEnd::Failed, problem.clone(), false);
        self.add_metrics(run, &mut closing, super::end::Reached::default()).await?;
        self.db
            .write
            .write("abandon damaged run", async |tx| {
                self.lock_parent(tx, run).await?;
                if let Some(kind) = self.kinds.get(run.kind.as_str()) {
                    kind.abandon(tx, run.id, &End::Failed(problem.clone())).await?;
                }
                self.close_row_in(tx, run, &closing).await?;
                Ok(self.wake_parent_in(tx, run).await?)
            })
            .await
    }

    async fn close_row_in(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        closing: &Closing,
    ) -> Result<(), EndError> {
        let now_us = self.clock.now_us();
        for artifact in &closing.artifacts {
            super::end::insert_artifact(tx, artifact).await?;
        }
        super::end::end_attempt(tx, run, &closing.attempt, now_us).await?;
        let problem = closing.attempt.problem();
        let sql = "UPDATE run SET state = 'failed', ended_us = $1, error_code = $2, error_message = $3,
                lease_owner = NULL, lease_until_us = NULL, lease_us = NULL, waits_for = NULL, wake_us = NULL
             WHERE id = $4 AND state IN ('queued', 'running', 'waiting')";
        let values = [
            now_us.into(),
            problem.map(|p| p.code.clone()).into(),
            problem.map(|p| p.message.clone()).into(),
            run.id.into(),
        ];
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        let moved: Result<_, DbErr> = tx.execute_raw(statement).await;
        if moved?.rows_affected() == 1 { Ok(()) } else { Err(EndError::Lost) }
    }
}
