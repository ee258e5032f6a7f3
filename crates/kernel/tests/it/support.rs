//! A table to write into.

use kernel::{Db, WriteDb};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, Statement};
use test_support::TestDb;

/// A row that may not stand alone: its parent is looked for at the commit.
const TABLES: [&str; 2] = [
    "CREATE TABLE t (n INTEGER NOT NULL)",
    "CREATE TABLE child (n INTEGER PRIMARY KEY, parent INTEGER REFERENCES child (n) DEFERRABLE INITIALLY DEFERRED)",
];

/// The test's database with our tables in it, opened again: other connections have a stale schema.
pub(crate) async fn with_tables(db: &TestDb) -> Db {
    for table in TABLES {
        db.db.write.write("table", async |tx| tx.execute_unprepared(table).await).await.unwrap();
    }
    Db::open(&db.url).await.unwrap()
}

pub(crate) async fn insert(tx: &DatabaseTransaction, n: u32) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!("INSERT INTO t VALUES ({n})")).await.map(drop)
}

pub(crate) async fn put(db: &WriteDb, n: u32) -> Result<(), DbErr> {
    db.write("put", async |tx| insert(tx, n).await).await
}

/// What others see, in order.
pub(crate) async fn rows(db: &Db) -> Vec<i32> {
    let query = Statement::from_string(db.read.backend(), "SELECT n FROM t ORDER BY n");
    let rows = db.read.conn().query_all_raw(query).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

pub(crate) fn is_postgres(db: &Db) -> bool {
    db.read.backend() == DatabaseBackend::Postgres
}
