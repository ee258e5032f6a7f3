//! Ending a run: outcome rows, artifact rows, the last frames and the state commit together or not at all.

use artifacts::StoreError;
use bytes::Bytes;
use frames::{ArtifactCreated, Body, Final, FinalStatus, Frame, Origin, StreamError, door};
use kernel::{RunId, canonical_json};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbErr, Set, Statement};
use serde_json::{Value, json};

use super::{Shared, foreign};
use crate::attempt_end::AttemptEnd;
use crate::context::is_completed_step;
use crate::run::{Artifact, Run};
use crate::state::{Event, IllegalTransition, RunState};
use crate::table::artifact;
use wire::artifacts::ArtifactId;
use wire::runs;

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
    #[error("the metrics of the run could not be stored")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<foreign::Error> for EndError {
    fn from(error: foreign::Error) -> Self {
        match error {
            foreign::Error::Illegal(error) => Self::Illegal(error),
            foreign::Error::Ledger(error) => Self::Ledger(error),
            foreign::Error::Store(error) => Self::Store(error),
            foreign::Error::Db(error) => Self::Db(error),
            foreign::Error::NotFound(_)
            | foreign::Error::Ended { .. }
            | foreign::Error::UnknownConversation(_)
            | foreign::Error::Moved { .. } => Self::Lost,
        }
    }
}

impl EndError {
    /// What is in trouble is a resource that all runs share, and not this run.
    pub(super) fn is_passing(&self) -> bool {
        use kernel::Fault;
        match self {
            Self::Lost | Self::Illegal(_) => false,
            Self::Ledger(error) => error.is_retryable(),
            Self::Store(error) => error.is_retryable(),
            Self::Db(error) => error.is_retryable(),
        }
    }
}

/// Several large ones fit into one append.
const LAST_FRAME_BYTES: usize = ledger::MAX_FRAME_BYTES / 2;

/// How a run ends.
pub(super) struct Closing {
    pub event: Event,
    pub attempt: AttemptEnd,
    pub is_dead_letter: bool,
    /// The mandatory `metrics` among them.
    pub artifacts: Vec<Artifact>,
    /// Frames before the artifacts' and the terminal one; the opening of a run that never started.
    pub opening: Option<Body>,
    pub terminal: Body,
}

impl Closing {
    /// A run fails with what its last attempt ended with.
    pub(super) fn failed(
        attempt: fn(runs::Fault) -> AttemptEnd,
        problem: runs::Fault,
        is_dead_letter: bool,
    ) -> Self {
        let terminal = Body::Error(StreamError {
            code: Some(problem.code.clone()),
            message: problem.message.clone(),
            source: frames::ErrorSource::Server,
            is_retryable: false,
        });
        Self {
            event: Event::Fail,
            attempt: attempt(problem),
            is_dead_letter,
            artifacts: Vec::new(),
            opening: None,
            terminal,
        }
    }

    pub(super) fn cancelled(summary: &str) -> Self {
        let terminal =
            Final { response_text: Some(summary.to_owned()), ..Final::new(FinalStatus::Cancelled) };
        Self {
            event: Event::Cancel,
            attempt: AttemptEnd::Cancelled,
            is_dead_letter: false,
            artifacts: Vec::new(),
            opening: None,
            terminal: Body::Final(terminal),
        }
    }

    /// The metrics of a run without an outcome: how it ended, why, and how far it came.
    fn metrics(&self, run: &Run, reached: Reached) -> Value {
        let mut metrics = json!({
            "status": if self.event == Event::Cancel { "cancelled" } else { "failed" },
            "attempts": run.attempt,
            "steps_done": reached.steps_done,
            "shards_done": reached.shards_done,
        });
        if let Some(problem) = self.attempt.problem() {
            metrics["error"] = json!({ "code": problem.code, "message": problem.message });
        }
        metrics
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reached {
    pub steps_done: u64,
    pub shards_done: u64,
}

impl Reached {
    /// Both together: larger than before means that something was done that stays done.
    pub(super) fn total(self) -> i64 {
        i64::try_from(self.steps_done.saturating_add(self.shards_done)).unwrap_or(i64::MAX)
    }
}

impl Shared {
    /// How far a run has come, by its record. What cannot be read counts for nothing.
    pub(super) async fn reached(&self, run: &Run, tenant: kernel::Tenant) -> Reached {
        let steps_done = match self.steps_done(run.id, tenant).await {
            Ok(steps) => steps,
            Err(error) => {
                tracing::warn!(run.id = %run.id, error, "the steps of a run could not be counted");
                0
            }
        };
        Reached { steps_done, shards_done: run.shards_done }
    }

    async fn steps_done(&self, run: RunId, tenant: kernel::Tenant) -> Result<u64, String> {
        let (mut after, mut steps) = (0, 0);
        loop {
            let page = self
                .ledger
                .reader()
                .page(tenant, run, after, super::PAGE)
                .await
                .map_err(|error| error.to_string())?;
            let frames = page.frames.iter().filter(|(_, text)| text.contains("step.completed"));
            for (_, text) in frames {
                let frame = Frame::parse(text).map_err(|error| error.to_string())?;
                steps += u64::from(is_completed_step(&frame.body));
            }
            match page.frames.last() {
                Some((seq, _)) if !page.is_end => after = *seq,
                _ => return Ok(steps),
            }
        }
    }

    /// Stores the metrics of a run without an outcome, before the transaction that ends it.
    pub(super) async fn add_metrics(
        &self,
        run: &Run,
        closing: &mut Closing,
        reached: Reached,
    ) -> Result<(), EndError> {
        let metrics = closing.metrics(run, reached);
        let text = canonical_json(&metrics).expect("the metrics are plain data");
        let artifact = self.metrics_artifact(run.id, text).await?;
        closing.artifacts.push(artifact);
        Ok(())
    }

    pub(super) async fn metrics_artifact(&self, run: RunId, json: String) -> Result<Artifact, StoreError> {
        let stored = self.store.put(Bytes::from(json)).await?;
        Ok(Artifact {
            id: ArtifactId::new(&*self.clock),
            run_id: run,
            name: "metrics".to_owned(),
            media_type: "application/json".to_owned(),
            size_bytes: stored.size_bytes,
            digest: stored.digest,
            created_at: self.clock.now(),
        })
    }

    /// Writes the end of a run after `last_seq`. The caller has locked the parent and written the domain's rows in the
    /// same transaction.
    pub(super) async fn close_in(
        &self,
        tx: &DatabaseTransaction,
        run: &Run,
        fence: i64,
        last_seq: u64,
        closing: &Closing,
    ) -> Result<(), EndError> {
        let state = run.state.next(closing.event)?;
        // One moment for the row and the terminal frame, so that the two can be compared.
        let at = self.clock.now();
        let now_us = at.timestamp_micros();
        for artifact in &closing.artifacts {
            insert_artifact(tx, artifact).await?;
        }
        let texts = last_frames(run, last_seq, closing, at);
        self.ledger.close_in(tx, run.id, fence, last_seq + 1, &texts).await?;
        end_attempt(tx, run, &closing.attempt, now_us).await?;
        let attempt = &closing.attempt;
        let outcome = Outcome { state, attempt, is_dead_letter: closing.is_dead_letter, now_us };
        if !end_row(tx, run, fence, &outcome).await? {
            return Err(EndError::Lost);
        }
        Ok(self.wake_parent_in(tx, run).await?)
    }

    /// Tells followers and waiters that a run has ended or moved on. Call after the commit.
    pub(super) fn announce(&self, run: RunId) {
        self.ledger.woken(run);
        self.settled.notify_waiters();
        // Its end may have woken its parent.
        self.queued.notify_one();
    }
}

fn last_frames(
    run: &Run,
    last_seq: u64,
    closing: &Closing,
    at: chrono::DateTime<chrono::Utc>,
) -> Vec<String> {
    let origin = Origin::of_run(run.id, run.conversation_id.to_string());
    let created = closing.artifacts.iter().map(|artifact| {
        Body::ArtifactCreated(ArtifactCreated {
            artifact_id: artifact.id.to_string(),
            name: artifact.name.clone(),
            media_type: artifact.media_type.clone(),
            size_bytes: artifact.size_bytes,
            digest: artifact.digest.to_string(),
            created_at: Some(artifact.created_at),
        })
    });
    closing
        .opening
        .clone()
        .into_iter()
        .chain(created)
        .chain([closing.terminal.clone()])
        .zip(last_seq + 1..)
        .map(|(body, seq)| fitted(origin.frame(seq, at, body)))
        .collect()
}

/// An end can always be written: what looks like a secret is replaced, what is too large is cut, and the metrics have the
/// whole.
fn fitted(frame: Frame) -> String {
    let kind = frame.kind();
    match door::redact(frame).fit(LAST_FRAME_BYTES, Some("artifact `metrics`")) {
        Ok(frame) => frame.to_text(),
        Err(error) => unreachable!("the frames of an end can be cut, but `{kind}` was not: {error}"),
    }
}

/// What the row of an ended run says of the end.
pub(super) struct Outcome<'a> {
    pub state: RunState,
    pub attempt: &'a AttemptEnd,
    pub is_dead_letter: bool,
    pub now_us: i64,
}

/// Moves the row of a run to its end, if it still stands where it was read and has this token. Says whether it did.
pub(super) async fn end_row(
    tx: &DatabaseTransaction,
    run: &Run,
    fence: i64,
    outcome: &Outcome<'_>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE run SET state = $1, ended_us = $2, error_code = $3, error_message = $4,
            is_dead_letter = $5, lease_owner = NULL, lease_until_us = NULL, lease_us = NULL,
            waits_for = NULL, wake_us = NULL
         WHERE id = $6 AND fence = $7 AND state = $8";
    let problem = outcome.attempt.problem();
    let values = [
        outcome.state.as_str().into(),
        outcome.now_us.into(),
        problem.map(|p| p.code.clone()).into(),
        problem.map(|p| p.message.clone()).into(),
        outcome.is_dead_letter.into(),
        run.id.into(),
        fence.into(),
        run.state.as_str().into(),
    ];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected() == 1)
}

pub(super) async fn insert_artifact(tx: &DatabaseTransaction, artifact: &Artifact) -> Result<(), DbErr> {
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
    end: &AttemptEnd,
    now_us: i64,
) -> Result<(), DbErr> {
    let sql = "UPDATE run_attempt SET ended_us = $1, outcome = $2, error_code = $3, error_message = $4
         WHERE run_id = $5 AND number = $6 AND ended_us IS NULL";
    let values = [
        now_us.into(),
        end.outcome().as_str().into(),
        end.problem().map(|p| p.code.clone()).into(),
        end.problem().map(|p| p.message.clone()).into(),
        run.id.into(),
        i32::try_from(run.attempt).expect("attempts are few").into(),
    ];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}
