//! Streams that anyone may write: a row per stream; what is in it stands in its ledger.
//!
//! A path is of one stream at a time. A stream that was deleted keeps its path while others that were forked from it go
//! on; after that its row stays, without the path, as its ledger does.

use sea_orm_migration::prelude::*;

use crate::portable;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = portable(manager.get_database_backend(), TABLES);
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE stream").await?;
        Ok(())
    }
}

// `base` is the place of the source that a fork begins at. `memory` is what the frames up to `memory_seq` say of writers,
// so that not all of them must be read for it; it is derived and never the truth.
const TABLES: &str = "
CREATE TABLE stream (
    id UUID PRIMARY KEY REFERENCES ledger (run_id),
    tenant_id UUID NOT NULL,
    path TEXT NOT NULL CHECK (length(path) BETWEEN 1 AND 1024),
    content_type TEXT NOT NULL CHECK (length(content_type) BETWEEN 1 AND 255),
    ttl_s BIGINT CHECK (ttl_s >= 0),
    expires_at TEXT,
    dies_us BIGINT,
    forked_from UUID REFERENCES stream (id),
    base BIGINT NOT NULL CHECK (base >= 0),
    sub_offset BIGINT NOT NULL CHECK (sub_offset >= 0),
    created_us BIGINT NOT NULL,
    deleted_us BIGINT,
    is_gone BOOLEAN NOT NULL,
    memory TEXT NOT NULL,
    memory_seq BIGINT NOT NULL CHECK (memory_seq >= 0),
    CHECK (ttl_s IS NULL OR expires_at IS NULL),
    CHECK (deleted_us IS NOT NULL OR NOT is_gone)
);
CREATE UNIQUE INDEX stream_by_path ON stream (tenant_id, path) WHERE NOT is_gone;
CREATE INDEX stream_by_source ON stream (forked_from) WHERE NOT is_gone;
CREATE INDEX stream_by_death ON stream (dies_us) WHERE deleted_us IS NULL;
";
