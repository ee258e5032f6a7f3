//! Cuts of conversations: from where on a conversation's replay leaves out what there was. Nothing is erased by one, and
//! none is ever taken back or changed: the rows of a conversation are the lineage of its segments.

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
        db.execute_unprepared(&portable(backend, TABLE)).await?;
        db.execute_unprepared(match backend {
            DatabaseBackend::Postgres => POSTGRES_TRIGGERS,
            _ => SQLITE_TRIGGERS,
        })
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP TABLE conversation_cut").await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION conversation_cut_keep()").await?;
        }
        Ok(())
    }
}

// Left out are the frames of `run_id` after `seq`, and the runs after it up to `through_run_id`, which was the
// conversation's last one then. A run may be let go of later, so neither refers to its row.
const TABLE: &str = "
CREATE TABLE conversation_cut (
    conversation_id UUID NOT NULL REFERENCES conversation (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    tenant_id UUID NOT NULL,
    run_id UUID NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    through_run_id UUID NOT NULL,
    runs BIGINT NOT NULL CHECK (runs >= 0),
    frames BIGINT NOT NULL CHECK (frames >= 0),
    cut_us BIGINT NOT NULL,
    cut_by UUID,
    PRIMARY KEY (conversation_id, number)
);
";

const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER conversation_cut_insert BEFORE INSERT ON conversation_cut
WHEN EXISTS (SELECT 1 FROM conversation_cut WHERE conversation_id = NEW.conversation_id AND number >= NEW.number)
BEGIN SELECT RAISE(ABORT, 'cuts of a conversation are only added'); END;
CREATE TRIGGER conversation_cut_update BEFORE UPDATE ON conversation_cut
BEGIN SELECT RAISE(ABORT, 'cuts of a conversation are only added'); END;
CREATE TRIGGER conversation_cut_delete BEFORE DELETE ON conversation_cut
BEGIN SELECT RAISE(ABORT, 'cuts of a conversation are only added'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION conversation_cut_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'cuts of a conversation are only added';
END $$;
CREATE TRIGGER conversation_cut_keep BEFORE UPDATE OR DELETE ON conversation_cut
FOR EACH ROW EXECUTE FUNCTION conversation_cut_keep();
CREATE TRIGGER conversation_cut_truncate BEFORE TRUNCATE ON conversation_cut
FOR EACH STATEMENT EXECUTE FUNCTION conversation_cut_keep();
";
