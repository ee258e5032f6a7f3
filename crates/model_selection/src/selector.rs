//! The handle on which every operation of this crate is called.

use artifacts::Store;
use kernel::{ConversationId, Db, RunId, SharedClock};
use runs::{Engine, EngineBuilder, InputSource};

use crate::blocking::Turns;
use crate::comparison::{BacktestShard, Comparison, PanelShard};
use crate::imported::DatasetCheck;
use crate::training::Training;

/// Submits, reads and registers; clones share everything.
#[derive(Clone)]
pub struct Selector {
    pub(crate) engine: Engine,
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
    pub(crate) turns: Turns,
}

/// A request with what a caller may say about the run it becomes.
#[derive(Debug, Clone)]
pub struct Submission<R> {
    /// What to do.
    pub request: R,
    /// What a person calls the run; made from the request when `None`.
    pub title: Option<String>,
    /// The conversation the run joins; its own when `None`.
    pub conversation_id: Option<ConversationId>,
    /// The run that starts this one.
    pub parent: Option<RunId>,
    /// Higher ones are taken first, -100 to 100.
    pub priority: i32,
    /// A second submit of the same request under this key returns the first run.
    pub idempotency_key: Option<String>,
}

impl<R> Submission<R> {
    /// A request and nothing else.
    pub const fn new(request: R) -> Self {
        Self { request, title: None, conversation_id: None, parent: None, priority: 0, idempotency_key: None }
    }
}

impl Selector {
    /// A handle on an engine that knows the kinds of this crate (see [`Selector::register_kinds`]).
    pub fn new(engine: Engine, db: Db, store: Store, clock: SharedClock) -> Self {
        Self { engine, db, store, clock, turns: Turns::default() }
    }

    /// Adds this crate's run and shard kinds to an engine under construction.
    #[must_use]
    pub fn register_kinds(
        builder: EngineBuilder,
        db: &Db,
        store: &Store,
        clock: &SharedClock,
    ) -> EngineBuilder {
        builder
            .run_kind(Comparison::new(db.clone(), store.clone(), clock.clone()))
            .run_kind(Training::new(store.clone()))
            .shard_kind::<BacktestShard>()
            .shard_kind::<PanelShard>()
            .input_source(InputSource::Dataset, DatasetCheck(db.read.clone()))
    }
}

impl std::fmt::Debug for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Selector").finish_non_exhaustive()
    }
}
