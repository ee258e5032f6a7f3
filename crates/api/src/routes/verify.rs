//! Proving a run: its frames by their chain, and everything else that is stored of it by its frames.

use axum::Json;
use axum::extract::State;
use kernel::RunId;
use wire::runs::Verification;

use crate::Problem;
use crate::extract::Id;
use crate::routes::{Invalid, NotFound, Refused};
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
