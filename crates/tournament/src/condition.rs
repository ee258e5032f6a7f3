//! What is supposed of a tournament beyond what was played: winners of games, in any order and however far ahead; and how
//! far each team comes then, exactly.
//!
//! A bracket is a tree, so the chances given such winners follow by one pass up and one pass down (belief propagation;
//! Pearl, *Probabilistic Reasoning in Intelligent Systems*, 1988, 4.2). Up: the chance that a team stands in a slot and all
//! that is supposed of the games below holds. Down: the chance that all that is supposed of the other games holds, given
//! that it stands there. Their product over the chance of everything supposed is the chance given the condition.

use kernel::{Class, Fault, FieldError};
use thiserror::Error;

use crate::bracket::{Bracket, Slot};
use crate::probability::PairTable;
use crate::reach::{Chances, Reach, winners};
use crate::results::Results;

/// Winners that are supposed, none of which contradicts another or what was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    fixed: Vec<Option<usize>>,
}

/// Why a winner cannot be supposed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConditionError {
    /// The team never comes to the game.
    #[error("team `{team}` cannot come to game `{game}`")]
    NotInGame {
        /// The game.
        game: String,
        /// The team.
        team: String,
    },
    /// Two teams are to win one game.
    #[error("game `{game}` is to be won by `{}` and by `{}`; it has one winner", teams[0], teams[1])]
    TwoWinners {
        /// The game.
        game: String,
        /// The two teams.
        teams: [String; 2],
    },
    /// The team must have lost before, or another one that is to win a later game comes through this one.
    #[error("`{team}` cannot win game `{game}` where `{winner}` wins game `{other}`")]
    Contradiction {
        /// The game.
        game: String,
        /// The team.
        team: String,
        /// The game it contradicts.
        other: String,
        /// Its winner, supposed or played.
        winner: String,
    },
}

impl Fault for ConditionError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotInGame { .. } => "CONDITION_NOT_IN_GAME",
            Self::TwoWinners { .. } => "CONDITION_TWO_WINNERS",
            Self::Contradiction { .. } => "CONDITION_CONTRADICTION",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let (Self::NotInGame { game, .. } | Self::TwoWinners { game, .. } | Self::Contradiction { game, .. }) =
            self;
        vec![FieldError::new(format!("games[{game}]"), self.to_string())]
    }
}

impl Condition {
    /// Nothing is supposed.
    pub fn none(bracket: &Bracket) -> Self {
        Self { fixed: vec![None; bracket.games().len()] }
    }

    /// Supposes that a team wins a game.
    pub fn suppose(
        &mut self,
        bracket: &Bracket,
        results: &Results,
        game: usize,
        team: usize,
    ) -> Result<(), ConditionError> {
        let (name, team_name) = (bracket.games()[game].id.clone(), bracket.teams()[team].clone());
        if !comes_to(bracket, game, team) {
            return Err(ConditionError::NotInGame { game: name, team: team_name });
        }
        for (other, supposed) in self.fixed.iter().enumerate() {
            let Some(winner) = supposed.or(results.winners()[other]) else { continue };
            // The games of one team are a chain, in the order of their numbers: who wins a later one has won these.
            let share_a_path = match other.cmp(&game) {
                std::cmp::Ordering::Less => comes_to(bracket, other, team),
                std::cmp::Ordering::Equal => true,
                std::cmp::Ordering::Greater => comes_to(bracket, game, winner),
            };
            if !share_a_path || winner == team {
                continue;
            }
            let winner = bracket.teams()[winner].clone();
            if other == game {
                return Err(ConditionError::TwoWinners { game: name, teams: [winner, team_name] });
            }
            let other = bracket.games()[other].id.clone();
            return Err(ConditionError::Contradiction { game: name, team: team_name, other, winner });
        }
        self.fixed[game] = Some(team);
        Ok(())
    }

    /// The winner that is supposed of each game.
    pub fn fixed(&self) -> &[Option<usize>] {
        &self.fixed
    }

    /// How far each team comes if all of it holds, and the chance that it does. Nothing if the table makes it impossible.
    pub fn reach(&self, bracket: &Bracket, pairs: &PairTable, results: &Results) -> Option<(f64, Reach)> {
        let below = self.below(bracket, pairs, results);
        let chance = below[bracket.root()].iter().fold(0.0, |sum, (_, p)| sum + p);
        if chance <= 0.0 {
            return None;
        }
        let beside = self.beside(bracket, pairs, results, &below);
        let given = below.into_iter().zip(beside).map(|(below, beside)| {
            below.into_iter().zip(beside).map(|((team, p), q)| (team, (p * q / chance).min(1.0))).collect()
        });
        Some((chance, Reach::of(bracket, given.collect())))
    }

    /// By slot: the chance that a team stands there and all that is supposed below holds.
    fn below(&self, bracket: &Bracket, pairs: &PairTable, results: &Results) -> Vec<Chances> {
        let mut below: Vec<Chances> = Vec::with_capacity(bracket.slots().len());
        for &slot in bracket.slots() {
            let standing = match slot {
                Slot::Team(team) => vec![(team, 1.0)],
                Slot::Bye(from) => below[from].clone(),
                Slot::Winner(game) => {
                    let [left, right] = bracket.games()[game].sides.map(|side| &below[side]);
                    let all = winners(left, right, pairs, results.winners()[game]);
                    all.into_iter().map(|(team, p)| (team, p * self.allows(game, team))).collect()
                }
            };
            below.push(standing);
        }
        below
    }

    /// By slot and team in the order of `below`: the chance that all that is supposed of the other games holds, if the
    /// team stands there.
    fn beside(
        &self,
        bracket: &Bracket,
        pairs: &PairTable,
        results: &Results,
        below: &[Chances],
    ) -> Vec<Vec<f64>> {
        let mut beside: Vec<Vec<f64>> = below.iter().map(|all| vec![0.0; all.len()]).collect();
        beside[bracket.root()].fill(1.0);
        for (at, &slot) in bracket.slots().iter().enumerate().rev() {
            match slot {
                Slot::Team(_) => {}
                Slot::Bye(from) => {
                    let same = beside[at].clone();
                    beside[from] = same;
                }
                Slot::Winner(game) => {
                    let [left, right] = bracket.games()[game].sides;
                    let beats = |a: usize, b: usize| match results.winners()[game] {
                        Some(winner) => f64::from(u8::from(winner == a)),
                        None => pairs.beats(a, b),
                    };
                    let (ours, theirs) = beside[at].split_at(below[left].len());
                    let goes_on = |a: usize, b: usize, above: f64| beats(a, b) * self.allows(game, a) * above;
                    let mut sides = [vec![0.0; ours.len()], vec![0.0; theirs.len()]];
                    for (i, &(a, p)) in below[left].iter().enumerate() {
                        for (j, &(b, q)) in below[right].iter().enumerate() {
                            let holds = goes_on(a, b, ours[i]) + goes_on(b, a, theirs[j]);
                            sides[0][i] += q * holds;
                            sides[1][j] += p * holds;
                        }
                    }
                    [beside[left], beside[right]] = sides;
                }
            }
        }
        beside
    }

    fn allows(&self, game: usize, team: usize) -> f64 {
        f64::from(u8::from(self.fixed[game].is_none_or(|fixed| fixed == team)))
    }
}

/// Whether a team can come to a game.
fn comes_to(bracket: &Bracket, game: usize, team: usize) -> bool {
    bracket.games()[game].sides.iter().any(|&side| bracket.reachable(side).contains(&team))
}

#[cfg(test)]
mod tests;
