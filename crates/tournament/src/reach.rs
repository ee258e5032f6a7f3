//! How far each team comes, exactly: the recursion over the bracket that a simulation only approaches.
//!
//! The two sides of a game come from parts of the tree that share no game, so they are independent, and
//! `P(a and b meet) = P(a stands on the one side)·P(b on the other)`. A decided game is certain.

use crate::bracket::{Bracket, Slot};
use crate::probability::PairTable;
use crate::results::Results;
use crate::scoring::Points;

/// The chances of every team to come this far.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    levels: usize,
    /// By team and level: `P(progress ≥ level)`.
    at_least: Vec<f64>,
    /// By slot: who stands there with which probability, in the order of the tree.
    standing: Vec<Chances>,
}

/// Teams that can stand in a slot, each with its chance, in the order of the tree.
pub(crate) type Chances = Vec<(usize, f64)>;

/// The recursion over a bracket.
pub fn reach(bracket: &Bracket, pairs: &PairTable, results: &Results) -> Reach {
    let mut standing: Vec<Chances> = Vec::with_capacity(bracket.slots().len());
    // A slot stands after those below it.
    for &slot in bracket.slots() {
        let chances = match slot {
            Slot::Team(team) => vec![(team, 1.0)],
            Slot::Bye(below) => standing[below].clone(),
            Slot::Winner(game) => {
                let [left, right] = bracket.games()[game].sides.map(|side| &standing[side]);
                winners(left, right, pairs, results.winners()[game])
            }
        };
        standing.push(chances);
    }
    Reach::of(bracket, standing)
}

/// The chances of the winners of a game, side 0 first.
pub(crate) fn winners(
    left: &[(usize, f64)],
    right: &[(usize, f64)],
    pairs: &PairTable,
    winner: Option<usize>,
) -> Chances {
    let beats = |a, b| match winner {
        Some(team) => f64::from(u8::from(team == a)),
        None => pairs.beats(a, b),
    };
    let side = |ours: &[(usize, f64)], theirs: &[(usize, f64)]| -> Vec<(usize, f64)> {
        let wins = |&(a, p): &(usize, f64)| {
            let over = theirs.iter().fold(0.0, |sum, &(b, q)| sum + q * beats(a, b));
            (a, p * over)
        };
        ours.iter().map(wins).collect()
    };
    [side(left, right), side(right, left)].concat()
}

impl Reach {
    /// What the chances in each slot come to.
    pub(crate) fn of(bracket: &Bracket, standing: Vec<Chances>) -> Self {
        let levels = bracket.levels();
        let mut at_least = vec![0.0; bracket.teams().len() * (levels + 1)];
        let mut level_of: Vec<usize> = Vec::with_capacity(standing.len());
        for (&slot, chances) in bracket.slots().iter().zip(&standing) {
            let level = match slot {
                Slot::Team(_) => 0,
                Slot::Bye(below) => level_of[below] + 1,
                Slot::Winner(game) => bracket.games()[game].round + 1,
            };
            for &(team, p) in chances {
                at_least[team * (levels + 1) + level] = p;
            }
            level_of.push(level);
        }
        Self { levels, at_least, standing }
    }

    /// `P(progress ≥ level)` of a team; level 0 is certain.
    pub fn at_least(&self, team: usize, level: usize) -> f64 {
        self.at_least[team * (self.levels + 1) + level]
    }

    /// The most progress there is.
    pub const fn levels(&self) -> usize {
        self.levels
    }

    /// Who stands in a slot, with which probability.
    pub fn standing(&self, slot: usize) -> &[(usize, f64)] {
        &self.standing[slot]
    }

    /// How many teams come to stand on a level together: the sum over teams, a whole number but for rounding.
    pub fn places(&self, level: usize) -> f64 {
        let teams = self.at_least.len() / (self.levels + 1);
        (0..teams).fold(0.0, |sum, team| sum + self.at_least(team, level))
    }

    /// The points a team earns on average: `Σ awarded(i)·P(progress ≥ i)`.
    pub fn expected_points(&self, team: usize, points: &Points) -> f64 {
        (1..=self.levels)
            .fold(0.0, |sum, level| sum + f64::from(points.awarded(level)) * self.at_least(team, level))
    }
}
