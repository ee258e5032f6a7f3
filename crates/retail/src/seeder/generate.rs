//! One generation.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Db, ReadDb, Tenant, counted};
use wire::retail::{GenerateRequest, Generated, TableCounts, WorldId};

use super::claim::{Claim, claim};
use super::facts::Facts;
use super::request::{self, Plan};
use super::{SeederError, build, remove};
use crate::generator::{Config, World};
use crate::unfinished::Unfinished;

/// How often somebody who waits for another's generation looks whether it is done.
const LOOK: Duration = Duration::from_millis(100);

/// Generates and stores a world, or says what it would be. All of it appears at once, or nothing; one that is there
/// already is found.
pub async fn generate(
    db: &Db,
    clock: &dyn Clock,
    tenant: Tenant,
    request: &GenerateRequest,
) -> Result<Generated, SeederError> {
    let began = clock.now();
    let plan = request::plan(request, began.date_naive())?;
    let Config { window, dimensions, .. } = plan.config;
    let (scenario, seed) = (plan.preset.as_str(), plan.seed.0);
    let made = if request.dry_run {
        Made { world_id: None, is_existing: false, created: size_of(&plan.config), sales: 0 }
    } else {
        // Another process may be at it: what is left behind must not keep anybody from something new.
        if let Err(error) = remove::sweep(db, clock).await {
            kernel::warn_seldom!(%error, "what was left behind could not be removed");
        }
        made(db, clock, tenant, plan).await?
    };
    let (stores, products, days) = (dimensions.stores, dimensions.products, window.days());
    let size = format!(
        "{} × {} × {}",
        counted(stores, "store", "stores"),
        counted(products, "product", "products"),
        counted(days, "day", "days")
    );
    let message = match made {
        Made { world_id: None, .. } => format!("{scenario} would have {size}"),
        Made { is_existing: true, sales, .. } => {
            format!("{scenario} was there already: {size}, {}", counted(sales, "sale", "sales"))
        }
        Made { sales, .. } => format!("{scenario} has {size} and {}", counted(sales, "sale", "sales")),
    };
    Ok(Generated {
        world_id: made.world_id,
        is_existing: made.is_existing,
        scenario: scenario.to_owned(),
        seed,
        dry_run: request.dry_run,
        start_date: window.start(),
        end_date: window.end(),
        records_created: made.created,
        duration_seconds: (clock.now() - began).as_seconds_f64(),
        message,
    })
}

struct Made {
    world_id: Option<WorldId>,
    is_existing: bool,
    created: TableCounts,
    sales: u64,
}

fn size_of(config: &Config) -> TableCounts {
    TableCounts {
        stores: config.dimensions.stores as u64,
        products: config.dimensions.products as u64,
        calendar: config.window.days() as u64,
        ..TableCounts::default()
    }
}

async fn made(db: &Db, clock: &dyn Clock, tenant: Tenant, plan: Plan) -> Result<Made, SeederError> {
    loop {
        match claim(&db.write, clock, tenant, &plan).await? {
            Claim::Existing(world, facts) => {
                unchanged(&db.read, &world, facts.as_deref()).await?;
                return Ok(Made {
                    world_id: Some(world.world_id),
                    is_existing: true,
                    created: TableCounts::default(),
                    sales: world.row_counts.sales,
                });
            }
            Claim::Mine(world_id) => {
                let created = built(db, clock, world_id, plan).await?;
                return Ok(Made {
                    world_id: Some(world_id),
                    is_existing: false,
                    created,
                    sales: created.sales,
                });
            }
            Claim::Busy => tokio::time::sleep(LOOK).await,
        }
    }
}

/// Builds what was claimed; otherwise it is removed, also if nobody waits for it any longer.
async fn built(
    db: &Db,
    clock: &dyn Clock,
    world_id: WorldId,
    plan: Plan,
) -> Result<TableCounts, SeederError> {
    let unfinished = Unfinished::new(&db.write, remove::abandon(db.write.clone(), world_id));
    let Plan { seed, config, .. } = plan;
    let world = Arc::new(kernel::off_the_runtime(move || World::new(seed, config)).await);
    let built = build::build(db, clock, world_id, world).await;
    match built {
        Ok(_) => unfinished.finish(),
        Err(_) => unfinished.remove().await,
    }
    built
}

/// A world is found by what it was made from, which says nothing of its rows.
async fn unchanged(
    read: &ReadDb,
    world: &wire::retail::World,
    facts: Option<&[u8]>,
) -> Result<(), SeederError> {
    let snapshot = read.snapshot().await?;
    let found = Facts::of(&snapshot, world.world_id).await?;
    snapshot.commit().await?;
    match found.against(&world.row_counts, facts) {
        Some(reason) => Err(SeederError::Changed { world: world.world_id, reason }),
        None => Ok(()),
    }
}
