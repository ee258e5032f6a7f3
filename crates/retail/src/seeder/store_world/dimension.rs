//! Stores, products and days: written by their natural key, so what is there already keeps its number.

use std::collections::BTreeMap;

use chrono::Datelike;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::Order;
use crate::generator;
use crate::key::{ProductId, StoreId};
use crate::seeder::counts::Table;
use crate::table::dimension::{calendar as day, product, store};

pub(super) async fn stores(
    tx: &DatabaseTransaction,
    order: &Order<'_>,
) -> Result<(Vec<StoreId>, u64), DbErr> {
    use store::Column::{City, Code, Name, Region, StoreType, TenantId, UpdatedUs};
    let Order { world, tenant, .. } = *order;
    let before = Table::Store.count(tx, tenant).await?;
    let rewritten = OnConflict::columns([TenantId, Code])
        .update_columns([Name, Region, City, StoreType, UpdatedUs])
        .to_owned();
    let rows = world.stores.iter().map(|store| store_row(order, store));
    store::Entity::insert_many(rows).on_conflict(rewritten).exec_without_returning(tx).await?;
    let found: Vec<(String, StoreId)> = store::Entity::find()
        .select_only()
        .columns([Code, store::Column::Id])
        .filter(TenantId.eq(tenant.id()))
        .filter(Code.is_in(world.stores.iter().map(|store| store.code.as_str())))
        .into_tuple()
        .all(tx)
        .await?;
    let created = Table::Store.count(tx, tenant).await? - before;
    Ok((in_order(world.stores.iter().map(|store| &store.code), found), created))
}

fn store_row(order: &Order<'_>, made: &generator::Store) -> store::ActiveModel {
    store::ActiveModel {
        id: NotSet,
        tenant_id: Set(order.tenant.id()),
        code: Set(made.code.clone()),
        name: Set(made.name.clone()),
        region: Set(Some(made.region.to_owned())),
        city: Set(Some(made.city.to_owned())),
        store_type: Set(Some(made.store_type.to_owned())),
        created_us: Set(order.now_us),
        updated_us: Set(order.now_us),
    }
}

pub(super) async fn products(
    tx: &DatabaseTransaction,
    order: &Order<'_>,
) -> Result<(Vec<ProductId>, u64), DbErr> {
    use product::Column::{
        BaseCostCents, BasePriceCents, Brand, Category, DiscontinueDate, Id, LaunchDate, LifecycleStage,
        Name, PackSize, Sku, Subcategory, TenantId, UpdatedUs,
    };
    let Order { world, tenant, .. } = *order;
    let before = Table::Product.count(tx, tenant).await?;
    let rewritten = OnConflict::columns([TenantId, Sku])
        .update_columns([Name, Category, Subcategory, Brand, BasePriceCents, BaseCostCents])
        .update_columns([PackSize, LifecycleStage, LaunchDate, DiscontinueDate, UpdatedUs])
        .to_owned();
    let rows = world.products.iter().map(|product| product_row(order, product));
    product::Entity::insert_many(rows).on_conflict(rewritten).exec_without_returning(tx).await?;
    let found: Vec<(String, ProductId)> = product::Entity::find()
        .select_only()
        .columns([Sku, Id])
        .filter(TenantId.eq(tenant.id()))
        .filter(Sku.is_in(world.products.iter().map(|product| product.sku.as_str())))
        .into_tuple()
        .all(tx)
        .await?;
    let created = Table::Product.count(tx, tenant).await? - before;
    Ok((in_order(world.products.iter().map(|product| &product.sku), found), created))
}

fn product_row(order: &Order<'_>, made: &generator::Product) -> product::ActiveModel {
    product::ActiveModel {
        id: NotSet,
        tenant_id: Set(order.tenant.id()),
        sku: Set(made.sku.clone()),
        name: Set(made.name.clone()),
        category: Set(Some(made.category.to_owned())),
        subcategory: Set(made.subcategory.clone()),
        brand: Set(Some(made.brand.to_owned())),
        base_price_cents: Set(Some(made.base_price_cents)),
        base_cost_cents: Set(Some(made.base_cost_cents)),
        pack_size: Set(made.pack_size),
        lifecycle_stage: Set(made.stage.map(|stage| stage.as_str().to_owned())),
        launch_date: Set(made.launch_date),
        discontinue_date: Set(made.discontinue_date),
        created_us: Set(order.now_us),
        updated_us: Set(order.now_us),
    }
}

pub(super) async fn calendar(tx: &DatabaseTransaction, order: &Order<'_>) -> Result<u64, DbErr> {
    use day::Column::{Date, HolidayName, IsHoliday, TenantId, UpdatedUs};
    let Order { world, tenant, .. } = *order;
    let before = Table::Calendar.count(tx, tenant).await?;
    let rewritten = || {
        OnConflict::columns([TenantId, Date]).update_columns([IsHoliday, HolidayName, UpdatedUs]).to_owned()
    };
    for days in world.calendar.chunks(kernel::chunk_rows(10)) {
        let rows = days.iter().map(|day| day_row(order, day));
        day::Entity::insert_many(rows).on_conflict(rewritten()).exec_without_returning(tx).await?;
    }
    Ok(Table::Calendar.count(tx, tenant).await? - before)
}

fn day_row(order: &Order<'_>, made: &generator::Day) -> day::ActiveModel {
    let generator::Day { date, holiday } = *made;
    let small = |number: u32| i32::try_from(number).expect("a part of a date is small");
    day::ActiveModel {
        tenant_id: Set(order.tenant.id()),
        date: Set(date),
        day_of_week: Set(small(date.weekday().num_days_from_monday())),
        month: Set(small(date.month())),
        quarter: Set(small(date.quarter())),
        year: Set(date.year()),
        is_holiday: Set(holiday.is_some()),
        holiday_name: Set(holiday.map(str::to_owned)),
        created_us: Set(order.now_us),
        updated_us: Set(order.now_us),
    }
}

/// The numbers in the order of the world.
fn in_order<'a, Id: Copy>(keys: impl Iterator<Item = &'a String>, found: Vec<(String, Id)>) -> Vec<Id> {
    let by_key: BTreeMap<String, Id> = found.into_iter().collect();
    keys.map(|key| *by_key.get(key).expect("it was just written in this transaction")).collect()
}
