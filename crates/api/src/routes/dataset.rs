//! Imported series.

use axum::Json;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use bytes::Bytes;
use datasets::Upload;
use utoipa::ToSchema;
use wire::datasets::media_type::{ANY, ARROW_FILE, ARROW_STREAM, CSV, PARQUET};
use wire::datasets::{
    Dataset, DatasetId, DatasetPage, ImportQuery, Inspection, Report, SeriesPage, SeriesQuery,
};
use wire::page::PageQuery;

use crate::extract::{Id, Query, body_of_any};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// No file is larger.
pub(crate) const BODY_LIMIT: usize = datasets::MAX_BYTES;

/// The file.
#[derive(ToSchema)]
#[schema(as = datasets::File, value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bytes")]
pub(crate) struct File(Vec<u8>);

/// Imports the series of a file: CSV and other delimited text, Excel and ODS sheets, Parquet, Arrow, `.tsf`, and
/// gzip or zip of those.
///
/// What the file is, its bytes say. Its report (`/datasets/{dataset_id}/report`) says what was read, dropped and assumed; the
/// parameters state what the file leaves open. Series that cannot be used are left out. The same bytes under the same name,
/// with the same parameters, are the same dataset, so a repeated import is harmless.
#[utoipa::path(post, path = "/datasets", tag = "datasets", params(ImportQuery),
    request_body(description = "The file", content(
        (File = "application/octet-stream"),
        (String = "text/csv"),
        (File = "application/vnd.apache.parquet"),
        (File = "application/vnd.apache.arrow.file"),
        (File = "application/vnd.apache.arrow.stream"))),
    responses((status = 201, description = "Imported", body = Dataset), Invalid, Refused))]
pub(crate) async fn import(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Dataset>), Problem> {
    let bytes = file(request).await?;
    let clock = &**acts.reads.clock();
    let upload = Upload { tenant, bytes: &bytes, query: &query };
    let imported = datasets::import(&acts.write, &acts.store, clock, upload).await?;
    let location = format!("/api/datasets/{}", imported.dataset_id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(imported)))
}

/// What would be read of a file, and what would be assumed. Nothing is stored.
#[utoipa::path(post, path = "/datasets/inspect", tag = "datasets", params(ImportQuery),
    request_body(description = "The file", content(
        (File = "application/octet-stream"),
        (String = "text/csv"),
        (File = "application/vnd.apache.parquet"),
        (File = "application/vnd.apache.arrow.file"),
        (File = "application/vnd.apache.arrow.stream"))),
    responses((status = 200, description = "The report, and some of the series", body = Inspection), Invalid, Refused))]
pub(crate) async fn inspect(
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Json<Inspection>, Problem> {
    let bytes = file(request).await?;
    Ok(Json(datasets::inspect(&bytes, &query).await?))
}

async fn file(request: Request) -> Result<Bytes, Problem> {
    body_of_any(request, &[ANY, CSV, PARQUET, ARROW_FILE, ARROW_STREAM]).await
}

/// What was read of the file of a dataset, and what was assumed.
#[utoipa::path(get, path = "/datasets/{dataset_id}/report", tag = "datasets",
    params(("dataset_id" = uuid::Uuid, Path, description = "The dataset")),
    responses((status = 200, description = "The report", body = Report), NotFound, Invalid, Refused))]
pub(crate) async fn report(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<DatasetId>,
) -> Result<Json<Report>, Problem> {
    Ok(Json(reads.selector().datasets().report(tenant, id).await?))
}

/// Imported datasets, newest first.
#[utoipa::path(get, path = "/datasets", tag = "datasets", params(PageQuery),
    responses((status = 200, description = "A page of datasets", body = DatasetPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
) -> Result<(HeaderMap, Json<DatasetPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("datasets:{}", tenant.id());
    let before: Option<DatasetId> =
        query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let page =
        reads.selector().datasets().list(tenant, before, limit as u64).await.map_err(Problem::internal)?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, page.next.as_ref());
    Ok((headers, Json(DatasetPage { items: page.items, next_cursor })))
}

/// One dataset.
#[utoipa::path(get, path = "/datasets/{dataset_id}", tag = "datasets",
    params(("dataset_id" = uuid::Uuid, Path, description = "The dataset")),
    responses((status = 200, description = "The dataset", body = Dataset), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<DatasetId>,
) -> Result<Json<Dataset>, Problem> {
    Ok(Json(reads.selector().datasets().dataset(tenant, id).await?))
}

/// The series of a dataset without their points, in the order of the upload.
#[utoipa::path(get, path = "/datasets/{dataset_id}/series", tag = "datasets",
    params(("dataset_id" = uuid::Uuid, Path, description = "The dataset"), SeriesQuery),
    responses((status = 200, description = "A page of series", body = SeriesPage), NotFound, Invalid, Refused))]
pub(crate) async fn series(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Id(id): Id<DatasetId>,
    Query(query): Query<SeriesQuery>,
) -> Result<(HeaderMap, Json<SeriesPage>), Problem> {
    let limit = page::limit(query.limit, 100, 1..=1000)?;
    let part = page::name_part(query.name_contains.as_deref())?;
    // A cursor of another search would begin in the middle of this one.
    let scope = format!("dataset:{}:{id}:{}", tenant.id(), part.unwrap_or_default());
    let from: Option<u64> = query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let datasets = reads.selector().datasets();
    let found = datasets.series_page(tenant, id, from.unwrap_or(0), limit, part).await?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, found.next.as_ref());
    Ok((headers, Json(SeriesPage { items: found.items, next_cursor })))
}
