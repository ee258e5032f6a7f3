//! The whole program put together: database, ledger, store, engine with its run kinds, API, and a client of it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use artifacts::Store;
use axum::Router;
use client::{Client, InProcess};
use demo::Showcase;
use kernel::{Db, SharedClock, SystemClock};
use ledger::Ledger;
use migration::{Migrator, MigratorTrait};
use model_selection::Selector;
use runs::{Config, Engine};
use tokio_util::sync::CancellationToken;

use crate::cli::Place;
use crate::config::DataDir;
use crate::exit::{Exit, Failed};

/// The program in this process.
pub(crate) struct System {
    pub(crate) engine: Engine,
    pub(crate) client: Client,
    pub(crate) router: Router,
    /// Cancelled when open streams must end.
    pub(crate) closing: CancellationToken,
    db: Db,
    in_process: InProcess,
}

impl System {
    /// Opens the data directory, brings the schema forward and puts everything together. Nothing runs yet.
    pub(crate) async fn open(place: &Place, hosts: api::Hosts) -> anyhow::Result<Self> {
        let data = DataDir::open(place)?;
        let url = data.database_url(place);
        migrate(&url).await?;
        let db = Db::open(&url).await?;
        let ledger = Ledger::open(db.clone());
        let store = Store::local(data.artifacts())?;
        let clock: SharedClock = Arc::new(SystemClock);
        let in_process = InProcess::new();
        let client = Client::new(in_process.clone(), None);
        let config =
            Config { lease: Duration::from_millis(place.lease_ms), ..Config::new(worker_name(&clock)) };
        let builder = Engine::builder(db.clone(), ledger.clone(), store.clone(), Arc::clone(&clock), config);
        let builder = Selector::register_kinds(builder, &db, &store, &clock);
        let engine = builder.run_kind(Showcase::new(client.clone())).build();
        let closing = CancellationToken::new();
        let router = api::router(&api::Parts {
            db: db.clone(),
            ledger,
            store,
            engine: engine.clone(),
            clock,
            cursors: data.cursor_key()?,
            hosts,
            closing: closing.clone(),
        });
        in_process.bind(router.clone());
        Ok(Self { engine, client, router, closing, db, in_process })
    }

    /// Gives running work `grace` to end, hands the rest back, and closes everything.
    pub(crate) async fn close(self, grace: Duration) -> anyhow::Result<()> {
        self.engine.shutdown(grace).await;
        self.closing.cancel();
        self.in_process.unbind();
        self.db.close().await.context("the database did not close")
    }
}

/// Brings the schema forward. A database that knows migrations which this program does not was written by a newer
/// one and is left alone.
pub(crate) async fn migrate(url: &str) -> anyhow::Result<()> {
    let conn = Db::open_for_migration(url)
        .await
        .with_context(|| format!("cannot open {}", without_password(url)))?;
    let migrated = Migrator::up(&conn, None).await;
    conn.close().await?;
    migrated.map_err(|error| {
        let text = error.to_string();
        if text.contains("is missing, this migration has been applied") {
            let message = format!(
                "{} was written by a newer version of assay; install that one",
                without_password(url)
            );
            Failed::new(Exit::Conflict, message).into()
        } else {
            anyhow::Error::new(error).context("the schema could not be brought forward")
        }
    })
}

/// An address without its password, for messages.
pub(crate) fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

/// Unique among all workers of a database: the process, and when it came up.
fn worker_name(clock: &SharedClock) -> String {
    let id = clock.new_id().simple().to_string();
    format!("{}-{}", std::process::id(), &id[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_shows_a_password() {
        assert_eq!(without_password("postgres://me:secret@db/assay"), "postgres://…@db/assay");
        assert_eq!(without_password("sqlite:///var/assay.db"), "sqlite:///var/assay.db");
    }
}
