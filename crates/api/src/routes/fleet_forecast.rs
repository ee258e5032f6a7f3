//! Forecasts of data sets.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use kernel::RunId;
use wire::model_selection::{FleetForecast, FleetForecastRequest, ForecastSeriesQuery, SeriesForecastPage};

use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::submit::{Acceptance, Accepted, Submitted, accepted};
use crate::{Problem, page};

/// Submits a forecast: candidates are weighed on the folds of each series, and what comes after its last row is forecast.
#[utoipa::path(post, path = "/forecasts", tag = "model_selection",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = FleetForecastRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<FleetForecastRequest>,
) -> Result<Acceptance, Problem> {
    let run = acts.selector.submit_fleet_forecast(tenant, submission).await?;
    Ok(accepted(run, &format!("/api/forecasts/{run}"), &format!("/api/runs/{run}")))
}

/// A forecast with everything known of it but the series themselves.
#[utoipa::path(get, path = "/forecasts/{forecast_id}", tag = "model_selection",
    params(("forecast_id" = uuid::Uuid, Path, description = "The forecast's run")),
    responses((status = 200, description = "The forecast", body = FleetForecast), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<FleetForecast>, Problem> {
    Ok(Json(reads.selector().fleet_forecast(tenant, id).await?))
}

/// The forecasts of the series, in the order of the data set.
#[utoipa::path(get, path = "/forecasts/{forecast_id}/series", tag = "model_selection",
    params(("forecast_id" = uuid::Uuid, Path, description = "The forecast's run"), ForecastSeriesQuery),
    responses((status = 200, description = "A page of forecasts", body = SeriesForecastPage),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn series(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Id(id): Id<RunId>,
    Query(query): Query<ForecastSeriesQuery>,
) -> Result<(HeaderMap, Json<SeriesForecastPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("forecast:{}:{id}", tenant.id());
    let from: Option<u64> = query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    let found = reads.selector().fleet_forecast_series(tenant, id, from.unwrap_or(0), limit).await?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, found.next.as_ref());
    Ok((headers, Json(SeriesForecastPage { items: found.items, next_cursor })))
}
