//! Tournaments played by chance, as many as asked, each reachable on its own.
//!
//! Simulation `i` of a seed takes the draw of game `g` from word `g mod 4` of Philox at the counter `(g / 4, i)`. So its
//! course depends on the seed and on `i` alone: not on threads, on batches, on the width of registers, on how many
//! others there are, and not on which other games are decided already. The first `k` of `n` simulations are those of
//! a run of `k`.
//!
//! Side 0 of a game wins if 30 random bits are below its probability in 2⁻³⁰; a decided game, or a probability of 0 or
//! 1, is certain.

mod lanes;
mod philox;
mod words;

use std::ops::Range;

use kernel::Seed;

use crate::bracket::{Bracket, Source};
use crate::probability::PairTable;
use crate::results::Results;

pub use self::lanes::Path;

/// Bits of a draw.
const DRAW_BITS: u32 = 30;

/// Everything a simulation needs, in flat tables.
#[derive(Debug, Clone)]
pub struct Simulator {
    teams: usize,
    steps: Vec<Step>,
    /// By side 0 and side 1: the draws below which side 0 wins.
    thresholds: Vec<u32>,
    key: [u32; 2],
}

/// One game. Sides are places in the table of who stands where: teams first, then the winners of games.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Already decided; `left` tells whether side 0 won.
    Decided { winner: u32, left: bool },
    /// Two teams that are known from the start.
    Fixed { sides: [u32; 2], threshold: u32 },
    /// At most two teams on each side: the thresholds lie in the step.
    Narrow { sides: [usize; 2], first: [u32; 2], thresholds: [[u32; 2]; 2] },
    /// Any teams: the threshold is looked up.
    Wide { sides: [usize; 2] },
}

/// Some simulations side by side, each in a lane.
#[derive(Debug)]
pub struct Block<'a> {
    /// The index of the simulation in the first lane.
    pub first: u64,
    /// Lanes that count; the others lie beyond what was asked for.
    pub lanes: usize,
    width: usize,
    winners: &'a [u32],
    bits: &'a [u32],
}

impl Block<'_> {
    /// The winner of a game in a lane.
    pub fn winner(&self, game: usize, lane: usize) -> usize {
        self.winners[game * self.width + lane] as usize
    }

    /// The winners of a game by lane, and beyond those that count.
    #[inline]
    pub fn winners(&self, game: usize) -> &[u32] {
        &self.winners[game * self.width..][..self.width]
    }

    /// 32 games of a lane: a bit for each, set where side 0 won.
    pub fn bits(&self, word: usize, lane: usize) -> u32 {
        self.bits[word * self.width + lane]
    }

    /// The lanes that count.
    pub fn all_lanes(&self) -> &'static [usize] {
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15][..self.lanes]
    }

    /// How many games.
    pub const fn games(&self) -> usize {
        self.winners.len() / self.width
    }

    /// How many words of bits.
    pub const fn words(&self) -> usize {
        self.bits.len() / self.width
    }
}

/// What is done with simulations while they are in registers. What is inlined into [`Visit::block`] is compiled for the
/// instructions that simulate.
pub trait Visit {
    /// What comes of it.
    type Output;

    /// Takes some simulations.
    fn block(&mut self, block: &Block<'_>);

    /// The end.
    fn finish(self) -> Self::Output;
}

impl Simulator {
    /// The simulations of a seed: decided games as they were played, all others by the table.
    pub fn new(bracket: &Bracket, pairs: &PairTable, results: &Results, seed: Seed) -> Self {
        let teams = bracket.teams().len();
        let at_side = |game, side| match bracket.source(game, side) {
            Source::Team(team) => team,
            Source::Winner(from) => teams + from,
        };
        let thresholds: Vec<u32> =
            (0..teams * teams).map(|pair| threshold(pairs.beats(pair / teams, pair % teams))).collect();
        let step = |at: usize| {
            let game = &bracket.games()[at];
            if let Some(winner) = results.winners()[at] {
                let left = bracket.reachable(game.sides[0]).contains(&winner);
                return Step::Decided { winner: index(winner), left };
            }
            let sides = [at_side(at, 0), at_side(at, 1)];
            match game.sides.map(|slot| bracket.reachable(slot)) {
                [&[a], &[b]] => {
                    Step::Fixed { sides: [index(a), index(b)], threshold: thresholds[a * teams + b] }
                }
                [left, right] if left.len() <= 2 && right.len() <= 2 => {
                    let of = |a: usize| [right[0], right[right.len() - 1]].map(|b| thresholds[a * teams + b]);
                    let first = [index(left[0]), index(right[0])];
                    Step::Narrow { sides, first, thresholds: [of(left[0]), of(left[left.len() - 1])] }
                }
                _ => Step::Wide { sides },
            }
        };
        let steps = (0..bracket.games().len()).map(step).collect();
        Self { teams, steps, thresholds, key: key(seed) }
    }

    /// Shows simulations to a visitor, in the widest registers of this processor.
    pub fn run<V: Visit>(&self, simulations: Range<u64>, visit: V) -> V::Output {
        self.run_on(Path::widest(), simulations, visit)
    }

    /// The same on one path, which must be among [`Path::all`]. Results are the same on all.
    pub fn run_on<V: Visit>(&self, path: Path, simulations: Range<u64>, visit: V) -> V::Output {
        lanes::run_on(path, self, simulations, visit)
    }

    /// How many games.
    pub fn games(&self) -> usize {
        self.steps.len()
    }

    /// Words of 32 bits that the results of one simulation take.
    pub fn words(&self) -> usize {
        self.steps.len().div_ceil(32)
    }

    /// The results of one simulation: a bit for each game, set where side 0 won.
    pub fn bits(&self, simulation: u64) -> Vec<u32> {
        self.run(simulation..simulation + 1, Bits::default())
    }

    /// The winner of every game of one simulation.
    pub fn winners(&self, simulation: u64) -> Vec<usize> {
        self.run(simulation..simulation + 1, Winners::default())
    }
}

/// Collects the bits of simulations one after the other.
#[derive(Debug, Default)]
pub struct Bits(Vec<u32>);

impl Visit for Bits {
    type Output = Vec<u32>;

    fn block(&mut self, block: &Block<'_>) {
        for lane in 0..block.lanes {
            self.0.extend((0..block.words()).map(|word| block.bits(word, lane)));
        }
    }

    fn finish(self) -> Vec<u32> {
        self.0
    }
}

/// Collects the winners of simulations one after the other.
#[derive(Debug, Default)]
pub struct Winners(Vec<usize>);

impl Visit for Winners {
    type Output = Vec<usize>;

    fn block(&mut self, block: &Block<'_>) {
        for lane in 0..block.lanes {
            self.0.extend((0..block.games()).map(|game| block.winner(game, lane)));
        }
    }

    fn finish(self) -> Vec<usize> {
        self.0
    }
}

fn index(team: usize) -> u32 {
    u32::try_from(team).expect("a bracket has few teams")
}

/// A probability in 2⁻³⁰, rounded to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a probability in whole parts of 2^30"
)]
fn threshold(p: f64) -> u32 {
    (p.clamp(0.0, 1.0) * f64::from(1_u32 << DRAW_BITS)).round() as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are what is meant")]
const fn key(seed: Seed) -> [u32; 2] {
    [seed.0 as u32, (seed.0 >> 32) as u32]
}

#[cfg(test)]
pub(crate) mod tests;
