//! A whole database as text, to see that nothing changed.

use std::collections::BTreeMap;

use kernel::ReadDb;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

pub(crate) type Dump = BTreeMap<String, Vec<String>>;

/// Every row of every table.
pub(crate) async fn dump(db: &ReadDb) -> Dump {
    let mut tables = BTreeMap::new();
    let is_sqlite = db.backend() == DatabaseBackend::Sqlite;
    let names = if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    };
    for table in column(db, names).await {
        let rows = if is_sqlite {
            let columns = column(db, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let quoted: Vec<String> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
            format!("SELECT {} FROM \"{table}\" ORDER BY 1", quoted.join(" || ',' || "))
        } else {
            format!("SELECT row_to_json(t)::text FROM \"{table}\" t ORDER BY 1")
        };
        tables.insert(table, column(db, &rows).await);
    }
    tables
}

async fn column(db: &ReadDb, sql: &str) -> Vec<String> {
    let rows = db.conn().query_all_raw(Statement::from_string(db.backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
