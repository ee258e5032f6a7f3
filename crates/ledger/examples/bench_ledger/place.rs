//! Where is measured: a fresh database, and a table as one would write it without a ledger.

use std::path::PathBuf;

use kernel::Db;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};

use crate::{Outcome, report};

pub(crate) enum Place {
    Sqlite,
    /// The server's address, without a database.
    Postgres(String),
}

pub(crate) struct Scratch {
    pub name: &'static str,
    /// How many connections the database can use for writing at once.
    pub writers: u128,
    pub db: Db,
    url: String,
    trash: Trash,
}

enum Trash {
    Directory(PathBuf),
    Database { server: String, name: String },
}

impl Place {
    pub(crate) async fn scratch(self) -> Outcome<Scratch> {
        let id = std::process::id();
        let (name, writers, url, trash) = match self {
            Self::Sqlite => {
                let directory = report::directory().join(format!("ledger-{id}"));
                std::fs::create_dir_all(&directory)?;
                let url = format!("sqlite://{}", directory.join("bench.db").display());
                ("SQLite", 1, url, Trash::Directory(directory))
            }
            Self::Postgres(server) => {
                let name = format!("assay_bench_{id}");
                administer(&server, &format!("CREATE DATABASE {name}")).await?;
                ("PostgreSQL", 4, format!("{server}/{name}"), Trash::Database { server, name })
            }
        };
        let conn = Db::open_for_migration(&url).await?;
        Migrator::up(&conn, None).await?;
        let (id_type, inline) = if name == "SQLite" { ("BLOB", " WITHOUT ROWID") } else { ("UUID", "") };
        conn.execute_unprepared(&format!(
            "CREATE TABLE raw_frame (run_id {id_type} NOT NULL, seq BIGINT NOT NULL, frame TEXT NOT NULL,
             PRIMARY KEY (run_id, seq)){inline}"
        ))
        .await?;
        conn.close().await?;
        Ok(Scratch { name, writers, db: Db::open(&url).await?, url, trash })
    }
}

impl Scratch {
    /// New handles, with nothing cached in them.
    pub(crate) async fn reopened(&self) -> Outcome<Db> {
        Ok(Db::open(&self.url).await?)
    }

    pub(crate) async fn remove(self) -> Outcome<()> {
        self.db.close().await?;
        match self.trash {
            Trash::Directory(path) => std::fs::remove_dir_all(path)?,
            Trash::Database { server, name } => {
                administer(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
            }
        }
        Ok(())
    }
}

async fn administer(server: &str, sql: &str) -> Outcome<()> {
    let conn = Database::connect(format!("{server}/postgres")).await?;
    conn.execute_unprepared(sql).await?;
    Ok(conn.close().await?)
}
