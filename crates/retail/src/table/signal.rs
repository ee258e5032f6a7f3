//! Signals from outside the chain.

pub(crate) mod exogenous_signal {
    use sea_orm::entity::prelude::*;

    use wire::retail::{StoreId, WorldId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "exogenous_signal")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub world_id: WorldId,
        pub date: Date,
        pub signal_name: String,
        pub store_id: Option<StoreId>,
        pub is_global: bool,
        pub value: f64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
