//! Worlds: what one generation made.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Class, RunId, Tenant};
use retail::WorldId;
use retail::seeder;
use retail::world::{self, PairKey, PairQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wire::model_selection::Sufficiency;

use super::seeder::{Deleted, TableCounts};
use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// A world.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the field is called so on the wire")]
#[schema(as = worlds::World)]
pub(crate) struct World {
    world_id: uuid::Uuid,
    title: String,
    /// The preset it was made from.
    scenario: String,
    #[schema(format = "uint64")]
    seed: u64,
    /// SHA-256 over preset, seed and every number of the generator, 64 hex digits: two equal ones are one world.
    digest: String,
    start_date: NaiveDate,
    end_date: NaiveDate,
    /// `null` in a world without sales.
    first_sale_date: Option<NaiveDate>,
    last_sale_date: Option<NaiveDate>,
    row_counts: TableCounts,
    created_at: DateTime<Utc>,
}

/// A page of worlds, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = worlds::Page)]
pub(crate) struct WorldPage {
    items: Vec<World>,
    next_cursor: Option<String>,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
}

/// Worlds, newest first.
#[utoipa::path(get, path = "/worlds", tag = "worlds", params(ListQuery),
    responses((status = 200, description = "A page of worlds", body = WorldPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<page::Answer<world::World>>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("worlds:{}", tenant.id());
    let before: Option<WorldId> =
        query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let page = world::list(reads.db(), tenant, before, limit as u64).await.map_err(Problem::internal)?;
    Ok(page::answer(reads.cursors(), &scope, &uri, page.items, page.next.as_ref()))
}

/// One world.
#[utoipa::path(get, path = "/worlds/{world_id}", tag = "worlds",
    params(("world_id" = uuid::Uuid, Path, description = "The world")),
    responses((status = 200, description = "The world", body = World), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<WorldId>,
) -> Result<Json<world::World>, Problem> {
    Ok(Json(world::find(reads.db(), tenant, id).await?))
}

/// A store and a product that it sold.
#[derive(Serialize, ToSchema)]
#[schema(as = worlds::Pair)]
pub(crate) struct Pair {
    store_id: i64,
    store_code: String,
    product_id: i64,
    sku: String,
    /// Days with a sale.
    observed_days: u64,
    first_sale_date: NaiveDate,
    last_sale_date: NaiveDate,
    /// `ready` for every fold, `limited` to one, or `unusable`.
    status: String,
}

/// A page of pairs, by store code and stock-keeping unit.
#[derive(Serialize, ToSchema)]
#[schema(as = worlds::PairPage)]
pub(crate) struct PairPage {
    items: Vec<Pair>,
    next_cursor: Option<String>,
}

/// Which pairs, judged by which split.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairsQuery {
    /// Only pairs that are at least so ready: `ready`, `limited` or `unusable`.
    #[param(value_type = Option<String>)]
    at_least: Option<Sufficiency>,
    /// Days to forecast.
    #[param(minimum = 1, maximum = 90, default = 14)]
    forecast_horizon: Option<i64>,
    #[param(minimum = 2, maximum = 20, default = 5)]
    n_splits: Option<i64>,
    #[param(minimum = 7, default = 30)]
    min_train_size: Option<i64>,
    /// Below the horizon.
    #[param(minimum = 0, maximum = 30, default = 0)]
    gap: Option<i64>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
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
) -> Result<(HeaderMap, Json<page::Answer<world::Pair>>), Problem> {
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
    Ok(page::answer(reads.cursors(), &scope, &uri, page.items, page.next.as_ref()))
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
) -> Result<Json<seeder::Deleted>, Problem> {
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
