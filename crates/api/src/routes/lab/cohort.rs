//! Cohorts, and the synthetic calcuttas in them.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use wire::lab::{
    Attach, AttachmentId, ChangeCohort, ChangeSyntheticCalcutta, Cohort, CohortId, CohortPage, CohortRequest,
    CohortSync, ListSynthetic, SyntheticCalcutta, SyntheticCalcuttaId, SyntheticCalcuttaPage,
    SyntheticCalcuttaRequest, SyntheticRules,
};
use wire::page::PageQuery;

use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused, Stale};
use crate::state::{Acts, Caller, Reads};
use crate::version::{if_match, tagged};
use crate::{Problem, page};

/// Keeps a cohort; its name must be new.
#[utoipa::path(post, path = "/lab/cohorts", tag = "lab", request_body = CohortRequest,
    responses((status = 201, description = "Kept; `ETag` is its version", body = Cohort), Conflict, Invalid, Refused))]
pub(crate) async fn add(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<CohortRequest>,
) -> Result<(StatusCode, HeaderMap, Json<Cohort>), Problem> {
    let cohort = acts.lab.add_cohort(tenant, request).await?;
    Ok((StatusCode::CREATED, tagged(cohort.version), Json(cohort)))
}

/// Cohorts, newest first.
#[utoipa::path(get, path = "/lab/cohorts", tag = "lab", params(PageQuery),
    responses((status = 200, description = "A page of cohorts", body = CohortPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
) -> Result<(HeaderMap, Json<CohortPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("lab_cohorts:{}", tenant.id());
    let before = query.cursor.map(|cursor| reads.cursors().open::<CohortId>(&scope, &cursor)).transpose()?;
    let mut items = reads.lab().cohorts(tenant, before, limit as u64 + 1).await?;
    let last = page::cut(&mut items, limit).map(|last| last.cohort_id);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(CohortPage { items, next_cursor })))
}

/// One cohort.
#[utoipa::path(get, path = "/lab/cohorts/{cohort_id}", tag = "lab",
    params(("cohort_id" = uuid::Uuid, Path, description = "The cohort")),
    responses((status = 200, description = "The cohort; `ETag` is its version", body = Cohort),
        NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<CohortId>,
) -> Result<(HeaderMap, Json<Cohort>), Problem> {
    let cohort = reads.lab().cohort(tenant, id).await?;
    Ok((tagged(cohort.version), Json(cohort)))
}

/// Changes what later runs of a cohort are made with. With `If-Match` only from the version named there.
#[utoipa::path(patch, path = "/lab/cohorts/{cohort_id}", tag = "lab",
    params(("cohort_id" = uuid::Uuid, Path, description = "The cohort"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of the cohort as the caller knows it")),
    request_body = ChangeCohort,
    responses((status = 200, description = "Changed; `ETag` is its version", body = Cohort),
        NotFound, Conflict, Stale, Invalid, Refused))]
pub(crate) async fn change(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<CohortId>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<ChangeCohort>,
) -> Result<(HeaderMap, Json<Cohort>), Problem> {
    let cohort = acts.lab.change_cohort(tenant, id, request, if_match(&headers)?).await?;
    Ok((tagged(cohort.version), Json(cohort)))
}

/// Sees to it that every combination of models has its automatic cohort, under an id that is the same everywhere. Done
/// twice it changes nothing.
#[utoipa::path(post, path = "/lab/cohorts/sync", tag = "lab",
    responses((status = 200, description = "The automatic cohorts", body = CohortSync), Conflict, Refused))]
pub(crate) async fn sync(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
) -> Result<Json<CohortSync>, Problem> {
    Ok(Json(acts.lab.sync_cohorts(tenant).await?))
}

/// Puts an auction into a cohort. Everything it is judged by is named; an auction is in a cohort once.
#[utoipa::path(post, path = "/lab/synthetic-calcuttas", tag = "lab", request_body = SyntheticCalcuttaRequest,
    responses((status = 201, description = "Kept; `ETag` is its version", body = SyntheticCalcutta),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn add_synthetic(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<SyntheticCalcuttaRequest>,
) -> Result<(StatusCode, HeaderMap, Json<SyntheticCalcutta>), Problem> {
    let synthetic = acts.lab.add_synthetic(tenant, request).await?;
    Ok((StatusCode::CREATED, tagged(synthetic.version), Json(synthetic)))
}

/// Synthetic calcuttas, newest first.
#[utoipa::path(get, path = "/lab/synthetic-calcuttas", tag = "lab", params(ListSynthetic),
    responses((status = 200, description = "A page of synthetic calcuttas", body = SyntheticCalcuttaPage),
        Invalid, Refused))]
pub(crate) async fn list_synthetic(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListSynthetic>,
) -> Result<(HeaderMap, Json<SyntheticCalcuttaPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("lab_synthetic:{}", tenant.id());
    let cursor = query.cursor.as_ref();
    let before =
        cursor.map(|cursor| reads.cursors().open::<SyntheticCalcuttaId>(&scope, cursor)).transpose()?;
    let mut items = reads.lab().synthetic_calcuttas(tenant, &query, before, limit as u64 + 1).await?;
    let last = page::cut(&mut items, limit).map(|last| last.synthetic_calcutta_id);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(SyntheticCalcuttaPage { items, next_cursor })))
}

/// One synthetic calcutta with its candidates.
#[utoipa::path(get, path = "/lab/synthetic-calcuttas/{synthetic_calcutta_id}", tag = "lab",
    params(("synthetic_calcutta_id" = uuid::Uuid, Path, description = "The synthetic calcutta")),
    responses((status = 200, description = "It; `ETag` is its version", body = SyntheticCalcutta),
        NotFound, Invalid, Refused))]
pub(crate) async fn find_synthetic(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<SyntheticCalcuttaId>,
) -> Result<(HeaderMap, Json<SyntheticCalcutta>), Problem> {
    let synthetic = reads.lab().synthetic_calcutta(tenant, id).await?;
    Ok((tagged(synthetic.version), Json(synthetic)))
}

/// Changes the highlight or the notes of a synthetic calcutta. With `If-Match` only from the version named there.
#[utoipa::path(patch, path = "/lab/synthetic-calcuttas/{synthetic_calcutta_id}", tag = "lab",
    params(("synthetic_calcutta_id" = uuid::Uuid, Path, description = "The synthetic calcutta"),
        ("If-Match" = Option<String>, Header, description = "Its entity tag as the caller knows it")),
    request_body = ChangeSyntheticCalcutta,
    responses((status = 200, description = "Changed; `ETag` is its version", body = SyntheticCalcutta),
        NotFound, Stale, Invalid, Refused))]
pub(crate) async fn change_synthetic(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<SyntheticCalcuttaId>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<ChangeSyntheticCalcutta>,
) -> Result<(HeaderMap, Json<SyntheticCalcutta>), Problem> {
    let synthetic = acts.lab.change_synthetic(tenant, id, request, if_match(&headers)?).await?;
    Ok((tagged(synthetic.version), Json(synthetic)))
}

/// Replaces the rules, points and payouts of a synthetic calcutta: it stands on another snapshot from now on, with the
/// same entries. With `If-Match` only from the version named there.
#[utoipa::path(put, path = "/lab/synthetic-calcuttas/{synthetic_calcutta_id}/rules", tag = "lab",
    params(("synthetic_calcutta_id" = uuid::Uuid, Path, description = "The synthetic calcutta"),
        ("If-Match" = Option<String>, Header, description = "Its entity tag as the caller knows it")),
    request_body = SyntheticRules,
    responses((status = 200, description = "Replaced; `ETag` is the version", body = SyntheticCalcutta),
        NotFound, Stale, Invalid, Refused))]
pub(crate) async fn replace_rules(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<SyntheticCalcuttaId>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<SyntheticRules>,
) -> Result<(HeaderMap, Json<SyntheticCalcutta>), Problem> {
    let synthetic = acts.lab.replace_rules(tenant, id, request, if_match(&headers)?).await?;
    Ok((tagged(synthetic.version), Json(synthetic)))
}

/// Attaches a candidate: it is an entry of another snapshot, which the synthetic calcutta stands on from now on.
#[utoipa::path(post, path = "/lab/attachments", tag = "lab", request_body = Attach,
    responses((status = 201, description = "Attached; `ETag` is the version", body = SyntheticCalcutta),
        NotFound, Conflict, Stale, Invalid, Refused))]
pub(crate) async fn attach(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<Attach>,
) -> Result<(StatusCode, HeaderMap, Json<SyntheticCalcutta>), Problem> {
    let synthetic = acts.lab.attach(tenant, request).await?;
    Ok((StatusCode::CREATED, tagged(synthetic.version), Json(synthetic)))
}

/// Takes a candidate out again; runs that were made with it keep their snapshot.
#[utoipa::path(delete, path = "/lab/attachments/{attachment_id}", tag = "lab",
    params(("attachment_id" = uuid::Uuid, Path, description = "The attachment")),
    responses((status = 200, description = "Detached; `ETag` is the version", body = SyntheticCalcutta),
        NotFound, Stale, Invalid, Refused))]
pub(crate) async fn detach(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<AttachmentId>,
) -> Result<(HeaderMap, Json<SyntheticCalcutta>), Problem> {
    let synthetic = acts.lab.detach(tenant, id).await?;
    Ok((tagged(synthetic.version), Json(synthetic)))
}
