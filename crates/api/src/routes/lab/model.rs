//! Models of games and markets, and the best bids.

use axum::Json;
use axum::extract::State;
use kernel::RunId;
use wire::lab::{
    GameOutcome, GameOutcomeRequest, LiveAuction, LiveRequest, MarketShare, MarketShareRequest, Returns,
    ReturnsQuery, Strategy, StrategyRequest,
};

use super::submitted;
use crate::Problem;
use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::submit::{Acceptance, Accepted, Submitted};

/// Submits a model of games: the chances of every pair, and how far each team comes, exactly.
#[utoipa::path(post, path = "/lab/game-outcomes", tag = "lab",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = GameOutcomeRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit_game_outcome(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<GameOutcomeRequest>,
) -> Result<Acceptance, Problem> {
    Ok(submitted(acts.lab.submit_game_outcome(tenant, submission).await?, "game-outcomes"))
}

/// A run of a model of games with what it gave.
#[utoipa::path(get, path = "/lab/game-outcomes/{game_outcome_run_id}", tag = "lab",
    params(("game_outcome_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = GameOutcome), NotFound, Invalid, Refused))]
pub(crate) async fn game_outcome(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<GameOutcome>, Problem> {
    Ok(Json(reads.lab().game_outcome(tenant, id).await?))
}

/// Submits a model of markets: which share of all bids each team draws.
#[utoipa::path(post, path = "/lab/market-shares", tag = "lab",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = MarketShareRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit_market_share(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<MarketShareRequest>,
) -> Result<Acceptance, Problem> {
    Ok(submitted(acts.lab.submit_market_share(tenant, submission).await?, "market-shares"))
}

/// A run of a model of markets with what it gave.
#[utoipa::path(get, path = "/lab/market-shares/{market_share_run_id}", tag = "lab",
    params(("market_share_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = MarketShare), NotFound, Invalid, Refused))]
pub(crate) async fn market_share(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<MarketShare>, Problem> {
    Ok(Json(reads.lab().market_share(tenant, id).await?))
}

/// What every team is worth and what it costs, by two runs that are named.
#[utoipa::path(get, path = "/lab/returns", tag = "lab", params(ReturnsQuery),
    responses((status = 200, description = "The teams", body = Returns), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn returns(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<ReturnsQuery>,
) -> Result<Json<Returns>, Problem> {
    Ok(Json(reads.lab().returns(tenant, &query).await?))
}

/// An auction while it goes on: prices of what is not sold yet, and the best bids on it. Nothing is kept.
#[utoipa::path(post, path = "/lab/live", tag = "lab", request_body = LiveRequest,
    responses((status = 200, description = "The auction from here", body = LiveAuction),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn live(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    extract::Json(request): extract::Json<LiveRequest>,
) -> Result<Json<LiveAuction>, Problem> {
    Ok(Json(reads.lab().live(tenant, request).await?))
}

/// Submits the optimiser: the whole-number bids with the most expected points under the rules.
#[utoipa::path(post, path = "/lab/strategies", tag = "lab",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = StrategyRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit_strategy(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<StrategyRequest>,
) -> Result<Acceptance, Problem> {
    Ok(submitted(acts.lab.submit_strategy(tenant, submission).await?, "strategies"))
}

/// A run of the optimiser with its bids.
#[utoipa::path(get, path = "/lab/strategies/{strategy_generation_run_id}", tag = "lab",
    params(("strategy_generation_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = Strategy), NotFound, Invalid, Refused))]
pub(crate) async fn strategy(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Strategy>, Problem> {
    Ok(Json(reads.lab().strategy(tenant, id).await?))
}
