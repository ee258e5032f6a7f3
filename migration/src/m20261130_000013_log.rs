//! The log of ends: one entry for each ledger that was closed, in a Merkle tree whose tiles, checkpoints and keys stand
//! in tables of their own.
//!
//! A closed ledger has its row in `log_end` by a trigger, from the very transaction that closes it; those that were
//! closed before have one from this migration. The row waits without a place until the log's sequencer gives it one.
//! Then it never changes, whatever retention does to the ledger: nothing here refers to a ledger's row.

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
        db.execute_unprepared(match backend {
            DatabaseBackend::Postgres => POSTGRES_TRIGGERS,
            _ => SQLITE_TRIGGERS,
        })
        .await?;
        db.execute_unprepared(CLOSED_BEFORE).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP TRIGGER ledger_end ON ledger").await?;
        } else {
            db.execute_unprepared("DROP TRIGGER ledger_end").await?;
        }
        for table in ["log_cosignature", "log_end", "log_tile", "log_checkpoint", "log_key"] {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION ledger_end(); DROP FUNCTION log_keep()").await?;
        }
        Ok(())
    }
}

// `place` is the entry's index in the log. `hashes` are up to 256 digests of 32 bytes. A checkpoint is kept as it was
// signed; lines of witnesses come to it later. `from_size` says from which size of the log on a key has signed.
const TABLES: &str = "
CREATE TABLE log_end (
    run_id UUID PRIMARY KEY,
    ledger_id UUID NOT NULL,
    frames BIGINT NOT NULL CHECK (frames >= 0),
    head BLOB NOT NULL CHECK (length(head) = 32),
    place BIGINT UNIQUE CHECK (place >= 0)
);
CREATE INDEX log_end_waiting ON log_end (run_id) WHERE place IS NULL;

CREATE TABLE log_tile (
    level SMALLINT NOT NULL CHECK (level BETWEEN 0 AND 7),
    place BIGINT NOT NULL CHECK (place >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, place)
);

CREATE TABLE log_checkpoint (
    number BIGINT PRIMARY KEY,
    size BIGINT NOT NULL CHECK (size >= 0),
    note TEXT NOT NULL,
    signed_us BIGINT NOT NULL
);

CREATE TABLE log_cosignature (
    checkpoint BIGINT NOT NULL REFERENCES log_checkpoint (number),
    key TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (checkpoint, key)
);

CREATE TABLE log_key (
    number BIGINT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    from_size BIGINT NOT NULL CHECK (from_size >= 0),
    listed_us BIGINT NOT NULL
);
";

// After the triggers, which nothing can be closed around from then on: another program may be at work.
const CLOSED_BEFORE: &str = "
INSERT INTO log_end (run_id, ledger_id, frames, head)
SELECT run_id, ledger_id, seq, head FROM ledger WHERE is_closed";

const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER ledger_end AFTER UPDATE ON ledger WHEN NEW.is_closed AND NOT OLD.is_closed
BEGIN
    INSERT INTO log_end (run_id, ledger_id, frames, head) VALUES (NEW.run_id, NEW.ledger_id, NEW.seq, NEW.head);
END;

CREATE TRIGGER log_end_insert BEFORE INSERT ON log_end
WHEN EXISTS (SELECT 1 FROM log_end WHERE run_id = NEW.run_id OR place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_end_update BEFORE UPDATE ON log_end
WHEN OLD.place IS NOT NULL OR NEW.place IS NULL OR NEW.run_id <> OLD.run_id OR NEW.ledger_id <> OLD.ledger_id
    OR NEW.frames <> OLD.frames OR NEW.head <> OLD.head
    OR EXISTS (SELECT 1 FROM log_end WHERE place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_end_delete BEFORE DELETE ON log_end
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;

CREATE TRIGGER log_tile_insert BEFORE INSERT ON log_tile
WHEN EXISTS (SELECT 1 FROM log_tile WHERE level = NEW.level AND place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_tile_update BEFORE UPDATE ON log_tile
WHEN NEW.level <> OLD.level OR NEW.place <> OLD.place
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_tile_delete BEFORE DELETE ON log_tile
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;

CREATE TRIGGER log_checkpoint_insert BEFORE INSERT ON log_checkpoint
WHEN EXISTS (SELECT 1 FROM log_checkpoint WHERE number >= NEW.number OR size > NEW.size)
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_checkpoint_update BEFORE UPDATE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_checkpoint_delete BEFORE DELETE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;

CREATE TRIGGER log_cosignature_insert BEFORE INSERT ON log_cosignature
WHEN EXISTS (SELECT 1 FROM log_cosignature WHERE checkpoint = NEW.checkpoint AND key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_cosignature_update BEFORE UPDATE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_cosignature_delete BEFORE DELETE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;

CREATE TRIGGER log_key_insert BEFORE INSERT ON log_key
WHEN EXISTS (SELECT 1 FROM log_key WHERE number >= NEW.number OR from_size > NEW.from_size OR key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_key_update BEFORE UPDATE ON log_key
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
CREATE TRIGGER log_key_delete BEFORE DELETE ON log_key
BEGIN SELECT RAISE(ABORT, 'the log of ends only grows'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION ledger_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO log_end (run_id, ledger_id, frames, head) VALUES (NEW.run_id, NEW.ledger_id, NEW.seq, NEW.head);
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_end AFTER UPDATE ON ledger FOR EACH ROW
WHEN (NEW.is_closed AND NOT OLD.is_closed) EXECUTE FUNCTION ledger_end();

CREATE FUNCTION log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of ends only grows';
END $$;
CREATE TRIGGER log_end_update BEFORE UPDATE ON log_end FOR EACH ROW
WHEN (OLD.place IS NOT NULL OR NEW.place IS NULL OR NEW.run_id <> OLD.run_id OR NEW.ledger_id <> OLD.ledger_id
    OR NEW.frames <> OLD.frames OR NEW.head <> OLD.head)
EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_end_delete BEFORE DELETE ON log_end FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_end_truncate BEFORE TRUNCATE ON log_end FOR EACH STATEMENT EXECUTE FUNCTION log_keep();

CREATE TRIGGER log_tile_update BEFORE UPDATE ON log_tile FOR EACH ROW
WHEN (NEW.level <> OLD.level OR NEW.place <> OLD.place
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes)
EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_tile_delete BEFORE DELETE ON log_tile FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_tile_truncate BEFORE TRUNCATE ON log_tile FOR EACH STATEMENT EXECUTE FUNCTION log_keep();

CREATE TRIGGER log_checkpoint_keep BEFORE UPDATE OR DELETE ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_checkpoint_truncate BEFORE TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_cosignature_keep BEFORE UPDATE OR DELETE ON log_cosignature
FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_cosignature_truncate BEFORE TRUNCATE ON log_cosignature
FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_key_keep BEFORE UPDATE OR DELETE ON log_key FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_key_truncate BEFORE TRUNCATE ON log_key FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
";
