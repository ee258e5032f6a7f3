//! Objects that no run made: who keeps which stored bytes, and what for. The bytes lie in the artifact store under
//! their digest. A row never changes and goes only under a retention receipt that names the digest.

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
        db.execute_unprepared("DROP TABLE object").await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION object_keep()").await?;
        }
        Ok(())
    }
}

const TABLES: &str = "
CREATE TABLE object (
    tenant_id UUID NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    purpose TEXT NOT NULL CHECK (purpose IN ('dataset', 'bundle', 'attachment')),
    media_type TEXT NOT NULL CHECK (length(media_type) BETWEEN 1 AND 255),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    created_us BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, digest, purpose)
);
CREATE INDEX object_by_time ON object (tenant_id, purpose, created_us, digest);
CREATE INDEX object_by_digest ON object (digest);
";

// The insert trigger stands before `INSERT OR REPLACE` too, which fires no delete trigger.
const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER object_insert BEFORE INSERT ON object
WHEN EXISTS (SELECT 1 FROM object
    WHERE tenant_id = NEW.tenant_id AND digest = NEW.digest AND purpose = NEW.purpose)
    OR EXISTS (SELECT 1 FROM object WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a recorded object never changes'); END;
CREATE TRIGGER object_update BEFORE UPDATE ON object
BEGIN SELECT RAISE(ABORT, 'a recorded object never changes'); END;
CREATE TRIGGER object_delete BEFORE DELETE ON object
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = OLD.digest)
BEGIN SELECT RAISE(ABORT, 'a recorded object goes only under a retention receipt'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION object_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = OLD.digest) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a recorded object goes only under a retention receipt';
    END IF;
    RAISE EXCEPTION 'a recorded object never changes';
END $$;
CREATE TRIGGER object_keep BEFORE UPDATE OR DELETE ON object
FOR EACH ROW EXECUTE FUNCTION object_keep();
CREATE TRIGGER object_truncate BEFORE TRUNCATE ON object
FOR EACH STATEMENT EXECUTE FUNCTION object_keep();
";
