//! The models that an automatic cohort stands for. A cohort that a person made has none.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Beside the cohort: all three of them, or none.
const COLUMNS: [&str; 3] = ["game_outcome_model", "market_share_model", "optimizer_key"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for column in COLUMNS {
            db.execute_unprepared(&format!("ALTER TABLE lab_cohort ADD COLUMN {column} TEXT")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for column in COLUMNS {
            db.execute_unprepared(&format!("ALTER TABLE lab_cohort DROP COLUMN {column}")).await?;
        }
        Ok(())
    }
}
