//! The whole program put together: database, ledger, store, engine with its run kinds, API, and a client of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use access::Access;
use anyhow::Context;
use artifacts::Store;
use axum::Router;
use client::{Client, InProcess};
use demo::Showcase;
use kernel::{Db, SharedClock, SystemClock, shown_address};
use lab::Lab;
use ledger::{Ledger, Log, LogReader};
use model_selection::Selector;
use runs::{Config, Engine, Program};
use streams::Streams;
use tlog::Verifier;
use tokio_util::sync::CancellationToken;

use crate::cli::Place;
use crate::config::DataDir;
use crate::exit::{Exit, Failed};
use crate::log_key;

/// The program in this process.
pub(crate) struct System {
    pub(crate) engine: Engine,
    pub(crate) client: Client,
    pub(crate) router: Router,
    pub(crate) access: Access,
    /// Cancelled when open streams must end.
    pub(crate) closing: CancellationToken,
    /// The log of ends.
    pub(crate) log: Log,
    data: DataDir,
    db: Db,
    store: Store,
    clock: SharedClock,
    streams: Streams,
    in_process: InProcess,
}

/// What a server grants those who call it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ForOthers<'a> {
    /// Witnesses of the log of ends.
    pub(crate) witnesses: &'a [Verifier],
    /// What a tenant may take of the API.
    pub(crate) quotas: api::Quotas,
    /// How many runs of a tenant may be active.
    pub(crate) max_open_runs: u64,
}

impl ForOthers<'_> {
    /// For a command, which nobody calls.
    const NOBODY: Self = Self { witnesses: &[], quotas: api::Quotas::USUAL, max_open_runs: u64::MAX };
}

impl System {
    /// Opens the data directory, brings the schema forward and puts everything together. Nothing runs yet.
    pub(crate) async fn open(place: &Place, hosts: api::Hosts) -> anyhow::Result<Self> {
        Self::open_for_others(place, hosts, ForOthers::NOBODY).await
    }

    /// As [`Self::open`], for a server that others call.
    pub(crate) async fn open_for_others(
        place: &Place,
        hosts: api::Hosts,
        others: ForOthers<'_>,
    ) -> anyhow::Result<Self> {
        let data = DataDir::open(place)?;
        let url = data.database_url(place);
        migrate(&url).await?;
        let db = Db::open(&url).await?;
        log_key::make(&data, place, &LogReader::new(db.read.clone())).await?;
        let store = Store::open(&data.artifacts(place)?)?;
        Self::assemble(place, hosts, &data, Stored { db, store }, others)
    }

    /// For a command that only looks. Where the data directory cannot be written nothing is: no schema, no key, no
    /// lock. Elsewhere it is opened as ever.
    pub(crate) async fn open_for_reading(place: &Place, hosts: api::Hosts) -> anyhow::Result<Self> {
        let data = DataDir::open_for_reading(place)?;
        if data.is_writable() {
            return Self::open(place, hosts).await;
        }
        let url = data.database_url(place);
        let shown = || shown_address(&url);
        let db = Db::open_read_only(&url).await?;
        ours(&url, migration::foreign_tables(db.read.conn()).await)?;
        if !migration::pending(db.read.conn()).await.map_err(|error| not_migrated(&url, error))?.is_empty() {
            let message = format!(
                "{} was written by an older version of assay; copy it to where it can be changed",
                shown()
            );
            return Err(Failed::new(Exit::Conflict, message).into());
        }
        let store = Store::open_for_reading(&data.artifacts(place)?)?;
        Self::assemble(place, hosts, &data, Stored { db, store }, ForOthers::NOBODY)
    }

    fn assemble(
        place: &Place,
        hosts: api::Hosts,
        data: &DataDir,
        stored: Stored,
        others: ForOthers<'_>,
    ) -> anyhow::Result<Self> {
        let Stored { db, store } = stored;
        let ledger = Ledger::open(db.clone());
        let clock: SharedClock = Arc::new(SystemClock);
        let in_process = InProcess::new();
        let client = Client::new(in_process.clone(), None);
        let config = Config {
            lease: Duration::from_millis(place.lease_ms),
            max_open_runs: others.max_open_runs,
            ..Config::new(worker_name(&clock), program())
        };
        let builder = Engine::builder(db.clone(), ledger.clone(), store.clone(), Arc::clone(&clock), config);
        let builder = Selector::register_kinds(builder, &db, store.reader(), &clock);
        let builder = Lab::register_kinds(builder, &db, store.reader());
        let engine = builder.run_kind(Showcase::new(client.clone())).build();
        let closing = CancellationToken::new();
        let streams = Streams::open(&db, ledger.clone(), engine.foreign(), Arc::clone(&clock));
        let access = Access::open(&db, ledger.clone(), Arc::clone(&clock));
        let log = Log::open(&db, &ledger, log_key::source(data), Arc::clone(&clock))
            .witnessed_by(others.witnesses.iter().cloned());
        let router = api::router(&api::Parts {
            db: db.clone(),
            ledger,
            log: log.clone(),
            store: store.clone(),
            engine: engine.clone(),
            streams: streams.clone(),
            access: access.clone(),
            clock: Arc::clone(&clock),
            cursors: data.cursor_key()?,
            hosts,
            quotas: others.quotas,
            closing: closing.clone(),
        });
        in_process.bind(router.clone());
        let data = data.clone();
        Ok(Self { engine, client, router, access, closing, log, data, db, store, clock, streams, in_process })
    }

    /// Removes what interrupted uploads, generations and imports left behind, at once and now and then, and ends streams
    /// whose time is over, until the program closes.
    pub(crate) fn sweep(&self) -> impl Future<Output = ()> + Send + use<> {
        let (db, clock, closing) = (self.db.clone(), Arc::clone(&self.clock), self.closing.clone());
        let objects = artifacts::sweep_loop(self.store.clone(), Arc::clone(&clock), closing.clone());
        let streams = self.streams.clone().sweep_loop(closing.clone());
        let (log, ends) = (self.log.clone(), self.closing.clone());
        let log = async move {
            ends.run_until_cancelled(log.sequence_loop()).await;
        };
        let unfinished = async move {
            loop {
                sweep_unfinished(&db, &clock).await;
                tokio::select! {
                    () = closing.cancelled() => return,
                    () = tokio::time::sleep(retail::PATIENCE) => {}
                }
            }
        };
        async move {
            tokio::join!(objects, unfinished, streams, log);
        }
    }

    /// What a command does of that beside its own work: it takes away what is known to be left behind.
    pub(crate) fn tidy_up(&self) {
        let (db, clock) = (self.db.clone(), Arc::clone(&self.clock));
        self.db.write.afterwards(async move { sweep_unfinished(&db, &clock).await });
    }

    /// Takes away all that is left behind: what nobody has touched for so long that nobody can be at work on it.
    pub(crate) async fn recover_unfinished(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            sweep_unfinished(&self.db, &self.clock).await;
            if began.elapsed() > retail::PATIENCE || !retail::is_any_unfinished(&self.db.read).await? {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Adds what has ended to the log. What cannot be added waits there.
    pub(crate) async fn sequence(&self) {
        if self.data.is_writable()
            && let Err(error) = self.log.sequence().await
        {
            kernel::warn_seldom!(%error, "ends wait for their place in the log");
        }
    }

    /// Makes a new key and lists it.
    pub(crate) async fn rotate_key(&self) -> anyhow::Result<()> {
        log_key::rotate(&self.data, &self.log).await
    }

    /// Gives running work `grace` to end, hands the rest back, and closes everything.
    pub(crate) async fn close(self, grace: Duration) -> anyhow::Result<()> {
        self.engine.shutdown(grace).await;
        self.closing.cancel();
        self.sequence().await;
        self.in_process.unbind();
        self.db.close().await.context("the database did not close")
    }
}

/// How often to look whether something that stands unfinished is left behind.
const LOOK: Duration = Duration::from_millis(500);

/// Worlds that nobody finishes. What cannot be removed now is looked at again later.
async fn sweep_unfinished(db: &Db, clock: &SharedClock) {
    if let Err(error) = retail::seeder::sweep(db, &**clock).await {
        kernel::warn_seldom!(%error, "unfinished data could not be removed");
    }
}

/// What the program finds on disk.
struct Stored {
    db: Db,
    store: Store,
}

/// Brings the schema forward. A database that knows migrations which this program does not was written by a newer
/// one and is left alone.
pub(crate) async fn migrate(url: &str) -> anyhow::Result<()> {
    // Before anything is written: opening a file for writing changes it.
    if kernel::database_file(url).is_some_and(|file| file.exists())
        && let Ok(db) = Db::open_read_only(url).await
    {
        let found = ours(url, migration::foreign_tables(db.read.conn()).await);
        db.close().await?;
        found?;
    }
    let conn = Db::open_for_migration(url).await?;
    let migrated = match ours(url, migration::foreign_tables(&conn).await) {
        Ok(()) => migration::up(&conn).await.map_err(|error| not_migrated(url, error)),
        refused => refused,
    };
    conn.close().await?;
    migrated
}

/// Refuses a database that is somebody else's: it has tables, and none of ours.
fn ours<E>(url: &str, foreign: Result<Vec<String>, E>) -> anyhow::Result<()>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let foreign = foreign.context("the tables cannot be listed")?;
    let Some(one) = foreign.first() else { return Ok(()) };
    let message = format!(
        "{} is not assay's: it has a table `{one}` and none of assay's; choose another with --data or --database-url",
        shown_address(url)
    );
    Err(Failed::new(Exit::Conflict, message).into())
}

fn not_migrated(url: &str, error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    if error.to_string().contains("is missing, this migration has been applied") {
        let message =
            format!("{} was written by a newer version of assay; install that one", shown_address(url));
        return Failed::new(Exit::Conflict, message).into();
    }
    anyhow::Error::new(error).context("the schema could not be brought forward")
}

/// What runs say of the program that took them.
fn program() -> Program {
    let commit = option_env!("ASSAY_COMMIT").map(str::to_owned);
    Program { version: env!("CARGO_PKG_VERSION").to_owned(), commit }
}

/// Unique among all workers of a database: the process, and when it came up.
fn worker_name(clock: &SharedClock) -> String {
    let id = clock.new_id().simple().to_string();
    format!("{}-{}", std::process::id(), &id[20..])
}
