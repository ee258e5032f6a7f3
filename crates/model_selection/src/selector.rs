//! The handle on which every operation of this crate is called.

use artifacts::Store;
use kernel::{Db, SharedClock, WriteDb};
use runs::{Engine, EngineBuilder};
use wire::runs::InputSource;

use crate::Reader;
use crate::blocking::Turns;
use crate::comparison::{BacktestShard, Comparison};
use crate::fleet_forecast::{FleetForecast, OutlookShard, SayShard};
use crate::imported::DatasetCheck;
use crate::training::Training;

/// Submits and registers; clones share everything.
#[derive(Clone)]
pub struct Selector {
    pub(crate) engine: Engine,
    pub(crate) reader: Reader,
    pub(crate) write: WriteDb,
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
    pub(crate) turns: Turns,
}

impl Selector {
    /// A handle on an engine that knows the kinds of this crate (see [`Selector::register_kinds`]).
    pub fn new(engine: Engine, db: Db, store: Store, clock: SharedClock) -> Self {
        let reader = Reader::new(db.read, store.reader().clone());
        Self { engine, reader, write: db.write, store, clock, turns: Turns::default() }
    }

    /// The reading half.
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Adds this crate's run and shard kinds to an engine under construction.
    #[must_use]
    pub fn register_kinds(
        builder: EngineBuilder,
        db: &Db,
        store: &artifacts::Reader,
        clock: &SharedClock,
    ) -> EngineBuilder {
        let datasets = datasets::Reader::new(db.read.clone(), store.clone());
        builder
            .run_kind(Comparison::new(db.clone(), store.clone(), clock.clone()))
            .run_kind(Training::new(store.clone()))
            .run_kind(FleetForecast::new(store.clone()))
            .shard_kind::<BacktestShard>()
            .shard_kind::<SayShard>()
            .shard_kind::<OutlookShard>()
            .input_source(InputSource::Dataset, DatasetCheck(datasets))
    }
}

impl std::fmt::Debug for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Selector").finish_non_exhaustive()
    }
}
