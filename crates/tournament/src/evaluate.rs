//! Entries judged over simulated tournaments: every simulation is scored while it is in registers, and only whole
//! numbers are kept, so neither threads nor batches nor the order of merging reach a figure, and memory does not grow
//! with the number of simulations.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

mod abreast;
mod agreeing;
mod judge;
mod paired;
mod performance;
mod portfolio;
mod tally;

use crate::auction::Payouts;
use crate::bracket::{Bracket, Slot, Source};
use crate::ownership::Ownership;
use crate::scoring::Points;
use crate::simulate::{Block, Simulator, Visit};
use crate::standings::Score;

pub use self::agreeing::{Agreeing, agreeing};
use self::judge::{Judge, LANES};
pub use self::paired::{Paired, paired};
pub use self::performance::{Estimate, Outcome, Performance, estimate_of_count, performances};
pub use self::portfolio::{Member, PairOf, Portfolio, portfolio};
pub use self::tally::Tally;

/// A contest: who owns what, what progress is worth, and what places are paid.
#[derive(Debug, Clone)]
pub struct Contest {
    ownership: Ownership,
    points: Points,
    payouts: Payouts,
    /// By game: the progress of its winner.
    reached: Vec<usize>,
    /// Where teams come to stand on the first level that is worth anything; whoever scores passes one of them.
    gates: Vec<Source>,
    byes: Vec<usize>,
    /// Points that all teams of a tournament have together at most.
    most_points: u64,
}

impl Contest {
    /// A contest over a bracket.
    pub fn new(bracket: &Bracket, ownership: Ownership, points: Points, payouts: Payouts) -> Self {
        let first = (1..=bracket.levels()).find(|&level| points.total(level) > 0).unwrap_or(bracket.levels());
        let reached = (0..bracket.games().len()).map(|game| bracket.progress_of_winner(game)).collect();
        let most_points = most_points(bracket, &points);
        let byes = bracket.first_byes();
        Self { gates: gates(bracket, first), byes, reached, most_points, ownership, points, payouts }
    }

    /// Who owns what.
    pub const fn ownership(&self) -> &Ownership {
        &self.ownership
    }

    /// What progress is worth.
    pub const fn points(&self) -> &Points {
        &self.points
    }

    /// What places are paid.
    pub const fn payouts(&self) -> &Payouts {
        &self.payouts
    }

    /// How every entry finishes over simulations.
    pub fn tally(&self, simulator: &Simulator, simulations: std::ops::Range<u64>) -> Tally {
        simulator.run(simulations, Scorer::new(self))
    }

    /// The scores of the entries when the teams have made this progress.
    pub fn scores(&self, progress: &[usize]) -> Vec<Score> {
        let mut scores = vec![0; self.ownership.entries()];
        for (team, &progress) in progress.iter().enumerate() {
            self.credit(team, progress, &mut scores);
        }
        scores
    }

    #[inline]
    fn credit(&self, team: usize, progress: usize, scores: &mut [Score]) {
        let points = u64::from(self.points.total(progress));
        for owned in self.ownership.of_team(team) {
            scores[owned.entry as usize] += points * owned.parts;
        }
    }

    /// Scores one simulation, whose winners `winner_of` tells by game, into `scores`. `progress` is scratch space.
    fn score(&self, winner_of: impl Fn(usize) -> usize, progress: &mut [usize], scores: &mut [Score]) {
        progress.copy_from_slice(&self.byes);
        for (game, &reached) in self.reached.iter().enumerate() {
            progress[winner_of(game)] = reached;
        }
        scores.fill(0);
        for gate in &self.gates {
            let team = match *gate {
                Source::Team(team) => team,
                Source::Winner(game) => winner_of(game),
            };
            self.credit(team, progress[team], scores);
        }
    }
}

/// Who comes to stand on a level, byes passed over.
fn gates(bracket: &Bracket, level: usize) -> Vec<Source> {
    let mut level_of: Vec<usize> = Vec::new();
    let mut sources = Vec::new();
    let mut gates = Vec::new();
    for &slot in bracket.slots() {
        let (at, source) = match slot {
            Slot::Team(team) => (0, Source::Team(team)),
            Slot::Bye(below) => (level_of[below] + 1, sources[below]),
            Slot::Winner(game) => (bracket.games()[game].round + 1, Source::Winner(game)),
        };
        if at == level {
            gates.push(source);
        }
        level_of.push(at);
        sources.push(source);
    }
    gates
}

/// Every slot is stood in by one team, which is awarded the points of its level.
fn most_points(bracket: &Bracket, points: &Points) -> u64 {
    let mut level_of: Vec<usize> = Vec::new();
    for &slot in bracket.slots() {
        level_of.push(match slot {
            Slot::Team(_) => 0,
            Slot::Bye(below) => level_of[below] + 1,
            Slot::Winner(game) => bracket.games()[game].round + 1,
        });
    }
    level_of.into_iter().map(|level| u64::from(points.awarded(level))).sum()
}

/// Scores simulations and counts how every entry finishes.
pub struct Scorer<'a> {
    judge: Judge<'a>,
    tally: Tally,
}

impl<'a> Scorer<'a> {
    /// A scorer that has seen nothing.
    pub fn new(contest: &'a Contest) -> Self {
        Self { judge: Judge::new(contest), tally: Tally::none(contest.ownership.entries()) }
    }

    /// Scores some lanes of a block.
    #[inline(always)]
    fn take(&mut self, block: &Block<'_>, lanes: &[usize]) {
        for lanes in lanes.chunks(LANES) {
            self.judge.count(block, lanes, &mut self.tally);
        }
    }
}

impl Visit for Scorer<'_> {
    type Output = Tally;

    #[inline(always)]
    fn block(&mut self, block: &Block<'_>) {
        self.take(block, block.all_lanes());
    }

    fn finish(mut self) -> Tally {
        self.judge.finish(&mut self.tally);
        self.tally
    }
}

#[cfg(test)]
mod tests;
