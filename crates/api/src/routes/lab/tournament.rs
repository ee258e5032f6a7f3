//! Seasons, tournaments and their states.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use wire::lab::{
    Calcutta, CalcuttaRequest, GenerateSeasons, SeasonReport, SeasonRequest, SeasonsReport, StateId,
    StateRequest, Tournament, TournamentId, TournamentPage,
};
use wire::page::PageQuery;

use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// Imports a season: its tournament, its results, its auction. All of it is checked before any of it is kept. What is there
/// already with the same content is not kept twice.
#[utoipa::path(post, path = "/lab/seasons", tag = "lab", request_body = SeasonRequest,
    responses((status = 200, description = "There already", body = SeasonReport),
        (status = 201, description = "Kept", body = SeasonReport), Invalid, Refused))]
pub(crate) async fn import(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<SeasonRequest>,
) -> Result<(StatusCode, Json<SeasonReport>), Problem> {
    let report = acts.lab.import_season(tenant, request).await?;
    let status = if report.is_there { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(report)))
}

/// Makes seasons with invented names: fields of 68, auctions, and results played by chance.
#[utoipa::path(post, path = "/lab/seasons/generate", tag = "lab", request_body = GenerateSeasons,
    responses((status = 201, description = "Made and kept", body = SeasonsReport), Invalid, Refused))]
pub(crate) async fn generate(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<GenerateSeasons>,
) -> Result<(StatusCode, Json<SeasonsReport>), Problem> {
    Ok((StatusCode::CREATED, Json(acts.lab.generate_seasons(tenant, &request).await?)))
}

/// Tournaments, newest first.
#[utoipa::path(get, path = "/lab/tournaments", tag = "lab", params(PageQuery),
    responses((status = 200, description = "A page of tournaments", body = TournamentPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
) -> Result<(HeaderMap, Json<TournamentPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("lab_tournaments:{}", tenant.id());
    let before =
        query.cursor.map(|cursor| reads.cursors().open::<TournamentId>(&scope, &cursor)).transpose()?;
    let mut items = reads.lab().tournaments(tenant, before, limit as u64 + 1).await?;
    let last = page::cut(&mut items, limit).map(|last| last.tournament_id);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(TournamentPage { items, next_cursor })))
}

/// A tournament with its field, its bracket and its states.
#[utoipa::path(get, path = "/lab/tournaments/{tournament_id}", tag = "lab",
    params(("tournament_id" = uuid::Uuid, Path, description = "The tournament")),
    responses((status = 200, description = "The tournament", body = Tournament), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<TournamentId>,
) -> Result<Json<Tournament>, Problem> {
    Ok(Json(reads.lab().tournament(tenant, id).await?))
}

/// Keeps a state of play: the results it names and no others. Its key must be new in the tournament.
#[utoipa::path(post, path = "/lab/tournaments/{tournament_id}/states", tag = "lab",
    params(("tournament_id" = uuid::Uuid, Path, description = "The tournament")), request_body = StateRequest,
    responses((status = 201, description = "Kept", body = wire::lab::State), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn add_state(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<TournamentId>,
    extract::Json(request): extract::Json<StateRequest>,
) -> Result<(StatusCode, Json<wire::lab::State>), Problem> {
    Ok((StatusCode::CREATED, Json(acts.lab.add_state(tenant, id, request).await?)))
}

/// Keeps another auction over a tournament.
#[utoipa::path(post, path = "/lab/tournaments/{tournament_id}/calcuttas", tag = "lab",
    params(("tournament_id" = uuid::Uuid, Path, description = "The tournament")), request_body = CalcuttaRequest,
    responses((status = 201, description = "Kept", body = Calcutta), NotFound, Invalid, Refused))]
pub(crate) async fn add_calcutta(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<TournamentId>,
    extract::Json(request): extract::Json<CalcuttaRequest>,
) -> Result<(StatusCode, Json<Calcutta>), Problem> {
    Ok((StatusCode::CREATED, Json(acts.lab.add_calcutta(tenant, id, request).await?)))
}

/// A state of play with its results.
#[utoipa::path(get, path = "/lab/states/{state_id}", tag = "lab",
    params(("state_id" = uuid::Uuid, Path, description = "The state")),
    responses((status = 200, description = "The state", body = wire::lab::State), NotFound, Invalid, Refused))]
pub(crate) async fn state(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<StateId>,
) -> Result<Json<wire::lab::State>, Problem> {
    Ok(Json(reads.lab().state(tenant, id).await?))
}
