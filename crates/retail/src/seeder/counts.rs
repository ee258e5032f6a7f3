//! Which of a table's rows are a world's.

use sea_orm::{ConnectionTrait, DbErr};
use wire::retail::WorldId;

use crate::sql;

/// A table that the seeder fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Replenishment,
    Returns,
    Signals,
    Promotions,
    Prices,
    Inventory,
    Sales,
    Calendar,
    Product,
    Store,
}

impl Table {
    /// The facts of a product in a store on a day.
    pub(super) const GRAIN: [Self; 4] = [Self::Sales, Self::Inventory, Self::Returns, Self::Replenishment];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Product => "product",
            Self::Calendar => "calendar",
            Self::Sales => "sales_daily",
            Self::Prices => "price_history",
            Self::Promotions => "promotion",
            Self::Inventory => "inventory_snapshot_daily",
            Self::Signals => "exogenous_signal",
            Self::Returns => "sales_returns",
            Self::Replenishment => "replenishment_event",
        }
    }

    /// The condition on a row to be of the world `$1`. What has no world of its own has its store's or product's.
    pub(super) const fn is_of_world(self) -> &'static str {
        match self {
            Self::Store | Self::Product | Self::Calendar | Self::Signals => "world_id = $1",
            Self::Prices | Self::Promotions => "product_id IN (SELECT id FROM product WHERE world_id = $1)",
            Self::Sales | Self::Inventory | Self::Returns | Self::Replenishment => {
                "store_id IN (SELECT id FROM store WHERE world_id = $1)"
            }
        }
    }

    pub(super) async fn count(self, db: &impl ConnectionTrait, world: WorldId) -> Result<u64, DbErr> {
        let query = format!("SELECT count(*) FROM {} WHERE {}", self.name(), self.is_of_world());
        sql::count(db, &query, [world.into()]).await
    }
}
