//! Driving one claimed run: opening frames, the kind's execution, and its end, its retry or its rest.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use frames::{AttemptStarted, Origin};
use futures::FutureExt;
use kernel::RunId;
use tokio_util::sync::CancellationToken;

use super::claim::Claimed;
use super::end::EndError;
use super::finish::Finish;
use super::{Active, Engine, Shared, submit};
use crate::context::{Inner, RunContext, Stop};
use crate::dispatch::panic_text;
use crate::emitter::Emitter;
use crate::kind::Broken;
use crate::query;
use crate::reproduction::reproduces;
use crate::run::Run;
use crate::table;

impl Shared {
    /// Counts a run that was taken among the active ones.
    pub(super) fn hold(&self, claimed: &Claimed) -> Active {
        let active =
            Active { fence: claimed.fence, cancel: CancellationToken::new(), lost: CancellationToken::new() };
        if claimed.run.cancel_requested_at.is_some() {
            active.cancel.cancel();
        }
        self.active().insert(claimed.run.id, active.clone());
        active
    }

    /// Counts it no more, unless this process has taken the run again since.
    fn let_go(&self, run: RunId, fence: i64) {
        let mut active = self.active();
        if active.get(&run).is_some_and(|active| active.fence == fence) {
            active.remove(&run);
        }
    }
}

/// Drives a run that is held until this worker is through with it.
pub(super) async fn drive(shared: Arc<Shared>, claimed: Claimed, active: Active) {
    let run = claimed.run.id;
    let ended = tokio::select! {
        ended = attempt(&shared, &claimed, &active) => ended,
        () = active.lost.cancelled() => Err(EndError::Lost),
    };
    // Whatever is still computed for it stops: nobody waits for that any more.
    active.cancel.cancel();
    shared.let_go(run, active.fence);
    match ended {
        Ok(()) => {}
        Err(EndError::Lost | EndError::Ledger(ledger::Error::Fenced { .. })) => {
            tracing::info!(run.id = %run, "this worker no longer holds the run");
        }
        // The lease runs out and the sweep takes the run from here.
        Err(error) => tracing::error!(run.id = %run, %error, "the end of a run could not be written"),
    }
    shared.announce(run);
}

async fn attempt(shared: &Arc<Shared>, claimed: &Claimed, active: &Active) -> Result<(), EndError> {
    let run = &claimed.run;
    let is_reproduction = is_reproduction(shared, run).await?;
    let origin = Origin::of_run(run.id, run.conversation_id.to_string());
    let (emitter, written) =
        Emitter::start(shared.ledger.clone(), run.id, origin, claimed.fence, claimed.head.seq);
    let cx = context(shared, claimed, active, emitter, is_reproduction);
    let kind = &shared.kinds[claimed.run.kind.as_str()];
    let result = match begin(shared, claimed, &cx).await {
        Ok(()) => AssertUnwindSafe(kind.execute(&claimed.run.spec, &cx))
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| Err(Broken::permanent("RUN_PANICKED", panic_text(&*panic)))),
        Err(stop) => Err(Broken::Stopped(stop)),
    };
    Finish { shared, claimed, kind: kind.as_ref() }.settle(result, cx, written).await
}

/// Whether a run, or the one at the top of its family, is executed to be compared with another.
async fn is_reproduction(shared: &Shared, run: &Run) -> Result<bool, EndError> {
    let db = shared.db.read.conn();
    let own = query::inputs_of(db, run.id).await?;
    let of_root =
        if run.root_run_id == run.id { Vec::new() } else { query::inputs_of(db, run.root_run_id).await? };
    Ok([own, of_root].iter().any(|inputs| reproduces(inputs).is_some()))
}

/// The frames every attempt begins with. An attempt that goes on has them already.
async fn begin(shared: &Shared, claimed: &Claimed, cx: &RunContext) -> Result<(), Stop> {
    let run = &claimed.run;
    if claimed.head.seq == 0 {
        let inputs = query::inputs(&shared.db.read, run).await;
        let inputs = inputs.map_err(|error| Stop::Unreadable(error.into()))?;
        cx.emit(submit::opening(run, &inputs)).await?;
    } else {
        cx.take_over_kept().await?;
    }
    if claimed.resumes {
        return Ok(());
    }
    let attempts = query::attempt_rows(&shared.db.read, run.id).await;
    let attempts = attempts.map_err(|error| Stop::Unreadable(error.into()))?;
    let (before, this) =
        attempts.split_at(attempts.partition_point(|row| i64::from(row.number) < i64::from(run.attempt)));
    cx.emit(AttemptStarted {
        attempt: run.attempt,
        worker: shared.config.worker.clone(),
        started_at: this.first().and_then(|row| kernel::row::time(row.started_us).ok()),
        before_digest: (!before.is_empty()).then(|| table::attempt::digest(before).to_string()),
    })
    .await
}

fn context(
    shared: &Arc<Shared>,
    claimed: &Claimed,
    active: &Active,
    emitter: Emitter,
    is_reproduction: bool,
) -> RunContext {
    RunContext(Arc::new(Inner {
        engine: Engine(Arc::clone(shared)),
        run: claimed.run.id,
        tenant: claimed.tenant,
        conversation_id: claimed.run.conversation_id,
        seed: claimed.run.seed,
        attempt: claimed.run.attempt,
        is_reproduction,
        known_seq: claimed.head.seq,
        db: shared.db.clone(),
        clock: Arc::clone(&shared.clock),
        store: shared.store.clone(),
        emitter,
        artifacts: Mutex::default(),
        steps_done: AtomicU64::new(0),
        cancel: active.cancel.clone(),
        compute: Arc::clone(&shared.compute),
        dispatch: Arc::clone(&shared.dispatch),
    }))
}
