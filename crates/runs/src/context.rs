//! What a run kind sees of the world while it executes.

mod family;
mod fan_out;
mod large;
mod question;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use artifacts::{Store, StoreError, Stored, Upload};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use frames::door::Carried;
use frames::{Body, ContractError, Draft, Frame, Oversized, StepStatus};
use kernel::{ConversationId, Db, Digest, RunId, Seed, SharedClock, Stream, Tenant};
use tokio_util::sync::CancellationToken;

pub use self::question::Question;
use crate::dispatch::{Dispatch, DispatchError, EmbeddedDispatch};
use crate::emitter::{Emitter, Refused};
use crate::engine::Engine;
use crate::error::SubmitError;
use crate::run::Artifact;
use wire::artifacts::ArtifactId;
use wire::runs::WaitsFor;

/// Why an execution must stop.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Somebody asked for it.
    #[error("the run was cancelled")]
    Cancelled,
    /// It waits: the execution ends here, and another one begins where the record says, once what it waits for has come.
    #[error("the run waits")]
    Parked(Park),
    /// Another worker may hold the run by now.
    #[error("the lease was lost")]
    LeaseLost,
    /// A frame could not be stored, so the run must not go on.
    #[error("a frame could not be recorded")]
    Unrecorded,
    /// The run kind made a frame that nobody could read back.
    #[error("the run made a frame outside the contract")]
    Contract(#[source] ContractError),
    /// The run kind made a frame that is too large and cannot be cut.
    #[error(transparent)]
    Oversized(#[from] Oversized),
    /// An artifact could not be stored.
    #[error("an artifact could not be stored: {0}")]
    Store(#[from] StoreError),
    /// An object that the run reads could not be read.
    #[error("an object that the run reads could not be read: {0}")]
    Object(#[source] StoreError),
    /// The compute pool failed.
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    /// A run of its own could not be started.
    #[error("a run could not be started")]
    Child(#[source] SubmitError),
    /// What is stored of the run could not be read.
    #[error("the run's record could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Oversized(error) => Self::Oversized(error),
            Refused::Closed => Self::Unrecorded,
        }
    }
}

impl Stop {
    /// Whether the same attempt may get further another time.
    pub(crate) fn is_retryable(&self) -> bool {
        use kernel::Fault;
        match self {
            // A frame outside the contract is a defect of the kind: trying again makes it again.
            Self::Contract(_) | Self::Oversized(_) | Self::Dispatch(DispatchError::Differs { .. }) => false,
            Self::Child(error) => error.is_retryable(),
            Self::Object(error) => error.is_retryable(),
            _ => true,
        }
    }

    /// What the end of a run says it was.
    pub(crate) fn code(&self) -> &'static str {
        use kernel::Fault;
        match self {
            Self::Store(error) | Self::Object(error) => error.code(),
            _ => "RUN_STOPPED",
        }
    }
}

/// What a run waits for while it holds neither worker nor lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Park {
    /// What wakes it.
    pub waits_for: WaitsFor,
    /// When it goes on at the latest.
    pub wakes_at: Option<DateTime<Utc>>,
}

/// The run's view of the world: frames, artifacts, randomness, cancellation, compute. Clones share one run.
#[derive(Clone)]
pub struct RunContext(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub engine: Engine,
    pub run: RunId,
    pub tenant: Tenant,
    pub conversation_id: ConversationId,
    pub seed: Seed,
    pub attempt: u32,
    /// Whether it, or the run that started it, is executed to be compared: stored results of shards do not answer for it.
    pub is_reproduction: bool,
    /// The last frame that was stored before this execution began.
    pub known_seq: u64,
    pub db: Db,
    pub clock: SharedClock,
    pub store: Store,
    pub emitter: Emitter,
    pub artifacts: Mutex<Vec<Artifact>>,
    pub steps_done: AtomicU64,
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
    pub fn conversation_id(&self) -> ConversationId {
        self.0.conversation_id
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
        let draft = draft.into();
        let is_step_done = is_completed_step(&draft.body);
        match self.0.emitter.frames(self.0.clock.now(), draft).map_err(Stop::Contract)? {
            Carried::One(frame) => self.0.emitter.emit(frame).await?,
            Carried::Several(frames) => {
                for frame in frames {
                    self.0.emitter.emit_fitted(frame, None).await?;
                }
            }
            Carried::TooLarge(frame) => self.emit_large(frame).await?,
        }
        if is_step_done {
            self.0.steps_done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The frames that were stored before this execution began: what an earlier one recorded as done is not done
    /// again. Empty in the first execution.
    pub async fn history(&self) -> Result<Vec<Frame>, Stop> {
        let cx = &self.0;
        cx.engine.history(cx.tenant, cx.run, cx.known_seq).await.map_err(Stop::Unreadable)
    }

    /// Bytes on their way into the store, to become an artifact by [`Self::keep`].
    pub fn upload(&self) -> Upload {
        self.0.store.upload()
    }

    /// As [`Self::artifact`], of bytes that came piece by piece.
    pub async fn keep(&self, name: &str, media_type: &str, upload: Upload) -> Result<ArtifactId, Stop> {
        Ok(self.appear(name, media_type, upload.finish().await?))
    }

    /// Stores an artifact. Its row and its frame commit with the run's end, whatever the end is; until then only
    /// its bytes exist. A name may be used once.
    pub async fn artifact(&self, name: &str, media_type: &str, bytes: Bytes) -> Result<ArtifactId, Stop> {
        Ok(self.appear(name, media_type, self.0.store.put(bytes).await?))
    }

    fn appear(&self, name: &str, media_type: &str, stored: Stored) -> ArtifactId {
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
        id
    }

    /// Makes an object known to shards under a digest that says what it is, for as long as what is returned lives.
    pub fn hold<T: Send + Sync + 'static>(&self, digest: Digest, object: T) -> Arc<T> {
        self.0.compute.objects().hold(digest, object)
    }

    /// An object of the store as this process reads it: once for all runs that hold it, off the runtime. Shards find it
    /// by its digest for as long as what is returned lives.
    pub async fn object<T, E>(
        &self,
        digest: Digest,
        read: impl FnOnce(Bytes) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<Arc<T>, E>, Stop>
    where
        T: Send + Sync + 'static,
        E: Send + 'static,
    {
        self.view(digest, &digest, read).await
    }

    /// What this run reads of an object, under a digest of its own that names the object and the way it is read: shards
    /// take it by that. Read once for all runs of the process that read the same in the same way.
    pub async fn view<T, E>(
        &self,
        digest: Digest,
        of: &Digest,
        read: impl FnOnce(Bytes) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<Arc<T>, E>, Stop>
    where
        T: Send + Sync + 'static,
        E: Send + 'static,
    {
        let objects = self.0.compute.objects();
        if let Some(held) = objects.get(&digest) {
            return Ok(Ok(held));
        }
        let bytes = self.0.store.reader().get(of).await.map_err(Stop::Object)?;
        let read = self.compute(move || read(bytes)).await?;
        Ok(read.map(|object| objects.hold(digest, object)))
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

    /// Waits, parked, until a moment: `Ok` once it has come.
    pub fn wait_until(&self, moment: DateTime<Utc>) -> Result<(), Stop> {
        self.check()?;
        if self.0.clock.now() >= moment {
            return Ok(());
        }
        Err(Stop::Parked(Park { waits_for: WaitsFor::Time, wakes_at: Some(moment) }))
    }

    /// Runs CPU work on the shared pool.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Stop> {
        Ok(self.0.compute.compute(work).await?)
    }
}

/// A step that is recorded as done is not done again, so each is progress that survives.
pub(crate) fn is_completed_step(body: &Body) -> bool {
    matches!(body, Body::StepCompleted(step) if step.status != StepStatus::Running)
}
