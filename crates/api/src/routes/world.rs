//! Worlds: what one generation made.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use kernel::{Class, RunId, Tenant};
use retail::seeder;
use retail::world::{self, PairKey, PairQuery};
use wire::page::PageQuery;
use wire::retail::{Deleted, PairPage, PairsQuery, World, WorldId, WorldPage};

use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// Worlds, newest first.
#[utoipa::path(get, path = "/worlds", tag = "worlds", params(PageQuery),
    responses((status = 200, description = "A page of worlds", body = WorldPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
) -> Result<(HeaderMap, Json<WorldPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("worlds:{}", tenant.id());
    let before: Option<WorldId> =
        query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let page = world::list(reads.db(), tenant, before, limit as u64).await.map_err(Problem::internal)?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, page.next.as_ref());
    Ok((headers, Json(WorldPage { items: page.items, next_cursor })))
}

/// One world.
#[utoipa::path(get, path = "/worlds/{world_id}", tag = "worlds",
    params(("world_id" = uuid::Uuid, Path, description = "The world")),
    responses((status = 200, description = "The world", body = World), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<WorldId>,
) -> Result<Json<World>, Problem> {
    Ok(Json(world::find(reads.db(), tenant, id).await?))
}

/// The pairs of a world that sell, and whether their history is enough.
#[utoipa::path(get, path = "/worlds/{world_id}/pairs", tag = "worlds",
    params(("world_id" = uuid::Uuid, Path, description = "The world"), PairsQuery),
    responses((status = 200, description = "A page of pairs", body = PairPage), NotFound, Invalid, Refused))]
pub(crate) async fn pairs(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Id(id): Id<WorldId>,
    Query(query): Query<PairsQuery>,
) -> Result<(HeaderMap, Json<PairPage>), Problem> {
    let limit = page::limit(query.limit, 100, 1..=500)?;
    let scope = format!("pairs:{id}");
    let after: Option<PairKey> =
        query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let mut asked = PairQuery { at_least: query.at_least, after, ..PairQuery::new(limit as u64) };
    let split = &mut asked.split;
    for (number, given) in [
        (&mut split.forecast_horizon, query.forecast_horizon),
        (&mut split.n_splits, query.n_splits),
        (&mut split.min_train_size, query.min_train_size),
        (&mut split.gap, query.gap),
    ] {
        *number = given.unwrap_or(*number);
    }
    let page = world::pairs(reads.db(), tenant, id, &asked).await?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, page.next.as_ref());
    Ok((headers, Json(PairPage { items: page.items, next_cursor })))
}

/// Deletes a world. What runs have pinned of it stays. Refused while a showcase runs.
#[utoipa::path(delete, path = "/worlds/{world_id}", tag = "worlds",
    params(("world_id" = uuid::Uuid, Path, description = "The world")),
    responses((status = 200, description = "What was deleted", body = Deleted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn delete(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<WorldId>,
) -> Result<Json<Deleted>, Problem> {
    world::find(acts.reads.db(), tenant, id).await?;
    no_showcase_runs(&acts.reads, tenant, None).await?;
    let clock = &**acts.reads.clock();
    Ok(Json(seeder::delete(&acts.write, clock, tenant, Some(id), false).await?))
}

/// Trainings and comparisons have pinned what they read; a showcase reads its world until its end. Only one runs at a
/// time, so it is the newest if there is one. `asking` is the showcase that deletes for itself.
pub(crate) async fn no_showcase_runs(
    reads: &Reads,
    tenant: Tenant,
    asking: Option<RunId>,
) -> Result<(), Problem> {
    let filter = runs::Filter { kind: Some("showcase".to_owned()), ..runs::Filter::default() };
    let newest = runs::list(reads.db(), tenant, &filter, None, 1).await.map_err(Problem::internal)?;
    let newest = newest.first().and_then(runs::Listed::run);
    match newest.filter(|run| !run.state.is_terminal() && Some(run.id) != asking) {
        None => Ok(()),
        Some(run) => {
            let detail = format!("showcase {} uses the retail data; cancel it or wait for its end", run.id);
            Err(Problem::new(Class::Conflict, "WORLD_IN_USE", detail))
        }
    }
}
