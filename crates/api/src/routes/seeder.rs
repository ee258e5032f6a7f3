//! The generator of worlds.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::Db;
use retail::seeder;
use wire::retail::{
    DeleteRequest, Deleted, DeletionScope, GenerateRequest, Generated, Scenario, Status, StatusQuery,
};

use super::world;
use crate::Problem;
use crate::extract::{self, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};

/// Generates the world of a preset, a seed and their changes; the same request finds the same world. All of it appears,
/// or nothing.
#[utoipa::path(post, path = "/seeder/generate", tag = "seeder", request_body = GenerateRequest,
    responses((status = 201, description = "Generated, or found", body = Generated), Conflict, Invalid, Refused))]
pub(crate) async fn generate(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<GenerateRequest>,
) -> Result<(StatusCode, Json<Generated>), Problem> {
    let db = Db { read: acts.reads.db().clone(), write: acts.write.clone() };
    let generated = seeder::generate(&db, &**acts.reads.clock(), tenant, &request).await?;
    Ok((StatusCode::CREATED, Json(generated)))
}

/// Rows per table of a world and its days with sales.
#[utoipa::path(get, path = "/seeder/status", tag = "seeder", params(StatusQuery),
    responses((status = 200, description = "What is there", body = Status), NotFound, Conflict, Refused))]
pub(crate) async fn status(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<StatusQuery>,
) -> Result<Json<Status>, Problem> {
    Ok(Json(seeder::status(reads.db(), tenant, query.world_id).await?))
}

/// The presets.
#[utoipa::path(get, path = "/seeder/scenarios", tag = "seeder",
    responses((status = 200, description = "Every preset", body = Vec<Scenario>), Refused))]
pub(crate) async fn scenarios(State(reads): State<Reads>) -> Json<Vec<Scenario>> {
    Json(seeder::scenarios(reads.clock().now().date_naive()))
}

/// Deletes every world. Imported datasets stay, and so does what runs have pinned. Refused while a showcase runs.
#[utoipa::path(delete, path = "/seeder/data", tag = "seeder", request_body = DeleteRequest,
    responses((status = 200, description = "What was deleted", body = Deleted), Conflict, Invalid, Refused))]
pub(crate) async fn delete(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<DeleteRequest>,
) -> Result<Json<Deleted>, Problem> {
    let DeletionScope::All = request.scope;
    if !request.dry_run {
        world::no_showcase_runs(&acts.reads, tenant, request.run_id).await?;
    }
    let clock = &**acts.reads.clock();
    Ok(Json(seeder::delete(&acts.write, clock, tenant, None, request.dry_run).await?))
}
