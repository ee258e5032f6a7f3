//! A server of one silent or chatty run kind in this process, as the benches of runs need it.

use std::path::Path;
use std::sync::Arc;

use artifacts::Store;
use kernel::{Class, CursorKey, Db, Fault, SystemClock};
use ledger::Ledger;
use migration::{Migrator, MigratorTrait};
use runs::{Config, Engine, RunKind};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// More than any bench opens.
const CONNECTIONS: usize = 10_000;

/// The error of run kinds that cannot fail.
#[derive(Debug, thiserror::Error)]
#[error("never")]
pub(crate) struct Never;

impl Fault for Never {
    fn class(&self) -> Class {
        Class::Internal
    }

    fn code(&self) -> &'static str {
        "NEVER"
    }
}

/// What answers requests in the product: the same router behind the same connections.
pub(crate) struct Server {
    pub(crate) db: Db,
    pub(crate) ledger: Ledger,
    pub(crate) engine: Engine,
    store: Store,
}

impl Server {
    /// An engine of this kind alone, on a new SQLite database in this directory.
    pub(crate) async fn start(dir: &Path, kind: impl RunKind) -> anyhow::Result<Self> {
        let url = format!("sqlite://{}", dir.join("bench.db").display());
        let conn = Db::open_for_migration(&url).await?;
        Migrator::up(&conn, None).await?;
        conn.close().await?;
        let db = Db::open(&url).await?;
        let ledger = Ledger::open(db.clone());
        let store = Store::local(dir.join("artifacts"))?;
        let config = Config::new("bench", runs::Program { version: "0.0.0".to_owned(), commit: None });
        let engine =
            Engine::builder(db.clone(), ledger.clone(), store.clone(), Arc::new(SystemClock), config)
                .run_kind(kind)
                .build();
        engine.start();
        Ok(Self { db, ledger, engine, store })
    }

    /// Answers over loopback; returns where.
    pub(crate) async fn listen(&self) -> anyhow::Result<String> {
        let (ledger, runs) = (self.ledger.clone(), self.engine.foreign());
        let streams = streams::Streams::open(&self.db, ledger, runs, Arc::new(SystemClock));
        let router = api::router(&api::Parts {
            db: self.db.clone(),
            log: ledger::Log::open(&self.db, &self.ledger, Arc::new(|_| None), Arc::new(SystemClock)),
            streams,
            access: access::Access::open(&self.db, self.ledger.clone(), Arc::new(SystemClock)),
            ledger: self.ledger.clone(),
            store: self.store.clone(),
            engine: self.engine.clone(),
            clock: Arc::new(SystemClock),
            cursors: CursorKey::new([0; 32]),
            hosts: api::Hosts::loopback(),
            quotas: api::Quotas::USUAL,
            closing: CancellationToken::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let connections = api::Connections::new(CONNECTIONS);
        tokio::spawn(connections.accept(listener, router, CancellationToken::new()));
        Ok(address)
    }
}
