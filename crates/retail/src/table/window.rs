//! Prices and promotions: what holds over a range of days, in one store or in the whole chain.

pub(crate) mod price_history {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, StoreId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "price_history")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub product_id: ProductId,
        pub store_id: Option<StoreId>,
        pub price_cents: i64,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod promotion {
    use sea_orm::entity::prelude::*;

    use wire::retail::{ProductId, StoreId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "promotion")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub product_id: ProductId,
        pub store_id: Option<StoreId>,
        pub name: String,
        pub kind: String,
        pub discount_pct: Option<f64>,
        pub discount_amount_cents: Option<i64>,
        /// A JSON list of product ids.
        pub bundle_member_product_ids: Option<String>,
        pub start_date: Date,
        pub end_date: Date,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
