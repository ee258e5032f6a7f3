//! What later proofs need: the first event of a model names the runs it was made from, so that a model whose row is gone
//! is missed where it was trained and judged; and a world keeps a digest of its facts, so that it is not taken for the
//! world that was generated when they were changed.

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
        let db = manager.get_connection();
        for sql in COLUMNS {
            db.execute_unprepared(&portable(manager.get_database_backend(), sql)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in WITHOUT_COLUMNS {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

// Empty in rows of before.
const COLUMNS: [&str; 5] = [
    "ALTER TABLE model_event ADD COLUMN training_run_id UUID",
    "ALTER TABLE model_event ADD COLUMN comparison_run_id UUID",
    "CREATE INDEX model_event_by_training ON model_event (training_run_id) WHERE training_run_id IS NOT NULL",
    "CREATE INDEX model_event_by_comparison ON model_event (comparison_run_id) WHERE comparison_run_id IS NOT NULL",
    "ALTER TABLE world ADD COLUMN facts_digest BLOB CHECK (length(facts_digest) = 32)",
];

const WITHOUT_COLUMNS: [&str; 5] = [
    "ALTER TABLE world DROP COLUMN facts_digest",
    "DROP INDEX model_event_by_comparison",
    "DROP INDEX model_event_by_training",
    "ALTER TABLE model_event DROP COLUMN comparison_run_id",
    "ALTER TABLE model_event DROP COLUMN training_run_id",
];
