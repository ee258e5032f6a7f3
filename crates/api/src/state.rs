//! What handlers are given. A handler of `GET` gets [`Reads`] and can therefore not write; the others get [`Acts`].

use std::sync::Arc;

use artifacts::{Store, StoreError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts as RequestParts;
use bytes::Bytes;
use futures::Stream;
use kernel::{Class, CursorKey, Db, Digest, ReadDb, RunId, SharedClock, Tenant, WriteDb};
use ledger::{Chunk, Head, Ledger, Page, Verdict};
use model_selection::{ModelId, Selector, comparison, registry, training};
use runs::Engine;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::Problem;
use crate::edge::Hosts;

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
    selector: Selector,
    clock: SharedClock,
    cursors: CursorKey,
    closing: CancellationToken,
    streams: Arc<Semaphore>,
}

/// Open streams of one server: each is a task and a place in the wake-up list, and a page has one or two.
const MAX_STREAMS: usize = 512;

impl Reads {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self(Arc::new(Inner {
            db: parts.db.read.clone(),
            ledger: parts.ledger.clone(),
            store: parts.store.clone(),
            selector: selector(parts),
            clock: Arc::clone(&parts.clock),
            cursors: parts.cursors.clone(),
            closing: parts.closing.clone(),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
        }))
    }

    /// The right to one more open stream, given back when it is dropped.
    pub(crate) fn stream_permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0.streams).try_acquire_owned().map_err(|_| {
            let detail = format!("{MAX_STREAMS} streams are open; close some and try again");
            Problem::new(Class::Busy, "TOO_MANY_STREAMS", detail)
        })
    }

    pub(crate) fn db(&self) -> &ReadDb {
        &self.0.db
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

    pub(crate) async fn head(&self, tenant: Tenant, run: RunId) -> Result<Head, ledger::Error> {
        self.0.ledger.head(tenant, run).await
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

    pub(crate) async fn verify(&self, tenant: Tenant, run: RunId) -> Result<Verdict, ledger::Error> {
        self.0.ledger.verify(tenant, run).await
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

/// What can be read of comparisons, trainings and the registry.
impl Reads {
    pub(crate) async fn comparison(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<comparison::Detail, comparison::ReadError> {
        self.0.selector.comparison(tenant, id).await
    }

    pub(crate) async fn comparison_ranking(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<comparison::RankingDetail, comparison::ReadError> {
        self.0.selector.comparison_ranking(tenant, id).await
    }

    pub(crate) async fn comparison_charts(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<Vec<comparison::SeriesCharts>, comparison::ReadError> {
        self.0.selector.comparison_charts(tenant, id).await
    }

    pub(crate) async fn comparisons(
        &self,
        tenant: Tenant,
        filter: &comparison::Filter,
        before: Option<RunId>,
        limit: u64,
    ) -> Result<Vec<comparison::Item>, comparison::ReadError> {
        self.0.selector.comparisons(tenant, filter, before, limit).await
    }

    pub(crate) async fn training(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<training::Detail, training::ReadError> {
        self.0.selector.training(tenant, id).await
    }

    pub(crate) async fn models(
        &self,
        tenant: Tenant,
        before: Option<ModelId>,
        limit: u64,
    ) -> Result<Vec<registry::RegisteredModel>, registry::Error> {
        self.0.selector.models(tenant, before, limit).await
    }

    pub(crate) async fn model(
        &self,
        tenant: Tenant,
        id: ModelId,
    ) -> Result<registry::RegisteredModel, registry::Error> {
        self.0.selector.model(tenant, id).await
    }

    pub(crate) async fn verify_model(
        &self,
        tenant: Tenant,
        id: ModelId,
    ) -> Result<registry::Verification, registry::Error> {
        self.0.selector.verify_model(tenant, id).await
    }

    pub(crate) async fn aliases(&self, tenant: Tenant) -> Result<Vec<registry::Alias>, registry::Error> {
        self.0.selector.aliases(tenant).await
    }

    pub(crate) async fn alias(&self, tenant: Tenant, name: &str) -> Result<registry::Alias, registry::Error> {
        self.0.selector.alias(tenant, name).await
    }

    pub(crate) async fn alias_moves(
        &self,
        tenant: Tenant,
        name: &str,
    ) -> Result<Vec<registry::AliasMove>, registry::Error> {
        self.0.selector.alias_moves(tenant, name).await
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

/// Whom a request acts for. Without configured tokens there is one local tenant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(pub(crate) Tenant);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_parts: &mut RequestParts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Tenant::LOCAL))
    }
}
