//! The ledger: one row per run with the head of its chain, and the frames in blocks.
//!
//! What is written stays: a block never changes or vanishes, none is added to a closed ledger, and a closed ledger
//! never opens again. The one exception is named by a retention receipt: under `frames` the bodies of a closed ledger
//! may give way to the digests of their frames, which keeps the chain provable; under `run` its rows may go. These rules
//! stand in the database itself, because no code path may be trusted with them.

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
        let rest: &[&str] = match backend {
            DatabaseBackend::Postgres => &[POSTGRES_STORAGE, POSTGRES_TRIGGERS],
            _ => &[SQLITE_TRIGGERS],
        };
        for sql in rest {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP TABLE frame_block").await?;
        db.execute_unprepared("DROP TABLE ledger").await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(
                "DROP FUNCTION frame_block_add(); DROP FUNCTION frame_block_keep(); DROP FUNCTION ledger_keep()",
            )
            .await?;
        }
        Ok(())
    }
}

// `ledger_id` is what the chain begins with; it stays when a ledger is brought to another installation, where the run
// and the tenant are others. `digests` is empty as long as the body is there. The body comes last: SQLite finds the
// columns before it without walking its overflow pages.
const TABLES: &str = "
CREATE TABLE ledger (
    run_id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    ledger_id UUID NOT NULL,
    fence BIGINT NOT NULL CHECK (fence >= 0),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    head BLOB NOT NULL CHECK (length(head) = 32),
    is_closed BOOLEAN NOT NULL,
    UNIQUE (tenant_id, ledger_id)
) CLUSTERED;

CREATE TABLE frame_block (
    run_id UUID NOT NULL REFERENCES ledger (run_id),
    first_seq BIGINT NOT NULL CHECK (first_seq >= 1),
    last_seq BIGINT NOT NULL CHECK (last_seq >= first_seq),
    head BLOB NOT NULL CHECK (length(head) = 32),
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 1),
    marks BLOB NOT NULL,
    digests BLOB CHECK (length(digests) = 32 * (last_seq - first_seq + 1)),
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, first_seq),
    CHECK ((body = '') = (digests IS NOT NULL))
);
";

// The insert triggers stand before `INSERT OR REPLACE` too, which fires no delete trigger and may name the hidden rowid.
const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER frame_block_insert BEFORE INSERT ON frame_block
WHEN (SELECT is_closed OR NEW.first_seq <= seq FROM ledger WHERE run_id = NEW.run_id)
    OR EXISTS (SELECT 1 FROM frame_block WHERE run_id = NEW.run_id AND first_seq = NEW.first_seq)
    OR EXISTS (SELECT 1 FROM frame_block WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'frames are added after the head of an open ledger only'); END;

CREATE TRIGGER frame_block_update BEFORE UPDATE ON frame_block
WHEN NOT (
    OLD.body <> '' AND NEW.body = '' AND NEW.digests IS NOT NULL
    AND NEW.rowid = OLD.rowid
    AND NEW.run_id = OLD.run_id AND NEW.first_seq = OLD.first_seq AND NEW.last_seq = OLD.last_seq
    AND NEW.head = OLD.head AND NEW.size_bytes = OLD.size_bytes AND NEW.marks = OLD.marks
    AND EXISTS (SELECT 1 FROM ledger WHERE run_id = OLD.run_id AND is_closed)
    AND EXISTS (SELECT 1 FROM retention_release WHERE kind = 'frames' AND subject = OLD.run_id)
)
BEGIN SELECT RAISE(ABORT, 'a stored frame never changes'); END;

CREATE TRIGGER frame_block_delete BEFORE DELETE ON frame_block
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'a stored frame never changes'); END;

CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger
WHEN EXISTS (
    SELECT 1 FROM ledger
    WHERE run_id = NEW.run_id OR (tenant_id = NEW.tenant_id AND ledger_id = NEW.ledger_id)
)
BEGIN SELECT RAISE(ABORT, 'a run has one ledger, and a ledger is kept once'); END;

CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger
WHEN OLD.is_closed OR NEW.seq < OLD.seq OR NEW.fence < OLD.fence
    OR NEW.run_id <> OLD.run_id OR NEW.tenant_id <> OLD.tenant_id OR NEW.ledger_id <> OLD.ledger_id
BEGIN SELECT RAISE(ABORT, 'a ledger only grows, and a closed one never changes'); END;

CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'a ledger only grows, and a closed one never changes'); END;
";

// Fast compression where the server has it; the default one is slower than the disk. Without it: none.
const POSTGRES_STORAGE: &str = "
DO $$
BEGIN
    ALTER TABLE frame_block ALTER COLUMN body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    ALTER TABLE frame_block ALTER COLUMN body SET STORAGE EXTERNAL;
END $$;
";

// The lock in `frame_block_add` makes it wait for a transaction that is about to close the ledger.
const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION frame_block_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT is_closed OR NEW.first_seq <= seq FROM ledger WHERE run_id = NEW.run_id FOR SHARE) THEN
        RAISE EXCEPTION 'frames are added after the head of an open ledger only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frame_block_insert BEFORE INSERT ON frame_block
FOR EACH ROW EXECUTE FUNCTION frame_block_add();

CREATE FUNCTION frame_block_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (
            SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = uuid_send(OLD.run_id)
        ) THEN
            RETURN OLD;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.body <> '' AND NEW.body = '' AND NEW.digests IS NOT NULL
            AND NEW.run_id = OLD.run_id AND NEW.first_seq = OLD.first_seq AND NEW.last_seq = OLD.last_seq
            AND NEW.head = OLD.head AND NEW.size_bytes = OLD.size_bytes AND NEW.marks = OLD.marks
            AND EXISTS (SELECT 1 FROM ledger WHERE run_id = OLD.run_id AND is_closed)
            AND EXISTS (
                SELECT 1 FROM retention_release WHERE kind = 'frames' AND subject = uuid_send(OLD.run_id)
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a stored frame never changes';
END $$;
CREATE TRIGGER frame_block_update BEFORE UPDATE ON frame_block
FOR EACH ROW EXECUTE FUNCTION frame_block_keep();
CREATE TRIGGER frame_block_delete BEFORE DELETE ON frame_block
FOR EACH ROW EXECUTE FUNCTION frame_block_keep();
CREATE TRIGGER frame_block_truncate BEFORE TRUNCATE ON frame_block
FOR EACH STATEMENT EXECUTE FUNCTION frame_block_keep();

CREATE FUNCTION ledger_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (
            SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = uuid_send(OLD.run_id)
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'a ledger only grows, and a closed one never changes';
END $$;
CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger FOR EACH ROW
WHEN (OLD.is_closed OR NEW.seq < OLD.seq OR NEW.fence < OLD.fence
    OR NEW.run_id <> OLD.run_id OR NEW.tenant_id <> OLD.tenant_id OR NEW.ledger_id <> OLD.ledger_id)
EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER ledger_truncate BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
";
