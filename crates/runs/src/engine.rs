//! The engine: submits, claims, executes, ends, cancels and recovers runs.

mod cancel;
mod claim;
mod decide;
mod end;
mod execute;
mod family;
mod finish;
pub mod foreign;
mod heartbeat;
mod operate;
mod recover;
mod release;
mod retain;
mod submit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use artifacts::Store;
use frames::Frame;
use kernel::{Db, RunId, SharedClock, Tenant};
use ledger::Ledger;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use self::operate::check_is_ours;
pub(crate) use self::recover::MAX_LOSSES;
pub use self::retain::RetainError;
pub use self::submit::Submit;
use crate::dispatch::{Dispatch, EmbeddedDispatch};
use crate::kind::{AnyKind, RunKind};
use crate::run::{Program, Run};
use crate::shard::ShardKind;
use crate::verify::{InputCheck, Verifier};
use wire::runs::InputSource;

/// How the engine behaves; every duration is a trade between load and delay.
#[derive(Debug, Clone)]
pub struct Config {
    /// This worker's name in leases and attempts; unique among all workers of a database.
    pub worker: String,
    /// The program that takes submissions.
    pub program: Program,
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
    /// How many runs of a tenant may be active at once. What a run starts is its own and does not count.
    pub max_open_runs: u64,
    /// Bytes that were stored, or found stored already, within this time are not deleted: what they are for may not be
    /// committed yet.
    pub grace: Duration,
}

impl Config {
    /// What suits one machine.
    pub fn new(worker: impl Into<String>, program: Program) -> Self {
        Self {
            worker: worker.into(),
            program,
            lease: Duration::from_secs(10),
            poll: Duration::from_millis(500),
            cancel_wait: Duration::from_secs(30),
            backoff: Duration::from_secs(1),
            max_running: 64,
            compute_threads: std::thread::available_parallelism().map_or(1, usize::from),
            max_open_runs: 1000,
            grace: Duration::from_hours(1),
        }
    }
}

/// Puts another way of running shards around or before the embedded one.
type Wrap = Box<dyn FnOnce(Arc<EmbeddedDispatch>) -> Arc<dyn Dispatch> + Send>;

/// Collects the run and shard kinds of a program.
pub struct EngineBuilder {
    db: Db,
    ledger: Ledger,
    store: Store,
    clock: SharedClock,
    config: Config,
    kinds: BTreeMap<&'static str, Arc<dyn AnyKind>>,
    sources: BTreeMap<InputSource, Arc<dyn InputCheck>>,
    embedded: EmbeddedDispatch,
    wrap: Option<Wrap>,
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
        self.embedded.register::<S>();
        self
    }

    /// Adds what knows whether inputs of a source still are what they were.
    #[must_use]
    pub fn input_source(mut self, source: InputSource, check: impl InputCheck) -> Self {
        self.sources.insert(source, Arc::new(check));
        self
    }

    /// Runs shards through another dispatch, which is given the embedded one; without it they run embedded.
    #[must_use]
    pub fn dispatch(
        mut self,
        wrap: impl FnOnce(Arc<EmbeddedDispatch>) -> Arc<dyn Dispatch> + Send + 'static,
    ) -> Self {
        self.wrap = Some(Box::new(wrap));
        self
    }

    /// The engine; it only executes runs once [`Engine::start`] was called.
    pub fn build(self) -> Engine {
        let compute = Arc::new(self.embedded);
        let dispatch = match self.wrap {
            Some(wrap) => wrap(Arc::clone(&compute)),
            None => Arc::clone(&compute) as Arc<dyn Dispatch>,
        };
        Engine(Arc::new(Shared {
            db: self.db,
            ledger: self.ledger,
            store: self.store,
            clock: self.clock,
            config: self.config,
            kinds: Arc::new(self.kinds),
            sources: Arc::new(self.sources),
            dispatch,
            compute,
            family: OnceLock::new(),
            queued: Notify::new(),
            settled: Notify::new(),
            active: Mutex::default(),
            closing: CancellationToken::new(),
            takers: TaskTracker::new(),
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
    kinds: Arc<BTreeMap<&'static str, Arc<dyn AnyKind>>>,
    sources: Arc<BTreeMap<InputSource, Arc<dyn InputCheck>>>,
    compute: Arc<EmbeddedDispatch>,
    dispatch: Arc<dyn Dispatch>,
    /// The only family whose runs this process takes up, where it works for one.
    family: OnceLock<RunId>,
    /// Wakes the worker loop; carries no data.
    queued: Notify,
    /// Wakes whoever waits for a settled run; carries no data.
    settled: Notify,
    active: Mutex<BTreeMap<RunId, Active>>,
    closing: CancellationToken,
    /// What takes runs; once it is over, the active ones become no more.
    takers: TaskTracker,
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
        let embedded = EmbeddedDispatch::new(config.compute_threads);
        EngineBuilder {
            db,
            ledger,
            store,
            clock,
            config,
            kinds: BTreeMap::new(),
            sources: BTreeMap::new(),
            embedded,
            wrap: None,
        }
    }

    /// Starts to execute runs, after one sweep over what a crash may have left behind.
    pub fn start(&self) {
        let shared = &self.0;
        shared.tasks.spawn(recover::sweep_loop(Arc::clone(shared)));
        // Not waited for: it goes on as long as something executes, and a stop must not wait for its next beat.
        tokio::spawn(heartbeat::heartbeat_loop(Arc::clone(shared)));
        shared.tasks.spawn(shared.takers.track_future(claim::worker_loop(Arc::clone(shared))));
    }

    /// Starts to execute one run and those that it starts, and leaves all others alone: what a command does that has
    /// one run of its own. The first call decides.
    pub fn start_only(&self, root: RunId) {
        if self.0.family.set(root).is_ok() {
            self.start();
        }
    }

    /// Takes no further run, gives the active ones `grace` to end, then hands back what is left. A run that is handed
    /// back is queued again, and its attempt does not count.
    pub async fn shutdown(&self, grace: Duration) {
        let shared = &self.0;
        shared.closing.cancel();
        shared.queued.notify_waiters();
        shared.takers.close();
        shared.tasks.close();
        if tokio::time::timeout(grace, shared.tasks.wait()).await.is_err() {
            // A run that was being taken when the stop came is handed back like the others.
            shared.takers.wait().await;
            shared.release_active().await;
            shared.tasks.wait().await;
        }
    }

    /// The kinds of run that this program knows, by name, those that others write among them.
    pub fn kinds(&self) -> Vec<&'static str> {
        self.0.kind_names()
    }

    /// How many runs execute in this process.
    pub fn active_runs(&self) -> usize {
        self.0.active().len()
    }

    /// What verifies the runs of this engine's kinds; it can write nothing.
    pub fn verifier(&self) -> Verifier {
        let shared = &self.0;
        Verifier {
            db: shared.db.read.clone(),
            ledger: shared.ledger.reader().clone(),
            store: shared.store.reader().clone(),
            kinds: Arc::clone(&shared.kinds),
            sources: Arc::clone(&shared.sources),
        }
    }

    /// The ledger the engine writes to.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// What works for the runs of this process; its shutdown waits for all of it.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    /// A run's frames up to `last_seq`.
    pub(crate) async fn history(
        &self,
        tenant: Tenant,
        run: RunId,
        last_seq: u64,
    ) -> Result<Vec<Frame>, Box<dyn std::error::Error + Send + Sync>> {
        let mut frames = Vec::new();
        let mut after = 0;
        while after < last_seq {
            let page = self.0.ledger.reader().page(tenant, run, after, PAGE).await?;
            for (seq, text) in page.frames.iter().filter(|(seq, _)| *seq <= last_seq) {
                frames.push(Frame::parse(text)?);
                after = *seq;
            }
            if page.is_end {
                break;
            }
        }
        Ok(frames)
    }
}

/// Frames read at once.
pub(crate) const PAGE: usize = 1000;

impl Shared {
    fn kind_names(&self) -> Vec<&'static str> {
        let foreign = foreign::Kind::ALL.map(foreign::Kind::as_str);
        let names: BTreeSet<&str> = self.kinds.keys().copied().chain(foreign).collect();
        names.into_iter().collect()
    }

    fn lease_until_us(&self) -> i64 {
        self.clock.now_us() + micros(self.config.lease)
    }

    /// Whether a worker of this process takes up this run, once it is queued.
    fn takes_up(&self, run: &Run) -> bool {
        let works = !self.tasks.is_empty() && !self.closing.is_cancelled();
        let is_of_family = self.family.get().is_none_or(|root| *root == run.root_run_id);
        works && is_of_family && self.kinds.contains_key(run.kind.as_str()) && !run.is_dead_letter
    }

    fn active(&self) -> std::sync::MutexGuard<'_, BTreeMap<RunId, Active>> {
        self.active.lock().expect("no holder panics")
    }
}

/// A duration in microseconds, as times are stored.
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).expect("durations of the engine are short")
}
