//! Which models have been run where, how they compare, and many runs at once.

use axum::Json;
use axum::extract::State;
use wire::lab::{
    BulkProposal, BulkQuery, BulkReport, BulkRequest, Coverage, CoverageQuery, ModelCoverage,
    ModelLeaderboard,
};

use crate::Problem;
use crate::extract::{self, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};

/// How many tournaments and auctions each model and each automatic cohort has covered.
#[utoipa::path(get, path = "/lab/coverage", tag = "lab",
    responses((status = 200, description = "The models and cohorts", body = Coverage), Refused))]
pub(crate) async fn all(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
) -> Result<Json<Coverage>, Problem> {
    Ok(Json(reads.lab().coverage(tenant).await?))
}

/// Where one model has been run, and where not.
#[utoipa::path(get, path = "/lab/coverage/model", tag = "lab", params(CoverageQuery),
    responses((status = 200, description = "Every tournament or auction", body = ModelCoverage),
        NotFound, Invalid, Refused))]
pub(crate) async fn of_model(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<CoverageQuery>,
) -> Result<Json<ModelCoverage>, Problem> {
    Ok(Json(reads.lab().model_coverage(tenant, &query).await?))
}

/// Models compared by what their bids come to, auction by auction against the same baseline.
#[utoipa::path(get, path = "/lab/models/leaderboard", tag = "lab",
    responses((status = 200, description = "The models, the best first", body = ModelLeaderboard), Refused))]
pub(crate) async fn leaderboard(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
) -> Result<Json<ModelLeaderboard>, Problem> {
    Ok(Json(reads.lab().model_leaderboard(tenant).await?))
}

/// Proposes the runs that tournaments or auctions lack, every upstream by its id. Nothing is submitted; where there are
/// several upstreams to choose from, nothing is chosen.
#[utoipa::path(post, path = "/lab/bulk-runs/propose", tag = "lab", request_body = BulkQuery,
    responses((status = 200, description = "What may be submitted", body = BulkProposal),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn propose(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(query): extract::Json<BulkQuery>,
) -> Result<Json<BulkProposal>, Problem> {
    Ok(Json(acts.lab.propose(tenant, query).await?))
}

/// Submits runs exactly as they are. What was asked before is skipped, so that a repeated request is harmless.
#[utoipa::path(post, path = "/lab/bulk-runs", tag = "lab", request_body = BulkRequest,
    responses((status = 200, description = "What became of each", body = BulkReport), Invalid, Refused))]
pub(crate) async fn submit(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<BulkRequest>,
) -> Result<Json<BulkReport>, Problem> {
    Ok(Json(acts.lab.submit_bulk(tenant, request).await?))
}
