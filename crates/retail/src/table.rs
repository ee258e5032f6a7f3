//! The rows. Private: nothing outside this crate reads a table of it.

pub(crate) mod dimension;
pub(crate) mod fact;
pub(crate) mod signal;
pub(crate) mod window;
pub(crate) mod world;

use sea_orm::{ActiveModelTrait, DatabaseBackend, EntityTrait, Insert, Iterable, QueryTrait, Statement};

/// The inserts of some rows, each within the databases' limits on bind values, and how many rows they have. Written
/// out before a transaction begins, they keep it short.
pub(crate) fn inserts<A: ActiveModelTrait>(backend: DatabaseBackend, rows: Vec<A>) -> Vec<(Statement, u64)> {
    let limit = kernel::chunk_rows(<A::Entity as EntityTrait>::Column::iter().count()).min(MAX_ROWS);
    let mut rows = rows.into_iter();
    let mut statements = Vec::with_capacity(rows.len().div_ceil(limit));
    while rows.len() > 0 {
        let chunk: Vec<A> = rows.by_ref().take(limit).collect();
        let count = chunk.len() as u64;
        statements.push((Insert::many(chunk).build(backend), count));
    }
    statements
}

/// A statement is the least a transaction can hold: so many rows take some hundredths of a second.
pub(crate) const MAX_ROWS: usize = 4_000;

#[cfg(test)]
mod tests {
    use kernel::{Db, Tenant};
    use migration::{Migrator, MigratorTrait};
    use sea_orm::{EntityTrait, PaginatorTrait};
    use test_support::on_both_databases;
    use wire::retail::GenerateRequest;

    use super::*;
    use crate::seeder;

    async fn count_every_table(db: &Db) -> [u64; 11] {
        let db = db.read.conn();
        [
            world::Entity::find().count(db).await.unwrap(),
            dimension::store::Entity::find().count(db).await.unwrap(),
            dimension::product::Entity::find().count(db).await.unwrap(),
            dimension::calendar::Entity::find().count(db).await.unwrap(),
            fact::sales_daily::Entity::find().count(db).await.unwrap(),
            fact::inventory_snapshot_daily::Entity::find().count(db).await.unwrap(),
            fact::sales_returns::Entity::find().count(db).await.unwrap(),
            fact::replenishment_event::Entity::find().count(db).await.unwrap(),
            window::price_history::Entity::find().count(db).await.unwrap(),
            window::promotion::Entity::find().count(db).await.unwrap(),
            signal::exogenous_signal::Entity::find().count(db).await.unwrap(),
        ]
    }

    async fn select_through_every_entity(db: &Db) {
        let db = db.read.conn();
        world::Entity::find().all(db).await.unwrap();
        dimension::store::Entity::find().all(db).await.unwrap();
        dimension::product::Entity::find().all(db).await.unwrap();
        dimension::calendar::Entity::find().all(db).await.unwrap();
        fact::sales_daily::Entity::find().all(db).await.unwrap();
        fact::inventory_snapshot_daily::Entity::find().all(db).await.unwrap();
        fact::sales_returns::Entity::find().all(db).await.unwrap();
        fact::replenishment_event::Entity::find().all(db).await.unwrap();
        window::price_history::Entity::find().all(db).await.unwrap();
        window::promotion::Entity::find().all(db).await.unwrap();
        signal::exogenous_signal::Entity::find().all(db).await.unwrap();
    }

    /// A row in every table.
    async fn fill(db: &Db) {
        let clock = test_support::frozen_clock();
        let features = seeder::Feature::ALL.map(|(name, _)| name.to_owned()).to_vec();
        let request =
            GenerateRequest { scenario: "showcase_rich".to_owned(), features, ..GenerateRequest::default() };
        seeder::generate(db, &*clock, Tenant::LOCAL, &request).await.unwrap();
    }

    on_both_databases! {
        async fn the_schema_goes_up_down_and_up_again_and_fits_the_entities(test: TestDb) {
            let conn = Db::open_for_migration(&test.url).await.unwrap();
            Migrator::down(&conn, None).await.unwrap();
            Migrator::up(&conn, None).await.unwrap();
            conn.close().await.unwrap();
            let reopened = Db::open(&test.url).await.unwrap();
            fill(&reopened).await;
            assert!(count_every_table(&reopened).await.iter().all(|&rows| rows > 0));
            select_through_every_entity(&reopened).await;
        }
    }
}
