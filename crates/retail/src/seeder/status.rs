//! What is there.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ReadDb, Tenant};
use serde::Serialize;

use super::counts::TableCounts;
use crate::key::WorldId;
use crate::world::{self, WorldError};

/// What a world holds. Without any world there are no rows and no days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The world.
    pub world_id: Option<WorldId>,
    /// Rows per table.
    #[serde(flatten)]
    pub counts: TableCounts,
    /// The first day with a sale.
    pub date_range_start: Option<NaiveDate>,
    /// The last day with a sale.
    pub date_range_end: Option<NaiveDate>,
    /// When its generation began; it has not changed since.
    pub last_updated: Option<DateTime<Utc>>,
}

/// The status of the named world, or of the only one.
pub async fn status(read: &ReadDb, tenant: Tenant, world: Option<WorldId>) -> Result<Status, WorldError> {
    let Some(world) = world::resolve(read, tenant, world).await? else { return Ok(Status::default()) };
    Ok(Status {
        world_id: Some(world.world_id),
        counts: world.row_counts,
        date_range_start: world.first_sale_date,
        date_range_end: world.last_sale_date,
        last_updated: Some(world.created_at),
    })
}
