//! The two database handles. Reads never write: a [`ReadDb`] is opened read-only by the database itself. Nothing that a
//! [`WriteDb`] answers for is lost: a connection whose transaction did not end cleanly is never used again.

mod address;
mod afterwards;
mod fault;
mod open;
mod refusal;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    IsolationLevel, RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use tokio::task::JoinHandle;

use crate::{Class, Fault};
use address::Address;
use afterwards::Afterwards;
use open::{Access, connect, read_only_access};

pub use address::{database_file, shown_address};
pub use fault::database_error;
pub use open::is_blank;

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
pub struct WriteDb {
    conn: DatabaseConnection,
    afterwards: Afterwards,
}

/// Asks whether the database takes a write at all, and can do nothing else.
#[derive(Clone, Debug)]
pub struct WriteProbe(WriteDb);

/// The database cannot be opened. No variant shows a password.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Neither `sqlite://` nor `postgres://`, or not readable as either.
    #[error("`{shown}` is no database address: expected sqlite://FILE or postgres://USER@HOST/NAME")]
    Address {
        /// What may be shown of it.
        shown: String,
    },
    /// The address has a parameter that nothing reads.
    #[error(
        "the database address `{shown}` has a parameter that is not known: sslmode, host, port, dbname, user, password, options and application_name are"
    )]
    Parameter {
        /// What may be shown of it.
        shown: String,
    },
    /// Committed rows are in a log that cannot be read without writing beside it.
    #[error("{} holds committed rows, and reading them needs a directory that can be written: copy the directory and open the copy", log.display())]
    LogWithoutIndex {
        /// SQLite's write-ahead log.
        log: PathBuf,
    },
    /// No server answers there, or it does not let us in.
    #[error("cannot open {shown}: {why}")]
    Refused {
        /// Host, port and name.
        shown: String,
        /// What the network or the server says, without a word of the driver.
        why: String,
    },
    /// The database does not open or answer.
    #[error("cannot open {shown}")]
    Open {
        /// What may be shown of its address.
        shown: String,
        /// Why.
        #[source]
        source: DbErr,
    },
}

impl DbError {
    /// Whether the address is what is wrong, and not what it leads to.
    pub const fn is_of_the_address(&self) -> bool {
        matches!(self, Self::Address { .. } | Self::Parameter { .. })
    }
}

/// A transaction that was open for longer kept others waiting, on SQLite every one of them.
const LONG: Duration = Duration::from_secs(2);

impl Db {
    /// Opens both handles of `sqlite://FILE` (created when absent) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        let write = WriteDb::of(connect(url, Access::Write).await?);
        let read = ReadDb(connect(url, Access::Read).await?);
        Ok(Self { read, write })
    }

    /// Opens a database where nothing can or may be written: no lock, no log, no index is made beside a SQLite file. The
    /// writing handle refuses every transaction.
    pub async fn open_read_only(url: &str) -> Result<Self, DbError> {
        let access = read_only_access(url)?;
        let conn = connect(url, access).await?;
        Ok(Self { read: ReadDb(conn.clone()), write: WriteDb::of(conn) })
    }

    /// One writable connection and nothing else: what migrations need, because SQLite's other connections keep a
    /// stale schema.
    pub async fn open_for_migration(url: &str) -> Result<DatabaseConnection, DbError> {
        connect(url, Access::Write).await
    }

    /// Closes every connection, once what was begun [`WriteDb::afterwards`] has ended; on SQLite the write-ahead log is
    /// folded in.
    pub async fn close(self) -> Result<(), DbErr> {
        self.write.afterwards.ended().await;
        self.read.0.close().await?;
        self.write.conn.close().await
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
        let (isolation_level, access_mode) = match self.backend() {
            DatabaseBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
            _ => (None, None),
        };
        let options = TransactionOptions { isolation_level, access_mode, ..TransactionOptions::default() };
        begin(&self.0, options).await
    }
}

impl WriteDb {
    fn of(conn: DatabaseConnection) -> Self {
        Self { conn, afterwards: Afterwards::default() }
    }

    /// Which database this is.
    pub fn backend(&self) -> DatabaseBackend {
        self.conn.get_database_backend()
    }

    /// Does something that nobody has to wait for, such as taking away what was left unfinished; [`Db::close`] lets it
    /// end. Outside of a runtime, where it cannot be done, there is nothing to wait for.
    pub fn afterwards(&self, work: impl Future<Output = ()> + Send + 'static) -> Option<JoinHandle<()>> {
        self.afterwards.begin(work)
    }

    /// A handle that only asks whether writing works.
    pub fn probe(&self) -> WriteProbe {
        WriteProbe(self.clone())
    }

    /// Runs `body` in one transaction that takes the write lock at once (`BEGIN IMMEDIATE` on SQLite): it commits
    /// when `body` succeeds and leaves nothing behind when it fails or is dropped. `name` appears in the log.
    pub async fn write<T, E, F>(&self, name: &'static str, body: F) -> Result<T, E>
    where
        E: From<DbErr>,
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
    {
        let tx = self.begin().await?;
        let began = Instant::now();
        let ended = match body(&tx).await {
            Ok(value) => self.commit(name, tx).await.map(|()| value).map_err(E::from),
            Err(error) => {
                // Dropping it would roll back as well, but only when the connection is next used.
                if let Err(rollback) = tx.rollback().await {
                    crate::warn_seldom!(transaction = name, error = %rollback, "roll-back failed");
                }
                Err(error)
            }
        };
        let held = began.elapsed();
        if held > LONG {
            tracing::warn!(transaction = name, duration_ms = held.as_millis(), "a transaction was long");
        }
        ended
    }

    /// Whether a transaction failed because its server was lost, and not because of what it asked: then it is worth
    /// repeating at once, on a fresh connection. A commit whose answer was lost may have happened, so only a
    /// transaction that comes to the same end when it finds its own work done may be repeated.
    pub fn has_lost_connection(&self, error: &impl Fault) -> bool {
        self.is_server() && error.class() == Class::Unavailable
    }

    /// Nothing was written yet, so a connection that was lost at the beginning costs the caller nothing.
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = || TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        match begin(&self.conn, options()).await {
            Err(DbErr::Query(lost)) if self.is_server() && is_unavailable(&lost) => {
                begin(&self.conn, options()).await
            }
            begun => begun,
        }
    }

    /// Commits, or says that it did not. The connection of a failed commit is thrown away when it is given back.
    async fn commit(&self, name: &'static str, tx: DatabaseTransaction) -> Result<(), DbErr> {
        // After a failed statement PostgreSQL answers COMMIT by rolling back, without an error. A body may have passed
        // over that failure; this statement does not.
        let checked =
            if self.is_server() { tx.execute_unprepared("SELECT 1").await.map(drop) } else { Ok(()) };
        let committed = match checked {
            Ok(()) => tx.commit().await,
            failed => failed,
        };
        if let Err(error) = &committed {
            crate::warn_seldom!(transaction = name, %error, "a commit failed");
        }
        committed
    }

    fn is_server(&self) -> bool {
        self.backend() == DatabaseBackend::Postgres
    }
}

impl WriteProbe {
    /// Commits a change of no row, durably: SQLite writes its header again, PostgreSQL an empty message into its log.
    pub async fn try_write(&self) -> Result<(), DbErr> {
        let sql = match self.0.backend() {
            DatabaseBackend::Postgres => "SELECT pg_logical_emit_message(true, 'assay', '')",
            _ => "PRAGMA user_version = 0",
        };
        self.0.write("probe", async |tx| tx.execute_unprepared(sql).await.map(drop)).await
    }
}

/// Begins to the end: given up in the middle, PostgreSQL's driver would forget that it has sent `BEGIN`, and the
/// connection would come back inside a transaction that nobody knows.
async fn begin(conn: &DatabaseConnection, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return conn.begin_with_options(options).await;
    }
    let conn = conn.clone();
    let begun = tokio::spawn(async move { conn.begin_with_options(options).await }).await;
    begun.unwrap_or_else(|ended| Err(DbErr::Conn(RuntimeErr::Internal(ended.to_string()))))
}

fn is_unavailable(cause: &RuntimeErr) -> bool {
    DbErr::Query(cause.clone()).class() == Class::Unavailable
}

/// How many rows of this many columns fit into one `INSERT`: SQLite takes 32 766 bind values.
pub const fn chunk_rows(columns: usize) -> usize {
    30_000 / columns
}
