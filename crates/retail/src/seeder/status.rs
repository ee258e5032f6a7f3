//! What is there.

use kernel::{ReadDb, Tenant};
use wire::retail::{Status, WorldId};

use crate::world::{self, WorldError};

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
