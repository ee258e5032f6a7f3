//! Streams on a fresh database, and short ways to use them.

use std::sync::Arc;

use artifacts::Store;
use futures::{StreamExt, TryStreamExt};
use kernel::{SharedClock, Tenant, TenantId};
use ledger::Ledger;
use runs::{Engine, Program};
use streams::{
    Appended, Config, ContentType, Error, Lifetime, Offset, Part, Producer, StreamPath, Streams, Write,
};
use test_support::{FrozenClock, TestDb, frozen_clock};
use uuid::Uuid;

pub(crate) const TENANT: Tenant = Tenant::LOCAL;
pub(crate) const FOREIGN: Tenant = Tenant::verified(TenantId(Uuid::from_u128(99)));

pub(crate) struct Fixture {
    pub streams: Streams,
    pub engine: Engine,
    pub ledger: Ledger,
    pub clock: Arc<FrozenClock>,
    pub owner: TestDb,
}

impl Fixture {
    pub(crate) fn new(owner: TestDb) -> Self {
        let clock = frozen_clock();
        let (streams, engine, ledger) = open(&owner, &clock);
        Self { streams, engine, ledger, clock, owner }
    }

    /// As another process sees the same database.
    pub(crate) fn beside(&self) -> Streams {
        open(&self.owner, &self.clock).0
    }

    pub(crate) async fn create(&self, at: &str, config: Config<'_>) -> Result<bool, Error> {
        self.streams.create(TENANT, &path(at), &config).await.map(|(_, is_new)| is_new)
    }

    pub(crate) async fn append(&self, at: &str, text: &str) -> Result<Appended, Error> {
        append(&self.streams, at, text).await
    }

    pub(crate) async fn close(&self, at: &str) -> Result<Appended, Error> {
        let write = Write { closes: true, ..Write::default() };
        self.streams.append(TENANT, &path(at), &write).await
    }

    pub(crate) async fn delete(&self, at: &str) -> Result<(), Error> {
        self.streams.delete(TENANT, &path(at)).await
    }

    /// The whole stream as text.
    pub(crate) async fn text(&self, at: &str) -> Result<String, Error> {
        let reader = self.streams.reader();
        let stream = reader.find(TENANT, &path(at)).await?;
        let Part { content, .. } = reader.read(&stream, Offset::START).await?;
        Ok(String::from_utf8(content).unwrap())
    }

    /// What a follower sees until the stream ends.
    pub(crate) async fn followed(&self, at: &str) -> String {
        let reader = self.streams.reader();
        let stream = reader.find(TENANT, &path(at)).await.unwrap();
        let parts: Vec<Part> = reader.follow(&stream, Offset::START).boxed().try_collect().await.unwrap();
        String::from_utf8(parts.into_iter().flat_map(|part| part.content).collect()).unwrap()
    }
}

/// As one process opens its streams: with an engine that executes nothing.
fn open(owner: &TestDb, clock: &Arc<FrozenClock>) -> (Streams, Engine, Ledger) {
    let clock: SharedClock = Arc::<FrozenClock>::clone(clock);
    let ledger = Ledger::open(owner.db.clone());
    let store = Store::local(owner.dir().join("artifacts")).unwrap();
    let config = runs::Config::new("tests", Program { version: "0.0.0".to_owned(), commit: None });
    let engine = Engine::builder(owner.db.clone(), ledger.clone(), store, Arc::clone(&clock), config).build();
    (Streams::open(&owner.db, ledger.clone(), engine.foreign(), clock), engine, ledger)
}

pub(crate) fn path(at: &str) -> StreamPath {
    at.parse().unwrap()
}

pub(crate) fn text() -> ContentType {
    "text/plain".parse().unwrap()
}

/// An empty open stream of text.
pub(crate) fn plain() -> Config<'static> {
    Config {
        content_type: Some(text()),
        lifetime: Lifetime::Unsaid,
        body: b"",
        is_closed: false,
        fork: None,
        schema: None,
    }
}

pub(crate) async fn append(streams: &Streams, at: &str, body: &str) -> Result<Appended, Error> {
    let write = Write { body: Some((Some(text()), body.as_bytes())), ..Write::default() };
    streams.append(TENANT, &path(at), &write).await
}

/// An append of a producer.
pub(crate) async fn produce(
    streams: &Streams,
    at: &str,
    body: &str,
    epoch: u64,
    seq: u64,
) -> Result<Appended, Error> {
    let producer = Some(Producer { id: "p".to_owned(), epoch, seq });
    let write = Write { body: Some((Some(text()), body.as_bytes())), producer, ..Write::default() };
    streams.append(TENANT, &path(at), &write).await
}
