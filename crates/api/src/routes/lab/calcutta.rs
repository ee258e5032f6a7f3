//! Auctions and their snapshots.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use wire::lab::{Calcutta, CalcuttaId, CalcuttaPage, ListCalcuttas, Snapshot, SnapshotId, SnapshotRequest};

use crate::extract::{self, Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// Auctions, newest first.
#[utoipa::path(get, path = "/lab/calcuttas", tag = "lab", params(ListCalcuttas),
    responses((status = 200, description = "A page of auctions", body = CalcuttaPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListCalcuttas>,
) -> Result<(HeaderMap, Json<CalcuttaPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("lab_calcuttas:{}", tenant.id());
    let before =
        query.cursor.as_ref().map(|cursor| reads.cursors().open::<CalcuttaId>(&scope, cursor)).transpose()?;
    let mut items = reads.lab().calcuttas(tenant, &query, before, limit as u64 + 1).await?;
    let last = page::cut(&mut items, limit).map(|last| last.calcutta_id);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(CalcuttaPage { items, next_cursor })))
}

/// An auction with all its snapshots.
#[utoipa::path(get, path = "/lab/calcuttas/{calcutta_id}", tag = "lab",
    params(("calcutta_id" = uuid::Uuid, Path, description = "The auction")),
    responses((status = 200, description = "The auction", body = Calcutta), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<CalcuttaId>,
) -> Result<Json<Calcutta>, Problem> {
    Ok(Json(reads.lab().calcutta(tenant, id).await?))
}

/// Makes another snapshot of one: with other rules, points or payouts, or without some entries. The one it is made from
/// stays as it is.
#[utoipa::path(post, path = "/lab/snapshots", tag = "lab", request_body = SnapshotRequest,
    responses((status = 201, description = "Made", body = Snapshot), NotFound, Invalid, Refused))]
pub(crate) async fn add_snapshot(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<SnapshotRequest>,
) -> Result<(StatusCode, Json<Snapshot>), Problem> {
    Ok((StatusCode::CREATED, Json(acts.lab.add_snapshot(tenant, request).await?)))
}

/// A snapshot with its content.
#[utoipa::path(get, path = "/lab/snapshots/{snapshot_id}", tag = "lab",
    params(("snapshot_id" = uuid::Uuid, Path, description = "The snapshot")),
    responses((status = 200, description = "The snapshot", body = Snapshot), NotFound, Invalid, Refused))]
pub(crate) async fn snapshot(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<SnapshotId>,
) -> Result<Json<Snapshot>, Problem> {
    Ok(Json(reads.lab().snapshot(tenant, id).await?))
}
