//! What has been played: the winner of each decided game, and the standing of every team, which is always computed
//! from them and never typed in.

use kernel::{Class, Fault, FieldError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bracket::{Bracket, Slot};

/// The decided games of one bracket. A game is decided only if both its sides are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    winners: Vec<Option<usize>>,
}

/// How far a team has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Games won.
    pub wins: usize,
    /// Rounds passed without a game, so far.
    pub byes: usize,
    /// Whether it has lost.
    pub is_eliminated: bool,
}

impl Standing {
    /// Steps made: `wins + byes`.
    pub const fn progress(self) -> usize {
        self.wins + self.byes
    }
}

/// Why a result cannot be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResultError {
    /// The team is not one of the two that meet.
    #[error("team `{team}` does not play in game `{game}`; {}", meets(sides))]
    NotInGame {
        /// The game.
        game: String,
        /// The team.
        team: String,
        /// Who meets, as far as it is decided.
        sides: [Option<String>; 2],
    },
    /// The standings of the two sides of a game contradict each other.
    #[error("game `{game}`: {} and {} both go on by their standings; one of them must have lost", teams[0], teams[1])]
    BothGoOn {
        /// The game.
        game: String,
        /// The two teams.
        teams: [String; 2],
    },
    /// A standing that no sequence of results gives.
    #[error("team `{team}`: {told} is recorded, and the results of the bracket give {found}")]
    Contradiction {
        /// The team.
        team: String,
        /// The standing as recorded.
        told: String,
        /// The standing by the bracket.
        found: String,
    },
    /// Not one standing per team.
    #[error("there are {standings} standings for {teams} teams; give one for each team")]
    StandingCount {
        /// Standings given.
        standings: usize,
        /// Teams of the bracket.
        teams: usize,
    },
}

fn meets(sides: &[Option<String>; 2]) -> String {
    let name =
        |side: &Option<String>| side.as_ref().map_or("an undecided team".to_owned(), |id| format!("`{id}`"));
    format!("{} meets {}", name(&sides[0]), name(&sides[1]))
}

impl Fault for ResultError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotInGame { .. } => "RESULT_NOT_IN_GAME",
            Self::BothGoOn { .. } => "RESULT_BOTH_GO_ON",
            Self::Contradiction { .. } => "RESULT_CONTRADICTION",
            Self::StandingCount { .. } => "RESULT_STANDING_COUNT",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::NotInGame { game, .. } | Self::BothGoOn { game, .. } => format!("results[{game}]"),
            Self::Contradiction { team, .. } => format!("teams[{team}]"),
            Self::StandingCount { .. } => "teams".to_owned(),
        };
        vec![FieldError::new(field, self.to_string())]
    }
}

impl Results {
    /// Nothing is played.
    pub fn none(bracket: &Bracket) -> Self {
        Self { winners: vec![None; bracket.games().len()] }
    }

    /// The winner of each decided game.
    pub fn winners(&self) -> &[Option<usize>] {
        &self.winners
    }

    /// Whether every game is decided.
    pub fn is_complete(&self) -> bool {
        self.winners.iter().all(Option::is_some)
    }

    /// Who stands in a slot, if that is decided.
    pub fn stands(&self, bracket: &Bracket, slot: usize) -> Option<usize> {
        match bracket.slots()[slot] {
            Slot::Team(team) => Some(team),
            Slot::Bye(below) => self.stands(bracket, below),
            Slot::Winner(game) => self.winners[game],
        }
    }

    /// Records the winner of a game. If it was another before, everything that stood on it is undecided again.
    pub fn record(&mut self, bracket: &Bracket, game: usize, team: usize) -> Result<(), ResultError> {
        let sides = bracket.games()[game].sides.map(|slot| self.stands(bracket, slot));
        if !sides.contains(&Some(team)) || sides.contains(&None) {
            return Err(ResultError::NotInGame {
                game: bracket.games()[game].id.clone(),
                team: bracket.teams()[team].clone(),
                sides: sides.map(|side| side.map(|team| bracket.teams()[team].clone())),
            });
        }
        if self.winners[game] != Some(team) {
            self.clear(bracket, game);
            self.winners[game] = Some(team);
        }
        Ok(())
    }

    /// Makes a game undecided, and everything that stood on it.
    pub fn clear(&mut self, bracket: &Bracket, game: usize) {
        self.winners[game] = None;
        for later in game + 1..self.winners.len() {
            let sides = bracket.games()[later].sides.map(|slot| self.stands(bracket, slot));
            if sides.contains(&None) {
                self.winners[later] = None;
            }
        }
    }

    /// The results as they were when no game of `round` or later was played.
    #[must_use]
    pub fn before_round(&self, bracket: &Bracket, round: usize) -> Self {
        let keep =
            |(game, winner): (usize, &Option<usize>)| winner.filter(|_| bracket.games()[game].round < round);
        Self { winners: self.winners.iter().enumerate().map(keep).collect() }
    }

    /// The standing of every team. A bye counts from the start.
    pub fn standings(&self, bracket: &Bracket) -> Vec<Standing> {
        let mut standings: Vec<Standing> = bracket
            .first_byes()
            .into_iter()
            .map(|byes| Standing { wins: 0, byes, is_eliminated: false })
            .collect();
        for (at, game) in bracket.games().iter().enumerate() {
            let Some(winner) = self.winners[at] else { continue };
            for slot in game.sides {
                let Some(team) = self.stands(bracket, slot) else { continue };
                let standing = &mut standings[team];
                if team == winner {
                    standing.wins += 1;
                    standing.byes += bracket.progress_of_winner(at) - game.round - 1;
                } else {
                    standing.is_eliminated = true;
                }
            }
        }
        standings
    }

    /// The results that give these standings, one per team: a team beat another if it has come further, or as far
    /// where the other is out. Standings that no sequence of results gives are an error that names the team.
    pub fn of_standings(bracket: &Bracket, told: &[Standing]) -> Result<Self, ResultError> {
        if told.len() != bracket.teams().len() {
            return Err(ResultError::StandingCount { standings: told.len(), teams: bracket.teams().len() });
        }
        let mut results = Self::none(bracket);
        for (at, game) in bracket.games().iter().enumerate() {
            let [Some(a), Some(b)] = game.sides.map(|slot| results.stands(bracket, slot)) else { continue };
            let goes_on = [a, b].map(|team| told[team].progress() > game.round);
            results.winners[at] = match goes_on {
                [true, false] => Some(a),
                [false, true] => Some(b),
                [false, false] => None,
                [true, true] => {
                    let teams = [a, b].map(|team| format!("`{}`", bracket.teams()[team]));
                    return Err(ResultError::BothGoOn { game: game.id.clone(), teams });
                }
            };
        }
        let found = results.standings(bracket);
        match found.iter().zip(told).position(|(found, told)| found != told) {
            None => Ok(results),
            Some(team) => Err(ResultError::Contradiction {
                team: bracket.teams()[team].clone(),
                told: words(told[team]),
                found: words(found[team]),
            }),
        }
    }
}

fn words(standing: Standing) -> String {
    let wins = kernel::counted(standing.wins, "win", "wins");
    let byes = kernel::counted(standing.byes, "bye", "byes");
    format!("{wins} and {byes}, {}", if standing.is_eliminated { "out" } else { "still in" })
}
