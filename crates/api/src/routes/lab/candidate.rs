//! Candidates.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use wire::lab::{Candidate, CandidateId, CandidatePage, CandidateRequest, ChangeCandidate, ListCandidates};

use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused, Stale};
use crate::state::{Acts, Caller, Reads};
use crate::version::{if_match, tagged};
use crate::{Problem, page};

/// Keeps a candidate: bids that are stated, or those of a strategy. Keeping those of one strategy twice gives the first.
#[utoipa::path(post, path = "/lab/candidates", tag = "lab", request_body = CandidateRequest,
    responses((status = 201, description = "Kept; `ETag` is its version", body = Candidate),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn add(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<CandidateRequest>,
) -> Result<(StatusCode, HeaderMap, Json<Candidate>), Problem> {
    let candidate = acts.lab.add_candidate(tenant, request).await?;
    Ok((StatusCode::CREATED, tagged(candidate.version), Json(candidate)))
}

/// Candidates, newest first.
#[utoipa::path(get, path = "/lab/candidates", tag = "lab", params(ListCandidates),
    responses((status = 200, description = "A page of candidates", body = CandidatePage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListCandidates>,
) -> Result<(HeaderMap, Json<CandidatePage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("lab_candidates:{}", tenant.id());
    let before = query
        .cursor
        .as_ref()
        .map(|cursor| reads.cursors().open::<CandidateId>(&scope, cursor))
        .transpose()?;
    let mut items = reads.lab().candidates(tenant, &query, before, limit as u64 + 1).await?;
    let last = page::cut(&mut items, limit).map(|last| last.candidate_id);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(CandidatePage { items, next_cursor })))
}

/// One candidate.
#[utoipa::path(get, path = "/lab/candidates/{candidate_id}", tag = "lab",
    params(("candidate_id" = uuid::Uuid, Path, description = "The candidate")),
    responses((status = 200, description = "The candidate; `ETag` is its version", body = Candidate),
        NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<CandidateId>,
) -> Result<(HeaderMap, Json<Candidate>), Problem> {
    let candidate = reads.lab().candidate(tenant, id).await?;
    Ok((tagged(candidate.version), Json(candidate)))
}

/// Gives a candidate another name. Its bids never change. With `If-Match` only from the version named there.
#[utoipa::path(patch, path = "/lab/candidates/{candidate_id}", tag = "lab",
    params(("candidate_id" = uuid::Uuid, Path, description = "The candidate"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of the candidate as the caller knows it")),
    request_body = ChangeCandidate,
    responses((status = 200, description = "Changed; `ETag` is its version", body = Candidate),
        NotFound, Stale, Invalid, Refused))]
pub(crate) async fn change(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<CandidateId>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<ChangeCandidate>,
) -> Result<(HeaderMap, Json<Candidate>), Problem> {
    let candidate = acts.lab.rename_candidate(tenant, id, request, if_match(&headers)?).await?;
    Ok((tagged(candidate.version), Json(candidate)))
}
