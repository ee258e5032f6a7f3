//! Rows per table.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rows per table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::TableCounts)]
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

impl AddAssign for TableCounts {
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
