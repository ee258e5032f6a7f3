//! What the neighbours of the sales say of a pair's days: promotions, stock, deliveries, returns and signals.
//!
//! The pair must have been found to be the tenant's.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::ReadDb;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use wire::retail::{ProductId, StoreId, WorldId};

use crate::generator::{MACRO_INDEX, TEMPERATURE};
use crate::table::fact::{inventory_snapshot_daily, replenishment_event, sales_returns};
use crate::table::signal::exogenous_signal;
use crate::table::window::promotion;
use crate::window::Window;

/// The name of the precipitation. The generator makes none.
const PRECIPITATION: &str = "precipitation_mm";

/// What the promotions of a day offer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct PromotionDay {
    /// The largest share of the price that is taken off, 0 to 1.
    pub discount: f64,
    /// Whether one of them is a markdown.
    pub is_markdown: bool,
    /// Whether one of them is a bundle.
    pub is_bundle: bool,
}

/// The shelf of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StockDay {
    /// Units on it.
    pub on_hand: i64,
    /// Whether it was empty.
    pub is_stockout: bool,
}

/// The deliveries of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryDay {
    /// How many.
    pub count: u32,
    /// Units received with them.
    pub units: i64,
}

/// The values of each day, by signal.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SignalDays {
    /// The temperature in °C.
    pub temperature_c: BTreeMap<NaiveDate, f64>,
    /// The precipitation in mm.
    pub precipitation_mm: BTreeMap<NaiveDate, f64>,
    /// The macroeconomic index.
    pub macro_index: BTreeMap<NaiveDate, f64>,
}

/// A pair in a window of days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) store_id: StoreId,
    pub(super) product_id: ProductId,
    pub(super) window: Window,
}

impl Scope {
    /// The rows of the pair's days, by the columns of the store, the product and the date.
    fn holds<C: ColumnTrait>(&self, [store, product, date]: [C; 3]) -> Condition {
        Condition::all()
            .add(store.eq(self.store_id))
            .add(product.eq(self.product_id))
            .add(date.between(self.window.start(), self.window.end()))
    }
}

/// The rows of a store and those without one, which hold for all.
pub(super) fn store_or_all<C: ColumnTrait>(column: C, store_id: StoreId) -> Condition {
    Condition::any().add(column.is_null()).add(column.eq(store_id))
}

/// The days with a promotion in the store, be it the store's or the chain's. An amount off is a share of the usual
/// price.
pub(super) async fn promotions(
    read: &ReadDb,
    scope: Scope,
    usual_price: f64,
) -> Result<BTreeMap<NaiveDate, PromotionDay>, DbErr> {
    use promotion::Column;
    let rows = promotion::Entity::find()
        .filter(Column::ProductId.eq(scope.product_id))
        .filter(store_or_all(Column::StoreId, scope.store_id))
        .filter(Column::StartDate.lte(scope.window.end()))
        .filter(Column::EndDate.gte(scope.window.start()))
        .order_by_asc(Column::Id)
        .all(read.conn())
        .await?;
    let mut days: BTreeMap<NaiveDate, PromotionDay> = BTreeMap::new();
    for row in rows {
        let (start, end) = (row.start_date.max(scope.window.start()), row.end_date.min(scope.window.end()));
        let Ok(covered) = Window::new(start, end) else { continue };
        let discount = discount(row.discount_pct, row.discount_amount_cents, usual_price);
        for date in covered.dates() {
            let day = days.entry(date).or_default();
            day.discount = day.discount.max(discount);
            day.is_markdown |= row.kind == "markdown";
            day.is_bundle |= row.kind == "bundle";
        }
    }
    Ok(days)
}

fn discount(share: Option<f64>, amount_cents: Option<i64>, usual_price: f64) -> f64 {
    let of_amount = |cents: i64| (cents as f64 / 100.0 / usual_price).min(1.0);
    share.unwrap_or_else(|| amount_cents.map_or(0.0, of_amount))
}

pub(super) async fn stock(read: &ReadDb, scope: Scope) -> Result<BTreeMap<NaiveDate, StockDay>, DbErr> {
    use inventory_snapshot_daily::Column;
    let rows: Vec<(NaiveDate, i64, bool)> = inventory_snapshot_daily::Entity::find()
        .select_only()
        .columns([Column::Date, Column::OnHandQty, Column::IsStockout])
        .filter(scope.holds([Column::StoreId, Column::ProductId, Column::Date]))
        .into_tuple()
        .all(read.conn())
        .await?;
    let day = |(date, on_hand, is_stockout)| (date, StockDay { on_hand, is_stockout });
    Ok(rows.into_iter().map(day).collect())
}

pub(super) async fn deliveries(
    read: &ReadDb,
    scope: Scope,
) -> Result<BTreeMap<NaiveDate, DeliveryDay>, DbErr> {
    use replenishment_event::Column;
    let rows: Vec<(NaiveDate, i64)> = replenishment_event::Entity::find()
        .select_only()
        .columns([Column::Date, Column::ReceivedQty])
        .filter(scope.holds([Column::StoreId, Column::ProductId, Column::Date]))
        .into_tuple()
        .all(read.conn())
        .await?;
    let mut days: BTreeMap<NaiveDate, DeliveryDay> = BTreeMap::new();
    for (date, units) in rows {
        let day = days.entry(date).or_default();
        day.count += 1;
        day.units += units;
    }
    Ok(days)
}

/// The units that came back.
pub(super) async fn returned(read: &ReadDb, scope: Scope) -> Result<BTreeMap<NaiveDate, i64>, DbErr> {
    use sales_returns::Column;
    let rows: Vec<(NaiveDate, i64)> = sales_returns::Entity::find()
        .select_only()
        .columns([Column::Date, Column::ReturnQuantity])
        .filter(scope.holds([Column::StoreId, Column::ProductId, Column::Date]))
        .into_tuple()
        .all(read.conn())
        .await?;
    let mut days = BTreeMap::new();
    for (date, units) in rows {
        *days.entry(date).or_insert(0) += units;
    }
    Ok(days)
}

/// The signals of the store; where it has none of a day, the global ones.
pub(super) async fn signals(read: &ReadDb, world: WorldId, scope: Scope) -> Result<SignalDays, DbErr> {
    use exogenous_signal::Column;
    let rows: Vec<(NaiveDate, String, bool, f64)> = exogenous_signal::Entity::find()
        .select_only()
        .columns([Column::Date, Column::SignalName, Column::IsGlobal, Column::Value])
        .filter(Column::WorldId.eq(world))
        .filter(Column::SignalName.is_in([TEMPERATURE, PRECIPITATION, MACRO_INDEX]))
        .filter(store_or_all(Column::StoreId, scope.store_id))
        .filter(Column::Date.between(scope.window.start(), scope.window.end()))
        .into_tuple()
        .all(read.conn())
        .await?;
    let mut days = SignalDays::default();
    for (date, name, is_global, value) in rows {
        let signal = match name.as_str() {
            TEMPERATURE => &mut days.temperature_c,
            PRECIPITATION => &mut days.precipitation_mm,
            _ => &mut days.macro_index,
        };
        if is_global {
            signal.entry(date).or_insert(value);
        } else {
            signal.insert(date, value);
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_off_is_a_share_of_the_usual_price() {
        let check = |share, cents, expected: f64| {
            assert!((discount(share, cents, 4.0) - expected).abs() < f64::EPSILON, "{share:?} {cents:?}");
        };
        check(Some(0.25), None, 0.25);
        check(Some(0.25), Some(100), 0.25);
        check(None, Some(100), 0.25);
        check(None, Some(900), 1.0);
        check(None, None, 0.0);
    }
}
