//! Tournaments: who plays, in which bracket, and what is played of it.

use chrono::{DateTime, Utc};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{StateId, TournamentId};

/// A team of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::Team)]
pub struct Team {
    /// Its id, unique in the field.
    #[schema(min_length = 1, max_length = 100)]
    pub team_id: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Its region; `null` in a field without regions.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, required = false)]
    pub region: Option<String>,
    /// Its seed in its region, or in the whole field.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 256, required = false)]
    pub seed: Option<u32>,
    /// How strong it is, where somebody has measured it.
    #[serde(default)]
    #[schema(required = false)]
    pub rating: Option<Rating>,
    /// Whether the public knows it from many seasons.
    #[serde(default)]
    #[schema(required = false)]
    pub is_blue_blood: bool,
}

/// How strong a team is, per hundred possessions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::Rating)]
pub struct Rating {
    /// Points above an average team.
    pub net: f64,
    /// Points scored.
    pub offence: f64,
    /// Points allowed.
    pub defence: f64,
    /// Possessions a game.
    pub tempo: f64,
}

/// A game of a bracket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::Game)]
pub struct Game {
    /// Its id, unique in the bracket.
    #[schema(min_length = 1, max_length = 100)]
    pub game_id: String,
    /// The round it is played in, from 0. A side that comes from an earlier round has byes up to it.
    pub round: usize,
    /// Who meets.
    #[schema(min_items = 2, max_items = 2)]
    pub sides: Vec<Side>,
}

/// Where one side of a game comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = lab::Side)]
pub enum Side {
    /// This team enters here.
    Team(String),
    /// The winner of this game.
    WinnerOf(String),
}

/// Which regions meet in the semi-finals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::FinalFour)]
pub struct FinalFour {
    /// First semi-final.
    pub top_left: String,
    /// First semi-final.
    pub bottom_left: String,
    /// Second semi-final.
    pub top_right: String,
    /// Second semi-final.
    pub bottom_right: String,
}

/// A field with its bracket as it is kept: games in the order they are played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Field)]
pub struct Field {
    /// The names of the rounds.
    pub rounds: Vec<String>,
    /// The teams.
    pub teams: Vec<Team>,
    /// The games.
    pub games: Vec<Game>,
}

/// A tournament to keep. Without `games` its bracket follows from regions and seeds: four regions of sixteen seeds, two
/// teams on one seed meeting first; or, where no team has a region, one list in the order of the seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::TournamentRequest)]
pub struct TournamentRequest {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The year it ends in.
    #[schema(minimum = 1900, maximum = 2200)]
    pub season: i32,
    /// The teams, 2 to 256.
    #[schema(min_items = 2, max_items = 256)]
    pub teams: Vec<Team>,
    /// Which regions meet in the semi-finals; East and West, South and Midwest when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_four: Option<FinalFour>,
    /// The names of the rounds, for a bracket that is given game by game.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<Vec<String>>,
    /// The games, for a bracket of any other shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub games: Option<Vec<Game>>,
}

/// A tournament in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TournamentItem)]
pub struct TournamentItem {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// What people call it.
    pub name: String,
    /// Its season.
    pub season: i32,
    /// How many teams.
    pub team_count: u32,
    /// How many games.
    pub game_count: u32,
    /// SHA-256 of field and bracket, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// When it was kept.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A page of tournaments, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TournamentPage)]
pub struct TournamentPage {
    /// The tournaments.
    pub items: Vec<TournamentItem>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A tournament with its field, its bracket and its states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Tournament)]
pub struct Tournament {
    /// As in the list.
    #[serde(flatten)]
    pub item: TournamentItem,
    /// Teams and games.
    pub field: Field,
    /// Its states, in the order they were made.
    pub states: Vec<StateItem>,
}

/// The result of one game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::GameResult)]
pub struct GameResult {
    /// The game.
    pub game_id: String,
    /// Who won it.
    pub winner_team_id: String,
}

/// A state of play to keep: the results it names and no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::StateRequest)]
pub struct StateRequest {
    /// Its name in the tournament, such as `post_first_four`.
    #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9][a-z0-9_-]*$")]
    pub starting_state_key: String,
    /// The games that are played, in any order.
    pub results: Vec<GameResult>,
}

/// A state of play in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::StateItem)]
pub struct StateItem {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub state_id: StateId,
    /// The tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// Its name in the tournament.
    pub starting_state_key: String,
    /// Games that are decided.
    pub decided_games: u32,
    /// SHA-256 of its results, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// When it was kept.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A state of play with its results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::State)]
pub struct State {
    /// As in the list.
    #[serde(flatten)]
    pub item: StateItem,
    /// The decided games, in the order they are played.
    pub results: Vec<GameResult>,
}

/// A game of one simulated tournament.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::PlayedGame)]
pub struct PlayedGame {
    /// The game.
    pub game_id: String,
    /// Who won it.
    pub winner_team_id: String,
    /// Whether it was decided before the simulation began.
    pub is_decided: bool,
}

/// One simulated tournament, played again from the seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::PlayedBracket)]
pub struct PlayedBracket {
    /// Which simulation, from 0.
    pub simulation: u64,
    /// Its games, in the order they are played.
    pub games: Vec<PlayedGame>,
    /// That it lies under the run's seal; `null` where the run is not sealed.
    pub proof: Option<super::SealProof>,
}
