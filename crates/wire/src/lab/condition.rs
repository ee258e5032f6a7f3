//! A simulation under a condition: what happens if these teams win these games.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EntryId, GameResult, LabEstimate};

/// What is supposed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::ConditionRequest)]
pub struct ConditionRequest {
    /// Winners of games, in any order and however far ahead. None at all is no condition.
    #[schema(max_items = 255)]
    pub games: Vec<GameResult>,
}

/// A simulation under a condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Conditioned)]
pub struct Conditioned {
    /// The simulation.
    #[schema(value_type = uuid::Uuid)]
    pub simulation_run_id: RunId,
    /// How many simulations it has.
    pub total_simulations: u64,
    /// How many of them are looked at: the first so many, 10⁶ at most.
    pub considered: u64,
    /// How many of those agree with the condition.
    pub agreeing: u64,
    /// Fewer than 30 agree: what is said of entries is loose.
    pub is_few: bool,
    /// The chance of the condition, exactly.
    pub p_condition: f64,
    /// The games, in the order they are played.
    pub games: Vec<ConditionedGame>,
    /// The entries, in the order they came.
    pub entries: Vec<ConditionedEntry>,
}

/// A game under a condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ConditionedGame)]
pub struct ConditionedGame {
    /// The game.
    pub game_id: String,
    /// Its round, from 0.
    pub round: usize,
    /// Whether the state of play decides it.
    pub is_decided: bool,
    /// Whether its winner is supposed.
    pub is_fixed: bool,
    /// Who can win it, the most probable first.
    pub winners: Vec<ConditionedWinner>,
}

/// A team that can win a game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ConditionedWinner)]
pub struct ConditionedWinner {
    /// The team.
    pub team_id: String,
    /// In how many of the agreeing simulations it wins.
    pub simulations: u64,
    /// The chance by simulation; `null` where fewer than two agree.
    pub p: Option<LabEstimate>,
    /// The chance, exactly.
    pub p_exact: f64,
}

/// An entry under a condition. Estimates are `null` where fewer than two simulations agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ConditionedEntry)]
pub struct ConditionedEntry {
    /// The entry.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
    /// What people called it.
    pub display_name: String,
    /// Agreeing simulations in which it is first, alone or with others.
    pub first_simulations: u64,
    /// Agreeing simulations in which it is paid anything.
    pub in_money_simulations: u64,
    /// Chance of the first place; entries that tie for it have equal parts of it.
    pub p_top1: Option<LabEstimate>,
    /// Chance of any money.
    pub p_in_money: Option<LabEstimate>,
    /// Mean payout over the first prize.
    pub mean_normalized_payout: Option<LabEstimate>,
    /// Points it is expected to earn, exactly.
    pub expected_points: f64,
    /// The same over the whole simulation, without the condition.
    pub before: WithoutCondition,
}

/// What an entry comes to without the condition.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::WithoutCondition)]
pub struct WithoutCondition {
    /// Chance of the first place.
    pub p_top1: f64,
    /// Chance of any money.
    pub p_in_money: f64,
    /// Mean payout over the first prize.
    pub mean_normalized_payout: f64,
}
