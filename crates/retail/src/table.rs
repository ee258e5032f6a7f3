//! The rows. Private: nothing outside this crate reads a table of it.

pub(crate) mod dimension;
pub(crate) mod fact;
pub(crate) mod import;
pub(crate) mod signal;
pub(crate) mod window;

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, Insert, Iterable};

/// Inserts rows in chunks that the databases' limits on bind values allow, and says how many.
///
/// Takes the rows and not an iterator that makes them: held over an `await`, the closures in one would keep the
/// caller's future from being `Send`.
pub(crate) async fn insert_all<A, C>(db: &C, rows: Vec<A>) -> Result<u64, DbErr>
where
    A: ActiveModelTrait,
    C: ConnectionTrait,
{
    let limit = kernel::chunk_rows(<A::Entity as EntityTrait>::Column::iter().count());
    let mut rows = rows.into_iter();
    let mut inserted = 0;
    while rows.len() > 0 {
        let chunk: Vec<A> = rows.by_ref().take(limit).collect();
        inserted += Insert::many(chunk).exec_without_returning(db).await?;
    }
    Ok(inserted)
}

#[cfg(test)]
mod tests {
    use kernel::{Db, Tenant};
    use migration::{Migrator, MigratorTrait};
    use sea_orm::{EntityTrait, PaginatorTrait};
    use test_support::on_both_databases;

    use super::*;
    use crate::dataset;
    use crate::seeder::{self, GenerateRequest};

    async fn count_every_table(db: &Db) -> [u64; 12] {
        let db = db.read.conn();
        [
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
            import::series_dataset::Entity::find().count(db).await.unwrap(),
            import::imported_series::Entity::find().count(db).await.unwrap(),
        ]
    }

    async fn select_through_every_entity(db: &Db) {
        let db = db.read.conn();
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
        import::series_dataset::Entity::find().all(db).await.unwrap();
        import::imported_series::Entity::find().all(db).await.unwrap();
    }

    /// A row in every table.
    async fn fill(db: &Db) {
        let clock = test_support::frozen_clock();
        let features = seeder::Feature::ALL.map(|(name, _)| name.to_owned()).to_vec();
        let request =
            GenerateRequest { scenario: "showcase_rich".to_owned(), features, ..GenerateRequest::default() };
        seeder::generate(&db.write, &*clock, Tenant::LOCAL, &request).await.unwrap();
        let text = &"date,value\n2024-01-01,1\n2024-01-02,2".into();
        dataset::import_csv(&db.write, &*clock, Tenant::LOCAL, "one", text).await.unwrap();
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
