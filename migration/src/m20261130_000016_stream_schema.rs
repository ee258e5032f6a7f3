//! Streams that declare what they consist of: the schema, and the run that their values are the frames of.
//!
//! Both stand in the row from the stream's beginning to its end: what was declared never changes.

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
        let sql = portable(manager.get_database_backend(), COLUMNS);
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DROP).await?;
        Ok(())
    }
}

const COLUMNS: &str = "
ALTER TABLE stream ADD COLUMN stream_schema TEXT;
ALTER TABLE stream ADD COLUMN run_id UUID;
";

const DROP: &str = "
ALTER TABLE stream DROP COLUMN run_id;
ALTER TABLE stream DROP COLUMN stream_schema;
";
