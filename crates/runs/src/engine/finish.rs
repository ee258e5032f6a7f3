//! What becomes of an execution: an end, another attempt, or a rest until something comes.

use std::sync::Arc;
use std::time::Duration;

use frames::{Body, Final, FinalStatus};
use kernel::canonical_json;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QuerySelect, Statement};

use super::claim::{Claimed, MAX_BACKOFF_US};
use super::end::{Closing, EndError, Reached, end_attempt};
use super::{Shared, family, micros};
use crate::attempt_end::{AttemptEnd, CANCELLED_AT_WORK};
use crate::context::{Park, RunContext, Stop};
use crate::decision;
use crate::emitter::EmitterTask;
use crate::kind::{AnyKind, AnyOutcome, Broken, Completion, End, Ending};
use crate::run::{Artifact, Run};
use crate::state::Event;
use crate::table::run;
use wire::runs::{self, WaitsFor};

/// How long to wait before an end is written again.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

pub(super) struct Finish<'a> {
    pub shared: &'a Arc<Shared>,
    pub claimed: &'a Claimed,
    pub kind: &'a dyn AnyKind,
}

/// What an execution leaves behind.
struct Left {
    last_seq: u64,
    artifacts: Vec<Artifact>,
}

impl Finish<'_> {
    pub(super) async fn settle(
        self,
        result: Result<Completion<AnyOutcome>, Broken>,
        cx: RunContext,
        written: EmitterTask,
    ) -> Result<(), EndError> {
        let result = match result {
            Err(Broken::Stopped(Stop::Parked(park))) if !cx.is_cancelled() => {
                let last_seq = written.finish().await?;
                return self.park(park, last_seq).await;
            }
            Err(Broken::Stopped(Stop::Parked(_))) => Err(Broken::Stopped(Stop::Cancelled)),
            Ok(done) => self.with_metrics(&cx, done).await,
            Err(broken) => Err(broken),
        };
        let artifacts = std::mem::take(&mut *cx.0.artifacts.lock().expect("no holder panics"));
        // Whatever the kind left running stops with the run.
        cx.0.cancel.cancel();
        let left = Left { last_seq: written.finish().await?, artifacts };
        match result {
            Ok(done) => {
                let is_stopped = done.ending == Ending::Cancelled;
                self.shared.children_end(self.claimed.run.id, is_stopped).await?;
                self.complete(&done, left).await
            }
            Err(Broken::Stopped(Stop::Cancelled)) => self.cancel(left).await,
            Err(Broken::Stopped(Stop::LeaseLost)) => Err(EndError::Lost),
            Err(Broken::Stopped(stop)) => {
                let is_retryable = stop.is_retryable();
                tracing::warn!(run.id = %self.claimed.run.id, error = &stop as &dyn std::error::Error, "a run stopped");
                let problem = runs::Fault { code: stop.code().to_owned(), message: stop.to_string() };
                self.fail(problem, is_retryable, left).await
            }
            Err(Broken::Failed { problem, is_retryable }) => self.fail(problem, is_retryable, left).await,
        }
    }

    /// Stores the mandatory artifact of a run that has an outcome.
    async fn with_metrics(
        &self,
        cx: &RunContext,
        done: Completion<AnyOutcome>,
    ) -> Result<Completion<AnyOutcome>, Broken> {
        let text = canonical_json(&done.metrics)
            .map_err(|error| Broken::permanent("METRICS_UNREADABLE", error.to_string()))?;
        let stored = self.shared.metrics_artifact(self.claimed.run.id, text).await;
        let artifact = stored.map_err(|error| Broken::Stopped(Stop::Store(error)))?;
        cx.0.artifacts.lock().expect("no holder panics").push(artifact);
        Ok(done)
    }

    async fn complete(self, done: &Completion<AnyOutcome>, left: Left) -> Result<(), EndError> {
        let run = &self.claimed.run;
        let closing = closing(done, left.artifacts);
        let closed = self
            .persist(|| async {
                self.shared
                    .db
                    .write
                    .write("end run", async |tx| {
                        self.shared.lock_parent(tx, run).await?;
                        self.still_ours(tx).await?;
                        self.kind.publish(tx, run.id, &done.outcome).await?;
                        self.shared.close_in(tx, run, self.claimed.fence, left.last_seq, &closing).await
                    })
                    .await
            })
            .await;
        if let Err(EndError::Db(error)) = &closed {
            tracing::error!(run.id = %run.id, %error, "the outcome of a run could not be written");
            let problem = runs::Fault {
                code: "OUTCOME_NOT_WRITTEN".to_owned(),
                message: "the outcome could not be written; the server's log has the cause".to_owned(),
            };
            let left = Left { last_seq: left.last_seq, artifacts: Vec::new() };
            // A database that refuses what is written will refuse it again.
            return self.fail(problem, false, left).await;
        }
        closed
    }

    async fn cancel(self, left: Left) -> Result<(), EndError> {
        self.shared.children_end(self.claimed.run.id, true).await?;
        self.close_without_outcome(left, &End::Cancelled, Closing::cancelled(CANCELLED_AT_WORK)).await
    }

    /// Queues the run again, or ends it where nothing more can be tried.
    async fn fail(self, problem: runs::Fault, is_retryable: bool, left: Left) -> Result<(), EndError> {
        let run = &self.claimed.run;
        if is_retryable {
            let reached = self.reached().await?;
            let failures = failures_after(run, reached);
            if failures < run.max_attempts {
                return self.requeue(&problem, failures, reached).await;
            }
        }
        self.shared.children_end(run.id, true).await?;
        let closing = Closing::failed(AttemptEnd::Failed, problem.clone(), is_retryable);
        self.close_without_outcome(left, &End::Failed(problem), closing).await
    }

    /// By the record, because the row of this claim is as old as the claim.
    async fn reached(&self) -> Result<Reached, EndError> {
        let row = run::Entity::find_by_id(self.claimed.run.id).one(self.shared.db.read.conn()).await?;
        let run = Run::try_from(row.ok_or(EndError::Lost)?)?;
        Ok(self.shared.reached(&run, self.claimed.tenant).await)
    }

    async fn close_without_outcome(
        self,
        left: Left,
        end: &End,
        mut closing: Closing,
    ) -> Result<(), EndError> {
        let run = &self.claimed.run;
        closing.artifacts = left.artifacts;
        // A run whose metrics were stored before its outcome failed has one already.
        closing.artifacts.retain(|artifact| artifact.name != "metrics");
        let reached = self.reached().await?;
        self.shared.add_metrics(run, &mut closing, reached).await?;
        self.persist(|| async {
            self.shared
                .db
                .write
                .write("end run without outcome", async |tx| {
                    self.shared.lock_parent(tx, run).await?;
                    self.still_ours(tx).await?;
                    self.kind.abandon(tx, run.id, end).await?;
                    self.shared.close_in(tx, run, self.claimed.fence, left.last_seq, &closing).await
                })
                .await
        })
        .await
    }

    /// Repeats what failed because the database or the disk is away, until it works or the lease is lost: nothing of
    /// the run failed, so no attempt is spent on it.
    async fn persist<F: Future<Output = Result<(), EndError>>>(
        &self,
        act: impl Fn() -> F,
    ) -> Result<(), EndError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match act().await {
                Err(error) if error.is_passing() => {
                    kernel::warn_seldom!(run.id = %self.claimed.run.id, %error, "the end of a run waits");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                ended => return ended,
            }
        }
    }

    /// An end whose answer was lost may have happened: then it is not written a second time.
    async fn still_ours(&self, tx: &DatabaseTransaction) -> Result<(), EndError> {
        let row = run::Entity::find_by_id(self.claimed.run.id).lock_exclusive().one(tx).await?;
        let is_ours = row.is_some_and(|row| row.fence == self.claimed.fence && row.state == "running");
        if is_ours { Ok(()) } else { Err(EndError::Lost) }
    }

    async fn requeue(&self, problem: &runs::Fault, failures: u32, reached: Reached) -> Result<(), EndError> {
        let run = &self.claimed.run;
        run.state.next(Event::Requeue)?;
        let sql = "UPDATE run SET state = 'queued', not_before_us = $1, failures = $2, progress_seen = $3,
                lease_owner = NULL, lease_until_us = NULL, lease_us = NULL
             WHERE id = $4 AND fence = $5 AND state = 'running'";
        let retried = AttemptEnd::Retried(problem.clone());
        // What made the attempt fail may be what keeps this from being written: then it waits like any other end.
        self.persist(|| async {
            let now_us = self.shared.clock.now_us();
            let values = [
                (now_us + self.shared.backoff_us(run, failures)).into(),
                i32::try_from(failures).expect("failures are few").into(),
                reached.total().into(),
                run.id.into(),
                self.claimed.fence.into(),
            ];
            let statement = Statement::from_sql_and_values(self.shared.db.write.backend(), sql, values);
            self.shared
                .db
                .write
                .write("requeue run", async |tx| {
                    self.still_ours(tx).await?;
                    end_attempt(tx, run, &retried, now_us).await?;
                    moved_one(tx, statement).await
                })
                .await
        })
        .await
    }

    /// Lays the run down: no worker, no lease. Where what it waits for has come meanwhile, it is queued at once.
    async fn park(&self, park: Park, last_seq: u64) -> Result<(), EndError> {
        let run = &self.claimed.run;
        tracing::debug!(run.id = %run.id, last_seq, waits_for = park.waits_for.as_str(), "a run is parked");
        self.shared
            .db
            .write
            .write("park run", async |tx| {
                let row = run::Entity::find_by_id(run.id).lock_exclusive().one(tx).await?;
                let row = row.filter(|row| row.fence == self.claimed.fence).ok_or(EndError::Lost)?;
                let has_come = row.cancel_requested_us.is_some() || self.has_come(tx, park).await?;
                moved_one(tx, self.parked(tx, park, has_come)).await
            })
            .await
    }

    async fn has_come(&self, tx: &DatabaseTransaction, park: Park) -> Result<bool, DbErr> {
        let run = self.claimed.run.id;
        if park.wakes_at.is_some_and(|at| at <= self.shared.clock.now()) {
            return Ok(true);
        }
        match park.waits_for {
            WaitsFor::Time => Ok(false),
            WaitsFor::Children => Ok(family::active_children(tx, run).await?.is_empty()),
            WaitsFor::Decision => decision::newest_is_answered(tx, run).await,
        }
    }

    fn parked(&self, tx: &DatabaseTransaction, park: Park, has_come: bool) -> Statement {
        let now_us = self.shared.clock.now_us();
        let (state, waits_for, wake_us) = if has_come {
            ("queued", None, None)
        } else {
            ("waiting", Some(park.waits_for.as_str()), park.wakes_at.map(|at| at.timestamp_micros()))
        };
        let sql = "UPDATE run SET state = $1, waits_for = $2, wake_us = $3, resumes = $4, not_before_us = $5,
                lease_owner = NULL, lease_until_us = NULL, lease_us = NULL
             WHERE id = $6 AND fence = $7 AND state = 'running'";
        let values = [
            state.into(),
            waits_for.into(),
            wake_us.into(),
            has_come.into(),
            now_us.into(),
            self.claimed.run.id.into(),
            self.claimed.fence.into(),
        ];
        Statement::from_sql_and_values(tx.get_database_backend(), sql, values)
    }
}

async fn moved_one(tx: &DatabaseTransaction, statement: Statement) -> Result<(), EndError> {
    match tx.execute_raw(statement).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(EndError::Lost),
    }
}

fn closing(done: &Completion<AnyOutcome>, artifacts: Vec<Artifact>) -> Closing {
    let (event, attempt, status) = match done.ending {
        Ending::Completed => (Event::Succeed, AttemptEnd::Succeeded, FinalStatus::Completed),
        Ending::Refused => (Event::Succeed, AttemptEnd::Succeeded, FinalStatus::Refused),
        Ending::Cancelled => (Event::Cancel, AttemptEnd::Cancelled, FinalStatus::Cancelled),
    };
    let refusal = (done.ending == Ending::Refused).then(|| done.summary.clone());
    let terminal = Final {
        response_text: refusal.is_none().then(|| done.summary.clone()),
        refusal_text: refusal,
        structured_output: done.structured.clone(),
        ..Final::new(status)
    };
    Closing {
        event,
        attempt,
        is_dead_letter: false,
        artifacts,
        opening: None,
        terminal: Body::Final(terminal),
    }
}

/// The failures that count after one more. Progress since the last one starts the count anew.
fn failures_after(run: &Run, reached: Reached) -> u32 {
    if reached.total() > run.progress_seen { 1 } else { run.failures + 1 }
}

impl Shared {
    /// Doubles with every one that counts, plus up to half of itself so that many failed runs do not return at once.
    /// The jitter comes from the run's seed: the same run waits equally long every time.
    pub(super) fn backoff_us(&self, run: &Run, counted: u32) -> i64 {
        let doubled = self.config.backoff.saturating_mul(2_u32.saturating_pow(counted.saturating_sub(1)));
        let jitter = run.seed.indexed("backoff", u64::from(run.attempt)).unit();
        let longest = Duration::from_micros(MAX_BACKOFF_US.unsigned_abs());
        micros(doubled.min(longest).mul_f64(1.0 + jitter / 2.0).min(longest))
    }
}
