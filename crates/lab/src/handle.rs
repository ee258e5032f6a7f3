//! The handle on which every operation of this crate is called.

use artifacts::Store;
use kernel::{Db, SharedClock, WriteDb};
use runs::{Engine, EngineBuilder};

use crate::Reader;
use crate::batch::Batch;
use crate::evaluation::{Evaluation, PairedShard};
use crate::game_outcome::GameOutcome;
use crate::kind::Kind;
use crate::market_share::MarketShare;
use crate::simulation::{Simulation, SimulationShard};
use crate::strategy::StrategyGeneration;

/// Keeps and submits; clones share everything.
#[derive(Clone)]
pub struct Lab {
    pub(crate) engine: Engine,
    pub(crate) reader: Reader,
    pub(crate) write: WriteDb,
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
}

impl Lab {
    /// A handle on an engine that knows the kinds of this crate (see [`Lab::register_kinds`]).
    pub fn new(engine: Engine, db: Db, store: Store, clock: SharedClock) -> Self {
        let reader = Reader::new(db.read, store.reader().clone());
        Self { engine, reader, write: db.write, store, clock }
    }

    /// The reading half.
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Adds this crate's run and shard kinds to an engine under construction.
    #[must_use]
    pub fn register_kinds(builder: EngineBuilder, db: &Db, store: &artifacts::Reader) -> EngineBuilder {
        builder
            .run_kind(Kind(GameOutcome))
            .run_kind(Kind(MarketShare))
            .run_kind(Kind(StrategyGeneration))
            .run_kind(Kind(Simulation::new(store.clone())))
            .run_kind(Kind(Evaluation))
            .run_kind(Kind(Batch::new(Reader::new(db.read.clone(), store.clone()))))
            .shard_kind::<SimulationShard>()
            .shard_kind::<PairedShard>()
    }
}

impl std::fmt::Debug for Lab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lab").finish_non_exhaustive()
    }
}
