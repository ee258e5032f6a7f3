//! A row per data set. Private: nothing outside this crate reads it.

pub(crate) mod series_dataset {
    use kernel::TenantId;
    use sea_orm::entity::prelude::*;
    use wire::datasets::DatasetId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "series_dataset")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DatasetId,
        pub tenant_id: TenantId,
        pub name: String,
        /// Of the file that was sent.
        pub digest: Vec<u8>,
        /// Of the object that its series are kept in.
        pub content_digest: Vec<u8>,
        /// What was stated of how to read the file.
        pub reading: String,
        pub size_bytes: i64,
        pub series_count: i64,
        pub point_count: i64,
        pub created_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[cfg(test)]
mod tests {
    use kernel::Db;
    use migration::{Migrator, MigratorTrait};
    use sea_orm::EntityTrait;
    use test_support::on_both_databases;

    use super::series_dataset;

    on_both_databases! {
        async fn the_schema_goes_up_down_and_up_again_and_fits_the_entity(test: TestDb) {
            let conn = Db::open_for_migration(&test.url).await.unwrap();
            Migrator::down(&conn, None).await.unwrap();
            Migrator::up(&conn, None).await.unwrap();
            conn.close().await.unwrap();
            let reopened = Db::open(&test.url).await.unwrap();
            assert_eq!(series_dataset::Entity::find().all(reopened.read.conn()).await.unwrap(), []);
        }
    }
}
