//! What handlers are given. A handler of `GET` gets [`Reads`] and can therefore not write; the others get [`Acts`].

use std::sync::Arc;

use artifacts::{Store, StoreError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts as RequestParts;
use bytes::Bytes;
use futures::Stream;
use kernel::{CursorKey, Db, Digest, ReadDb, RunId, SharedClock, Tenant, WriteDb};
use ledger::{Chunk, Head, Ledger, Page, Verdict};
use runs::Engine;
use tokio_util::sync::CancellationToken;

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
    clock: SharedClock,
    cursors: CursorKey,
    closing: CancellationToken,
}

impl Reads {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self(Arc::new(Inner {
            db: parts.db.read.clone(),
            ledger: parts.ledger.clone(),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            cursors: parts.cursors.clone(),
            closing: parts.closing.clone(),
        }))
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

/// What an acting handler holds.
#[derive(Clone)]
pub(crate) struct Acts {
    pub(crate) reads: Reads,
    pub(crate) write: WriteDb,
    pub(crate) engine: Engine,
}

impl Acts {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self { reads: Reads::new(parts), write: parts.db.write.clone(), engine: parts.engine.clone() }
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
