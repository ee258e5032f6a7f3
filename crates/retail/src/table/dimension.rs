//! Stores, products and the calendar.

pub(crate) mod store {
    use sea_orm::entity::prelude::*;

    use wire::retail::{StoreId, WorldId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "store")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: StoreId,
        pub world_id: WorldId,
        pub code: String,
        pub name: String,
        pub region: Option<String>,
        pub city: Option<String>,
        pub store_type: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod product {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, WorldId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "product")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: ProductId,
        pub world_id: WorldId,
        pub sku: String,
        pub name: String,
        pub category: Option<String>,
        pub subcategory: Option<String>,
        pub brand: Option<String>,
        pub base_price_cents: Option<i64>,
        pub base_cost_cents: Option<i64>,
        pub pack_size: Option<i32>,
        pub lifecycle_stage: Option<String>,
        pub launch_date: Option<Date>,
        pub discontinue_date: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod calendar {
    use sea_orm::entity::prelude::*;

    use wire::retail::WorldId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "calendar")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub world_id: WorldId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub date: Date,
        pub day_of_week: i32,
        pub month: i32,
        pub quarter: i32,
        pub year: i32,
        pub is_holiday: bool,
        pub holiday_name: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
