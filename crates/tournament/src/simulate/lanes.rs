//! The same simulation in 8 or 16 lanes, compiled for the instructions there are.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use std::marker::PhantomData;
use std::ops::Range;

use super::philox::philox;
use super::words::{Plain, Words};
use super::{Block, Simulator, Step, Visit};

/// Which instructions simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Whatever every processor of this kind has.
    Portable,
    /// Eight lanes.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Sixteen lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Path {
    /// The paths of this processor, the narrowest first.
    pub fn all() -> Vec<Self> {
        let mut paths = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                paths.push(Self::Avx2);
            }
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx2") {
                paths.push(Self::Avx512);
            }
        }
        paths
    }

    /// The widest of this processor.
    pub fn widest() -> Self {
        Self::all().pop().unwrap_or(Self::Portable)
    }
}

#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "calls what only some processors can do"))]
pub(super) fn run_on<V: Visit>(
    path: Path,
    simulator: &Simulator,
    simulations: Range<u64>,
    visit: V,
) -> V::Output {
    assert!(Path::all().contains(&path), "a path of this processor");
    match path {
        Path::Portable => run::<Plain, V>(simulator, simulations, visit),
        // SAFETY: the instructions were just found.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2(simulator, simulations, visit) },
        // SAFETY: the instructions were just found.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => unsafe { avx512(simulator, simulations, visit) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<V: Visit>(simulator: &Simulator, simulations: Range<u64>, visit: V) -> V::Output {
    run::<super::words::Eight, V>(simulator, simulations, visit)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2")]
fn avx512<V: Visit>(simulator: &Simulator, simulations: Range<u64>, visit: V) -> V::Output {
    run::<super::words::Sixteen, V>(simulator, simulations, visit)
}

#[inline(always)]
fn run<W: Words, V: Visit>(simulator: &Simulator, simulations: Range<u64>, mut visit: V) -> V::Output {
    let mut table = Standing::<W>::of(simulator);
    let mut first = simulations.start;
    while first < simulations.end {
        play(simulator, first, &mut table);
        let lanes = usize::try_from(simulations.end - first).unwrap_or(W::LANES).min(W::LANES);
        let winners = &table.words[simulator.teams * W::LANES..];
        visit.block(&Block { first, lanes, width: W::LANES, winners, bits: &table.bits });
        first += lanes as u64;
    }
    visit.finish()
}

/// Who stands where in each lane: the teams, then the winners of games; and the bits of the games.
struct Standing<W> {
    words: Vec<u32>,
    bits: Vec<u32>,
    registers: PhantomData<W>,
}

impl<W: Words> Standing<W> {
    fn of(simulator: &Simulator) -> Self {
        let places = simulator.teams + simulator.steps.len();
        let mut this = Self {
            words: vec![0; places * W::LANES],
            bits: vec![0; simulator.words() * W::LANES],
            registers: PhantomData,
        };
        for team in 0..simulator.teams {
            this.stand(team, W::splat(super::index(team)));
        }
        this
    }

    #[inline(always)]
    fn stand(&mut self, place: usize, teams: W) {
        teams.store(&mut self.words[place * W::LANES..]);
    }

    #[inline(always)]
    fn at(&self, place: usize) -> W {
        W::load(&self.words[place * W::LANES..])
    }
}

/// Plays the simulations from `first` on.
#[inline(always)]
fn play<W: Words>(simulator: &Simulator, first: u64, table: &mut Standing<W>) {
    let (low, high) = counters::<W>(first);
    let zero = W::splat(0);
    let mut won = zero;
    for (block, steps) in (0_u32..).zip(simulator.steps.chunks(4)) {
        let words = philox([W::splat(block), low, high, zero], simulator.key);
        for (at, &step) in steps.iter().enumerate() {
            let game = 4 * block as usize + at;
            let (winner, left) = decide(simulator, step, words[at].without_two_bits(), table);
            table.stand(simulator.teams + game, winner);
            won = W::pick(left, won.or(W::splat(1 << (game % 32))), won);
            if game % 32 == 31 || game + 1 == simulator.steps.len() {
                won.store(&mut table.bits[game / 32 * W::LANES..]);
                won = zero;
            }
        }
    }
}

/// The winner of a game in each lane, and where it is side 0.
#[inline(always)]
fn decide<W: Words>(simulator: &Simulator, step: Step, draws: W, table: &Standing<W>) -> (W, W::Mask) {
    let (threshold, a, b) = match step {
        Step::Decided { winner, left } => {
            return (W::splat(winner), W::splat(u32::from(!left)).equal(W::splat(0)));
        }
        Step::Fixed { sides, threshold } => (W::splat(threshold), W::splat(sides[0]), W::splat(sides[1])),
        Step::Narrow { sides, first, thresholds } => {
            let (a, b) = (table.at(sides[0]), table.at(sides[1]));
            let is_first = a.equal(W::splat(first[0]));
            let one = W::pick(is_first, W::splat(thresholds[0][0]), W::splat(thresholds[1][0]));
            let other = W::pick(is_first, W::splat(thresholds[0][1]), W::splat(thresholds[1][1]));
            (W::pick(b.equal(W::splat(first[1])), one, other), a, b)
        }
        Step::Wide { sides } => {
            let (a, b) = (table.at(sides[0]), table.at(sides[1]));
            let pair = a.times_plus(super::index(simulator.teams), b);
            (pair.gather(&simulator.thresholds), a, b)
        }
    };
    let left = draws.less(threshold);
    (W::pick(left, a, b), left)
}

/// The indices of the simulations from `first` on, split into their halves.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is meant")]
fn counters<W: Words>(first: u64) -> (W, W) {
    let (low, high) = (first as u32, (first >> 32) as u32);
    let lows = W::count_from(low);
    // A lane whose low half has passed its end is in the next 2³².
    let before_end = (u32::MAX - low).min(W::LANES as u32) + 1;
    let is_before = W::count_from(0).less(W::splat(before_end));
    (lows, W::pick(is_before, W::splat(high), W::splat(high.wrapping_add(1))))
}
