//! Who builds a world. Of all that ask for the same one at the same time, one does.

use kernel::{Clock, Digest, Tenant, WriteDb};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};
use wire::retail::{World, WorldId};

use super::SeederError;
use super::request::Plan;
use crate::sql;
use crate::table::world;
use crate::unfinished::is_left_behind;
use crate::world::{BUILDING, COMPLETE, GONE, shown};

/// What there is to do about a world that is wanted.
pub(super) enum Claim {
    /// To look whether it still is what was generated: it is there. With the digest of its facts, if it has one.
    Existing(Box<World>, Option<Vec<u8>>),
    /// To build it.
    Mine(WorldId),
    /// To wait: somebody builds it.
    Busy,
}

pub(super) async fn claim(
    write: &WriteDb,
    clock: &dyn Clock,
    tenant: Tenant,
    plan: &Plan,
) -> Result<Claim, DbErr> {
    let (id, now_us) = (WorldId::new(clock), clock.now_us());
    let (config, digest) = plan.identity();
    write
        .write("retail.claim", async |tx| {
            use world::Column::{Digest as Of, State, TenantId};
            let query = world::Entity::find()
                .filter(TenantId.eq(tenant.id()))
                .filter(Of.eq(digest.as_bytes().to_vec()))
                .filter(State.ne(GONE));
            if let Some(row) = query.one(tx).await? {
                if row.state == COMPLETE {
                    let facts = row.facts_digest.clone();
                    return Ok(Claim::Existing(Box::new(shown(row)?), facts));
                }
                if !is_left_behind(row.touched_us, now_us) {
                    return Ok(Claim::Busy);
                }
                mark_gone(tx, row.id, now_us).await?;
            }
            begin(tx, (id, tenant, now_us), plan, (config, digest)).await
        })
        .await
}

/// Writes the row of a world that nobody builds; on PostgreSQL somebody may have been faster.
async fn begin(
    tx: &DatabaseTransaction,
    (id, tenant, now_us): (WorldId, Tenant, i64),
    plan: &Plan,
    (config, digest): (String, Digest),
) -> Result<Claim, DbErr> {
    let window = plan.config.window;
    let values = [
        id.into(),
        tenant.id().into(),
        plan.preset.as_str().into(),
        plan.seed.0.cast_signed().into(),
        config.into(),
        digest.as_bytes().to_vec().into(),
        plan.title().into(),
        BUILDING.into(),
        window.start().into(),
        window.end().into(),
        now_us.into(),
    ];
    let insert = "INSERT INTO world (id, tenant_id, scenario, seed, config, digest, title, state, start_date, end_date,
        created_us, touched_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT DO NOTHING";
    let is_mine = sql::execute(tx, insert, values).await? == 1;
    Ok(if is_mine { Claim::Mine(id) } else { Claim::Busy })
}

/// Says that the builder is at work, and learns whether it still has a world to build.
pub(super) async fn touch(tx: &DatabaseTransaction, id: WorldId, now_us: i64) -> Result<(), SeederError> {
    let change = "UPDATE world SET touched_us = $2 WHERE id = $1 AND state = 'building'";
    match sql::execute(tx, change, [id.into(), now_us.into()]).await? {
        0 => Err(SeederError::TakenOver(id)),
        _ => Ok(()),
    }
}

/// Makes a world invisible for ever; how many were made so.
pub(crate) async fn mark_gone(tx: &DatabaseTransaction, id: WorldId, now_us: i64) -> Result<u64, DbErr> {
    let change = "UPDATE world SET state = 'gone', touched_us = $2 WHERE id = $1 AND state <> 'gone'";
    sql::execute(tx, change, [id.into(), now_us.into()]).await
}
