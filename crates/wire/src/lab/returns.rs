//! What teams are worth and what they cost: values derived from two runs.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SnapshotId;

/// Of which runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReturnsQuery {
    /// The auction, whose scoring counts.
    #[param(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// Who beats whom.
    #[param(value_type = uuid::Uuid)]
    pub game_outcome_run_id: RunId,
    /// What others bid.
    #[param(value_type = uuid::Uuid)]
    pub market_share_run_id: RunId,
}

/// What teams are worth and what they cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Returns)]
pub struct Returns {
    /// Points all teams are expected to earn.
    pub total_points: f64,
    /// Points all others have.
    pub pool_points: u64,
    /// The teams, in the order of the field.
    pub teams: Vec<TeamReturns>,
}

/// What one team is worth and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TeamReturns)]
pub struct TeamReturns {
    /// The team.
    pub team_id: String,
    /// What people call it.
    pub name: String,
    /// Its region; `null` in a field without regions.
    pub region: Option<String>,
    /// Its seed.
    pub seed: Option<u32>,
    /// Points it is expected to earn.
    pub expected_points: f64,
    /// Its part of all expected points: what it would cost if people bid by worth.
    pub rational_share: f64,
    /// Its part of all bids, as predicted.
    pub predicted_share: f64,
    /// How much dearer than by worth it is, in percent; `null` where it is worth nothing.
    pub delta_percent: Option<f64>,
    /// Points others are expected to bid on it.
    pub expected_market: f64,
    /// Points it earns over points bid on it; `null` where nobody is expected to bid.
    pub predicted_roi: Option<f64>,
}
