//! The two database handles. Reads never write: a [`ReadDb`] is opened read-only by the database itself.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

/// Both handles of one database.
#[derive(Clone, Debug)]
pub struct Db {
    /// For everything that only looks.
    pub read: ReadDb,
    /// For domain operations.
    pub write: WriteDb,
}

/// Answers queries and refuses every change, because the database session itself is read-only.
#[derive(Clone, Debug)]
pub struct ReadDb(DatabaseConnection);

/// Opens transactions.
#[derive(Clone, Debug)]
pub struct WriteDb(DatabaseConnection);

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Neither `sqlite://` nor `postgres://`.
    #[error("`{url}` is no database address: expected sqlite://FILE or postgres://…")]
    UnknownScheme {
        /// What was given, without its password.
        url: String,
    },
    /// The database does not open or answer.
    #[error("cannot open the database")]
    Open(#[from] DbErr),
}

const READERS: u32 = 8;
const SQLITE_BUSY: Duration = Duration::from_secs(10);

impl Db {
    /// Opens both handles of `sqlite://FILE` (created when absent) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        let write = WriteDb(Self::connect(url, 1, false).await?);
        let read = ReadDb(Self::connect(url, READERS, true).await?);
        Ok(Self { read, write })
    }

    /// One writable connection and nothing else: what migrations need, because SQLite's other connections keep a
    /// stale schema.
    pub async fn open_for_migration(url: &str) -> Result<DatabaseConnection, DbError> {
        Self::connect(url, 1, false).await
    }

    /// Closes every connection; on SQLite the write-ahead log is folded in.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.0.close().await?;
        self.write.0.close().await
    }

    async fn connect(url: &str, connections: u32, read_only: bool) -> Result<DatabaseConnection, DbError> {
        let sqlite = url.starts_with("sqlite:");
        if !sqlite && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            let url = url.split_once("://").map_or(url, |(scheme, _)| scheme).to_owned();
            return Err(DbError::UnknownScheme { url });
        }
        let mut options = ConnectOptions::new(url);
        // A PostgreSQL writer may be many; SQLite has one writer, and queueing for it here beats SQLITE_BUSY.
        let connections = if sqlite { connections } else { READERS };
        options.max_connections(connections).min_connections(1).sqlx_logging(false);
        options.acquire_timeout(Duration::from_secs(30));
        options.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(!read_only)
                .read_only(read_only)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(SQLITE_BUSY)
                .foreign_keys(true)
                .pragma("cache_size", "-65536")
                .statement_cache_capacity(256)
        });
        if read_only {
            options.map_sqlx_postgres_opts(|postgres| {
                postgres.options([("default_transaction_read_only", "on")])
            });
        }
        Ok(Database::connect(options).await?)
    }
}

impl ReadDb {
    /// The connection for queries.
    pub fn conn(&self) -> &DatabaseConnection {
        &self.0
    }

    /// Which database this is.
    pub fn backend(&self) -> DatabaseBackend {
        self.0.get_database_backend()
    }

    /// A transaction in which all queries see the same state.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        // A SQLite transaction sees one state from its first read on, and this connection cannot write anyway.
        let (level, access) = match self.backend() {
            DatabaseBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
            _ => (None, None),
        };
        self.0.begin_with_config(level, access).await
    }
}

impl WriteDb {
    /// Which database this is.
    pub fn backend(&self) -> DatabaseBackend {
        self.0.get_database_backend()
    }

    /// Runs `body` in one transaction that takes the write lock at once (`BEGIN IMMEDIATE` on SQLite): it commits
    /// when `body` succeeds and leaves nothing behind when it fails. `name` appears in the log.
    pub async fn write<T, E, F>(&self, name: &'static str, body: F) -> Result<T, E>
    where
        E: From<DbErr>,
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
    {
        let tx = self.begin().await?;
        match body(&tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // Dropping it would roll back as well, but only when the connection is next used.
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(transaction = name, error = %rollback, "roll-back failed");
                }
                Err(error)
            }
        }
    }

    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.0.begin_with_options(options).await
    }
}

/// How many rows of this many columns fit into one `INSERT`: SQLite takes 32 766 bind values.
pub const fn chunk_rows(columns: usize) -> usize {
    30_000 / columns
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};

    use super::*;

    async fn scratch() -> (tempfile::TempDir, Db) {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("a.db").display());
        let db = Db::open(&url).await.unwrap();
        db.write
            .write("setup", async |tx| tx.execute_unprepared("CREATE TABLE t (n INTEGER)").await)
            .await
            .unwrap();
        (dir, db)
    }

    async fn count(db: &Db) -> i64 {
        let query = Statement::from_string(db.read.backend(), "SELECT count(*) FROM t");
        db.read.conn().query_one_raw(query).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    #[tokio::test]
    async fn a_read_handle_cannot_write() {
        let (_dir, db) = scratch().await;
        let error = db.read.conn().execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap_err();
        assert!(error.to_string().contains("readonly"), "{error}");
        assert_eq!(count(&db).await, 0);
    }

    #[tokio::test]
    async fn a_failed_write_leaves_nothing_behind_and_concurrent_writes_all_land() {
        let (_dir, db) = scratch().await;
        let tasks = (0..32).map(|i| {
            let write = db.write.clone();
            // Spawning proves that the transaction's future is `Send`.
            tokio::spawn(async move {
                write
                    .write("insert", async |tx| {
                        tx.execute_unprepared("INSERT INTO t VALUES (1)").await?;
                        if i % 2 == 0 { Err(DbErr::Custom("no".to_owned())) } else { Ok(()) }
                    })
                    .await
            })
        });
        let results = futures_join(tasks.collect()).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 16);
        assert_eq!(count(&db).await, 16);
    }

    async fn futures_join<T>(tasks: Vec<tokio::task::JoinHandle<T>>) -> Vec<T> {
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.unwrap());
        }
        results
    }
}
