//! Ending a run: outcome rows, artifact rows, the last frames and the state commit together or not at all.

use frames::{ArtifactCreated, Body, Final, FinalStatus, Origin, StreamError};
use kernel::RunId;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbErr, Set, Statement};

use super::Shared;
use crate::run::{Artifact, AttemptOutcome, Run, RunProblem};
use crate::state::{Event, IllegalTransition};
use crate::table::artifact;

/// An end that did not commit.
#[derive(Debug, thiserror::Error)]
pub(super) enum EndError {
    /// Somebody else holds the run by now, or has ended it.
    #[error("the lease was lost before the end")]
    Lost,
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// How a run ends.
pub(super) struct Closing {
    pub event: Event,
    pub attempt: AttemptOutcome,
    pub problem: Option<RunProblem>,
    pub is_dead_letter: bool,
    pub artifacts: Vec<Artifact>,
    /// Frames before the artifacts' and the terminal one; the opening of a run that never started.
    pub opening: Option<Body>,
    pub terminal: Body,
}

impl Closing {
    pub(super) fn failed(problem: RunProblem, is_dead_letter: bool, attempt: AttemptOutcome) -> Self {
        let terminal = Body::Error(StreamError {
            code: Some(problem.code.clone()),
            message: problem.message.clone(),
            source: frames::ErrorSource::Server,
            is_retryable: false,
        });
        Self {
            event: Event::Fail,
            attempt,
            problem: Some(problem),
            is_dead_letter,
            artifacts: Vec::new(),
            opening: None,
            terminal,
        }
    }

    pub(super) fn cancelled(summary: &str) -> Self {
        let terminal = Final {
            status: FinalStatus::Cancelled,
            response_text: Some(summary.to_owned()),
            ..Final::new(FinalStatus::Cancelled)
        };
        Self {
            event: Event::Cancel,
            attempt: AttemptOutcome::Cancelled,
            problem: None,
            is_dead_letter: false,
            artifacts: Vec::new(),
            opening: None,
            terminal: Body::Final(terminal),
        }
    }
}

impl Shared {
    /// Writes the end of a run after `last_seq`. The caller has written the domain's rows in the same transaction.
    pub(super) async fn close_in(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        fence: i64,
        last_seq: u64,
        closing: &Closing,
    ) -> Result<(), EndError> {
        let state = run.state.next(closing.event)?;
        let now_us = self.clock.now_us();
        for artifact in &closing.artifacts {
            insert_artifact(tx, artifact).await?;
        }
        let texts = self.last_frames(run, last_seq, closing);
        self.ledger.close_in(tx, run.id, fence, last_seq + 1, &texts).await?;
        end_attempt(tx, run, closing.attempt, closing.problem.as_ref(), now_us).await?;
        let sql = "UPDATE run SET state = $1, ended_us = $2, error_code = $3, error_message = $4,
                is_dead_letter = $5, lease_owner = NULL, lease_until_us = NULL
             WHERE id = $6 AND fence = $7 AND state = $8";
        let values = [
            state.as_str().into(),
            now_us.into(),
            closing.problem.as_ref().map(|p| p.code.clone()).into(),
            closing.problem.as_ref().map(|p| p.message.clone()).into(),
            closing.is_dead_letter.into(),
            run.id.into(),
            fence.into(),
            run.state.as_str().into(),
        ];
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        if tx.execute_raw(statement).await?.rows_affected() == 1 { Ok(()) } else { Err(EndError::Lost) }
    }

    fn last_frames(&self, run: &Run, last_seq: u64, closing: &Closing) -> Vec<String> {
        let origin = Origin::of_run(run.id, &run.conversation_id);
        let at = self.clock.now();
        let created = closing.artifacts.iter().map(|artifact| {
            Body::ArtifactCreated(ArtifactCreated {
                artifact_id: artifact.id.to_string(),
                name: artifact.name.clone(),
                media_type: artifact.media_type.clone(),
                size_bytes: artifact.size_bytes,
                digest: artifact.digest.to_string(),
            })
        });
        closing
            .opening
            .clone()
            .into_iter()
            .chain(created)
            .chain([closing.terminal.clone()])
            .zip(last_seq + 1..)
            .map(|(body, seq)| origin.frame(seq, at, body).to_text())
            .collect()
    }

    /// Tells followers and waiters that a run has ended. Call after the commit.
    pub(super) fn announce_end(&self, run: RunId) {
        self.ledger.woken(run);
        self.settled.notify_waiters();
    }
}

async fn insert_artifact(tx: &DatabaseTransaction, artifact: &Artifact) -> Result<(), DbErr> {
    let row = artifact::ActiveModel {
        id: Set(artifact.id),
        run_id: Set(artifact.run_id),
        name: Set(artifact.name.clone()),
        media_type: Set(artifact.media_type.clone()),
        size_bytes: Set(i64::try_from(artifact.size_bytes).expect("no artifact has 2^63 bytes")),
        digest: Set(artifact.digest.as_bytes().to_vec()),
        created_us: Set(artifact.created_at.timestamp_micros()),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Ends the current attempt; a run that was never claimed has none.
pub(super) async fn end_attempt(
    tx: &DatabaseTransaction,
    run: &Run,
    outcome: AttemptOutcome,
    problem: Option<&RunProblem>,
    now_us: i64,
) -> Result<(), DbErr> {
    let sql = "UPDATE run_attempt SET ended_us = $1, outcome = $2, error_code = $3, error_message = $4
         WHERE run_id = $5 AND number = $6 AND ended_us IS NULL";
    let values = [
        now_us.into(),
        outcome.as_str().into(),
        problem.map(|p| p.code.clone()).into(),
        problem.map(|p| p.message.clone()).into(),
        run.id.into(),
        i32::try_from(run.attempt).expect("attempts are few").into(),
    ];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}
