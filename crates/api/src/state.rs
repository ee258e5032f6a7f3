//! What handlers are given. A handler of `GET` gets [`Reads`] and can therefore not write; the others get [`Acts`].

use std::sync::Arc;

use access::Access;
use artifacts::Store;
use axum::extract::FromRequestParts;
use axum::http::request::Parts as RequestParts;
use kernel::{CursorKey, Db, ReadDb, SharedClock, Tenant, WriteDb};
use lab::Lab;
use ledger::Ledger;
use model_selection::Selector;
use runs::{Engine, Transcripts, Verifier};
use tokio_util::sync::CancellationToken;

use crate::Problem;
use crate::edge::{Hosts, Identity};
use crate::quotas::Quotas;
use crate::routes::health::Readiness;
use crate::streams::{Permit, Streams};

/// Everything the API stands on.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The frames.
    pub ledger: Ledger,
    /// The log of ends.
    pub log: ledger::Log,
    /// The bytes of artifacts.
    pub store: Store,
    /// What executes runs.
    pub engine: Engine,
    /// The streams that anyone may write.
    pub streams: ::streams::Streams,
    /// Who may call.
    pub access: Access,
    /// Time and ids.
    pub clock: SharedClock,
    /// Signs page cursors.
    pub cursors: CursorKey,
    /// Under which names the server is reached.
    pub hosts: Hosts,
    /// What one tenant may take.
    pub quotas: Quotas,
    /// Cancelled when the server stops: open streams end.
    pub closing: CancellationToken,
}

/// What a reading handler holds. There is no way from here to a writing handle.
#[derive(Clone)]
pub struct Reads(Arc<Inner>);

struct Inner {
    db: ReadDb,
    ledger: ledger::Reader,
    log: ledger::LogReader,
    store: artifacts::Reader,
    selector: model_selection::Reader,
    lab: lab::Reader,
    clock: SharedClock,
    cursors: CursorKey,
    closing: CancellationToken,
    streams: Streams,
    durable: ::streams::Reader,
    access: access::Reader,
    readiness: Readiness,
    verifier: Verifier,
    transcripts: Transcripts,
    run_kinds: Vec<&'static str>,
}

/// Open streams of one server: each is a connection, a task and a place in a wake-up list, some 20 KiB.
const MAX_STREAMS: usize = 20_000;

impl Reads {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self(Arc::new(Inner {
            db: parts.db.read.clone(),
            ledger: parts.ledger.reader().clone(),
            log: parts.log.reader().clone(),
            store: parts.store.reader().clone(),
            selector: model_selection::Reader::new(parts.db.read.clone(), parts.store.reader().clone()),
            lab: lab::Reader::new(parts.db.read.clone(), parts.store.reader().clone()),
            clock: Arc::clone(&parts.clock),
            cursors: parts.cursors.clone(),
            closing: parts.closing.clone(),
            streams: Streams::new(MAX_STREAMS),
            durable: parts.streams.reader().clone(),
            access: parts.access.reader().clone(),
            readiness: Readiness::new(parts.db.write.probe()),
            verifier: parts.engine.verifier(),
            transcripts: Transcripts::new(parts.db.read.clone(), parts.ledger.reader().clone()),
            run_kinds: parts.engine.kinds(),
        }))
    }

    /// The right to one more open stream, given back when it is dropped.
    pub(crate) fn stream_permit(&self, tenant: Tenant) -> Result<Permit, Problem> {
        self.0.streams.permit(tenant)
    }

    pub(crate) fn db(&self) -> &ReadDb {
        &self.0.db
    }

    /// The frames.
    pub(crate) fn ledger(&self) -> &ledger::Reader {
        &self.0.ledger
    }

    /// The log of ends.
    pub(crate) fn log(&self) -> &ledger::LogReader {
        &self.0.log
    }

    /// The bytes of artifacts.
    pub(crate) fn store(&self) -> &artifacts::Reader {
        &self.0.store
    }

    /// Comparisons, trainings and the registry.
    pub(crate) fn selector(&self) -> &model_selection::Reader {
        &self.0.selector
    }

    /// The streams that anyone may write.
    pub(crate) fn durable(&self) -> &::streams::Reader {
        &self.0.durable
    }

    /// Who may call.
    pub(crate) fn access(&self) -> &access::Reader {
        &self.0.access
    }

    /// Tournaments, auctions and what came of them.
    pub(crate) fn lab(&self) -> &lab::Reader {
        &self.0.lab
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

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    /// Runs as what they show.
    pub(crate) fn transcripts(&self) -> &Transcripts {
        &self.0.transcripts
    }
}

fn selector(parts: &Parts) -> Selector {
    Selector::new(parts.engine.clone(), parts.db.clone(), parts.store.clone(), Arc::clone(&parts.clock))
}

fn lab(parts: &Parts) -> Lab {
    Lab::new(parts.engine.clone(), parts.db.clone(), parts.store.clone(), Arc::clone(&parts.clock))
}

/// What an acting handler holds.
#[derive(Clone)]
pub(crate) struct Acts {
    pub(crate) reads: Reads,
    pub(crate) write: WriteDb,
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) selector: Selector,
    pub(crate) lab: Lab,
    pub(crate) log: ledger::Log,
    pub(crate) durable: ::streams::Streams,
    pub(crate) access: Access,
    pub(crate) quotas: Quotas,
}

impl Acts {
    pub(crate) fn new(parts: &Parts, reads: Reads) -> Self {
        let (write, store, engine) = (parts.db.write.clone(), parts.store.clone(), parts.engine.clone());
        let (durable, access, log) = (parts.streams.clone(), parts.access.clone(), parts.log.clone());
        let (selector, lab) = (selector(parts), lab(parts));
        let quotas = parts.quotas;
        Self { reads, write, store, engine, selector, lab, log, durable, access, quotas }
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
