//! Imported series.

use axum::Json;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use chrono::{DateTime, NaiveDate, Utc};
use model_selection::import::{self, Format, Reading};
use retail::dataset::Upload;
use retail::{DatasetId, dataset};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{Id, Query, body_of_any};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// No file is larger.
pub(crate) const BODY_LIMIT: usize = retail::csv::MAX_BYTES;

/// An imported dataset in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = datasets::Item)]
pub(crate) struct DatasetItem {
    dataset_id: uuid::Uuid,
    name: String,
    /// SHA-256 of the uploaded bytes, 64 hex digits.
    digest: String,
    size_bytes: u64,
    series_count: u64,
    point_count: u64,
    created_at: DateTime<Utc>,
}

/// An imported dataset and its series.
#[derive(Serialize, ToSchema)]
#[schema(as = datasets::Dataset)]
pub(crate) struct Dataset {
    #[serde(flatten)]
    #[schema(inline)]
    item: DatasetItem,
    /// In the order of the upload.
    series: Vec<SeriesSummary>,
}

/// A series without its points.
#[derive(Serialize, ToSchema)]
#[schema(as = datasets::Series)]
pub(crate) struct SeriesSummary {
    name: String,
    points: u64,
    first_date: NaiveDate,
    last_date: NaiveDate,
    frequency: Frequency,
}

/// How far apart dates are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = datasets::Frequency)]
#[expect(dead_code, reason = "describes what the domain writes")]
pub(crate) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
    Irregular,
}

/// A page of datasets, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = datasets::Page)]
pub(crate) struct DatasetPage {
    items: Vec<DatasetItem>,
    next_cursor: Option<String>,
}

/// What to call it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportQuery {
    /// 1 to 100 characters.
    #[param(min_length = 1, max_length = 100)]
    name: String,
    /// Parquet and Arrow: how far apart the dates are (`daily`, `weekly`, `monthly`, `quarterly`, `yearly`), if not as
    /// the dates say. Lists of values have no dates and need it.
    #[param(value_type = Option<String>)]
    frequency: Option<forecast::Frequency>,
    /// Parquet and Arrow: the first date of lists without one, or the date of period 0.
    start: Option<NaiveDate>,
}

const CSV: &str = "text/csv";
const PARQUET: &str = "application/vnd.apache.parquet";
const ARROW_FILE: &str = "application/vnd.apache.arrow.file";
const ARROW_STREAM: &str = "application/vnd.apache.arrow.stream";

/// The file.
#[derive(ToSchema)]
#[schema(as = datasets::File, value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bytes")]
pub(crate) struct File(Vec<u8>);

/// Imports series from CSV, Parquet or Arrow. All of them or none.
///
/// CSV has the columns `series,date,value` or `date,value`. Parquet and Arrow have one row per date (`unique_id`, `ds`,
/// `y` or their usual other names) or one row per series, whose values are a list. The same bytes under the same name,
/// with the same `frequency` and `start`, are the same dataset, so a repeated import is harmless.
#[utoipa::path(post, path = "/datasets", tag = "datasets", params(ImportQuery),
    request_body(description = "The file; CSV in UTF-8", content(
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
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<dataset::Dataset>), Problem> {
    let ImportQuery { name, frequency, start } = query;
    let (media_type, bytes) = body_of_any(request, &[CSV, PARQUET, ARROW_FILE, ARROW_STREAM]).await?;
    let clock = &**acts.reads.clock();
    let imported = if media_type == CSV {
        dataset::import_csv(&acts.write, clock, tenant, &name, &bytes).await?
    } else {
        let format = if media_type == PARQUET { Format::Parquet } else { Format::Arrow };
        let reading = Reading { format, frequency, start };
        let upload = Upload { tenant, name: &name, bytes: &bytes, reading: &reading.to_string() };
        import::import(&acts.write, clock, upload, reading).await?
    };
    let location = format!("/api/datasets/{}", imported.item.dataset_id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(imported)))
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
}

/// Imported datasets, newest first.
#[utoipa::path(get, path = "/datasets", tag = "datasets", params(ListQuery),
    responses((status = 200, description = "A page of datasets", body = DatasetPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<page::Answer<dataset::DatasetItem>>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("datasets:{}", tenant.id());
    let before: Option<DatasetId> =
        query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let page = dataset::list(reads.db(), tenant, before, limit as u64).await.map_err(Problem::internal)?;
    Ok(page::answer(reads.cursors(), &scope, &uri, page.items, page.next.as_ref()))
}

/// One dataset.
#[utoipa::path(get, path = "/datasets/{dataset_id}", tag = "datasets",
    params(("dataset_id" = uuid::Uuid, Path, description = "The dataset")),
    responses((status = 200, description = "The dataset", body = Dataset), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<DatasetId>,
) -> Result<Json<dataset::Dataset>, Problem> {
    Ok(Json(dataset::find(reads.db(), tenant, id).await?))
}
