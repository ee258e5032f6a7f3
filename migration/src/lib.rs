//! The schema. Imports no crate of ours: a migration must not change when the code does.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261121_000001_run;
mod m20261121_000002_ledger;
mod m20261121_000003_retail;
mod m20261121_000004_model_selection;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_run::Migration),
            Box::new(m20261121_000002_ledger::Migration),
            Box::new(m20261121_000003_retail::Migration),
            Box::new(m20261121_000004_model_selection::Migration),
        ]
    }
}
