//! What a run kind sees of the world while it executes.

use std::sync::{Arc, Mutex};

use artifacts::{Store, StoreError};
use bytes::Bytes;
use frames::{ContractError, Draft};
use futures::stream::{self, StreamExt};
use kernel::{Db, RunId, Seed, SharedClock, Stream, Tenant, canonical_json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::dispatch::{Dispatch, DispatchError, EmbeddedDispatch, Shard};
use crate::emitter::{Emitter, Refused};
use crate::run::{Artifact, ArtifactId};
use crate::shard::{self, ShardEvent, ShardKind};
use crate::shard_result;

/// Why an execution must stop.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Somebody asked for it.
    #[error("the run was cancelled")]
    Cancelled,
    /// Another worker may hold the run by now.
    #[error("the lease was lost")]
    LeaseLost,
    /// A frame could not be stored, so the run must not go on.
    #[error("a frame could not be recorded")]
    Unrecorded,
    /// The run kind made a frame that nobody could read back.
    #[error("the run made a frame outside the contract")]
    Contract(#[source] ContractError),
    /// An artifact could not be stored.
    #[error("an artifact could not be stored: {0}")]
    Store(#[from] StoreError),
    /// The compute pool failed.
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
}

/// The run's view of the world: frames, artifacts, randomness, cancellation, compute. Clones share one run.
#[derive(Clone)]
pub struct RunContext(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub run: RunId,
    pub tenant: Tenant,
    pub conversation_id: String,
    pub seed: Seed,
    pub attempt: u32,
    pub db: Db,
    pub clock: SharedClock,
    pub store: Store,
    pub emitter: Emitter,
    pub artifacts: Mutex<Vec<Artifact>>,
    pub cancel: CancellationToken,
    pub compute: Arc<EmbeddedDispatch>,
    pub dispatch: Arc<dyn Dispatch>,
}

impl RunContext {
    /// The run.
    pub fn run_id(&self) -> RunId {
        self.0.run
    }

    /// For whom it runs.
    pub fn tenant(&self) -> Tenant {
        self.0.tenant
    }

    /// The conversation it belongs to.
    pub fn conversation_id(&self) -> &str {
        &self.0.conversation_id
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// The clock.
    pub fn clock(&self) -> &SharedClock {
        &self.0.clock
    }

    /// The run's random stream of this name.
    pub fn stream(&self, name: &str) -> Stream {
        self.0.seed.stream(name)
    }

    /// Records a frame. It becomes visible once it is durable; an error means the run must stop.
    pub async fn emit(&self, draft: impl Into<Draft>) -> Result<(), Stop> {
        self.0.emitter.emit(self.0.clock.now(), draft.into()).await.map_err(|refused| match refused {
            Refused::Contract(error) => Stop::Contract(error),
            Refused::Closed => Stop::Unrecorded,
        })
    }

    /// Stores an artifact. Its row and its frame commit with the run's end, whatever the end is; until then only
    /// its bytes exist. A name may be used once.
    pub async fn artifact(&self, name: &str, media_type: &str, bytes: Bytes) -> Result<ArtifactId, Stop> {
        let stored = self.0.store.put(bytes).await?;
        let artifact = Artifact {
            id: ArtifactId::new(&*self.0.clock),
            run_id: self.0.run,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size_bytes: stored.size_bytes,
            digest: stored.digest,
            created_at: self.0.clock.now(),
        };
        let id = artifact.id;
        self.0.artifacts.lock().expect("no holder panics").push(artifact);
        Ok(id)
    }

    /// Whether cancellation was asked for.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancel.is_cancelled()
    }

    /// Completes when cancellation is asked for.
    pub async fn cancelled(&self) {
        self.0.cancel.cancelled().await;
    }

    /// `Err(Stop::Cancelled)` once cancellation was asked for; for use between steps.
    pub fn check(&self) -> Result<(), Stop> {
        if self.is_cancelled() { Err(Stop::Cancelled) } else { Ok(()) }
    }

    /// Runs CPU work on the shared pool.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Stop> {
        Ok(self.0.compute.compute(work).await?)
    }

    /// Computes shards, in parallel as far as the pool reaches; events come in the order they happen. Stored
    /// results of equal inputs are taken instead of computing again.
    pub fn fan_out<S: ShardKind>(&self, inputs: Vec<S::Input>) -> mpsc::Receiver<ShardEvent<S::Output>> {
        let (events, receiver) = mpsc::channel(2 * inputs.len().max(1));
        let cx = Arc::clone(&self.0);
        // Enough to keep the pool busy while results are stored; more would only queue for the database.
        let at_once = 2 * cx.compute.threads();
        tokio::spawn(
            stream::iter(inputs.into_iter().enumerate())
                .for_each_concurrent(at_once, move |(index, input)| {
                    run_shard::<S>(Arc::clone(&cx), index, input, events.clone())
                }),
        );
        receiver
    }
}

async fn run_shard<S: ShardKind>(
    cx: Arc<Inner>,
    index: usize,
    input: S::Input,
    events: mpsc::Sender<ShardEvent<S::Output>>,
) {
    let started = events.clone();
    let on_start = Box::new(move || {
        // The channel holds two events a shard, so it is never full.
        let _ = started.try_send(ShardEvent::Started { index });
    });
    let event = match shard_output::<S>(&cx, input, on_start).await {
        Ok(Some(output)) => ShardEvent::Done { index, output },
        Ok(None) => ShardEvent::Stopped { index, reason: Stop::Cancelled },
        Err(error) => ShardEvent::Failed { index, message: error.to_string() },
    };
    // A run that no longer listens has ended.
    let _ = events.send(event).await;
}

async fn shard_output<S: ShardKind>(
    cx: &Inner,
    input: S::Input,
    on_start: Box<dyn FnOnce() + Send>,
) -> Result<Option<S::Output>, DispatchError> {
    let shape = |error: serde_json::Error| DispatchError::Shape(error.to_string());
    let input = canonical_json(&input).map_err(shape)?;
    let key = shard::key(S::NAME, S::VERSION, &input);
    let stored = shard_result::load(&cx.db.read, key).await;
    let output = if stored.is_some() {
        stored
    } else {
        let shard = Shard { key, kind: S::NAME, input: input.into() };
        let output = cx.dispatch.run(shard, on_start, cx.cancel.clone()).await?;
        if let Some(output) = &output {
            shard_result::save(cx, key, S::NAME, S::VERSION, output).await;
        }
        output
    };
    output.map(|output| serde_json::from_str(&output).map_err(shape)).transpose()
}
