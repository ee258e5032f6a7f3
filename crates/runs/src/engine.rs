//! The engine: submits, claims, executes, ends, cancels and recovers runs.

mod cancel;
mod claim;
mod end;
mod execute;
mod recover;
mod submit;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use artifacts::Store;
use kernel::{Db, RunId, SharedClock};
use ledger::Ledger;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::submit::Submit;
use crate::dispatch::{Dispatch, EmbeddedDispatch};
use crate::kind::{AnyKind, RunKind};
use crate::shard::ShardKind;

/// How the engine behaves; every duration is a trade between load and delay.
#[derive(Debug, Clone)]
pub struct Config {
    /// This worker's name in leases and attempts; unique among all workers of a database.
    pub worker: String,
    /// How long a lease lasts without a heartbeat; heartbeats come three times as often.
    pub lease: Duration,
    /// How often to look for runs that another process queued or asked to cancel.
    pub poll: Duration,
    /// How long a cancellation waits for the settled state.
    pub cancel_wait: Duration,
    /// The first back-off; it doubles with every attempt.
    pub backoff: Duration,
    /// How many runs may execute at once. Coordinating a run costs little: the work is on the compute pool.
    pub max_running: usize,
    /// Threads of the compute pool.
    pub compute_threads: usize,
}

impl Config {
    /// What suits one machine.
    pub fn new(worker: impl Into<String>) -> Self {
        Self {
            worker: worker.into(),
            lease: Duration::from_secs(10),
            poll: Duration::from_millis(500),
            cancel_wait: Duration::from_secs(30),
            backoff: Duration::from_secs(1),
            max_running: 64,
            compute_threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// Collects the run and shard kinds of a program.
pub struct EngineBuilder {
    db: Db,
    ledger: Ledger,
    store: Store,
    clock: SharedClock,
    config: Config,
    kinds: BTreeMap<&'static str, Arc<dyn AnyKind>>,
    dispatch: EmbeddedDispatch,
}

impl EngineBuilder {
    /// Adds a run kind.
    #[must_use]
    pub fn run_kind<K: RunKind>(mut self, kind: K) -> Self {
        self.kinds.insert(K::NAME, Arc::new(kind));
        self
    }

    /// Adds a shard kind.
    #[must_use]
    pub fn shard_kind<S: ShardKind>(mut self) -> Self {
        self.dispatch.register::<S>();
        self
    }

    /// The engine; it only executes runs once [`Engine::start`] was called.
    pub fn build(self) -> Engine {
        let compute = Arc::new(self.dispatch);
        Engine(Arc::new(Shared {
            db: self.db,
            ledger: self.ledger,
            store: self.store,
            clock: self.clock,
            config: self.config,
            kinds: self.kinds,
            dispatch: Arc::clone(&compute) as Arc<dyn Dispatch>,
            compute,
            queued: Notify::new(),
            settled: Notify::new(),
            active: Mutex::default(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }))
    }
}

/// The engine of one process. Clones share it.
#[derive(Clone)]
pub struct Engine(Arc<Shared>);

struct Shared {
    db: Db,
    ledger: Ledger,
    store: Store,
    clock: SharedClock,
    config: Config,
    kinds: BTreeMap<&'static str, Arc<dyn AnyKind>>,
    compute: Arc<EmbeddedDispatch>,
    dispatch: Arc<dyn Dispatch>,
    /// Wakes the worker loop; carries no data.
    queued: Notify,
    /// Wakes whoever waits for a settled run; carries no data.
    settled: Notify,
    active: Mutex<BTreeMap<RunId, Active>>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

/// The handles of a run that executes here.
#[derive(Clone)]
struct Active {
    fence: i64,
    cancel: CancellationToken,
    lost: CancellationToken,
}

impl Engine {
    /// Begins an engine.
    pub fn builder(
        db: Db,
        ledger: Ledger,
        store: Store,
        clock: SharedClock,
        config: Config,
    ) -> EngineBuilder {
        let dispatch = EmbeddedDispatch::new(config.compute_threads);
        EngineBuilder { db, ledger, store, clock, config, kinds: BTreeMap::new(), dispatch }
    }

    /// Starts to execute runs, after one sweep over what a crash may have left behind.
    pub fn start(&self) {
        let shared = &self.0;
        shared.tasks.spawn(recover::sweep_loop(Arc::clone(shared)));
        shared.tasks.spawn(claim::worker_loop(Arc::clone(shared)));
    }

    /// Takes no further run, gives the active ones `grace` to end, then hands back what is left: queued for the
    /// next start where attempts are left, failed where not.
    pub async fn shutdown(&self, grace: Duration) {
        let shared = &self.0;
        shared.closing.cancel();
        shared.queued.notify_waiters();
        shared.tasks.close();
        if tokio::time::timeout(grace, shared.tasks.wait()).await.is_err() {
            shared.release_active().await;
            shared.tasks.wait().await;
        }
    }

    /// How many runs execute in this process.
    pub fn active_runs(&self) -> usize {
        self.0.active.lock().expect("no holder panics").len()
    }

    /// The ledger the engine writes to.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }
}

impl Shared {
    fn lease_until_us(&self) -> i64 {
        self.clock.now_us() + micros(self.config.lease)
    }
}

/// A duration in microseconds, as times are stored.
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).expect("durations of the engine are short")
}
