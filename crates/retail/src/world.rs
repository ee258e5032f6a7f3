//! Worlds: what one generation made. Rows of two worlds are never paired.
//!
//! A world is written in many short transactions while it is `building`, and nobody sees it; the last one makes it
//! `complete`, and from then on it never changes. A deletion makes it `gone`, so that nobody sees it again, and then
//! removes its rows, again in short transactions. What a crash leaves behind is removed by the next generation.

mod error;
mod pairs;

use chrono::DateTime;
use kernel::{Digest, ReadDb, Tenant};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use wire::retail::{World, WorldId};

pub use self::error::WorldError;
pub use self::pairs::{PairKey, PairQuery, pairs};
use crate::table::world;
use kernel::Page;

pub(crate) const BUILDING: &str = "building";
pub(crate) const COMPLETE: &str = "complete";
pub(crate) const GONE: &str = "gone";
/// How many worlds are told to somebody who has to choose one.
const MAX_CHOICES: u64 = 20;

/// A tenant's worlds before an id, newest first.
pub async fn list(
    read: &ReadDb,
    tenant: Tenant,
    before: Option<WorldId>,
    limit: u64,
) -> Result<Page<World, WorldId>, DbErr> {
    let mut query = complete(tenant);
    if let Some(before) = before {
        query = query.filter(world::Column::Id.lt(before));
    }
    let rows = query.order_by_desc(world::Column::Id).limit(limit + 1).all(read.conn()).await?;
    let worlds = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(worlds, limit, |world| world.world_id))
}

/// A world.
pub async fn find(read: &ReadDb, tenant: Tenant, id: WorldId) -> Result<World, WorldError> {
    let row = complete(tenant).filter(world::Column::Id.eq(id)).one(read.conn()).await?;
    Ok(shown(row.ok_or(WorldError::Unknown(id))?)?)
}

/// The named world; without a name the only one there is, and `None` if there is none. Several are not guessed among.
pub async fn resolve(
    read: &ReadDb,
    tenant: Tenant,
    id: Option<WorldId>,
) -> Result<Option<World>, WorldError> {
    if let Some(id) = id {
        return find(read, tenant, id).await.map(Some);
    }
    let mut worlds = list(read, tenant, None, MAX_CHOICES).await?.items;
    match worlds.len() {
        0 | 1 => Ok(worlds.pop()),
        _ => {
            let choices = worlds.into_iter().map(|world| (world.world_id, world.title)).collect();
            Err(WorldError::Ambiguous(choices))
        }
    }
}

fn complete(tenant: Tenant) -> sea_orm::Select<world::Entity> {
    use world::Column::{State, TenantId};
    world::Entity::find().filter(TenantId.eq(tenant.id())).filter(State.eq(COMPLETE))
}

/// The ids of a tenant's complete worlds, for the condition on a row of one.
pub(crate) fn visible(tenant: Tenant) -> SelectStatement {
    use world::Column::{Id, State, TenantId};
    Query::select()
        .column(Id)
        .from(world::Entity)
        .and_where(TenantId.eq(tenant.id()))
        .and_where(State.eq(COMPLETE))
        .take()
}

/// A complete world, as its row says.
pub(crate) fn shown(row: world::Model) -> Result<World, DbErr> {
    let unreadable =
        |what: &str| DbErr::Type(format!("the stored {what} of world {} is not readable", row.id));
    let counts = row.row_counts.as_deref().and_then(|counts| serde_json::from_str(counts).ok());
    Ok(World {
        world_id: row.id,
        digest: Digest::from_slice(&row.digest).map_err(|_| unreadable("digest"))?,
        row_counts: counts.ok_or_else(|| unreadable("row counts"))?,
        created_at: DateTime::from_timestamp_micros(row.created_us).ok_or_else(|| unreadable("time"))?,
        title: row.title,
        scenario: row.scenario,
        seed: row.seed.unsigned_abs(),
        start_date: row.start_date,
        end_date: row.end_date,
        first_sale_date: row.first_sale_date,
        last_sale_date: row.last_sale_date,
    })
}
