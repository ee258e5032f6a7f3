//! Retention: the receipts without which nothing that was recorded can go.
//!
//! Triggers of other tables refuse to delete or to empty a recorded row, unless a receipt names it in
//! `retention_release`. A receipt says who removed what and why; neither it nor its releases ever change.

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
        let backend = manager.get_database_backend();
        db.execute_unprepared(&portable(backend, TABLES)).await?;
        let triggers = match backend {
            DatabaseBackend::Postgres => POSTGRES_TRIGGERS,
            _ => SQLITE_TRIGGERS,
        };
        db.execute_unprepared(triggers).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in ["retention_release", "retention_receipt"] {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION retention_keep()").await?;
        }
        Ok(())
    }
}

// `subject` is the id of the run whose frames or rows go, or the digest of the object that goes.
const TABLES: &str = "
CREATE TABLE retention_receipt (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) >= 1),
    removed TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX retention_receipt_by_tenant ON retention_receipt (tenant_id, id);

CREATE TABLE retention_release (
    receipt_id UUID NOT NULL REFERENCES retention_receipt (id),
    kind TEXT NOT NULL CHECK (kind IN ('run', 'frames', 'artifact', 'object', 'shard_result')),
    subject BLOB NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX retention_release_by_receipt ON retention_release (receipt_id);
";

// The insert triggers stand before `INSERT OR REPLACE` too, which fires no delete trigger.
const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER retention_receipt_insert BEFORE INSERT ON retention_receipt
WHEN EXISTS (SELECT 1 FROM retention_receipt WHERE id = NEW.id OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER retention_receipt_update BEFORE UPDATE ON retention_receipt
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER retention_receipt_delete BEFORE DELETE ON retention_receipt
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER retention_release_insert BEFORE INSERT ON retention_release
WHEN EXISTS (SELECT 1 FROM retention_release
    WHERE kind = NEW.kind AND subject = NEW.subject OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER retention_release_update BEFORE UPDATE ON retention_release
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER retention_release_delete BEFORE DELETE ON retention_release
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION retention_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a receipt never changes';
END $$;
CREATE TRIGGER retention_receipt_keep BEFORE UPDATE OR DELETE ON retention_receipt
FOR EACH ROW EXECUTE FUNCTION retention_keep();
CREATE TRIGGER retention_receipt_truncate BEFORE TRUNCATE ON retention_receipt
FOR EACH STATEMENT EXECUTE FUNCTION retention_keep();
CREATE TRIGGER retention_release_keep BEFORE UPDATE OR DELETE ON retention_release
FOR EACH ROW EXECUTE FUNCTION retention_keep();
CREATE TRIGGER retention_release_truncate BEFORE TRUNCATE ON retention_release
FOR EACH STATEMENT EXECUTE FUNCTION retention_keep();
";
