//! Where shards run. The embedded engine computes them in this process; a distributed one sends the very same
//! shards to other machines.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::Digest;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::Objects;
use crate::shard::ShardKind;

/// A shard on its way to a worker.
#[derive(Debug, Clone)]
pub struct Shard {
    /// The digest of kind, version and input.
    pub key: Digest,
    /// The shard kind's name.
    pub kind: &'static str,
    /// The input, canonical JSON.
    pub input: Arc<str>,
}

/// Runs shards.
pub trait Dispatch: Send + Sync + 'static {
    /// Runs one shard, calling `on_start` when a worker takes it. `None`: stopped on request.
    fn run(
        &self,
        shard: Shard,
        on_start: Box<dyn FnOnce() + Send>,
        stop: CancellationToken,
    ) -> BoxFuture<'static, Result<Option<String>, DispatchError>>;
}

/// A shard that gave no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DispatchError {
    /// The registry has no such kind.
    #[error("no worker knows the shard kind `{0}`")]
    UnknownKind(&'static str),
    /// Input or output do not fit the kind.
    #[error("the shard's JSON does not fit its kind: {0}")]
    Shape(String),
    /// `compute` panicked.
    #[error("the computation panicked: {0}")]
    Panicked(String),
    /// Computing again gave something else than what is stored.
    #[error("shard {key} gave {computed} when computed again, but {stored} is stored")]
    Differs {
        /// The shard.
        key: Digest,
        /// The digest of the stored output.
        stored: Digest,
        /// The digest of the new one.
        computed: Digest,
    },
    /// The pool is gone.
    #[error("the worker pool has shut down")]
    Gone,
}

type Compute = fn(&str, &Objects, &dyn Fn() -> bool) -> Result<Option<String>, DispatchError>;

/// The embedded engine: one pool of compute threads for all runs of the process.
pub struct EmbeddedDispatch {
    pool: Arc<ThreadPool>,
    kinds: BTreeMap<&'static str, Compute>,
    objects: Arc<Objects>,
}

impl EmbeddedDispatch {
    /// A pool of this many threads.
    pub fn new(threads: usize) -> Self {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("compute-{i}"))
            .build()
            .expect("the compute threads start");
        Self { pool: Arc::new(pool), kinds: BTreeMap::new(), objects: Arc::default() }
    }

    /// Registers a shard kind.
    pub fn register<S: ShardKind>(&mut self) {
        self.kinds.insert(S::NAME, compute::<S>);
    }

    /// The objects that runs of this process hold.
    pub(crate) fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Threads of the pool.
    pub(crate) fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Runs a closure on the pool.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, DispatchError> {
        let (reply, result) = oneshot::channel();
        self.pool.spawn(move || {
            let _ = reply.send(catch_unwind(AssertUnwindSafe(work)));
        });
        match result.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) => Err(DispatchError::Panicked(panic_text(&*panic))),
            Err(_) => Err(DispatchError::Gone),
        }
    }
}

impl Dispatch for EmbeddedDispatch {
    fn run(
        &self,
        shard: Shard,
        on_start: Box<dyn FnOnce() + Send>,
        stop: CancellationToken,
    ) -> BoxFuture<'static, Result<Option<String>, DispatchError>> {
        let Some(compute) = self.kinds.get(shard.kind).copied() else {
            return async move { Err(DispatchError::UnknownKind(shard.kind)) }.boxed();
        };
        let (reply, result) = oneshot::channel();
        let objects = Arc::clone(&self.objects);
        self.pool.spawn(move || {
            let work = || {
                if stop.is_cancelled() {
                    return Ok(None);
                }
                on_start();
                compute(&shard.input, &objects, &|| !stop.is_cancelled())
            };
            let outcome = catch_unwind(AssertUnwindSafe(work));
            let _ = reply.send(outcome.unwrap_or_else(|p| Err(DispatchError::Panicked(panic_text(&*p)))));
        });
        async move { result.await.unwrap_or(Err(DispatchError::Gone)) }.boxed()
    }
}

fn compute<S: ShardKind>(
    input: &str,
    objects: &Objects,
    keep_going: &dyn Fn() -> bool,
) -> Result<Option<String>, DispatchError> {
    let shape = |error: serde_json::Error| DispatchError::Shape(error.to_string());
    let input: S::Input = serde_json::from_str(input).map_err(shape)?;
    S::compute(&input, objects, keep_going)
        .map(|output| kernel::canonical_json(&output))
        .transpose()
        .map_err(shape)
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

impl std::fmt::Debug for EmbeddedDispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedDispatch")
            .field("threads", &self.pool.current_num_threads())
            .field("kinds", &self.kinds.keys())
            .finish_non_exhaustive()
    }
}
