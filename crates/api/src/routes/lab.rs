//! The lab. Submits answer 202; everything else answers at once.

pub(crate) mod calcutta;
pub(crate) mod candidate;
pub(crate) mod cohort;
pub(crate) mod coverage;
pub(crate) mod intake;
pub(crate) mod model;
pub(crate) mod simulation;
pub(crate) mod tournament;

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use kernel::RunId;
use wire::lab::{LabCatalog, LabRun, LabRunPage, ListLabRuns, Resolution, ResolveQuery};

use crate::extract::{Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::submit::{Acceptance, accepted};
use crate::{Problem, page};

/// Bytes of a request that holds a season.
pub(crate) const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Bytes of a request that holds files, which base64 makes a third larger.
pub(crate) const FILES_LIMIT: usize = 2 * BODY_LIMIT;

/// A run of the lab that was accepted; `of` is the part of the path that shows its kind.
fn submitted(run: RunId, of: &str) -> Acceptance {
    accepted(run, &format!("/api/lab/{of}/{run}"), &format!("/api/runs/{run}"))
}

/// Every model of games and markets, and the optimiser.
#[utoipa::path(get, path = "/lab/models", tag = "lab",
    responses((status = 200, description = "The models", body = LabCatalog), Refused))]
pub(crate) async fn models() -> Json<LabCatalog> {
    Json(lab::catalog())
}

/// Runs of the lab, newest first.
#[utoipa::path(get, path = "/lab/runs", tag = "lab", params(ListLabRuns),
    responses((status = 200, description = "A page of runs", body = LabRunPage), Invalid, Refused))]
pub(crate) async fn runs(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListLabRuns>,
) -> Result<(HeaderMap, Json<LabRunPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("lab_runs:{}", tenant.id());
    let before =
        query.cursor.as_ref().map(|cursor| reads.cursors().open::<RunId>(&scope, cursor)).transpose()?;
    let mut items = reads.lab().lab_runs(tenant, &query, before, limit as u64 + 1).await?;
    let last = page::cut(&mut items, limit).map(|last| last.run_id);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(LabRunPage { items, next_cursor })))
}

/// A run of the lab of any kind: what it stands on.
#[utoipa::path(get, path = "/lab/runs/{lab_run_id}", tag = "lab",
    params(("lab_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = LabRun), NotFound, Invalid, Refused))]
pub(crate) async fn run(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<LabRun>, Problem> {
    Ok(Json(reads.lab().lab_run(tenant, id).await?))
}

/// The ids that a request on an auction may name, to choose from. No other route chooses.
#[utoipa::path(get, path = "/lab/resolve", tag = "lab", params(ResolveQuery),
    responses((status = 200, description = "What there is", body = Resolution), NotFound, Invalid, Refused))]
pub(crate) async fn resolve(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<ResolveQuery>,
) -> Result<Json<Resolution>, Problem> {
    Ok(Json(reads.lab().resolve(tenant, query.calcutta_id).await?))
}
