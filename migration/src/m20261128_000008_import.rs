//! Imports that are at work. Their series are written before their data set, so something has to say whether somebody
//! still adds to series that have none: the row of an import is touched with every transaction, and goes with the last.

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
        let sql = portable(manager.get_database_backend(), IMPORT);
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE series_import").await.map(drop)
    }
}

// `is_gone`: nobody adds to its series any more, and they are being removed.
const IMPORT: &str = "
CREATE TABLE series_import (
    dataset_id UUID PRIMARY KEY,
    touched_us BIGINT NOT NULL,
    is_gone BOOLEAN NOT NULL
);
";
