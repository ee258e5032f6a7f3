//! Writes a world: many short transactions, of which only the last makes it visible.

mod dimension;
mod fact;

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use chrono::NaiveDate;
use kernel::{Clock, Db, ReadDb, WriteDb};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbErr, Statement};
use wire::retail::{ProductId, StoreId, TableCounts, WorldId};

use super::SeederError;
use super::claim::touch;
use super::facts::Facts;
use crate::generator::{StoreFacts, World};
use crate::sql;
use crate::table::{MAX_ROWS, inserts};
use crate::world::COMPLETE;

/// What a row needs beside its own values.
struct Context {
    world: Arc<World>,
    world_id: WorldId,
    /// By position in the world.
    stores: Vec<StoreId>,
    products: Vec<ProductId>,
}

impl Context {
    fn date(&self, day: usize) -> NaiveDate {
        self.world.calendar[day].date
    }

    fn store(&self, position: Option<usize>) -> Option<StoreId> {
        position.map(|position| self.stores[position])
    }
}

/// Writes what was claimed and completes it.
pub(super) async fn build(
    db: &Db,
    clock: &dyn Clock,
    world_id: WorldId,
    world: Arc<World>,
) -> Result<TableCounts, SeederError> {
    let (read, write) = (&db.read, &db.write);
    Site { read, write, clock, world_id, pending: Vec::new() }.fill(world).await
}

/// A world under construction.
struct Site<'a> {
    read: &'a ReadDb,
    write: &'a WriteDb,
    clock: &'a dyn Clock,
    world_id: WorldId,
    /// Statements for the next transaction, and how many rows each writes.
    pending: Vec<(Statement, u64)>,
}

impl Site<'_> {
    async fn fill(&mut self, world: Arc<World>) -> Result<TableCounts, SeederError> {
        let (stores, products) = self.dimensions(&world).await?;
        let mut counts = TableCounts {
            stores: stores.len() as u64,
            products: products.len() as u64,
            ..TableCounts::default()
        };
        let cx = Arc::new(Context { world: Arc::clone(&world), world_id: self.world_id, stores, products });
        let days = world.calendar.iter().map(|day| dimension::day(self.world_id, day)).collect();
        counts.calendar = self.add(days).await?;
        counts.price_history =
            self.add(world.prices().map(|price| fact::price(&cx, price)).collect()).await?;
        let promotions = world.promotions().map(|promotion| fact::promotion(&cx, promotion)).collect();
        counts.promotions = self.add(promotions).await?;
        let signals = world.signals().iter().map(|signal| fact::signal(&cx, signal)).collect();
        counts.exogenous_signals = self.add(signals).await?;
        let mut sold = None;
        for store in 0..world.stores.len() {
            let facts = self.store(&cx, store, &mut counts).await?;
            sold = merged(sold, facts.sales.iter().map(|sale| sale.day));
        }
        let sold = sold.map(|(first, last)| (cx.date(first), cx.date(last)));
        self.complete(counts, sold).await?;
        Ok(counts)
    }

    /// Stores and products first: everything else needs their numbers.
    async fn dimensions(&self, world: &World) -> Result<(Vec<StoreId>, Vec<ProductId>), SeederError> {
        let (id, backend) = (self.world_id, self.write.backend());
        let stores = world.stores.iter().map(|store| dimension::store(id, store)).collect();
        let products = world.products.iter().map(|product| dimension::product(id, product)).collect();
        let (stores, products) = (inserts(backend, stores), inserts(backend, products));
        let (by_code, by_sku) = self
            .write
            .write("retail.dimensions", async |tx| {
                touch(tx, id, self.clock.now_us()).await?;
                for (statement, _) in stores.into_iter().chain(products) {
                    tx.execute_raw(statement).await?;
                }
                let by_code = numbers(tx, "SELECT code, id FROM store WHERE world_id = $1", id).await?;
                let by_sku = numbers(tx, "SELECT sku, id FROM product WHERE world_id = $1", id).await?;
                Ok::<_, SeederError>((by_code, by_sku))
            })
            .await?;
        let stores = world.stores.iter().map(|store| StoreId(by_code[&store.code])).collect();
        let products = world.products.iter().map(|product| ProductId(by_sku[&product.sku])).collect();
        Ok((stores, products))
    }

    /// Store by store, so that memory holds the facts of one store only.
    async fn store(
        &mut self,
        cx: &Arc<Context>,
        store: usize,
        counts: &mut TableCounts,
    ) -> Result<StoreFacts, SeederError> {
        let world = Arc::clone(&cx.world);
        let facts = kernel::off_the_runtime(move || world.facts(store)).await;
        counts.sales +=
            self.add(facts.sales.iter().map(|sale| fact::sale(cx, store, sale)).collect()).await?;
        counts.inventory +=
            self.add(facts.stock.iter().map(|stock| fact::stock(cx, store, stock)).collect()).await?;
        let returns = facts.returns.iter().map(|returned| fact::returned(cx, store, returned)).collect();
        counts.sales_returns += self.add(returns).await?;
        let receipts = facts.receipts.iter().map(|receipt| fact::receipt(cx, store, receipt)).collect();
        counts.replenishment_events += self.add(receipts).await?;
        counts.price_history +=
            self.add(facts.prices.iter().map(|price| fact::price(cx, price)).collect()).await?;
        let promotions = facts.promotions.iter().map(|promotion| fact::promotion(cx, promotion)).collect();
        counts.promotions += self.add(promotions).await?;
        Ok(facts)
    }

    /// Writes rows, at once or with those that follow, and says how many they are.
    async fn add<A: ActiveModelTrait + Send + 'static>(&mut self, rows: Vec<A>) -> Result<u64, SeederError> {
        let (total, backend) = (rows.len() as u64, self.write.backend());
        for (statement, count) in kernel::off_the_runtime(move || inserts(backend, rows)).await {
            let waiting: u64 = self.pending.iter().map(|pending| pending.1).sum();
            if waiting + count > MAX_ROWS as u64 {
                self.flush().await?;
            }
            self.pending.push((statement, count));
        }
        Ok(total)
    }

    async fn flush(&mut self) -> Result<(), SeederError> {
        let (id, now_us, statements) = (self.world_id, self.clock.now_us(), mem::take(&mut self.pending));
        self.write.write("retail.facts", async |tx| in_one(tx, id, now_us, statements).await).await
    }

    async fn complete(
        &mut self,
        counts: TableCounts,
        sold: Option<(NaiveDate, NaiveDate)>,
    ) -> Result<(), SeederError> {
        self.flush().await?;
        let id = self.world_id;
        // Beside the writes of others, which a sum over millions of rows would keep waiting. Nobody else adds to them.
        let snapshot = self.read.snapshot().await?;
        let facts = Facts::of(&snapshot, id).await?.digest().as_bytes().to_vec();
        snapshot.commit().await?;
        let counts = serde_json::to_string(&counts).expect("counts are plain data");
        let (first, last) = sold.unzip();
        let change =
            "UPDATE world SET state = $2, row_counts = $3, first_sale_date = $4, last_sale_date = $5,
            facts_digest = $6 WHERE id = $1 AND state = 'building'";
        self.write
            .write("retail.complete", async |tx| {
                touch(tx, id, self.clock.now_us()).await?;
                let values =
                    [id.into(), COMPLETE.into(), counts.into(), first.into(), last.into(), facts.into()];
                sql::execute(tx, change, values).await?;
                Ok(())
            })
            .await
    }
}

async fn in_one(
    tx: &DatabaseTransaction,
    id: WorldId,
    now_us: i64,
    statements: Vec<(Statement, u64)>,
) -> Result<(), SeederError> {
    touch(tx, id, now_us).await?;
    for (statement, _) in statements {
        tx.execute_raw(statement).await?;
    }
    Ok(())
}

async fn numbers(
    tx: &DatabaseTransaction,
    query: &str,
    world: WorldId,
) -> Result<BTreeMap<String, i64>, DbErr> {
    let rows = tx.query_all_raw(sql::statement(tx, query, [world.into()])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The first and last of some days and of those before them.
fn merged(known: Option<(usize, usize)>, days: impl Iterator<Item = usize>) -> Option<(usize, usize)> {
    days.fold(known, |ends, day| {
        let (first, last) = ends.unwrap_or((day, day));
        Some((first.min(day), last.max(day)))
    })
}
