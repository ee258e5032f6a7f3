//! Rows per table, and which of a table's rows are a tenant's.

use kernel::Tenant;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use crate::sql;

/// A number of rows per table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
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

    pub(super) fn of_mut(&mut self, table: Table) -> &mut u64 {
        match table {
            Table::Store => &mut self.stores,
            Table::Product => &mut self.products,
            Table::Calendar => &mut self.calendar,
            Table::Sales => &mut self.sales,
            Table::Prices => &mut self.price_history,
            Table::Promotions => &mut self.promotions,
            Table::Inventory => &mut self.inventory,
            Table::Signals => &mut self.exogenous_signals,
            Table::Returns => &mut self.sales_returns,
            Table::Replenishment => &mut self.replenishment_events,
        }
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
    /// In an order in which they can be emptied.
    pub(super) const LEAVES_FIRST: [Self; 10] = [
        Self::Replenishment,
        Self::Returns,
        Self::Signals,
        Self::Promotions,
        Self::Prices,
        Self::Inventory,
        Self::Sales,
        Self::Calendar,
        Self::Product,
        Self::Store,
    ];

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

    pub(super) const fn is_dimension(self) -> bool {
        matches!(self, Self::Store | Self::Product | Self::Calendar)
    }

    /// The condition on a row to be of the tenant `$1`. What has no tenant of its own has its product's, for every
    /// fact, price and promotion has a product.
    pub(super) const fn is_of_tenant(self) -> &'static str {
        match self {
            Self::Store | Self::Product | Self::Calendar | Self::Signals => "tenant_id = $1",
            _ => "product_id IN (SELECT id FROM product WHERE tenant_id = $1)",
        }
    }

    pub(super) async fn count(self, db: &impl ConnectionTrait, tenant: Tenant) -> Result<u64, DbErr> {
        let query = format!("SELECT count(*) FROM {} WHERE {}", self.name(), self.is_of_tenant());
        sql::count(db, &query, [tenant.id().into()]).await
    }
}
