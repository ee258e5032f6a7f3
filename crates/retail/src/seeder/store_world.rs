//! Writes a world into the tables, in place of what its products had before.

mod dimension;
mod fact;

use std::sync::Arc;

use chrono::NaiveDate;
use kernel::Tenant;
use sea_orm::{DatabaseTransaction, DbErr};

use super::counts::{Table, TableCounts};
use crate::blocking::off_the_runtime;
use crate::generator::World;
use crate::key::{ProductId, StoreId};
use crate::sql;
use crate::table::insert_all;

/// What changed.
pub(super) struct Stored {
    pub(super) created: TableCounts,
    pub(super) replaced: u64,
}

/// What is to be written, for whom, and when.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) world: &'a Arc<World>,
    pub(super) tenant: Tenant,
    pub(super) now_us: i64,
}

/// What a row needs beside its own values.
struct Context<'a> {
    order: Order<'a>,
    /// By position in the world.
    stores: Vec<StoreId>,
    products: Vec<ProductId>,
}

impl Context<'_> {
    fn date(&self, day: usize) -> NaiveDate {
        self.order.world.calendar[day].date
    }

    fn store(&self, position: Option<usize>) -> Option<StoreId> {
        position.map(|position| self.stores[position])
    }
}

pub(super) async fn store(tx: &DatabaseTransaction, order: Order<'_>) -> Result<Stored, DbErr> {
    let mut created = TableCounts::default();
    let (stores, products);
    (stores, created.stores) = dimension::stores(tx, &order).await?;
    (products, created.products) = dimension::products(tx, &order).await?;
    created.calendar = dimension::calendar(tx, &order).await?;
    let cx = Context { order, stores, products };
    let replaced = make_room(tx, &cx).await?;
    let world = order.world;
    let rows = world.prices().map(|price| fact::price(&cx, price)).collect();
    created.price_history = insert_all(tx, rows).await?;
    let rows = world.promotions().map(|promotion| fact::promotion(&cx, promotion)).collect();
    created.promotions = insert_all(tx, rows).await?;
    let rows = world.signals().iter().map(|signal| fact::signal(&cx, signal)).collect();
    created.exogenous_signals = insert_all(tx, rows).await?;
    for store in 0..world.stores.len() {
        add_store(tx, &cx, store, &mut created).await?;
    }
    Ok(Stored { created, replaced })
}

/// Store by store, so that memory holds the facts of one store only.
async fn add_store(
    tx: &DatabaseTransaction,
    cx: &Context<'_>,
    store: usize,
    created: &mut TableCounts,
) -> Result<(), DbErr> {
    let world = Arc::clone(cx.order.world);
    let facts = off_the_runtime(move || world.facts(store)).await;
    let rows = facts.sales.iter().map(|sale| fact::sale(cx, store, sale)).collect();
    created.sales += insert_all(tx, rows).await?;
    let rows = facts.stock.iter().map(|stock| fact::stock(cx, store, stock)).collect();
    created.inventory += insert_all(tx, rows).await?;
    let rows = facts.returns.iter().map(|returned| fact::returned(cx, store, returned)).collect();
    created.sales_returns += insert_all(tx, rows).await?;
    let rows = facts.receipts.iter().map(|receipt| fact::receipt(cx, store, receipt)).collect();
    created.replenishment_events += insert_all(tx, rows).await?;
    let rows = facts.prices.iter().map(|price| fact::price(cx, price)).collect();
    created.price_history += insert_all(tx, rows).await?;
    let rows = facts.promotions.iter().map(|promotion| fact::promotion(cx, promotion)).collect();
    created.promotions += insert_all(tx, rows).await?;
    Ok(())
}

/// Deletes every fact, price and promotion of the world's products, in all stores and on all days, and the signals
/// of its stores and of its window.
async fn make_room(tx: &DatabaseTransaction, cx: &Context<'_>) -> Result<u64, DbErr> {
    let mut rows = 0;
    let products = list(cx.products.iter().map(|id| id.0));
    for table in [
        Table::Sales,
        Table::Inventory,
        Table::Returns,
        Table::Replenishment,
        Table::Prices,
        Table::Promotions,
    ] {
        let change = format!("DELETE FROM {} WHERE product_id IN ({products})", table.name());
        rows += sql::execute(tx, &change, []).await?;
    }
    let stores = list(cx.stores.iter().map(|id| id.0));
    rows +=
        sql::execute(tx, &format!("DELETE FROM exogenous_signal WHERE store_id IN ({stores})"), []).await?;
    let window = cx.order.world.config().window;
    let global = "DELETE FROM exogenous_signal WHERE tenant_id = $1 AND is_global AND date BETWEEN $2 AND $3";
    let values = [cx.order.tenant.id().into(), window.start().into(), window.end().into()];
    Ok(rows + sql::execute(tx, global, values).await?)
}

/// Our own numbers, as SQL writes them.
fn list(ids: impl Iterator<Item = i64>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}
