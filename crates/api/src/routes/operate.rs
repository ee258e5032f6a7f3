//! What a person does with a run besides watching and cancelling: answer its question, run it again, give it up.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use frames::Decision;
use kernel::RunId;
use wire::runs::{
    Abandon, Accepted, Answer, Decide, Detail, Garbage, GarbageRequest, Retention, RetentionRequest,
};

use super::run::detail;
use crate::Problem;
use crate::extract::{self, Id};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller};
use crate::submit::{Acceptance, accepted, idempotency_key};

/// The longest reason.
const MAX_REASON: usize = 500;

/// Answers a question of a run, once; the run goes on. The same answer again changes nothing.
#[utoipa::path(post, path = "/runs/{run_id}/decisions", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")), request_body = Decide,
    responses((status = 200, description = "The run", body = Detail), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn decide(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    extract::Json(body): extract::Json<Decide>,
) -> Result<Json<Detail>, Problem> {
    let answer = match body.decision {
        Answer::Approved => Decision::Approved,
        Answer::Rejected => Decision::Rejected,
    };
    let reason = body.reason.map(reason).transpose()?;
    acts.engine.decide(tenant, id, &body.name, answer, reason).await?;
    detail(&acts.reads, tenant, id).await.map(Json)
}

fn reason(text: String) -> Result<String, Problem> {
    let length = text.chars().count();
    if (1..=MAX_REASON).contains(&length) {
        return Ok(text);
    }
    Err(Problem::field("reason", format!("must be a text of 1 to {MAX_REASON} characters")))
}

/// Submits an ended run's spec again, as a new run that names the old one in `retry_of`.
#[utoipa::path(post, path = "/runs/{run_id}/requeue", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 202, description = "Accepted; `Location` names the new run", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn requeue(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Acceptance, Problem> {
    let run = acts.engine.requeue(tenant, id).await?;
    let location = format!("/api/runs/{run}");
    Ok(accepted(run, &location, &location))
}

/// Executes a run that succeeded again from its pinned inputs, as a new run that takes no stored result for its own work;
/// `GET /runs/{run_id}/reproduction` of the new run compares what both left behind.
#[utoipa::path(post, path = "/runs/{run_id}/reproduce", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    responses((status = 202, description = "Accepted; `Location` names the new run", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn reproduce(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    headers: HeaderMap,
) -> Result<Acceptance, Problem> {
    let run = acts.engine.reproduce(tenant, id, idempotency_key(&headers)?).await?;
    let location = format!("/api/runs/{run}");
    Ok(accepted(run, &location, &location))
}

/// Gives up a run that no worker holds: it fails with `RUN_ABANDONED`.
#[utoipa::path(post, path = "/runs/{run_id}/abandon", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")), request_body = Abandon,
    responses((status = 200, description = "The run", body = Detail), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn abandon(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    extract::Json(body): extract::Json<Abandon>,
) -> Result<Json<Detail>, Problem> {
    acts.engine.abandon(tenant, id, &reason(body.reason)?).await?;
    detail(&acts.reads, tenant, id).await.map(Json)
}

/// Collects garbage: objects that nothing names, and the least recently used stored results beyond a size, of all tenants;
/// without `apply` it only says what is stored and what of it would go.
#[utoipa::path(post, path = "/runs/retention/garbage", tag = "runs", request_body = GarbageRequest,
    responses((status = 200, description = "What is stored, and what of it goes", body = Garbage), Invalid, Refused))]
pub(crate) async fn collect(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(body): extract::Json<GarbageRequest>,
) -> Result<Json<Garbage>, Problem> {
    Ok(Json(acts.engine.collect(tenant, &body).await?))
}

/// Lets go of what old runs left behind, each under a receipt; without `apply` it only says what would go, and why the rest
/// stays.
#[utoipa::path(post, path = "/runs/retention", tag = "runs", request_body = RetentionRequest,
    responses((status = 200, description = "What goes and what stays", body = Retention), Invalid, Refused))]
pub(crate) async fn retain(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(body): extract::Json<RetentionRequest>,
) -> Result<Json<Retention>, Problem> {
    Ok(Json(acts.engine.retain(tenant, &body).await?))
}
