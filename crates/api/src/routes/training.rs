//! Training one model, and the features of a pair.

use axum::Json;
use axum::extract::State;
use kernel::RunId;
use wire::model_selection::{Features, FeaturesRequest, Training, TrainingRequest};

use crate::Problem;
use crate::extract::{self, Id};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::submit::{Acceptance, Accepted, Submitted, accepted};

/// Submits a training; its model is an artifact of its run.
#[utoipa::path(post, path = "/forecasting/train", tag = "model_selection",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = TrainingRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<TrainingRequest>,
) -> Result<Acceptance, Problem> {
    let run = acts.selector.submit_training(tenant, submission).await?;
    Ok(accepted(run, &format!("/api/forecasting/trainings/{run}"), &format!("/api/runs/{run}")))
}

/// A training with everything known of it.
#[utoipa::path(get, path = "/forecasting/trainings/{run_id}", tag = "model_selection",
    params(("run_id" = uuid::Uuid, Path, description = "The training's run")),
    responses((status = 200, description = "The training", body = Training), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Training>, Problem> {
    Ok(Json(reads.selector().training(tenant, id).await?))
}

/// Computes a table of features of a pair. Nothing is stored.
#[utoipa::path(post, path = "/featuresets/compute", tag = "model_selection", request_body = FeaturesRequest,
    responses((status = 200, description = "The table; no row sees its own or a later day", body = Features),
        NotFound, Invalid, Refused))]
pub(crate) async fn features(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<FeaturesRequest>,
) -> Result<Json<Features>, Problem> {
    Ok(Json(acts.selector.features(tenant, &request).await?))
}
