//! What names the bytes of the store.
//!
//! Every column of the database that can hold a digest counts, whoever owns its table, but for those of the tables below:
//! their digests are of something else. So a table that comes later keeps its bytes without anybody having thought of this
//! place.

use std::collections::BTreeMap;

use futures::TryStreamExt as _;
use kernel::Digest;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, Statement, StreamTrait as _};

/// Tables whose digests name no bytes of the store: frames and their chains, the log of ends, results that are rows
/// themselves, secrets, and what was let go.
const NO_REFERENCES: [&str; 12] = [
    "access_token",
    "frame_block",
    "ledger",
    "log_checkpoint",
    "log_cosignature",
    "log_end",
    "log_key",
    "log_tile",
    "retention_receipt",
    "retention_release",
    "seaql_migrations",
    "shard_result",
];

/// Tables that retention looks at row by row, because what they name goes with a run.
const OF_RUNS: [&str; 2] = ["run_artifact", "run_input"];

/// The columns that name bytes of the store.
pub(super) struct References(Vec<Column>);

struct Column {
    table: String,
    name: String,
}

impl References {
    pub(super) async fn load(conn: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let backend = conn.get_database_backend();
        let sql = match backend {
            DatabaseBackend::Postgres => {
                "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE data_type = 'bytea' AND table_schema = current_schema() ORDER BY 1, 2"
            }
            _ => {
                "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND upper(c.type) = 'BLOB' ORDER BY 1, 2"
            }
        };
        let mut columns = Vec::new();
        for row in conn.query_all_raw(Statement::from_string(backend, sql)).await? {
            let (table, name): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            // SQLite keeps ids as bytes too.
            let is_id = name == "id" || name.ends_with("_id");
            if !is_id && !NO_REFERENCES.contains(&table.as_str()) {
                columns.push(Column { table, name });
            }
        }
        Ok(Self(columns))
    }

    /// Whether anything but the artifacts and inputs of runs names these bytes.
    pub(super) async fn others_name(
        &self,
        conn: &impl ConnectionTrait,
        digest: &Digest,
    ) -> Result<bool, DbErr> {
        self.name_in(conn, digest, |column| !OF_RUNS.contains(&column.table.as_str())).await
    }

    /// Whether anything names these bytes.
    pub(super) async fn name(&self, conn: &impl ConnectionTrait, digest: &Digest) -> Result<bool, DbErr> {
        self.name_in(conn, digest, |_| true).await
    }

    async fn name_in(
        &self,
        conn: &impl ConnectionTrait,
        digest: &Digest,
        is_meant: impl Fn(&Column) -> bool,
    ) -> Result<bool, DbErr> {
        let exists = |Column { table, name }: &Column| {
            format!("EXISTS (SELECT 1 FROM \"{table}\" WHERE \"{name}\" = $1)")
        };
        let any: Vec<String> = self.0.iter().filter(|column| is_meant(column)).map(exists).collect();
        if any.is_empty() {
            return Ok(false);
        }
        let sql = format!("SELECT 1 WHERE {}", any.join(" OR "));
        let values = [digest.as_bytes().to_vec().into()];
        let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
        Ok(conn.query_one_raw(statement).await?.is_some())
    }

    /// Takes out of `digests` what anything names. Each column is read once, a row at a time: most have no index by digest.
    pub(super) async fn strike<T>(
        &self,
        conn: &DatabaseConnection,
        digests: &mut BTreeMap<Digest, T>,
    ) -> Result<(), DbErr> {
        for Column { table, name } in &self.0 {
            if digests.is_empty() {
                return Ok(());
            }
            let sql = format!("SELECT \"{name}\" FROM \"{table}\" WHERE length(\"{name}\") = 32");
            let statement = Statement::from_string(conn.get_database_backend(), sql);
            let mut rows = conn.stream_raw(statement).await?;
            while let Some(row) = rows.try_next().await? {
                if let Ok(digest) = Digest::from_slice(&row.try_get_by_index::<Vec<u8>>(0)?) {
                    digests.remove(&digest);
                }
            }
        }
        Ok(())
    }
}
