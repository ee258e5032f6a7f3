//! One generation.

use std::sync::Arc;

use chrono::NaiveDate;
use kernel::{Clock, Tenant, WriteDb};
use sea_orm::DbErr;
use serde::Serialize;

use super::counts::TableCounts;
use super::request::{GenerateRequest, Plan};
use super::store_world::{self, Order, Stored};
use super::{SeederError, one_at_a_time};
use crate::blocking::off_the_runtime;
use crate::generator::{Config, World};

/// What a generation did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Generated {
    /// The preset.
    pub scenario: &'static str,
    /// The seed.
    pub seed: u64,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// The first generated day.
    pub start_date: NaiveDate,
    /// The last one.
    pub end_date: NaiveDate,
    /// Rows inserted per table. A store, product or day that was there already is rewritten, not counted. A dry run
    /// says how many stores, products and days the world has, and no more.
    pub records_created: TableCounts,
    /// Rows of an earlier generation that gave way to this one.
    pub records_replaced: u64,
    /// How long it took.
    pub duration_seconds: f64,
    /// One line for a person.
    pub message: String,
}

/// Generates and stores a world, or says what it would be. All of it is stored, or nothing.
pub async fn generate(
    write: &WriteDb,
    clock: &dyn Clock,
    tenant: Tenant,
    request: &GenerateRequest,
) -> Result<Generated, SeederError> {
    let began = clock.now();
    let plan = request.plan(began.date_naive())?;
    let Config { window, dimensions, .. } = plan.config;
    let scenario = plan.preset.as_str();
    let size =
        format!("{} stores × {} products × {} days", dimensions.stores, dimensions.products, window.days());
    let seed = plan.seed.0;
    let (stored, message) = if request.dry_run {
        (size_of(&plan.config), format!("{scenario} would have {size}"))
    } else {
        let stored = store(write, tenant, began.timestamp_micros(), plan).await?;
        let sales = stored.created.sales;
        (stored, format!("{scenario} has {size} and {sales} sales"))
    };
    Ok(Generated {
        scenario,
        seed,
        dry_run: request.dry_run,
        start_date: window.start(),
        end_date: window.end(),
        records_created: stored.created,
        records_replaced: stored.replaced,
        duration_seconds: (clock.now() - began).as_seconds_f64(),
        message,
    })
}

fn size_of(config: &Config) -> Stored {
    let created = TableCounts {
        stores: config.dimensions.stores as u64,
        products: config.dimensions.products as u64,
        calendar: config.window.days() as u64,
        ..TableCounts::default()
    };
    Stored { created, replaced: 0 }
}

async fn store(write: &WriteDb, tenant: Tenant, now_us: i64, plan: Plan) -> Result<Stored, DbErr> {
    let world = Arc::new(off_the_runtime(move || World::new(plan.seed, plan.config)).await);
    let store = async |tx: &_| {
        one_at_a_time(tx, tenant).await?;
        store_world::store(tx, Order { world: &world, tenant, now_us }).await
    };
    write.write("retail.generate", store).await
}
