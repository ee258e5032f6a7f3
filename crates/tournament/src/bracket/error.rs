//! Why a bracket cannot be built.

use kernel::{Class, Fault, FieldError, counted};
use thiserror::Error;

use super::TEAMS;

/// What is wrong with a bracket as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BracketError {
    /// Too few or too many teams.
    #[error("a bracket has {} to {} teams, and there are {teams}", TEAMS.start(), TEAMS.end())]
    TeamCount {
        /// How many there are.
        teams: usize,
    },
    /// Two teams have one name.
    #[error("team `{id}` is listed twice; names of teams are unique")]
    TeamRepeated {
        /// The name.
        id: String,
    },
    /// Two games have one name.
    #[error("game `{id}` is listed twice; names of games are unique")]
    GameRepeated {
        /// The name.
        id: String,
    },
    /// A game is in a round that has no name.
    #[error("game `{game}` is in a round that does not exist; there are {rounds}, counted from 0")]
    UnknownRound {
        /// The game.
        game: String,
        /// How many rounds have a name.
        rounds: usize,
    },
    /// A game names a team that is not listed.
    #[error("game `{game}` names team `{team}`, which is not in the field")]
    UnknownTeam {
        /// The game.
        game: String,
        /// The team.
        team: String,
    },
    /// A game waits for a game that is not listed.
    #[error("game `{game}` waits for the winner of `{from}`, which is not a game of this bracket")]
    UnknownGame {
        /// The game.
        game: String,
        /// What it waits for.
        from: String,
    },
    /// A game waits for one that is not played before it.
    #[error("game `{game}` waits for the winner of `{from}`, which is not in an earlier round")]
    RoundOrder {
        /// The game.
        game: String,
        /// What it waits for.
        from: String,
    },
    /// A team, or the winner of a game, goes to two places.
    #[error("`{who}` goes into game `{}` and into game `{}`; it can be in one", games[0], games[1])]
    EntersTwice {
        /// The team or game.
        who: String,
        /// The two games.
        games: [String; 2],
    },
    /// A team plays no game.
    #[error("team `{team}` is in no game; every team enters once")]
    TeamWithoutGame {
        /// The team.
        team: String,
    },
    /// Not one game decides.
    #[error("one game decides a bracket, and the winners of {} go nowhere: {}", counted(games.len(), "game", "games"), games.join(", "))]
    Finals {
        /// The games whose winners go nowhere.
        games: Vec<String>,
    },
    /// A regional field lacks a seed, or has it too often.
    #[error("region `{region}` has seed {seed} {}; a seed stands once, or twice with a play-in game", times(*count))]
    Seeds {
        /// The region.
        region: String,
        /// The seed.
        seed: u32,
        /// How often it is there.
        count: usize,
    },
    /// A regional field names other regions than its final four.
    #[error("the final four pairs the regions {}, and the field has {}", expected.join(", "), found.join(", "))]
    Regions {
        /// The four that are paired.
        expected: Vec<String>,
        /// Those of the field.
        found: Vec<String>,
    },
}

fn times(count: usize) -> String {
    match count {
        0 => "not at all".to_owned(),
        count => counted(count, "time", "times"),
    }
}

impl Fault for BracketError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TeamCount { .. } => "BRACKET_TEAM_COUNT",
            Self::TeamRepeated { .. } => "BRACKET_TEAM_REPEATED",
            Self::GameRepeated { .. } => "BRACKET_GAME_REPEATED",
            Self::UnknownRound { .. } => "BRACKET_UNKNOWN_ROUND",
            Self::UnknownTeam { .. } => "BRACKET_UNKNOWN_TEAM",
            Self::UnknownGame { .. } => "BRACKET_UNKNOWN_GAME",
            Self::RoundOrder { .. } => "BRACKET_ROUND_ORDER",
            Self::EntersTwice { .. } => "BRACKET_ENTERS_TWICE",
            Self::TeamWithoutGame { .. } => "BRACKET_TEAM_WITHOUT_GAME",
            Self::Finals { .. } => "BRACKET_FINALS",
            Self::Seeds { .. } => "BRACKET_SEEDS",
            Self::Regions { .. } => "BRACKET_REGIONS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::TeamCount { .. } | Self::TeamRepeated { .. } => "teams".to_owned(),
            Self::GameRepeated { id } => format!("games[{id}]"),
            Self::UnknownRound { game, .. } => format!("games[{game}].round"),
            Self::UnknownTeam { game, .. }
            | Self::UnknownGame { game, .. }
            | Self::RoundOrder { game, .. } => {
                format!("games[{game}].sides")
            }
            Self::EntersTwice { games, .. } => format!("games[{}].sides", games[1]),
            Self::TeamWithoutGame { team } => format!("teams[{team}]"),
            Self::Finals { .. } => "games".to_owned(),
            Self::Seeds { region, .. } => format!("regions[{region}]"),
            Self::Regions { .. } => "final_four".to_owned(),
        };
        vec![FieldError::new(field, self.to_string())]
    }
}
