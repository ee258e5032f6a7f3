//! What handlers are given. A handler of `GET` gets [`Reads`] and can therefore not write; the others get [`Acts`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use artifacts::{Store, StoreError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts as RequestParts;
use bytes::Bytes;
use futures::Stream;
use kernel::{CursorKey, Db, Digest, ReadDb, RunId, SharedClock, Tenant, WriteDb};
use ledger::{Chunk, Head, Ledger, Page};
use model_selection::{Reader, Selector};
use runs::{Engine, Verifier};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use crate::Problem;
use crate::edge::{Hosts, Identity};
use crate::routes::health::Readiness;
use crate::streams::Streams;

/// Everything the API stands on.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The frames.
    pub ledger: Ledger,
    /// The bytes of artifacts.
    pub store: Store,
    /// What executes runs.
    pub engine: Engine,
    /// Time and ids.
    pub clock: SharedClock,
    /// Signs page cursors.
    pub cursors: CursorKey,
    /// Under which names the server is reached.
    pub hosts: Hosts,
    /// Cancelled when the server stops: open streams end.
    pub closing: CancellationToken,
}

/// What a reading handler holds. There is no way from here to a writing handle.
#[derive(Clone)]
pub struct Reads(Arc<Inner>);

struct Inner {
    db: ReadDb,
    ledger: Ledger,
    store: Store,
    selector: Reader,
    clock: SharedClock,
    cursors: CursorKey,
    closing: CancellationToken,
    streams: Streams,
    readiness: Readiness,
    verifier: Verifier,
    run_kinds: Vec<&'static str>,
}

/// Open streams of one server: each is a connection, a task and a place in a wake-up list, some 20 KiB.
const MAX_STREAMS: usize = 20_000;

impl Reads {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self(Arc::new(Inner {
            db: parts.db.read.clone(),
            ledger: parts.ledger.clone(),
            store: parts.store.clone(),
            selector: Reader::new(parts.db.read.clone(), parts.store.clone()),
            clock: Arc::clone(&parts.clock),
            cursors: parts.cursors.clone(),
            closing: parts.closing.clone(),
            streams: Streams::new(MAX_STREAMS),
            readiness: Readiness::new(parts.db.write.probe()),
            verifier: parts.engine.verifier(),
            run_kinds: parts.engine.kinds(),
        }))
    }

    /// The right to one more open stream, given back when it is dropped.
    pub(crate) fn stream_permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.0.streams.permit()
    }

    pub(crate) fn db(&self) -> &ReadDb {
        &self.0.db
    }

    /// Comparisons, trainings and the registry.
    pub(crate) fn selector(&self) -> &Reader {
        &self.0.selector
    }

    /// The kinds of run that this program knows.
    pub(crate) fn run_kinds(&self) -> &[&'static str] {
        &self.0.run_kinds
    }

    pub(crate) fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    pub(crate) fn clock(&self) -> &SharedClock {
        &self.0.clock
    }

    pub(crate) fn cursors(&self) -> &CursorKey {
        &self.0.cursors
    }

    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.0.closing
    }

    pub(crate) async fn bytes(&self, digest: &Digest) -> Result<Bytes, StoreError> {
        self.0.store.get(digest).await
    }

    pub(crate) async fn size_of(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        self.0.store.size(digest).await
    }

    /// The whole object, compared with its digest at the end.
    pub(crate) async fn byte_stream(
        &self,
        digest: &Digest,
    ) -> Result<impl Stream<Item = Result<Bytes, StoreError>> + Send + use<>, StoreError> {
        Ok(self.0.store.get_stream(digest).await?.1)
    }

    /// A range of an object that is undamaged as a whole.
    pub(crate) async fn byte_range(
        &self,
        digest: &Digest,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, StoreError>> + Send + use<>, StoreError> {
        self.0.store.vouch(digest).await?;
        self.0.store.get_range_stream(digest, range).await
    }

    pub(crate) async fn head_to_follow(
        &self,
        tenant: Tenant,
        run: RunId,
        after: u64,
    ) -> Result<Head, ledger::Error> {
        self.0.ledger.head_to_follow(tenant, run, after).await
    }

    pub(crate) async fn frames(
        &self,
        tenant: Tenant,
        run: RunId,
        after: u64,
        limit: usize,
    ) -> Result<Page, ledger::Error> {
        self.0.ledger.page(tenant, run, after, limit).await
    }

    pub(crate) async fn heads(
        &self,
        tenant: Tenant,
        runs: &[RunId],
    ) -> Result<BTreeMap<RunId, Head>, ledger::Error> {
        self.0.ledger.heads(tenant, runs).await
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    pub(crate) fn follow(
        &self,
        tenant: Tenant,
        run: RunId,
        after: u64,
    ) -> impl Stream<Item = Result<Chunk, ledger::Error>> + Send + 'static {
        self.0.ledger.follow(tenant, run, after)
    }
}

fn selector(parts: &Parts) -> Selector {
    Selector::new(parts.engine.clone(), parts.db.clone(), parts.store.clone(), Arc::clone(&parts.clock))
}

/// What an acting handler holds.
#[derive(Clone)]
pub(crate) struct Acts {
    pub(crate) reads: Reads,
    pub(crate) write: WriteDb,
    pub(crate) engine: Engine,
    pub(crate) selector: Selector,
}

impl Acts {
    pub(crate) fn new(parts: &Parts, reads: Reads) -> Self {
        Self { reads, write: parts.db.write.clone(), engine: parts.engine.clone(), selector: selector(parts) }
    }
}

/// Whose data a request is about: what most handlers need of its [`Identity`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(pub(crate) Tenant);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, Problem> {
        Identity::from_request_parts(parts, state).await.map(|identity| Self(identity.tenant))
    }
}
