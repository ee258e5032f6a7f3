//! Looks whether the data hang together.

use kernel::{ReadDb, Tenant};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde::Serialize;
use wire::retail::WorldId;

use super::counts::Table;
use crate::sql;
use crate::world::{self, WorldError};

/// The outcome of all checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whether no check failed; a warning is no failure.
    pub passed: bool,
    /// Each check.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it came out.
    pub status: CheckStatus,
    /// What was found.
    pub detail: String,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// As it should be.
    Passed,
    /// Usable, but something is missing.
    Warning,
    /// Wrong.
    Failed,
}

/// Runs the five checks on a world.
pub async fn verify(read: &ReadDb, tenant: Tenant, world: WorldId) -> Result<Verification, WorldError> {
    world::find(read, tenant, world).await?;
    let db = read.snapshot().await?;
    let checks = vec![
        references(&db, world).await?,
        signs(&db, world).await?,
        calendar_continuity(&db, world).await?,
        data_presence(&db, world).await?,
        dimension_completeness(&db, world).await?,
    ];
    db.commit().await?;
    Ok(Verification { passed: checks.iter().all(|check| check.status != CheckStatus::Failed), checks })
}

fn check(name: &'static str, count: u64, otherwise: CheckStatus, bad: &str, good: &str) -> Check {
    if count == 0 {
        return Check { name, status: CheckStatus::Passed, detail: good.to_owned() };
    }
    Check { name, status: otherwise, detail: format!("{count} {bad}") }
}

/// The tables' triggers keep store and product in one world; that they still do, and that the day is in its calendar,
/// is what is looked at.
async fn references(db: &DatabaseTransaction, world: WorldId) -> Result<Check, DbErr> {
    let mut dangling = 0;
    for table in Table::GRAIN {
        let query = format!(
            "SELECT count(*) FROM {} f
             JOIN store s ON s.id = f.store_id
             LEFT JOIN product p ON p.id = f.product_id
             LEFT JOIN calendar c ON c.world_id = s.world_id AND c.date = f.date
             WHERE s.world_id = $1 AND (p.world_id IS NULL OR p.world_id <> s.world_id OR c.date IS NULL)",
            table.name()
        );
        dangling += sql::count(db, &query, [world.into()]).await?;
    }
    for table in [Table::Prices, Table::Promotions] {
        let query = format!(
            "SELECT count(*) FROM {} f
             JOIN product p ON p.id = f.product_id
             JOIN store s ON s.id = f.store_id
             WHERE p.world_id = $1 AND s.world_id <> p.world_id",
            table.name()
        );
        dangling += sql::count(db, &query, [world.into()]).await?;
    }
    let bad = "rows refer to another world or to a day outside the calendar";
    Ok(check("foreign_keys", dangling, CheckStatus::Failed, bad, "every row refers to what exists"))
}

/// The tables refuse these rows; that they still do is what is looked at.
async fn signs(db: &DatabaseTransaction, world: WorldId) -> Result<Check, DbErr> {
    let conditions = [
        (
            Table::Sales,
            "quantity < 0 OR unit_price_cents < 0 OR total_amount_cents <> quantity * unit_price_cents",
        ),
        (Table::Inventory, "on_hand_qty < 0 OR on_order_qty < 0"),
        (Table::Prices, "price_cents < 0"),
        (Table::Returns, "return_quantity < 1"),
        (Table::Replenishment, "received_qty < 0 OR received_qty > ordered_qty"),
    ];
    let mut wrong = 0;
    for (table, condition) in conditions {
        let of_world = table.is_of_world();
        let query = format!("SELECT count(*) FROM {} WHERE ({condition}) AND {of_world}", table.name());
        wrong += sql::count(db, &query, [world.into()]).await?;
    }
    Ok(check(
        "non_negative",
        wrong,
        CheckStatus::Failed,
        "rows have impossible amounts",
        "no amount is negative",
    ))
}

async fn calendar_continuity(db: &impl ConnectionTrait, world: WorldId) -> Result<Check, DbErr> {
    let query = "SELECT count(*), min(date), max(date) FROM calendar WHERE world_id = $1";
    let row = sql::one(db, query, [world.into()]).await?;
    let days: i64 = row.try_get_by_index(0)?;
    let first: Option<chrono::NaiveDate> = row.try_get_by_index(1)?;
    let last: Option<chrono::NaiveDate> = row.try_get_by_index(2)?;
    let expected = first.zip(last).map_or(0, |(first, last)| (last - first).num_days() + 1);
    let missing = (expected - days).unsigned_abs();
    let bad = "days are missing between the calendar's first and last one";
    Ok(check("calendar_continuity", missing, CheckStatus::Warning, bad, "the calendar has no hole"))
}

async fn data_presence(db: &impl ConnectionTrait, world: WorldId) -> Result<Check, DbErr> {
    let mut empty = Vec::new();
    for table in [Table::Sales, Table::Inventory, Table::Prices] {
        if table.count(db, world).await? == 0 {
            empty.push(table.name());
        }
    }
    let bad = format!("tables are empty: {}", empty.join(", "));
    let good = "sales, stock and prices are there";
    Ok(check("data_presence", empty.len() as u64, CheckStatus::Warning, &bad, good))
}

async fn dimension_completeness(db: &impl ConnectionTrait, world: WorldId) -> Result<Check, DbErr> {
    let mut empty = Vec::new();
    for table in [Table::Store, Table::Product, Table::Calendar] {
        if table.count(db, world).await? == 0 {
            empty.push(table.name());
        }
    }
    if !empty.is_empty() {
        let bad = format!("tables are empty: {}", empty.join(", "));
        return Ok(check("dimension_completeness", empty.len() as u64, CheckStatus::Warning, &bad, ""));
    }
    let mut idle = 0;
    for (table, key) in [(Table::Store, "store_id"), (Table::Product, "product_id")] {
        let query = format!(
            "SELECT count(*) FROM {} d WHERE d.world_id = $1 AND d.id NOT IN
             (SELECT DISTINCT {key} FROM sales_daily WHERE store_id IN (SELECT id FROM store WHERE world_id = $1))",
            table.name()
        );
        idle += sql::count(db, &query, [world.into()]).await?;
    }
    let bad = "stores or products have no sales";
    let good = "every store and product has sales";
    Ok(check("dimension_completeness", idle, CheckStatus::Warning, bad, good))
}
