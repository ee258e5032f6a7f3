//! Proving a run: its frames by their chain, everything else that is stored of it by its frames, and what it left behind by
//! a second execution.

use axum::Json;
use axum::extract::State;
use kernel::RunId;
use wire::runs::{Reproduction, Verification};

use crate::Problem;
use crate::extract::Id;
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};

/// Verifies a run: recomputes the chain of its frames, and compares its rows, its inputs, its artifacts' bytes and its
/// outcome with what the frames say.
#[utoipa::path(get, path = "/runs/{run_id}/verify", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "What was found", body = Verification), NotFound, Invalid, Refused))]
pub(crate) async fn verify(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Verification>, Problem> {
    Ok(Json(reads.verifier().verify(tenant, id).await?))
}

/// Compares what a run that reproduces another left behind with what the other did, and names the first value that differs.
#[utoipa::path(get, path = "/runs/{run_id}/reproduction", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run that reproduces another")),
    responses((status = 200, description = "What was found", body = Reproduction),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn reproduction(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Reproduction>, Problem> {
    Ok(Json(reads.verifier().reproduction(tenant, id).await?))
}
