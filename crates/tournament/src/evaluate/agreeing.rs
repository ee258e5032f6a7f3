//! Of many simulations those that agree with a condition: who wins which game in them, and how every entry finishes.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use std::ops::Range;

use super::{Contest, Scorer, Tally};
use crate::condition::Condition;
use crate::simulate::{Block, Simulator, Visit};

/// What the simulations that agree come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreeing {
    considered: u64,
    tally: Tally,
    teams: usize,
    /// By game and team.
    wins: Vec<u64>,
}

/// Looks through simulations.
pub fn agreeing(
    simulator: &Simulator,
    contest: &Contest,
    condition: &Condition,
    simulations: Range<u64>,
) -> Agreeing {
    let teams = contest.ownership().teams();
    let fixed = condition.fixed().iter().enumerate();
    let sieve = Sieve {
        fixed: fixed.filter_map(|(game, team)| team.map(|team| (game, team))).collect(),
        scorer: Scorer::new(contest),
        considered: 0,
        teams,
        wins: vec![0; simulator.games() * teams],
    };
    simulator.run(simulations, sieve)
}

impl Agreeing {
    /// How many simulations were looked at.
    pub const fn considered(&self) -> u64 {
        self.considered
    }

    /// How every entry finishes in those that agree.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// In how many of those that agree a team wins a game.
    pub fn wins(&self, game: usize, team: usize) -> u64 {
        self.wins[game * self.teams + team]
    }

    /// Adds what was found in other simulations.
    ///
    /// # Panics
    /// If the other is of another contest.
    pub fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.considered += other.considered;
        for (to, from) in self.wins.iter_mut().zip(&other.wins) {
            *to += from;
        }
    }
}

struct Sieve<'a> {
    fixed: Vec<(usize, usize)>,
    scorer: Scorer<'a>,
    considered: u64,
    teams: usize,
    wins: Vec<u64>,
}

impl Visit for Sieve<'_> {
    type Output = Agreeing;

    #[inline(always)]
    fn block(&mut self, block: &Block<'_>) {
        self.considered += block.lanes as u64;
        let agrees = |lane: &usize| self.fixed.iter().all(|&(game, team)| block.winner(game, *lane) == team);
        let lanes: Vec<usize> = (0..block.lanes).filter(agrees).collect();
        for &lane in &lanes {
            for game in 0..block.games() {
                self.wins[game * self.teams + block.winner(game, lane)] += 1;
            }
        }
        self.scorer.take(block, &lanes);
    }

    fn finish(self) -> Agreeing {
        let Self { considered, teams, wins, scorer, .. } = self;
        Agreeing { considered, tally: scorer.finish(), teams, wins }
    }
}
