//! How entries do over simulated tournaments.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CandidateId, EntryId};

/// A figure with its Monte Carlo error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Estimate)]
pub struct LabEstimate {
    /// The figure.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// One entry of a leaderboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::LeaderboardRow)]
pub struct LeaderboardRow {
    /// Place by the mean normalised payout, from 1; equal means share it.
    pub rank: u32,
    /// The entry.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
    /// The candidate it came from; `null` for a person's.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub candidate_id: Option<CandidateId>,
    /// What people called it when the snapshot was made.
    pub display_name: String,
    /// Points it bids.
    pub total_bid_points: u32,
    /// Teams it bids on.
    pub n_teams: u32,
    /// Mean payout over the first prize.
    pub mean_normalized_payout: LabEstimate,
    /// The same with less error: the points, whose mean is known exactly, serve as a control variate.
    pub controlled_normalized_payout: LabEstimate,
    /// Median payout over the first prize; of an even number the upper of the two in the middle.
    pub median_normalized_payout: f64,
    /// Chance of the first place; entries that tie for it have equal parts of it, so the chances sum to one.
    pub p_top1: LabEstimate,
    /// Chance of any money.
    pub p_in_money: LabEstimate,
    /// Mean place.
    pub mean_position: LabEstimate,
    /// Mean points.
    pub mean_points: LabEstimate,
    /// Points by the exact recursion.
    pub expected_points: f64,
    /// How far the mean of points lies from the exact one, in standard errors.
    pub points_gap: f64,
    /// How it really ended; `null` while games of the state are open.
    pub realized: Option<Realized>,
}

/// How an entry ended when all was played.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Realized)]
pub struct Realized {
    /// Place, from 1; tied entries have the first of theirs.
    pub finish_position: u32,
    /// Whether others have the same.
    pub is_tied: bool,
    /// Whether it was paid anything.
    pub in_the_money: bool,
    /// What it was paid.
    pub payout_cents: u32,
    /// Its points.
    pub total_points: f64,
}

/// Whose distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DistributionQuery {
    /// The entry.
    #[param(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
}

/// Every way one entry finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Distribution)]
pub struct Distribution {
    /// The entry.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
    /// Its finishes, the best place first.
    pub finishes: Vec<Finish>,
}

/// One way to finish, and how often it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Finish)]
pub struct Finish {
    /// Place, from 1.
    pub position: u32,
    /// Entries that share it.
    pub sharing: u32,
    /// What it is paid.
    pub payout_cents: u32,
    /// Simulations that ended so.
    pub simulations: u64,
}

/// Who owns which team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Ownership)]
pub struct Ownership {
    /// The teams, in the order of the field.
    pub teams: Vec<TeamOwners>,
}

/// Who owns one team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TeamOwners)]
pub struct TeamOwners {
    /// The team.
    pub team_id: String,
    /// Points bid on it by all.
    pub total_bid_points: u64,
    /// Points it is expected to earn.
    pub expected_points: f64,
    /// Its owners, in the order of the entries.
    pub owners: Vec<Owner>,
}

/// One owner of a team.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Owner)]
pub struct Owner {
    /// The entry.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
    /// Points it bid.
    pub bid_points: u32,
    /// Its part of the team.
    pub ownership: f64,
}
