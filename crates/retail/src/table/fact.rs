//! What happened to a product in a store on a day.

pub(crate) mod sales_daily {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, StoreId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sales_daily")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub store_id: StoreId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: ProductId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub date: Date,
        pub quantity: i64,
        pub unit_price_cents: i64,
        pub total_amount_cents: i64,
        pub channel: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod inventory_snapshot_daily {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, StoreId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "inventory_snapshot_daily")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub store_id: StoreId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: ProductId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub date: Date,
        pub on_hand_qty: i64,
        pub on_order_qty: i64,
        pub is_stockout: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod sales_returns {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, StoreId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sales_returns")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub store_id: StoreId,
        pub product_id: ProductId,
        pub date: Date,
        pub return_quantity: i64,
        pub return_reason: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod replenishment_event {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, StoreId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "replenishment_event")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub store_id: StoreId,
        pub product_id: ProductId,
        pub date: Date,
        pub lead_time_days: i64,
        pub ordered_qty: i64,
        pub received_qty: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
