//! Many runs at once: proposed with every upstream by its id, and submitted exactly as they were proposed.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    CalcuttaId, CohortId, GameOutcomeModel, GameOutcomeRequest, MarketShareRequest, StrategyRequest,
    TournamentId,
};

/// Which runs to propose: those that tournaments or auctions lack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "run_kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = lab::BulkQuery)]
pub enum BulkQuery {
    /// Who beats whom, of every tournament.
    GameOutcome {
        /// The model.
        model: GameOutcomeModel,
        /// The state that each begins at, by its name in the tournament.
        #[schema(min_length = 1, max_length = 100)]
        starting_state_key: String,
        /// The tournaments; all when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 200)]
        tournament_ids: Option<Vec<TournamentId>>,
    },
    /// What others bid, of every auction as it was imported.
    MarketShare {
        /// The model.
        model: BulkMarketModel,
        /// The auctions; all when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 200)]
        calcutta_ids: Option<Vec<CalcuttaId>>,
    },
    /// The best bids, of every auction as it was imported, by the models of a cohort.
    StrategyGeneration {
        /// An automatic cohort, which names its models.
        #[schema(value_type = uuid::Uuid)]
        cohort_id: CohortId,
        /// The auctions; all when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 200)]
        calcutta_ids: Option<Vec<CalcuttaId>>,
    },
}

/// A model of markets for many auctions, each with its own upstreams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = lab::BulkMarketModel)]
pub enum BulkMarketModel {
    /// People bid what a team is expected to earn.
    #[serde(rename = "naive-ev-baseline")]
    NaiveEvBaseline {
        /// The model of the run that says so; each tournament must have one such run and no more.
        game_outcome_model: String,
    },
    /// Learned from other auctions.
    Ridge {
        /// The penalty.
        ridge_alpha: f64,
        /// Which auctions each learns from.
        train_on: TrainOn,
    },
    /// What was really bid.
    OracleActualMarket {},
}

kernel::words! {
    /// The auctions that a market is learned from.
    #[derive(ToSchema)]
    #[schema(as = lab::TrainOn)]
    pub enum TrainOn {
        /// Those of earlier seasons.
        Earlier = "earlier",
        /// Those of all other seasons, later ones too: fit for judging a model, not for a forecast.
        Others = "others",
    }
}

/// A run to submit. Nothing in it is looked up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "run_kind", content = "request", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = lab::BulkRun)]
pub enum BulkRun {
    /// Who beats whom.
    GameOutcome(GameOutcomeRequest),
    /// What others bid.
    MarketShare(MarketShareRequest),
    /// The best bids.
    StrategyGeneration(StrategyRequest),
}

/// Runs that are proposed. Nothing was submitted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BulkProposal)]
pub struct BulkProposal {
    /// The runs, ready to be submitted as they are.
    pub runs: Vec<BulkRun>,
    /// Tournaments or auctions that have such a run.
    pub skipped: Vec<BulkSkipped>,
    /// Tournaments or auctions for which none can be proposed.
    pub refused: Vec<BulkRefused>,
}

/// A tournament or an auction that has such a run, succeeded or under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BulkSkipped)]
pub struct BulkSkipped {
    /// The tournament or the auction.
    pub target_id: uuid::Uuid,
    /// What people call it.
    pub name: String,
    /// Its runs.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub run_ids: Vec<RunId>,
}

/// A tournament or an auction for which no run can be proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BulkRefused)]
pub struct BulkRefused {
    /// The tournament or the auction.
    pub target_id: uuid::Uuid,
    /// What people call it.
    pub name: String,
    /// A stable code.
    pub code: String,
    /// Why, and what to do.
    pub message: String,
    /// The runs among which somebody has to choose.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub choices: Vec<RunId>,
}

/// Runs to submit, each with all its upstreams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::BulkRequest)]
pub struct BulkRequest {
    /// The runs.
    #[schema(min_items = 1, max_items = 200)]
    pub runs: Vec<BulkRun>,
}

/// What became of the runs of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BulkReport)]
pub struct BulkReport {
    /// Runs that were submitted.
    pub created: Vec<BulkMade>,
    /// Runs of the very same spec that were there already, succeeded or under way.
    pub skipped: Vec<BulkMade>,
    /// Runs that were refused; the others are not affected.
    pub refused: Vec<BulkFailed>,
}

/// One run of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BulkMade)]
pub struct BulkMade {
    /// Its place in the request, from 0.
    pub index: u32,
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
}

/// One run of a request that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BulkFailed)]
pub struct BulkFailed {
    /// Its place in the request, from 0.
    pub index: u32,
    /// A stable code.
    pub code: String,
    /// Why.
    pub message: String,
}
