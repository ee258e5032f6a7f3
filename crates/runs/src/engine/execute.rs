//! Driving one claimed run: opening frames, heartbeat, the kind's execution, and its end or its retry.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use frames::{AttemptStarted, Body, Final, FinalStatus, Origin};
use futures::FutureExt;
use kernel::{RunId, canonical_json};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use tokio_util::sync::CancellationToken;

use super::claim::Claimed;
use super::end::{Closing, EndError, end_attempt};
use super::{Active, Shared, micros, submit};
use crate::context::{Inner, RunContext, Stop};
use crate::dispatch::panic_text;
use crate::emitter::{Emitter, EmitterTask};
use crate::kind::{AnyKind, AnyOutcome, Broken, Completion, End, Ending};
use crate::query;
use crate::run::{Artifact, AttemptOutcome, RunProblem};
use crate::state::Event;

pub(super) async fn drive(shared: Arc<Shared>, claimed: Claimed) {
    let run = claimed.run.id;
    let active =
        Active { fence: claimed.fence, cancel: CancellationToken::new(), lost: CancellationToken::new() };
    shared.active.lock().expect("no holder panics").insert(run, active.clone());
    let heartbeat = tokio::spawn(heartbeat(Arc::clone(&shared), claimed.run.id, active.clone()));
    let ended = tokio::select! {
        ended = attempt(&shared, &claimed, &active) => ended,
        () = active.lost.cancelled() => Err(EndError::Lost),
    };
    heartbeat.abort();
    shared.active.lock().expect("no holder panics").remove(&run);
    match ended {
        Ok(()) => {}
        Err(EndError::Lost | EndError::Ledger(ledger::Error::Fenced { .. })) => {
            tracing::warn!(run.id = %run, "the lease was lost; another worker decides");
        }
        // The lease runs out and the sweep takes the run from here.
        Err(error) => tracing::error!(run.id = %run, %error, "the end of a run could not be written"),
    }
    shared.announce_end(run);
}

async fn attempt(shared: &Arc<Shared>, claimed: &Claimed, active: &Active) -> Result<(), EndError> {
    let run = &claimed.run;
    let origin = Origin::of_run(run.id, &run.conversation_id);
    let (emitter, written) =
        Emitter::start(shared.ledger.clone(), run.id, origin, claimed.fence, claimed.head.seq);
    let cx = shared.context(claimed, active, emitter);
    let kind = &shared.kinds[claimed.run.kind.as_str()];
    let result = match begin(shared, claimed, &cx).await {
        Ok(()) => AssertUnwindSafe(kind.execute(&claimed.run.spec, &cx))
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| Err(Broken::permanent("RUN_PANICKED", panic_text(&*panic)))),
        Err(stop) => Err(Broken::Stopped(stop)),
    };
    let artifacts = std::mem::take(&mut *cx.0.artifacts.lock().expect("no holder panics"));
    let finish = Finish { shared, claimed, kind: kind.as_ref(), artifacts };
    finish.settle(result, cx, written).await
}

/// The frames every attempt begins with.
async fn begin(shared: &Shared, claimed: &Claimed, cx: &RunContext) -> Result<(), Stop> {
    if claimed.head.seq == 0 {
        let inputs = query::inputs(&shared.db.read, &claimed.run).await.map_err(|_| Stop::Unrecorded)?;
        cx.emit(submit::opening(&claimed.run, &inputs)).await?;
    }
    let worker = shared.config.worker.clone();
    cx.emit(AttemptStarted { attempt: claimed.run.attempt, worker }).await
}

impl Shared {
    fn context(&self, claimed: &Claimed, active: &Active, emitter: Emitter) -> RunContext {
        RunContext(Arc::new(Inner {
            run: claimed.run.id,
            tenant: claimed.tenant,
            conversation_id: claimed.run.conversation_id.clone(),
            seed: claimed.run.seed,
            attempt: claimed.run.attempt,
            db: self.db.clone(),
            clock: Arc::clone(&self.clock),
            store: self.store.clone(),
            emitter,
            artifacts: Mutex::default(),
            cancel: active.cancel.clone(),
            compute: Arc::clone(&self.compute),
            dispatch: Arc::clone(&self.dispatch),
        }))
    }
}

/// Renews the lease until it is refused; passes on a cancellation that another process asked for.
async fn heartbeat(shared: Arc<Shared>, run: RunId, active: Active) {
    let mut lease_until_us = shared.lease_until_us();
    loop {
        tokio::time::sleep(shared.config.lease / 3).await;
        let renewed = shared
            .db
            .write
            .write("heartbeat", async |tx| {
                // Counted from when the writer is ours: waiting for it must not shorten the lease.
                let until_us = shared.lease_until_us();
                let row = tx.query_one_raw(renewal(&shared, run, active.fence, until_us)).await?;
                Ok::<_, DbErr>(row.map(|row| (row, until_us)))
            })
            .await;
        match renewed {
            Ok(Some((row, until_us))) => {
                lease_until_us = until_us;
                if matches!(row.try_get_by_index::<Option<i64>>(0), Ok(Some(_))) {
                    active.cancel.cancel();
                }
            }
            Ok(None) => return active.lost.cancel(),
            Err(error) => {
                tracing::warn!(run.id = %run, %error, "a heartbeat failed");
                if shared.clock.now_us() > lease_until_us {
                    return active.lost.cancel();
                }
            }
        }
    }
}

fn renewal(shared: &Shared, run: RunId, fence: i64, until_us: i64) -> Statement {
    let sql = "UPDATE run SET lease_until_us = $1 WHERE id = $2 AND fence = $3 AND state = 'running'
         RETURNING cancel_requested_us";
    Statement::from_sql_and_values(
        shared.db.write.backend(),
        sql,
        [until_us.into(), run.into(), fence.into()],
    )
}

struct Finish<'a> {
    shared: &'a Arc<Shared>,
    claimed: &'a Claimed,
    kind: &'a dyn AnyKind,
    artifacts: Vec<Artifact>,
}

impl Finish<'_> {
    async fn settle(
        mut self,
        result: Result<Completion<AnyOutcome>, Broken>,
        cx: RunContext,
        written: EmitterTask,
    ) -> Result<(), EndError> {
        let result = match result {
            Ok(done) => self.with_metrics(&cx, done).await,
            Err(broken) => Err(broken),
        };
        // Whatever the kind left running stops with the run.
        cx.0.cancel.cancel();
        let last_seq = written.finish().await?;
        match result {
            Ok(done) => self.complete(&done, last_seq).await,
            Err(Broken::Stopped(Stop::Cancelled)) => {
                self.close_without_outcome(last_seq, &End::Cancelled, Closing::cancelled("cancelled")).await
            }
            Err(Broken::Stopped(Stop::LeaseLost)) => Err(EndError::Lost),
            Err(Broken::Stopped(stop)) => {
                // A frame outside the contract is a defect of the kind: trying again makes it again.
                let is_retryable = !matches!(stop, Stop::Contract(_));
                if let Stop::Contract(error) = &stop {
                    tracing::error!(run.id = %self.claimed.run.id, %error, "a run made a frame outside the contract");
                }
                let problem = RunProblem { code: "RUN_STOPPED".to_owned(), message: stop.to_string() };
                self.fail(problem, is_retryable, last_seq).await
            }
            Err(Broken::Failed { problem, is_retryable }) => self.fail(problem, is_retryable, last_seq).await,
        }
    }

    /// Stores the mandatory artifact of a run that is about to succeed.
    async fn with_metrics(
        &mut self,
        cx: &RunContext,
        done: Completion<AnyOutcome>,
    ) -> Result<Completion<AnyOutcome>, Broken> {
        let text = canonical_json(&done.metrics)
            .map_err(|error| Broken::permanent("METRICS_UNREADABLE", error.to_string()))?;
        cx.artifact("metrics", "application/json", Bytes::from(text)).await.map_err(Broken::Stopped)?;
        self.artifacts.append(&mut cx.0.artifacts.lock().expect("no holder panics"));
        Ok(done)
    }

    async fn complete(mut self, done: &Completion<AnyOutcome>, last_seq: u64) -> Result<(), EndError> {
        let (event, attempt, status) = match done.ending {
            Ending::Completed => (Event::Succeed, AttemptOutcome::Succeeded, FinalStatus::Completed),
            Ending::Refused => (Event::Succeed, AttemptOutcome::Succeeded, FinalStatus::Refused),
            Ending::Cancelled => (Event::Cancel, AttemptOutcome::Cancelled, FinalStatus::Cancelled),
        };
        let refusal = (done.ending == Ending::Refused).then(|| done.summary.clone());
        let terminal = Final {
            response_text: refusal.is_none().then(|| done.summary.clone()),
            refusal_text: refusal,
            structured_output: done.structured.clone(),
            ..Final::new(status)
        };
        let closing = Closing {
            event,
            attempt,
            problem: None,
            is_dead_letter: false,
            artifacts: std::mem::take(&mut self.artifacts),
            opening: None,
            terminal: Body::Final(terminal),
        };
        let run = &self.claimed.run;
        let closed: Result<(), EndError> = self
            .shared
            .db
            .write
            .write("end run", async |tx| {
                self.kind.publish(tx, run.id, &done.outcome).await?;
                self.shared.close_in(tx, run, self.claimed.fence, last_seq, &closing).await
            })
            .await;
        if let Err(EndError::Db(error)) = closed {
            tracing::error!(run.id = %run.id, %error, "the outcome of a run could not be written");
            let problem = RunProblem {
                code: "OUTCOME_NOT_WRITTEN".to_owned(),
                message: "the outcome could not be written; the server's log has the cause".to_owned(),
            };
            return self.fail(problem, true, last_seq).await;
        }
        closed
    }

    /// Queues the run again, or ends it where nothing more can be tried.
    async fn fail(self, problem: RunProblem, is_retryable: bool, last_seq: u64) -> Result<(), EndError> {
        let run = &self.claimed.run;
        if is_retryable && run.attempt < run.max_attempts {
            return self.requeue(&problem).await;
        }
        let closing = Closing::failed(problem.clone(), is_retryable, AttemptOutcome::Failed);
        self.close_without_outcome(last_seq, &End::Failed(problem), closing).await
    }

    async fn close_without_outcome(
        mut self,
        last_seq: u64,
        end: &End,
        mut closing: Closing,
    ) -> Result<(), EndError> {
        closing.artifacts = std::mem::take(&mut self.artifacts);
        let run = &self.claimed.run;
        self.shared
            .db
            .write
            .write("end run without outcome", async |tx| {
                self.kind.abandon(tx, run.id, end).await?;
                self.shared.close_in(tx, run, self.claimed.fence, last_seq, &closing).await
            })
            .await
    }

    async fn requeue(&self, problem: &RunProblem) -> Result<(), EndError> {
        let run = &self.claimed.run;
        run.state.next(Event::Requeue)?;
        let now_us = self.shared.clock.now_us();
        let not_before_us = now_us + micros(self.backoff());
        let sql =
            "UPDATE run SET state = 'queued', not_before_us = $1, lease_owner = NULL, lease_until_us = NULL
             WHERE id = $2 AND fence = $3 AND state = 'running'";
        let values = [not_before_us.into(), run.id.into(), self.claimed.fence.into()];
        let statement = Statement::from_sql_and_values(self.shared.db.write.backend(), sql, values);
        self.shared
            .db
            .write
            .write("requeue run", async |tx| {
                end_attempt(tx, run, AttemptOutcome::Retried, Some(problem), now_us).await?;
                match tx.execute_raw(statement.clone()).await?.rows_affected() {
                    1 => Ok(()),
                    _ => Err(EndError::Lost),
                }
            })
            .await
    }

    /// Doubles with every attempt, plus up to half of itself so that many failed runs do not return at once. The
    /// jitter comes from the run's seed: the same run waits equally long every time.
    fn backoff(&self) -> Duration {
        let run = &self.claimed.run;
        let doubled = self.shared.config.backoff * 2_u32.saturating_pow(run.attempt - 1);
        let jitter = run.seed.indexed("backoff", u64::from(run.attempt)).unit();
        doubled.mul_f64(1.0 + jitter / 2.0)
    }
}
