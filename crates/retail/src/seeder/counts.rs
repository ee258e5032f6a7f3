//! Rows per table, and which of a table's rows are a world's.

use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};

use crate::key::WorldId;
use crate::sql;

/// A number of rows per table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCounts {
    /// Stores.
    pub stores: u64,
    /// Products.
    pub products: u64,
    /// Days.
    pub calendar: u64,
    /// Sales.
    pub sales: u64,
    /// Prices.
    pub price_history: u64,
    /// Promotions.
    pub promotions: u64,
    /// Counts of stock.
    pub inventory: u64,
    /// Signals from outside.
    pub exogenous_signals: u64,
    /// Returns.
    pub sales_returns: u64,
    /// Deliveries.
    pub replenishment_events: u64,
}

impl std::ops::AddAssign for TableCounts {
    fn add_assign(&mut self, other: Self) {
        self.stores += other.stores;
        self.products += other.products;
        self.calendar += other.calendar;
        self.sales += other.sales;
        self.price_history += other.price_history;
        self.promotions += other.promotions;
        self.inventory += other.inventory;
        self.exogenous_signals += other.exogenous_signals;
        self.sales_returns += other.sales_returns;
        self.replenishment_events += other.replenishment_events;
    }
}

impl TableCounts {
    /// All rows together.
    pub const fn total(&self) -> u64 {
        self.stores
            + self.products
            + self.calendar
            + self.sales
            + self.price_history
            + self.promotions
            + self.inventory
            + self.exogenous_signals
            + self.sales_returns
            + self.replenishment_events
    }
}

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
