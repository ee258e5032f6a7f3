//! Imported series: a dataset per upload, a row per series.

pub(crate) mod series_dataset {
    use kernel::TenantId;
    use sea_orm::entity::prelude::*;

    use crate::key::DatasetId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "series_dataset")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DatasetId,
        pub tenant_id: TenantId,
        pub name: String,
        pub digest: Vec<u8>,
        /// See `dataset::content`.
        pub content_digest: Vec<u8>,
        /// See `dataset::Upload`.
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

pub(crate) mod imported_series {
    use sea_orm::entity::prelude::*;

    use crate::key::DatasetId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "imported_series")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset_id: DatasetId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ordinal: i64,
        pub name: String,
        pub point_count: i64,
        pub first_date: Date,
        pub last_date: Date,
        pub frequency: String,
        /// See `dataset::points`.
        pub points: Vec<u8>,
        /// Of `points`.
        pub digest: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
