//! A row for each store, product and day.

use chrono::Datelike;
use sea_orm::ActiveValue::{NotSet, Set};
use wire::retail::WorldId;

use crate::generator;
use crate::table::dimension::{calendar, product, store};

pub(super) fn store(world_id: WorldId, made: &generator::Store) -> store::ActiveModel {
    store::ActiveModel {
        id: NotSet,
        world_id: Set(world_id),
        code: Set(made.code.clone()),
        name: Set(made.name.clone()),
        region: Set(Some(made.region.to_owned())),
        city: Set(Some(made.city.to_owned())),
        store_type: Set(Some(made.store_type.to_owned())),
    }
}

pub(super) fn product(world_id: WorldId, made: &generator::Product) -> product::ActiveModel {
    product::ActiveModel {
        id: NotSet,
        world_id: Set(world_id),
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
    }
}

pub(super) fn day(world_id: WorldId, made: &generator::Day) -> calendar::ActiveModel {
    let generator::Day { date, holiday } = *made;
    let small = |number: u32| i32::try_from(number).expect("a part of a date is small");
    calendar::ActiveModel {
        world_id: Set(world_id),
        date: Set(date),
        day_of_week: Set(small(date.weekday().num_days_from_monday())),
        month: Set(small(date.month())),
        quarter: Set(small(date.quarter())),
        year: Set(date.year()),
        is_holiday: Set(holiday.is_some()),
        holiday_name: Set(holiday.map(str::to_owned)),
    }
}
