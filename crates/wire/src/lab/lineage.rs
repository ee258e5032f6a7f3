//! Runs of the lab and what they stand on: every upstream by its id.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CalcuttaId, CohortId, EntryId, SnapshotId, StateId, SyntheticCalcuttaId, TournamentId};
use crate::model_selection::Course;
use crate::runs::{Removed, Status};

kernel::words! {
    /// A kind of run of the lab.
    #[derive(ToSchema)]
    #[schema(as = lab::Kind)]
    pub enum LabKind {
        /// Who beats whom, and how far each team comes.
        GameOutcome = "game_outcome",
        /// What others bid.
        MarketShare = "market_share",
        /// The best bids against both.
        StrategyGeneration = "strategy_generation",
        /// An auction over simulated tournaments.
        Simulation = "simulation",
        /// Candidates, each alone, over the tournaments of a simulation.
        Evaluation = "evaluation",
        /// The simulations of a cohort.
        Batch = "batch",
    }
}

/// What a run stands on. What a kind does not use is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Lineage)]
pub struct Lineage {
    /// The tournament.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub tournament_id: Option<TournamentId>,
    /// The state of play.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub state_id: Option<StateId>,
    /// The auction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub calcutta_id: Option<CalcuttaId>,
    /// The auction as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub snapshot_id: Option<SnapshotId>,
    /// Who beats whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub game_outcome_run_id: Option<RunId>,
    /// What others bid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub market_share_run_id: Option<RunId>,
    /// The simulation whose tournaments are used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub simulation_run_id: Option<RunId>,
    /// The cohort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub cohort_id: Option<CohortId>,
    /// The synthetic calcutta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub synthetic_calcutta_id: Option<SyntheticCalcuttaId>,
    /// The entry that is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub excluded_entry_id: Option<EntryId>,
}

/// A run of the lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Run)]
pub struct LabRun {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// What it does.
    pub run_kind: LabKind,
    /// What it is called.
    pub title: String,
    /// The model or optimiser; `null` for kinds without one.
    pub model: Option<String>,
    /// How it stands.
    pub status: Status,
    /// The run that started it.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub parent_run_id: Option<RunId>,
    /// What it stands on.
    pub lineage: Lineage,
    /// What retention has removed of it; `null` of a run that is whole.
    pub removed: Option<Removed>,
    /// How it went, and when.
    #[serde(flatten)]
    pub course: Course,
}

/// A page of runs, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::RunPage)]
pub struct LabRunPage {
    /// The runs.
    pub items: Vec<LabRun>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which runs to list: those that stand on everything that is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListLabRuns {
    /// Only this kind.
    pub run_kind: Option<LabKind>,
    /// On this tournament.
    #[param(value_type = Option<uuid::Uuid>)]
    pub tournament_id: Option<TournamentId>,
    /// On this auction.
    #[param(value_type = Option<uuid::Uuid>)]
    pub calcutta_id: Option<CalcuttaId>,
    /// On this snapshot.
    #[param(value_type = Option<uuid::Uuid>)]
    pub snapshot_id: Option<SnapshotId>,
    /// Of this cohort.
    #[param(value_type = Option<uuid::Uuid>)]
    pub cohort_id: Option<CohortId>,
    /// Of this synthetic calcutta.
    #[param(value_type = Option<uuid::Uuid>)]
    pub synthetic_calcutta_id: Option<SyntheticCalcuttaId>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// What ids are proposed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResolveQuery {
    /// The auction.
    #[param(value_type = uuid::Uuid)]
    pub calcutta_id: CalcuttaId,
}

/// Ids that a request on an auction may name: all there are, to choose from. Nothing else chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Resolution)]
pub struct Resolution {
    /// The auction.
    #[schema(value_type = uuid::Uuid)]
    pub calcutta_id: CalcuttaId,
    /// Its tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// Its snapshots, oldest first.
    pub snapshots: Vec<super::SnapshotItem>,
    /// The states of the tournament.
    pub states: Vec<super::StateItem>,
    /// Succeeded runs on the tournament, newest first; at most 50.
    pub game_outcome_runs: Vec<LabRun>,
    /// Succeeded runs on the auction, newest first; at most 50.
    pub market_share_runs: Vec<LabRun>,
    /// Succeeded runs on the auction, newest first; at most 50.
    pub strategy_generation_runs: Vec<LabRun>,
}
