//! One generation.

use chrono::NaiveDate;
use kernel::{Clock, Tenant, WriteDb};
use serde::Serialize;

use super::counts::TableCounts;
use super::request::{GenerateRequest, Plan};
use super::store_world::{self, Order, Stored};
use super::{SeederError, one_at_a_time};
use crate::generator::World;

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
    let Plan { preset, seed, config } = request.plan(began.date_naive())?;
    let (window, dimensions) = (config.window, config.dimensions);
    let size =
        format!("{} stores × {} products × {} days", dimensions.stores, dimensions.products, window.days());
    let (Stored { created, replaced }, message) = if request.dry_run {
        let created = TableCounts {
            stores: dimensions.stores as u64,
            products: dimensions.products as u64,
            calendar: window.days() as u64,
            ..TableCounts::default()
        };
        (Stored { created, replaced: 0 }, format!("{} would have {size}", preset.as_str()))
    } else {
        let world = World::new(seed, config);
        let store = async |tx: &_| {
            one_at_a_time(tx, tenant).await?;
            let order = Order { world: &world, tenant, now_us: began.timestamp_micros() };
            Ok::<_, SeederError>(store_world::store(tx, order).await?)
        };
        let stored = write.write("retail.generate", store).await?;
        let sales = stored.created.sales;
        (stored, format!("{} has {size} and {sales} sales", preset.as_str()))
    };
    let duration = clock.now() - began;
    Ok(Generated {
        scenario: preset.as_str(),
        seed: seed.0,
        dry_run: request.dry_run,
        start_date: window.start(),
        end_date: window.end(),
        records_created: created,
        records_replaced: replaced,
        duration_seconds: duration.as_seconds_f64(),
        message,
    })
}
