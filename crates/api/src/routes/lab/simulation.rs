//! Simulations, evaluations and batches.

use axum::Json;
use axum::extract::State;
use kernel::RunId;
use wire::lab::{
    Batch, BatchRequest, BracketQuery, ConditionRequest, Conditioned, Distribution, DistributionQuery,
    Evaluation, EvaluationRequest, Ownership, PlayedBracket, Portfolio, PortfolioRequest, Simulation,
    SimulationRequest,
};

use super::submitted;
use crate::Problem;
use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::submit::{Acceptance, Accepted, Submitted};

/// Submits a simulation: an auction over tournaments that are played by chance.
#[utoipa::path(post, path = "/lab/simulations", tag = "lab",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = SimulationRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<SimulationRequest>,
) -> Result<Acceptance, Problem> {
    Ok(submitted(acts.lab.submit_simulation(tenant, submission).await?, "simulations"))
}

/// A simulation with its leaderboard.
#[utoipa::path(get, path = "/lab/simulations/{simulation_run_id}", tag = "lab",
    params(("simulation_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The simulation", body = Simulation), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Simulation>, Problem> {
    Ok(Json(reads.lab().simulation(tenant, id).await?))
}

/// Every way one entry finished, and how often.
#[utoipa::path(get, path = "/lab/simulations/{simulation_run_id}/distribution", tag = "lab",
    params(("simulation_run_id" = uuid::Uuid, Path, description = "The run"), DistributionQuery),
    responses((status = 200, description = "The finishes", body = Distribution), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn distribution(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    Query(query): Query<DistributionQuery>,
) -> Result<Json<Distribution>, Problem> {
    Ok(Json(reads.lab().distribution(tenant, id, query.entry_id).await?))
}

/// Who owns which team, and what it is expected to earn.
#[utoipa::path(get, path = "/lab/simulations/{simulation_run_id}/ownership", tag = "lab",
    params(("simulation_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The teams", body = Ownership), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn ownership(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Ownership>, Problem> {
    Ok(Json(reads.lab().ownership(tenant, id).await?))
}

/// One tournament of a simulation, played again from the seed, with the proof that it lies under the run's seal.
#[utoipa::path(get, path = "/lab/simulations/{simulation_run_id}/bracket", tag = "lab",
    params(("simulation_run_id" = uuid::Uuid, Path, description = "The run"), BracketQuery),
    responses((status = 200, description = "The tournament", body = PlayedBracket),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn bracket(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    Query(query): Query<BracketQuery>,
) -> Result<Json<PlayedBracket>, Problem> {
    Ok(Json(reads.lab().bracket(tenant, id, query.simulation).await?))
}

/// A simulation under a condition: what it comes to if these teams win these games. It is counted over its own tournaments,
/// at most the first 10⁶, and said exactly where that is possible.
#[utoipa::path(post, path = "/lab/simulations/{simulation_run_id}/condition", tag = "lab",
    params(("simulation_run_id" = uuid::Uuid, Path, description = "The run")), request_body = ConditionRequest,
    responses((status = 200, description = "The games and the entries", body = Conditioned),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn condition(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    extract::Json(request): extract::Json<ConditionRequest>,
) -> Result<Json<Conditioned>, Problem> {
    Ok(Json(reads.lab().condition(tenant, id, &request).await?))
}

/// Entries and candidates of a simulation in one hand: how their payouts hang together, and what each adds.
#[utoipa::path(post, path = "/lab/simulations/{simulation_run_id}/portfolio", tag = "lab",
    params(("simulation_run_id" = uuid::Uuid, Path, description = "The run")), request_body = PortfolioRequest,
    responses((status = 200, description = "The members", body = Portfolio),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn portfolio(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    extract::Json(request): extract::Json<PortfolioRequest>,
) -> Result<Json<Portfolio>, Problem> {
    Ok(Json(reads.lab().portfolio(tenant, id, &request).await?))
}

/// Submits an evaluation: candidates, each alone against the entries of a simulation, over its very tournaments.
#[utoipa::path(post, path = "/lab/evaluations", tag = "lab",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = EvaluationRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit_evaluation(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<EvaluationRequest>,
) -> Result<Acceptance, Problem> {
    Ok(submitted(acts.lab.submit_evaluation(tenant, submission).await?, "evaluations"))
}

/// An evaluation with what the candidates came to.
#[utoipa::path(get, path = "/lab/evaluations/{evaluation_run_id}", tag = "lab",
    params(("evaluation_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The evaluation", body = Evaluation), NotFound, Invalid, Refused))]
pub(crate) async fn evaluation(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Evaluation>, Problem> {
    Ok(Json(reads.lab().evaluation(tenant, id).await?))
}

/// Submits a batch: a simulation of each synthetic calcutta that is named, as it stands now.
#[utoipa::path(post, path = "/lab/batches", tag = "lab",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = BatchRequest,
    responses((status = 202, description = "Accepted; `Location` names it", body = Accepted),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn submit_batch(
    State(acts): State<Acts>,
    Submitted(tenant, submission): Submitted<BatchRequest>,
) -> Result<Acceptance, Problem> {
    Ok(submitted(acts.lab.submit_batch(tenant, submission).await?, "batches"))
}

/// A batch with what its members came to.
#[utoipa::path(get, path = "/lab/batches/{batch_run_id}", tag = "lab",
    params(("batch_run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The batch", body = Batch), NotFound, Invalid, Refused))]
pub(crate) async fn batch(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Batch>, Problem> {
    Ok(Json(reads.lab().batch(tenant, id).await?))
}
