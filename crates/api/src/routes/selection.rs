//! Comparisons of models: catalogue, availability, submit, look, cancel.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use kernel::{RunId, Tenant};
use model_selection::comparison::Filter;
use retail::availability;
use wire::model_selection::{
    AvailabilityQuery, Catalog, ChartsQuery, Comparison, ComparisonPage, ComparisonRequest, ListComparisons,
    PairAvailability, Preview, PreviewRequest, RankedSeriesPage, RankedSeriesQuery, Ranking, SeriesCharts,
};

use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, Late, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::submit::{Acceptance, Accepted, Submitted, accepted};
use crate::{Problem, page};

/// Every model type with its parameters, and the candidates proposed when none are chosen.
#[utoipa::path(get, path = "/model-selection/models", tag = "model_selection",
    responses((status = 200, description = "The catalogue", body = Catalog), Refused))]
pub(crate) async fn models() -> Json<Catalog> {
    let proposed = forecast::default_candidates().into_iter().map(str::to_owned).collect();
    Json(Catalog { models: forecast::catalog(), default_candidate_model_types: proposed })
}

/// Whether a pair has enough history, and the split to use.
#[utoipa::path(get, path = "/model-selection/availability", tag = "model_selection", params(AvailabilityQuery),
    responses((status = 200, description = "What there is", body = PairAvailability), NotFound, Invalid, Refused))]
pub(crate) async fn availability(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<AvailabilityQuery>,
) -> Result<Json<PairAvailability>, Problem> {
    let window = match (query.start_date, query.end_date) {
        (None, None) => None,
        (Some(start), Some(end)) => Some(
            retail::Window::new(start, end)
                .map_err(|_| Problem::field("end_date", "must not lie before start_date"))?,
        ),
        _ => return Err(Problem::field("start_date", "goes together with end_date")),
    };
    let mut request = availability::Request::new(query.store_id, query.product_id);
    request.window = window;
    if let Some(horizon) = query.forecast_horizon {
        request.forecast_horizon = horizon;
    }
    Ok(Json(availability::availability(reads.db(), tenant, &request).await?))
}

/// What a comparison of a file's series would do, and about how long it would take. Nothing is stored.
///
/// It takes series as `/datasets/inspect` answers them. The time is measured: each candidate runs on them, for a second or two
/// in all.
#[utoipa::path(post, path = "/model-selection/preview", tag = "model_selection", request_body = PreviewRequest,
    responses((status = 200, description = "The plan", body = Preview), Invalid, Refused))]
pub(crate) async fn preview(
    State(acts): State<Acts>,
    extract::Json(request): extract::Json<PreviewRequest>,
) -> Result<Json<Preview>, Problem> {
    Ok(Json(acts.selector.preview_comparison(request).await?))
}

/// Submits a comparison; it races on its own. Pins what it reads.
#[utoipa::path(post, path = "/model-selection/runs", tag = "model_selection",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = ComparisonRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<ComparisonRequest>,
) -> Result<Acceptance, Problem> {
    let run = acts.selector.submit_comparison(tenant, submission).await?;
    let location = format!("/api/model-selection/{run}");
    Ok(accepted(run, &location, &location))
}

/// Comparisons, newest first.
#[utoipa::path(get, path = "/model-selection/runs", tag = "model_selection", params(ListComparisons),
    responses((status = 200, description = "A page of comparisons", body = ComparisonPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListComparisons>,
) -> Result<(HeaderMap, Json<ComparisonPage>), Problem> {
    let limit = page::limit(query.limit, 20, 1..=100)?;
    let scope = format!("model_selection:{}", tenant.id());
    let before = query.cursor.map(|cursor| reads.cursors().open::<RunId>(&scope, &cursor)).transpose()?;
    let filter = Filter {
        store_id: query.store_id,
        product_id: query.product_id,
        dataset_id: query.dataset_id,
        status: query.status,
    };
    let mut items = reads.selector().comparisons(tenant, &filter, before, limit as u64 + 1).await?;
    let next_cursor =
        page::cut(&mut items, limit).map(|last| reads.cursors().seal(&scope, &last.selection_id));
    Ok((page::link(&uri, next_cursor.as_deref()), Json(ComparisonPage { items, next_cursor })))
}

/// A comparison with everything known of it.
#[utoipa::path(get, path = "/model-selection/{selection_id}", tag = "model_selection",
    params(("selection_id" = uuid::Uuid, Path, description = "The comparison")),
    responses((status = 200, description = "The comparison", body = Comparison), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Comparison>, Problem> {
    Ok(Json(reads.selector().comparison(tenant, id).await?))
}

/// The ranking over all series.
#[utoipa::path(get, path = "/model-selection/{selection_id}/ranking", tag = "model_selection",
    params(("selection_id" = uuid::Uuid, Path, description = "The comparison")),
    responses((status = 200, description = "The ranking; empty before the end", body = Ranking),
        NotFound, Invalid, Refused))]
pub(crate) async fn ranking(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Ranking>, Problem> {
    Ok(Json(reads.selector().comparison_ranking(tenant, id).await?))
}

/// The rankings on the series, in the order of the data set.
#[utoipa::path(get, path = "/model-selection/{selection_id}/series", tag = "model_selection",
    params(("selection_id" = uuid::Uuid, Path, description = "The comparison"), RankedSeriesQuery),
    responses((status = 200, description = "A page of rankings", body = RankedSeriesPage),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn series(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Id(id): Id<RunId>,
    Query(query): Query<RankedSeriesQuery>,
) -> Result<(HeaderMap, Json<RankedSeriesPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let part = page::name_part(query.name_contains.as_deref())?;
    // A cursor of another search would begin in the middle of this one.
    let scope = format!("comparison:{}:{id}:{}", tenant.id(), part.unwrap_or_default());
    let from: Option<u64> = query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let found = reads.selector().comparison_series(tenant, id, from.unwrap_or(0), limit, part).await?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, found.next.as_ref());
    Ok((headers, Json(RankedSeriesPage { items: found.items, next_cursor })))
}

/// The charts of one series, with its ranking.
#[utoipa::path(get, path = "/model-selection/{selection_id}/charts", tag = "model_selection",
    params(("selection_id" = uuid::Uuid, Path, description = "The comparison"), ChartsQuery),
    responses((status = 200, description = "The charts", body = SeriesCharts),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn charts(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    Query(query): Query<ChartsQuery>,
) -> Result<Json<SeriesCharts>, Problem> {
    Ok(Json(reads.selector().comparison_charts(tenant, id, query.series.as_deref()).await?))
}

/// Asks a comparison to stop and answers when it has. What is finished stays and is ranked.
#[utoipa::path(delete, path = "/model-selection/{selection_id}", tag = "model_selection",
    params(("selection_id" = uuid::Uuid, Path, description = "The comparison")),
    responses((status = 200, description = "The settled comparison", body = Comparison),
        NotFound, Conflict, Late, Invalid, Refused))]
pub(crate) async fn cancel(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Comparison>, Problem> {
    // Only comparisons are cancelled here; a run of another kind is as unknown as any.
    known(&acts.reads, tenant, id).await?;
    acts.engine.cancel(tenant, id).await?;
    Ok(Json(acts.reads.selector().comparison(tenant, id).await?))
}

async fn known(reads: &Reads, tenant: Tenant, id: RunId) -> Result<(), Problem> {
    reads.selector().comparison(tenant, id).await?;
    Ok(())
}
