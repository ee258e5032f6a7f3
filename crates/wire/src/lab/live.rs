//! An auction while it goes on: what is sold so far, and what to bid on the rest.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SnapshotId, StrategyResult};

/// An auction as it stands. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::LiveRequest)]
pub struct LiveRequest {
    /// The auction, whose rules and scoring count.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// Who beats whom.
    #[schema(value_type = uuid::Uuid)]
    pub game_outcome_run_id: RunId,
    /// What others were expected to bid.
    #[schema(value_type = uuid::Uuid)]
    pub market_share_run_id: RunId,
    /// How many others bid; those of the market share run when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 500)]
    pub other_entry_count: Option<u32>,
    /// What others do with what they have left.
    #[serde(default)]
    #[schema(required = false)]
    pub spending: Spending,
    /// The teams that are sold.
    #[schema(max_items = 256)]
    pub sold: Vec<SoldTeam>,
}

kernel::words! {
    /// What others do with what they have left.
    #[derive(Default, ToSchema)]
    #[schema(as = lab::Spending)]
    pub enum Spending {
        /// They spend all of it.
        #[default]
        Budgets = "budgets",
        /// They go on as they began: above or below what was predicted by the same factor, as far as their budgets go.
        Pace = "pace",
    }
}

/// A team that is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SoldTeam)]
pub struct SoldTeam {
    /// The team.
    pub team_id: String,
    /// Points that all others bid on it together.
    pub others_points: u32,
    /// Points that you bid on it; 0 if you did not.
    pub own_points: u32,
}

/// What an auction comes to from here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::LiveAuction)]
pub struct LiveAuction {
    /// How many others bid.
    pub other_entry_count: u32,
    /// Points that all others have.
    pub pool_points: u64,
    /// Points that they have bid.
    pub sold_points: u64,
    /// Points that they will have bid at the end, as projected.
    pub projected_pot_points: f64,
    /// What they bid over what was predicted for the same teams; `null` where nothing is sold of which anything was.
    pub pace: Option<f64>,
    /// Points you have.
    pub own_budget_points: u32,
    /// Points you have bid.
    pub own_spent_points: u32,
    /// Points you have left.
    pub own_left_points: u32,
    /// Points that your bids so far are expected to earn.
    pub own_expected_points: f64,
    /// Points that the teams which are not sold are expected to earn.
    pub unsold_expected_points: f64,
    /// The best bids on the rest, exactly; `null` where none keep the rules.
    pub plan: Option<StrategyResult>,
    /// Why there is none.
    pub no_plan_reason: Option<String>,
    /// Points that the best of all bids would have been expected to earn had the prices been known, less your bids so far
    /// and the plan; `null` without a plan.
    pub left_on_the_table_points: Option<f64>,
    /// The teams, in the order of the field.
    pub teams: Vec<LiveTeam>,
}

/// A team of an auction that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::LiveTeam)]
pub struct LiveTeam {
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
    /// Points that others were expected to bid on it before the auction.
    pub predicted_points: f64,
    /// Whether it is sold.
    pub is_sold: bool,
    /// Points that others bid on it; those projected while it is not sold.
    pub others_points: f64,
    /// How much more that is than predicted, in percent; `null` where nothing was.
    pub change_percent: Option<f64>,
    /// Points you bid on it.
    pub own_points: u32,
    /// Points to bid on it by the plan.
    pub best_bid_points: u32,
}
