//! The best bids against a market.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LabRun, SnapshotId};

/// The best bids: what to compute. Both upstream runs are named; nothing is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::StrategyRequest)]
pub struct StrategyRequest {
    /// The auction that is bid in.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// Who beats whom.
    #[schema(value_type = uuid::Uuid)]
    pub game_outcome_run_id: RunId,
    /// What others bid.
    #[schema(value_type = uuid::Uuid)]
    pub market_share_run_id: RunId,
    /// The optimiser: `minlp_v1`, exact over whole numbers.
    pub optimizer_key: String,
}

/// A run of the optimiser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Strategy)]
pub struct Strategy {
    /// Its run.
    pub run: LabRun,
    /// What it gave, once it has succeeded.
    pub result: Option<StrategyResult>,
}

/// The best bids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::StrategyResult)]
pub struct StrategyResult {
    /// Points they are expected to earn.
    pub expected_points: f64,
    /// Points they spend.
    pub total_bid_points: u32,
    /// The bids, in the order of the field.
    pub bids: Vec<TeamBid>,
}

/// A bid with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TeamBid)]
pub struct TeamBid {
    /// The team.
    pub team_id: String,
    /// Points bid.
    pub bid_points: u32,
    /// Points the team is expected to earn, whoever owns it.
    pub expected_points: f64,
    /// Points all others are expected to bid on it.
    pub expected_market: f64,
    /// The part of the team it would own: the bid over all bids.
    pub expected_ownership: f64,
    /// Points of the team over all points bid on it, its own included.
    pub expected_roi: f64,
}
