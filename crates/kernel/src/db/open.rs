//! Connections: how they are opened, how much each may keep, and which are never used again.

use std::future::ready;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{Connection, Error as SqlxError, Postgres, Sqlite, SqliteConnection};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

use super::{Address, DbError, refusal, shown_address};
use crate::{Class, Fault};

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    Read,
    /// Reads a SQLite file in a place where nothing can be written, not even a lock.
    ReadImmutable,
}

const CONNECTIONS: u32 = 8;
const SQLITE_BUSY: Duration = Duration::from_secs(10);
/// SQLite has one writer, and whoever wants to write queues for it here.
const SQLITE_ACQUIRE: Duration = Duration::from_secs(30);
/// A server that is down, or has no connection left, is known to be so after this.
const POSTGRES_ACQUIRE: Duration = Duration::from_secs(4);
/// A connection keeps its page cache and its statements; after a burst they are given back.
const IDLE: Duration = Duration::from_mins(1);

/// Page caches in KiB. All of them together, nine connections, are 48 MiB at most: what does not fit in them is
/// still in the operating system's cache.
const WRITER_CACHE_KIB: u32 = 16 * 1024;
const READER_CACHE_KIB: u32 = 4 * 1024;

pub(super) async fn connect(url: &str, access: Access) -> Result<DatabaseConnection, DbError> {
    let address = Address::parse(url)?;
    let mut options = ConnectOptions::new(url);
    options.min_connections(1).idle_timeout(IDLE).sqlx_logging(false);
    match address {
        Address::Sqlite(_) => {
            options.max_connections(if access == Access::Write { 1 } else { CONNECTIONS });
            // A file does not go away between two uses, and the connection was looked at when it came back.
            options.acquire_timeout(SQLITE_ACQUIRE).test_before_acquire(false);
            options.map_sqlx_sqlite_opts(move |sqlite| sqlite_options(sqlite, access));
            options.map_sqlx_sqlite_pool_opts(|pool: PoolOptions<Sqlite>| {
                pool.after_release(|conn, _| Box::pin(is_settled(conn)))
            });
        }
        Address::Postgres => {
            refusal::try_once(url, POSTGRES_ACQUIRE).await?;
            options.max_connections(CONNECTIONS).acquire_timeout(POSTGRES_ACQUIRE).test_before_acquire(true);
            options.map_sqlx_postgres_pool_opts(|pool: PoolOptions<Postgres>| {
                pool.after_release(|conn, _| Box::pin(ready(Ok(!conn.is_in_transaction()))))
            });
            if access != Access::Write {
                options.map_sqlx_postgres_opts(|postgres| {
                    postgres.options([("default_transaction_read_only", "on")])
                });
            }
        }
    }
    open(options).await
}

/// Programs that start at the same moment meet at a new SQLite file while its journal is set up, which takes a lock
/// that SQLite does not wait for.
async fn open(options: ConnectOptions) -> Result<DatabaseConnection, DbError> {
    let began = Instant::now();
    let is_sqlite = options.get_url().starts_with("sqlite:");
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if is_sqlite && is_locked(&error) && began.elapsed() < SQLITE_BUSY => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            opened => {
                return opened.map_err(|source| {
                    let shown = shown_address(options.get_url());
                    DbError::Open { shown, source }
                });
            }
        }
    }
}

fn is_locked(error: &DbErr) -> bool {
    error.class() == Class::Unavailable && error.to_string().contains("database is locked")
}

fn sqlite_options(sqlite: SqliteConnectOptions, access: Access) -> SqliteConnectOptions {
    let sqlite = sqlite.busy_timeout(SQLITE_BUSY).foreign_keys(true).statement_cache_capacity(256);
    let cache = |kib: u32| format!("-{kib}");
    match access {
        Access::Write => sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", cache(WRITER_CACHE_KIB)),
        Access::Read | Access::ReadImmutable => sqlite
            .create_if_missing(false)
            .read_only(true)
            .immutable(access == Access::ReadImmutable)
            .pragma("cache_size", cache(READER_CACHE_KIB)),
    }
}

/// Whether a connection may be used again. One whose commit and roll-back both failed still counts a transaction: the
/// next `BEGIN` on it would become a savepoint inside a transaction that nobody commits, and every write after that
/// would be acknowledged and lost. Closing it rolls back and gives its locks free.
async fn is_settled(conn: &mut SqliteConnection) -> Result<bool, SqlxError> {
    // The roll-back of a dropped transaction is only queued; it has been done when the ping is answered.
    conn.ping().await?;
    let is_settled = !conn.is_in_transaction();
    if !is_settled {
        crate::warn_seldom!("a database connection is still inside a transaction and is thrown away");
    }
    Ok(is_settled)
}

/// How a SQLite file is read where nothing can be written. A log that a crash left behind holds committed rows: it is
/// read too, and never passed over.
pub(super) fn read_only_access(url: &str) -> Result<Access, DbError> {
    let Address::Sqlite(file) = Address::parse(url)? else { return Ok(Access::Read) };
    let (log, index) = (beside(&file, "-wal"), beside(&file, "-shm"));
    match (has_bytes(&log), index.exists() && log.exists()) {
        // Perhaps another process writes right now; the two files make its commits visible.
        (_, true) => Ok(Access::Read),
        (false, false) => Ok(Access::ReadImmutable),
        (true, false) => Err(DbError::LogWithoutIndex { log }),
    }
}

/// Whether nothing was ever stored in a SQLite file: it is absent, empty, or has a header alone, as one has whose making
/// found no room. What cannot be read, or is no such file, holds something.
pub fn is_blank(file: &Path) -> bool {
    /// Where the header counts the changes of the schema, and how it begins.
    const SCHEMA_COOKIE: std::ops::Range<usize> = 40..44;
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let has_log = has_bytes(&beside(file, "-wal"));
    match std::fs::File::open(file) {
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        Ok(opened) => {
            let mut header = Vec::new();
            let is_read = opened.take(SCHEMA_COOKIE.end as u64).read_to_end(&mut header).is_ok();
            let is_new = header.starts_with(MAGIC) && header.get(SCHEMA_COOKIE) == Some(&[0; 4]);
            is_read && !has_log && (header.is_empty() || is_new)
        }
    }
}

fn has_bytes(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.len() > 0)
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
