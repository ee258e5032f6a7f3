//! Forks: runs that begin as another one did, and are continued by whoever made them.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use kernel::RunId;
use wire::ledger::media_type::NDJSON;
use wire::runs::{Detail, Fork, Ledger};

use super::frame::FrameText;
use super::run::detail;
use crate::Problem;
use crate::extract::{self, Id, body_of_any};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller};

/// No append is larger: what the ledger takes at once.
pub(crate) const BODY_LIMIT: usize = ::ledger::MAX_APPEND_BYTES;

/// Opens a run whose first frames are those of another run, byte for byte. It goes on with `POST /runs/{run_id}/frames`, until a
/// terminal frame ends it.
#[utoipa::path(post, path = "/runs/{run_id}/fork", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run to begin with")), request_body = Fork,
    responses((status = 201, description = "Open; `Location` names the new run", body = Detail),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn fork(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    extract::Json(body): extract::Json<Fork>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Detail>), Problem> {
    let run = acts.engine.foreign().fork(tenant, id, body.seq).await?;
    let location = (header::LOCATION, format!("/api/runs/{run}"));
    Ok((StatusCode::CREATED, [location], Json(detail(&acts.reads, tenant, run).await?)))
}

/// Adds frames to a fork, each at the place that its `event_id` says. The same bytes again change nothing, other bytes at a
/// place that is taken are refused, and a terminal frame ends the run.
#[utoipa::path(post, path = "/runs/{run_id}/frames", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The fork")),
    request_body(description = "The frames, one a line", content((FrameText = "application/x-ndjson"))),
    responses((status = 200, description = "Where its ledger stands", body = Ledger),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn extend(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    request: Request,
) -> Result<Json<Ledger>, Problem> {
    let bytes = body_of_any(request, &[NDJSON]).await?;
    let lines = str::from_utf8(&bytes).map_err(|error| {
        Problem::field("body", format!("is not UTF-8 from byte {} on", error.valid_up_to()))
    })?;
    let head = acts.engine.foreign().extend(tenant, id, lines).await?;
    Ok(Json(Ledger { seq: head.seq, head: head.digest, is_closed: head.is_closed }))
}
