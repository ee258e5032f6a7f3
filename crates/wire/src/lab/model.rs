//! Models of games and of markets.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EntryId, LabRun, SnapshotId, StateId, TournamentId};

/// Who beats whom, and how far each team comes: what to compute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::GameOutcomeRequest)]
pub struct GameOutcomeRequest {
    /// The tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// The state of play it begins at: games that are played are certain.
    #[schema(value_type = uuid::Uuid)]
    pub state_id: StateId,
    /// The model.
    pub model: GameOutcomeModel,
}

/// A model of games.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = lab::GameOutcomeModel)]
pub enum GameOutcomeModel {
    /// `P(a beats b) = σ((net_a − net_b) / scale)`.
    Logistic {
        /// Points of net rating that multiply the odds by e; 10 fits best.
        scale: f64,
    },
    /// A probability for each pair of teams that can meet.
    Pairs {
        /// The pairs, each in one direction or in both.
        pairs: Vec<PairProbability>,
    },
    /// Ratings found from the odds of a market "makes this many steps", its margin taken out.
    Odds {
        /// The steps: wins and byes together.
        #[schema(minimum = 1)]
        level: usize,
        /// Decimal odds of every team.
        odds: Vec<TeamOdds>,
    },
}

impl GameOutcomeModel {
    /// Its name.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Logistic { .. } => "logistic",
            Self::Pairs { .. } => "pairs",
            Self::Odds { .. } => "odds",
        }
    }
}

/// What somebody says of one pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::PairProbability)]
pub struct PairProbability {
    /// One team.
    pub team1_id: String,
    /// The other.
    pub team2_id: String,
    /// Chance that the first wins.
    #[schema(minimum = 0, maximum = 1)]
    pub p_team1_wins: f64,
}

/// Odds of one team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::TeamOdds)]
pub struct TeamOdds {
    /// The team.
    pub team_id: String,
    /// What one unit pays, the unit included.
    pub decimal_odds: f64,
}

/// A run of a model of games.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::GameOutcome)]
pub struct GameOutcome {
    /// Its run.
    pub run: LabRun,
    /// The model with its parameters.
    pub model: GameOutcomeModel,
    /// What it gave, once it has succeeded.
    pub result: Option<GameOutcomeResult>,
}

/// How far each team comes, exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::GameOutcomeResult)]
pub struct GameOutcomeResult {
    /// The names of the rounds; reaching level `i + 1` is winning round `i`, or a bye over it.
    pub rounds: Vec<String>,
    /// The teams, in the order of the field.
    pub teams: Vec<TeamReach>,
    /// How many teams come to each level, from level 1: whole numbers but for rounding.
    pub places: Vec<f64>,
    /// The chances of every pair of teams, each once, in the order of the field.
    pub pairs: Vec<PairProbability>,
}

/// How far one team comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TeamReach)]
pub struct TeamReach {
    /// The team.
    pub team_id: String,
    /// Chance of at least this progress, wins and byes together, from 1 on.
    pub p_progress: Vec<f64>,
}

/// What others bid: what to compute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::MarketShareRequest)]
pub struct MarketShareRequest {
    /// The auction whose market is predicted.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// The model.
    pub model: MarketShareModel,
    /// An entry that is not among the others: one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub excluded_entry_id: Option<EntryId>,
}

/// A model of markets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = lab::MarketShareModel)]
pub enum MarketShareModel {
    /// People bid what a team is expected to earn.
    #[serde(rename = "naive-ev-baseline")]
    NaiveEvBaseline {
        /// The run that says what a team is expected to earn.
        #[schema(value_type = uuid::Uuid)]
        game_outcome_run_id: RunId,
    },
    /// Learned from other auctions.
    Ridge {
        /// The penalty.
        ridge_alpha: f64,
        /// The auctions it learns from: other seasons'.
        #[schema(value_type = Vec<uuid::Uuid>, min_items = 1, max_items = 100)]
        train_snapshot_ids: Vec<SnapshotId>,
    },
    /// What was really bid: only a backtest may know it, and it bounds what any model could reach.
    OracleActualMarket {},
}

impl MarketShareModel {
    /// Its name.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::NaiveEvBaseline { .. } => "naive-ev-baseline",
            Self::Ridge { .. } => "ridge",
            Self::OracleActualMarket {} => "oracle_actual_market",
        }
    }
}

/// A run of a model of markets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::MarketShare)]
pub struct MarketShare {
    /// Its run.
    pub run: LabRun,
    /// The model with its parameters.
    pub model: MarketShareModel,
    /// What it gave, once it has succeeded.
    pub result: Option<MarketShareResult>,
}

/// What others bid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::MarketShareResult)]
pub struct MarketShareResult {
    /// Entries that bid.
    pub entry_count: u32,
    /// Points they have together.
    pub pool_points: u64,
    /// The teams, in the order of the field.
    pub teams: Vec<TeamShare>,
}

/// What others bid on one team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TeamShare)]
pub struct TeamShare {
    /// The team.
    pub team_id: String,
    /// Its share of all bids; all shares sum to one.
    pub predicted_share: f64,
    /// That share of the points of all.
    pub predicted_points: f64,
}
