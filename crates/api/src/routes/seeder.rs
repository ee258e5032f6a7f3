//! The generator of worlds.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::RunId;
use retail::{WorldId, seeder};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::world;
use crate::Problem;
use crate::extract::{self, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};

/// What to generate. What is absent is the preset's own.
#[derive(Serialize, ToSchema)]
#[schema(as = seeder::GenerateRequest)]
pub(crate) struct GenerateRequest {
    /// The preset's name.
    #[schema(default = "demo_minimal", required = false)]
    scenario: String,
    /// The seed of all randomness.
    #[schema(default = 42, minimum = 0, format = "uint64", required = false)]
    seed: u64,
    #[schema(minimum = 1, maximum = 100)]
    stores: Option<u32>,
    #[schema(minimum = 1, maximum = 500)]
    products: Option<u32>,
    start_date: Option<NaiveDate>,
    /// Not before `start_date`.
    end_date: Option<NaiveDate>,
    /// The share of store-product pairs without any sales; 0 leaves the preset's.
    #[schema(minimum = 0, maximum = 1, required = false)]
    sparsity: f64,
    /// Only say what would be generated.
    #[schema(required = false)]
    dry_run: bool,
    /// Parts of the generator that are off by default, by name.
    #[schema(required = false)]
    features: Vec<String>,
    overrides: Option<Overrides>,
}

/// The knobs a user may turn; they win over everything else.
#[derive(Serialize, ToSchema)]
#[schema(as = seeder::Overrides)]
pub(crate) struct Overrides {
    #[schema(nullable = false, minimum = 1, maximum = 100)]
    stores: Option<u32>,
    #[schema(nullable = false, minimum = 1, maximum = 500)]
    products: Option<u32>,
    /// Days before the last one; not for a preset whose window is fixed.
    #[schema(nullable = false, minimum = 75, maximum = 365)]
    window_days: Option<u32>,
    #[schema(nullable = false, minimum = 0, maximum = 0.9)]
    sparsity: Option<f64>,
    #[schema(nullable = false, minimum = 0, maximum = 0.5)]
    promotion_intensity: Option<f64>,
    #[schema(nullable = false, minimum = 0, maximum = 0.5)]
    stockout_intensity: Option<f64>,
    #[schema(nullable = false, minimum = 0, maximum = 0.5)]
    noise_sigma: Option<f64>,
}

/// What a generation did.
#[derive(Serialize, ToSchema)]
#[schema(as = seeder::Generated)]
pub(crate) struct Generated {
    /// The world; a dry run has none.
    world_id: Option<uuid::Uuid>,
    /// Whether the same request had made it before, so that nothing was created.
    is_existing: bool,
    scenario: String,
    seed: u64,
    /// Whether nothing was stored.
    dry_run: bool,
    start_date: NaiveDate,
    end_date: NaiveDate,
    records_created: TableCounts,
    duration_seconds: f64,
    /// One line for a person.
    message: String,
}

/// Rows per table.
#[derive(Serialize, ToSchema)]
#[schema(as = seeder::TableCounts)]
pub(crate) struct TableCounts {
    stores: u64,
    products: u64,
    calendar: u64,
    sales: u64,
    price_history: u64,
    promotions: u64,
    inventory: u64,
    exogenous_signals: u64,
    sales_returns: u64,
    replenishment_events: u64,
}

/// Generates the world of a preset, a seed and their changes; the same request finds the same world. All of it appears,
/// or nothing.
#[utoipa::path(post, path = "/seeder/generate", tag = "seeder", request_body = GenerateRequest,
    responses((status = 201, description = "Generated, or found", body = Generated), Conflict, Invalid, Refused))]
pub(crate) async fn generate(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<seeder::GenerateRequest>,
) -> Result<(StatusCode, Json<seeder::Generated>), Problem> {
    let generated = seeder::generate(&acts.write, &**acts.reads.clock(), tenant, &request).await?;
    Ok((StatusCode::CREATED, Json(generated)))
}

/// What is there.
#[derive(Serialize, ToSchema)]
#[schema(as = seeder::Status)]
pub(crate) struct Status {
    /// The world; `null` if there is none.
    world_id: Option<uuid::Uuid>,
    #[serde(flatten)]
    #[schema(inline)]
    counts: TableCounts,
    /// The first day with sales.
    date_range_start: Option<NaiveDate>,
    /// The last day with sales.
    date_range_end: Option<NaiveDate>,
    last_updated: Option<DateTime<Utc>>,
}

/// Which world.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusQuery {
    /// Needed when there are several.
    #[param(value_type = Option<uuid::Uuid>)]
    world_id: Option<WorldId>,
}

/// Rows per table of a world and its days with sales.
#[utoipa::path(get, path = "/seeder/status", tag = "seeder", params(StatusQuery),
    responses((status = 200, description = "What is there", body = Status), NotFound, Conflict, Refused))]
pub(crate) async fn status(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<StatusQuery>,
) -> Result<Json<seeder::Status>, Problem> {
    Ok(Json(seeder::status(reads.db(), tenant, query.world_id).await?))
}

/// A preset as a card shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = seeder::Scenario)]
pub(crate) struct Scenario {
    /// Its wire name.
    name: String,
    title: String,
    description: String,
    stores: u32,
    products: u32,
    /// Its first day if it were generated now.
    start_date: NaiveDate,
    end_date: NaiveDate,
}

/// The presets.
#[utoipa::path(get, path = "/seeder/scenarios", tag = "seeder",
    responses((status = 200, description = "Every preset", body = Vec<Scenario>), Refused))]
pub(crate) async fn scenarios(State(reads): State<Reads>) -> Json<Vec<seeder::Scenario>> {
    Json(seeder::scenarios(reads.clock().now().date_naive()))
}

/// What to delete.
#[derive(Deserialize, ToSchema)]
#[schema(as = seeder::DeleteRequest)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteRequest {
    scope: DeletionScope,
    /// Only count.
    #[serde(default)]
    dry_run: bool,
    /// The showcase that asks; it may delete while it runs.
    #[schema(value_type = Option<uuid::Uuid>)]
    run_id: Option<RunId>,
}

/// How much to delete.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = seeder::DeletionScope)]
pub(crate) enum DeletionScope {
    /// Every world.
    All,
}

/// What was deleted, or would be.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the fields are called so on the wire")]
#[schema(as = seeder::Deleted)]
pub(crate) struct Deleted {
    /// Whether the rows are still there.
    dry_run: bool,
    worlds_deleted: u64,
    records_deleted: TableCounts,
}

/// Deletes every world. Imported datasets stay, and so does what runs have pinned. Refused while a showcase runs.
#[utoipa::path(delete, path = "/seeder/data", tag = "seeder", request_body = DeleteRequest,
    responses((status = 200, description = "What was deleted", body = Deleted), Conflict, Invalid, Refused))]
pub(crate) async fn delete(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<DeleteRequest>,
) -> Result<Json<seeder::Deleted>, Problem> {
    let DeletionScope::All = request.scope;
    if !request.dry_run {
        world::no_showcase_runs(&acts.reads, tenant, request.run_id).await?;
    }
    let clock = &**acts.reads.clock();
    Ok(Json(seeder::delete(&acts.write, clock, tenant, None, request.dry_run).await?))
}
