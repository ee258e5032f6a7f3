//! The series of a data set are one object in the store, under the digest its row has had from the beginning
//! (`content_digest`), and no rows any more: nothing has to say whether somebody is still writing them.
//!
//! Rows of series that were imported before are not carried over. Their data sets are read as damaged, with the advice
//! to import the file again; what a run had pinned of them stays.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::portable;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP TABLE imported_series").await?;
        db.execute_unprepared("DROP TABLE series_import").await.map(drop)
    }

    /// The tables as the migrations before know them, empty.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        db.execute_unprepared(&portable(backend, TABLES)).await?;
        let guard = match backend {
            DatabaseBackend::Postgres => POSTGRES_GUARD,
            _ => SQLITE_GUARD,
        };
        db.execute_unprepared(guard).await.map(drop)
    }
}

const TABLES: &str = "
CREATE TABLE imported_series (
    dataset_id UUID NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
    name TEXT NOT NULL,
    point_count BIGINT NOT NULL CHECK (point_count >= 1),
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    frequency TEXT NOT NULL
        CHECK (frequency IN ('daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'irregular')),
    points BLOB NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (dataset_id, ordinal),
    UNIQUE (dataset_id, name),
    CHECK (last_date >= first_date)
);
CREATE TABLE series_import (
    dataset_id UUID PRIMARY KEY,
    touched_us BIGINT NOT NULL,
    is_gone BOOLEAN NOT NULL
);
";

const SQLITE_GUARD: &str = "
CREATE TRIGGER imported_series_insert BEFORE INSERT ON imported_series
WHEN EXISTS (SELECT 1 FROM series_dataset WHERE id = NEW.dataset_id)
    OR EXISTS (SELECT 1 FROM imported_series WHERE dataset_id = NEW.dataset_id
        AND (ordinal = NEW.ordinal OR name = NEW.name))
BEGIN SELECT RAISE(ABORT, 'a data set never changes'); END;
CREATE TRIGGER imported_series_update BEFORE UPDATE ON imported_series
BEGIN SELECT RAISE(ABORT, 'a data set never changes'); END;
CREATE TRIGGER imported_series_delete BEFORE DELETE ON imported_series
WHEN EXISTS (SELECT 1 FROM series_dataset d WHERE d.id = OLD.dataset_id AND NOT EXISTS
    (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = d.digest))
BEGIN SELECT RAISE(ABORT, 'a data set never changes'); END;
";

// The functions have stayed.
const POSTGRES_GUARD: &str = "
CREATE TRIGGER imported_series_truncate BEFORE TRUNCATE ON imported_series
FOR EACH STATEMENT EXECUTE FUNCTION dataset_kept();
CREATE TRIGGER imported_series_guard BEFORE INSERT OR UPDATE OR DELETE ON imported_series
FOR EACH ROW EXECUTE FUNCTION imported_series_guard();
";
