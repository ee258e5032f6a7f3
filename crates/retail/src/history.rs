//! The history of a product in a store, and what is known about its days.
//!
//! Days without a sales row are not invented here: whether one means zero or unknown is the caller's choice.

mod facts;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{ReadDb, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::Serialize;
use wire::retail::{ProductId, StoreId, WorldId};

use crate::dimension::{self, PairError};
use crate::table::dimension::calendar;
use crate::table::fact::sales_daily;
use crate::table::window::promotion;
use crate::window::Window;

pub use facts::{DeliveryDay, PromotionDay, SignalDays, StockDay};

/// The units sold on each day that has a row, by day; of all history without a window.
pub async fn pair_series(
    read: &ReadDb,
    tenant: Tenant,
    store_id: StoreId,
    product_id: ProductId,
    window: Option<Window>,
) -> Result<Vec<(NaiveDate, f64)>, PairError> {
    dimension::pair(read, tenant, store_id, product_id).await?;
    let sold = quantities(read, store_id, product_id, window).await?;
    Ok(sold.into_iter().map(|(date, quantity)| (date, quantity as f64)).collect())
}

/// What explains the sales of a product in a store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairContext {
    /// The price of each day that has a sales row.
    pub prices: Vec<(NaiveDate, f64)>,
    /// The upper median of the positive prices, or 1.
    pub baseline_price: f64,
    /// The holidays.
    pub holidays: Vec<NaiveDate>,
    /// The days with a promotion in this store, and what it offers.
    pub promotions: BTreeMap<NaiveDate, PromotionDay>,
    /// The first day it is sold, if known.
    pub launch_date: Option<NaiveDate>,
    /// The first day it is no longer sold, if there is one.
    pub discontinue_date: Option<NaiveDate>,
    /// The shelf on each day it was counted.
    pub stock: BTreeMap<NaiveDate, StockDay>,
    /// The days with a delivery.
    pub deliveries: BTreeMap<NaiveDate, DeliveryDay>,
    /// Units that came back on a day.
    pub returned: BTreeMap<NaiveDate, i64>,
    /// Weather and economy.
    pub signals: SignalDays,
}

/// What is known about the days of a window.
pub async fn pair_context(
    read: &ReadDb,
    tenant: Tenant,
    store_id: StoreId,
    product_id: ProductId,
    window: Window,
) -> Result<PairContext, PairError> {
    let (_, product) = dimension::pair(read, tenant, store_id, product_id).await?;
    let cents: Vec<(NaiveDate, i64)> = sales(store_id, product_id, Some(window))
        .columns([sales_daily::Column::Date, sales_daily::Column::UnitPriceCents])
        .into_tuple()
        .all(read.conn())
        .await?;
    let prices: Vec<_> = cents.into_iter().map(|(date, cents)| (date, cents as f64 / 100.0)).collect();
    let baseline_price = upper_median(prices.iter().map(|price| price.1));
    let scope = facts::Scope { store_id, product_id, window };
    Ok(PairContext {
        baseline_price,
        prices,
        holidays: holidays(read, product.world_id, window).await?,
        promotions: facts::promotions(read, scope, baseline_price).await?,
        launch_date: product.launch_date,
        discontinue_date: product.discontinue_date,
        stock: facts::stock(read, scope).await?,
        deliveries: facts::deliveries(read, scope).await?,
        returned: facts::returned(read, scope).await?,
        signals: facts::signals(read, product.world_id, scope).await?,
    })
}

/// The quantity of each day that has a row, by day. The pair must have been found to be the tenant's.
pub(crate) async fn quantities(
    read: &ReadDb,
    store_id: StoreId,
    product_id: ProductId,
    window: Option<Window>,
) -> Result<Vec<(NaiveDate, i64)>, DbErr> {
    let columns = [sales_daily::Column::Date, sales_daily::Column::Quantity];
    sales(store_id, product_id, window).columns(columns).into_tuple().all(read.conn()).await
}

/// The promotions of a product that run in a store, be they the store's or the chain's.
pub(crate) async fn promotion_windows(
    read: &ReadDb,
    store_id: StoreId,
    product_id: ProductId,
) -> Result<Vec<Window>, DbErr> {
    use promotion::Column;
    let rows: Vec<(NaiveDate, NaiveDate)> = promotion::Entity::find()
        .select_only()
        .columns([Column::StartDate, Column::EndDate])
        .filter(Column::ProductId.eq(product_id))
        .filter(facts::store_or_all(Column::StoreId, store_id))
        .order_by_asc(Column::StartDate)
        .into_tuple()
        .all(read.conn())
        .await?;
    Ok(rows.into_iter().filter_map(|(start, end)| Window::new(start, end).ok()).collect())
}

fn sales(store_id: StoreId, product_id: ProductId, window: Option<Window>) -> Select<sales_daily::Entity> {
    use sales_daily::Column;
    let mut query = sales_daily::Entity::find()
        .select_only()
        .filter(Column::StoreId.eq(store_id))
        .filter(Column::ProductId.eq(product_id))
        .order_by_asc(Column::Date);
    if let Some(window) = window {
        query = query.filter(Column::Date.between(window.start(), window.end()));
    }
    query
}

async fn holidays(read: &ReadDb, world: WorldId, window: Window) -> Result<Vec<NaiveDate>, DbErr> {
    use calendar::Column;
    calendar::Entity::find()
        .select_only()
        .column(Column::Date)
        .filter(Column::WorldId.eq(world))
        .filter(Column::IsHoliday.eq(true))
        .filter(Column::Date.between(window.start(), window.end()))
        .order_by_asc(Column::Date)
        .into_tuple()
        .all(read.conn())
        .await
}

fn upper_median(values: impl Iterator<Item = f64>) -> f64 {
    let mut positive: Vec<f64> = values.filter(|&value| value > 0.0).collect();
    positive.sort_by(f64::total_cmp);
    positive.get(positive.len() / 2).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_price_is_the_upper_median_of_the_positive_prices() {
        let check = |prices: &[f64], expected: f64| {
            assert!((upper_median(prices.iter().copied()) - expected).abs() < f64::EPSILON, "{prices:?}");
        };
        check(&[], 1.0);
        check(&[0.0], 1.0);
        check(&[3.0, 1.0, 0.0, 2.0], 2.0);
        check(&[4.0, 1.0, 3.0, 2.0], 3.0);
    }
}
