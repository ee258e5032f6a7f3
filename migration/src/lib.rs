//! The schema. Imports no crate of ours: a migration must not change when the code does.
//!
//! [`up`] and [`down`] are for programs, of which several may start at once on one database: one of them changes the
//! schema, in one transaction, and the others wait for it. [`Migrator`] is for tests that step through the migrations.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};

mod m20261128_000001_retention;
mod m20261128_000002_run;
mod m20261128_000003_ledger;
mod m20261128_000004_object;
mod m20261128_000005_retail;
mod m20261128_000006_model_selection;
mod m20261128_000007_proof;
mod m20261128_000008_import;
mod m20261128_000009_dataset_object;
mod m20261129_000010_lab;
mod m20261130_000011_lab_cohort_models;
mod m20261130_000012_stream;
mod m20261130_000013_log;
mod m20261130_000014_access;
mod m20261130_000016_stream_schema;
mod m20261130_000017_conversation_cut;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261128_000001_retention::Migration),
            Box::new(m20261128_000002_run::Migration),
            Box::new(m20261128_000003_ledger::Migration),
            Box::new(m20261128_000004_object::Migration),
            Box::new(m20261128_000005_retail::Migration),
            Box::new(m20261128_000006_model_selection::Migration),
            Box::new(m20261128_000007_proof::Migration),
            Box::new(m20261128_000008_import::Migration),
            Box::new(m20261128_000009_dataset_object::Migration),
            Box::new(m20261129_000010_lab::Migration),
            Box::new(m20261130_000011_lab_cohort_models::Migration),
            Box::new(m20261130_000012_stream::Migration),
            Box::new(m20261130_000013_log::Migration),
            Box::new(m20261130_000014_access::Migration),
            Box::new(m20261130_000016_stream_schema::Migration),
            Box::new(m20261130_000017_conversation_cut::Migration),
        ]
    }
}

/// Any number, as long as nobody else locks it: `assay` in ASCII.
const LOCK: i64 = 0x61_73_73_61_79;

/// Brings the schema forward. What is up to date is only looked at: no lock is taken and nothing is written.
pub async fn up(conn: &DatabaseConnection) -> Result<(), DbErr> {
    if pending(conn).await?.is_empty() {
        return Ok(());
    }
    let tx = locked(conn).await?;
    // Looks again under the lock: whoever had it before may have left nothing to do.
    Migrator::up(&tx, None).await?;
    tx.commit().await
}

/// Takes the whole schema back, and all data with it.
pub async fn down(conn: &DatabaseConnection) -> Result<(), DbErr> {
    let tx = locked(conn).await?;
    Migrator::down(&tx, None).await?;
    tx.commit().await
}

/// The names of the migrations that a database lacks; looks and writes nothing. A database that has some which this
/// program does not know is an error.
pub async fn pending(conn: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let pending = Migrator::get_pending_migrations_read_only(conn).await?;
    Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
}

/// The tables of a database that has some and none of ours; looks and writes nothing. A database that was ours once has
/// the list of migrations still.
pub async fn foreign_tables(conn: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let backend = conn.get_database_backend();
    let sql = match backend {
        DatabaseBackend::Postgres => {
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS
                (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1"
        }
        _ => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        }
    };
    let rows = conn.query_all_raw(Statement::from_string(backend, sql)).await?;
    let tables = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, DbErr>>()?;
    let is_ours = tables.iter().any(|table| table == "seaql_migrations");
    Ok(if is_ours { Vec::new() } else { tables })
}

/// A transaction that one program at a time can have: SQLite's own write lock, on PostgreSQL a lock that ends with the
/// transaction.
async fn locked(conn: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = conn.begin_with_options(options).await?;
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(tx)
}

/// Tables are written once; only words that the two databases spell differently are replaced. `SURROGATE` is a number
/// that is never used twice, `CLUSTERED` keeps a table of small rows in its key, `BYTEWISE` compares text by bytes.
fn portable(backend: DatabaseBackend, sql: &str) -> String {
    match backend {
        DatabaseBackend::Postgres => sql
            .replace("SURROGATE", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY")
            .replace(" CLUSTERED", "")
            .replace("BYTEWISE", "COLLATE \"C\"")
            .replace("BLOB", "BYTEA"),
        _ => sql
            .replace("SURROGATE", "INTEGER PRIMARY KEY AUTOINCREMENT")
            .replace("CLUSTERED", "WITHOUT ROWID")
            .replace(" BYTEWISE", "")
            .replace("UUID", "BLOB"),
    }
}
