//! The handle on which every operation of this crate is called.

use artifacts::Store;
use kernel::{Db, SharedClock};
use runs::{Engine, EngineBuilder};

use crate::comparison::{BacktestShard, Comparison, PanelShard};
use crate::training::Training;

/// Submits, reads and registers; clones share everything.
#[derive(Clone)]
pub struct Selector {
    pub(crate) engine: Engine,
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
}

/// A request with what a caller may say about the run it becomes.
#[derive(Debug, Clone)]
pub struct Submission<R> {
    /// What to do.
    pub request: R,
    /// What a person calls the run; made from the request when `None`.
    pub title: Option<String>,
    /// The conversation the run joins; its own when `None`.
    pub conversation_id: Option<String>,
    /// A second submit of the same request under this key returns the first run.
    pub idempotency_key: Option<String>,
}

impl<R> Submission<R> {
    /// A request and nothing else.
    pub const fn new(request: R) -> Self {
        Self { request, title: None, conversation_id: None, idempotency_key: None }
    }
}

impl Selector {
    /// A handle on an engine that knows the kinds of this crate (see [`Selector::register_kinds`]).
    pub const fn new(engine: Engine, db: Db, store: Store, clock: SharedClock) -> Self {
        Self { engine, db, store, clock }
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
    }
}

impl std::fmt::Debug for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Selector").finish_non_exhaustive()
    }
}
