//! Tenants and their tokens, and how far a run may act for whoever submitted it.
//!
//! A token is kept as its digest alone. A session is a token that a browser got for one of a person; it ends with that. No
//! row is ever deleted: that there is one is why the server asks who calls.

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
        let sql = "DROP TABLE access_token; DROP TABLE tenant; ALTER TABLE run DROP COLUMN scopes";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}

// 32767 is every scope: runs of before belong to whoever holds the machine.
const TABLES: &str = "
CREATE TABLE tenant (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 63),
    created_us BIGINT NOT NULL
);
CREATE TABLE access_token (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenant (id),
    session_of UUID REFERENCES access_token (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    secret_digest BLOB NOT NULL UNIQUE,
    scopes SMALLINT NOT NULL CHECK (scopes > 0),
    created_us BIGINT NOT NULL,
    expires_us BIGINT,
    revoked_us BIGINT,
    CHECK (session_of IS NULL OR expires_us IS NOT NULL)
);
CREATE INDEX access_token_by_tenant ON access_token (tenant_id, created_us);
ALTER TABLE run ADD COLUMN scopes SMALLINT NOT NULL DEFAULT 32767;
";
