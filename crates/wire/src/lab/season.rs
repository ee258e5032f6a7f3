//! Seasons: a tournament with its results and its auction, imported or made.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CalcuttaItem, CalcuttaRequest, GameResult, StateItem, TournamentItem, TournamentRequest};

/// A season to import: all of it or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SeasonRequest)]
pub struct SeasonRequest {
    /// Who plays.
    pub tournament: TournamentRequest,
    /// What is played of it, in any order.
    #[serde(default)]
    #[schema(required = false)]
    pub results: Vec<GameResult>,
    /// The auction, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calcutta: Option<CalcuttaRequest>,
}

/// What an import has kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SeasonReport)]
pub struct SeasonReport {
    /// The tournament.
    pub tournament: TournamentItem,
    /// Its states: before the first game, after each whole round, and as it stands.
    pub states: Vec<StateItem>,
    /// Its auction, where there was one.
    pub calcutta: Option<CalcuttaItem>,
    /// Whether all of it was there already, with the same content: then it is told, and nothing was kept twice.
    pub is_there: bool,
    /// What is there under the same name with other content, and where this is kept beside it, each in a sentence.
    pub beside: Vec<String>,
    /// What was assumed, and what is worth knowing, each in a sentence.
    pub notes: Vec<String>,
}

/// Seasons to make: fields of 68 with invented names, auctions, and results played by chance. The same seed makes the
/// same seasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::GenerateSeasons)]
pub struct GenerateSeasons {
    /// The seed of all of it.
    #[schema(minimum = 1, format = "uint64")]
    pub seed: u64,
    /// The first season.
    #[schema(minimum = 1900, maximum = 2200)]
    pub first_season: i32,
    /// How many.
    #[schema(minimum = 1, maximum = 20)]
    pub seasons: u32,
    /// Entries of each auction.
    #[schema(minimum = 2, maximum = 500)]
    pub entries: u32,
}

/// What was made, the first season first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SeasonsReport)]
pub struct SeasonsReport {
    /// A report per season.
    pub seasons: Vec<SeasonReport>,
}
