//! Several entries of one auction in one hand.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CandidateId, EntryId, LabEstimate};

/// Whose payouts are looked at together: one to ten, the entries before the candidates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::PortfolioRequest)]
pub struct PortfolioRequest {
    /// Entries of the simulation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 10, required = false)]
    pub entry_ids: Vec<EntryId>,
    /// Candidates, who join the auction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 10, required = false)]
    pub candidate_ids: Vec<CandidateId>,
}

/// How the members of a portfolio do together, all of them in the auction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Portfolio)]
pub struct Portfolio {
    /// The simulation.
    #[schema(value_type = uuid::Uuid)]
    pub simulation_run_id: RunId,
    /// How many simulations it has.
    pub total_simulations: u64,
    /// How many of them are looked at: the first so many, 10⁶ over the number of members at most.
    pub considered: u64,
    /// The first prize, in cents.
    pub first_prize_cents: u32,
    /// The members, in the order they were named.
    pub members: Vec<PortfolioMember>,
    /// Every two members.
    pub pairs: Vec<PortfolioPair>,
    /// Simulations in which any of them is paid.
    pub any_in_money_simulations: u64,
    /// The chance of that.
    pub p_any_in_money: LabEstimate,
    /// Mean of what all are paid together, in cents.
    pub total_payout_cents: LabEstimate,
}

/// A member of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::PortfolioMember)]
pub struct PortfolioMember {
    /// The entry; of a candidate the id it has as one.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
    /// The candidate; `null` for a person's entry.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub candidate_id: Option<CandidateId>,
    /// What people call it.
    pub display_name: String,
    /// Mean payout, in cents.
    pub mean_payout_cents: LabEstimate,
    /// Mean points.
    pub mean_points: LabEstimate,
    /// Simulations in which it is paid anything.
    pub in_money_simulations: u64,
    /// The chance of that.
    pub p_in_money: LabEstimate,
    /// What it adds to those named before it, in cents: the mean of what all up to it are paid together, less the mean of
    /// what those before it are paid in an auction without it. What it takes from them is taken off.
    pub adds_cents: LabEstimate,
}

/// Two members of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::PortfolioPair)]
pub struct PortfolioPair {
    /// The one.
    #[schema(value_type = uuid::Uuid)]
    pub first_entry_id: EntryId,
    /// The other.
    #[schema(value_type = uuid::Uuid)]
    pub second_entry_id: EntryId,
    /// Correlation of their payouts; `null` where one of them is always paid the same.
    pub payout_correlation: Option<f64>,
    /// Correlation of their points; `null` where one of them always earns the same.
    pub points_correlation: Option<f64>,
    /// Simulations in which both are paid.
    pub both_in_money_simulations: u64,
    /// The chance of that.
    pub p_both_in_money: LabEstimate,
}
