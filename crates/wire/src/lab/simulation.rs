//! Auctions over simulated tournaments.

use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{EntryId, LabRun, LeaderboardRow, SnapshotId, StateId};

/// An auction over simulated tournaments: what to compute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SimulationRequest)]
pub struct SimulationRequest {
    /// The auction with its entries.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// The state of play every simulation begins at.
    #[schema(value_type = uuid::Uuid)]
    pub state_id: StateId,
    /// Who beats whom.
    #[schema(value_type = uuid::Uuid)]
    pub game_outcome_run_id: RunId,
    /// How many simulations, or how exact.
    pub size: SimulationSize,
    /// The seed; two simulations of one seed play the same tournaments, so that their difference is exact.
    #[schema(minimum = 1, format = "uint64")]
    pub seed: u64,
    /// Whether the digest over all tournaments is recorded, against which each of them can be proven later. At most
    /// 10⁸ simulations are sealed.
    #[serde(default)]
    #[schema(required = false)]
    pub is_sealed: bool,
    /// An entry that is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub excluded_entry_id: Option<EntryId>,
}

/// How many simulations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = lab::SimulationSize)]
pub enum SimulationSize {
    /// So many, 2 to 10¹⁰.
    NSims(u64),
    /// As many as it takes until no entry's chance of the first place is less certain than plus or minus this, at 95 %.
    Precision(f64),
}

/// A simulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Simulation)]
pub struct Simulation {
    /// Its run.
    pub run: LabRun,
    /// How many simulations were asked for.
    pub size: SimulationSize,
    /// The seed.
    #[schema(format = "uint64")]
    pub seed: u64,
    /// What it gave; of a cancelled one what is finished.
    pub result: Option<SimulationResult>,
}

/// What simulations come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SimulationResult)]
pub struct SimulationResult {
    /// Simulations that were played.
    pub total_simulations: u64,
    /// The largest half width of a 95 % interval of any entry's chance of the first place.
    pub p_top1_half_width: f64,
    /// The digest over all tournaments; `null` where none was asked for.
    #[schema(value_type = Option<String>)]
    pub seal_root: Option<Digest>,
    /// The first prize, in cents: what payouts are divided by.
    pub first_prize_cents: u32,
    /// Points all teams earn together in a finished tournament.
    pub total_points: f64,
    /// Points that are expected to go to nobody, because nobody bid on their teams.
    pub unowned_points: f64,
    /// The entries, best first.
    pub leaderboard: Vec<LeaderboardRow>,
}

/// Which tournament of a simulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BracketQuery {
    /// Its number, from 0.
    pub simulation: u64,
}

/// That a tournament lies under a seal, by RFC 9162, 2.1.3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SealProof)]
pub struct SealProof {
    /// The digest over all tournaments.
    #[schema(value_type = String)]
    pub root: Digest,
    /// How many there are.
    pub total_simulations: u64,
    /// Its results as 32-bit words: a bit for each game, set where the first side won.
    pub bits: Vec<u32>,
    /// The digests beside its path, from below.
    #[schema(value_type = Vec<String>)]
    pub path: Vec<Digest>,
}
