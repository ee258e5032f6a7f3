//! The filter for sixteen candidates at once, and the states it starts from.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]
#![expect(clippy::needless_range_loop, reason = "the register number indexes several arrays at once")]

use super::form::{Candidate, WIDTH};
use super::start::{Start, region};
use crate::simd::{Lanes, Task};

/// Registers of a pass: two chains keep the processor busy while each step waits for the one before.
const K: usize = WIDTH / 8;

pub(super) const NONE: u8 = 0;
pub(super) const SIMPLE: u8 = 1;
pub(super) const PARTIAL: u8 = 2;
pub(super) const FULL: u8 = 3;

/// `w₀, w₁` as the recursion uses them.
#[derive(Clone, Copy)]
struct Weights<S> {
    /// `w₁ − 1`: what the potential gives to the level.
    give: S,
    /// `1 − w₀`: what the potential keeps.
    keep: S,
    /// `w₀ − w₁`: what an error gives to the level.
    share: S,
    /// `w₀ + w₁`: what an error gives to the potential.
    rest: S,
}

impl<S: Lanes<Number = f64>> Weights<S> {
    #[inline(always)]
    fn of(pairs: [(f64, f64); 8]) -> Self {
        let load = |of: fn((f64, f64)) -> f64| S::load(&pairs.map(of));
        Self {
            give: load(|(_, w1)| w1 - 1.0),
            keep: load(|(w0, _)| 1.0 - w0),
            share: load(|(w0, w1)| w0 - w1),
            rest: load(|(w0, w1)| w0 + w1),
        }
    }

    /// The two equations of the module's text.
    #[inline(always)]
    fn advance(&self, level: S, potential: S, error: S) -> (S, S) {
        (
            self.share.times_plus(error, self.give.times_plus(potential, level)),
            self.rest.times_plus(error, self.keep.times_plus(potential, level)),
        )
    }
}

/// Where each candidate is. `phases` holds `s, r` of each phase, or `l, c` of each phase in the simple form.
struct State<S> {
    level: [S; K],
    potential: [S; K],
    phases: Vec<[[S; K]; 2]>,
}

/// The weights of sixteen candidates.
struct Filter<S> {
    level: [Weights<S>; K],
    season: [Weights<S>; K],
}

impl<S: Lanes<Number = f64>> Filter<S> {
    #[inline(always)]
    fn of(candidates: &[Candidate; WIDTH]) -> Self {
        let eight = |k: usize| std::array::from_fn(|lane| candidates[8 * k + lane]);
        let level = |candidates: [Candidate; 8]| Weights::of(candidates.map(|all| all.level.weights()));
        let season = |candidates: [Candidate; 8]| Weights::of(candidates.map(|all| all.season.weights()));
        Self { level: std::array::from_fn(|k| level(eight(k))), season: std::array::from_fn(|k| season(eight(k))) }
    }

    /// One row of one register: the error of `value`.
    #[inline(always)]
    fn step<const FORM: u8>(&self, state: &mut State<S>, k: usize, phase: usize, value: S) -> S {
        if FORM == SIMPLE {
            let [level, potential] = &mut state.phases[phase];
            let error = value.minus(level[k]);
            (level[k], potential[k]) = self.level[k].advance(level[k], potential[k], error);
            return error;
        }
        let mut error = value.minus(state.level[k]);
        if FORM != NONE {
            let [season, rest] = &mut state.phases[phase];
            error = error.minus(season[k]);
            if FORM == PARTIAL {
                season[k] = self.season[k].share.times_plus(error, season[k]);
            } else {
                (season[k], rest[k]) = self.season[k].advance(season[k], rest[k], error);
            }
        }
        (state.level[k], state.potential[k]) =
            self.level[k].advance(state.level[k], state.potential[k], error);
        error
    }

    /// The states before the first row: the filter run backwards over the first rows from a rough start after them.
    #[inline(always)]
    fn before<const FORM: u8>(&self, rows: &[f64], start: &Start, candidates: &[Candidate; WIDTH]) -> State<S> {
        let mut state = start.state::<S, FORM>(candidates);
        let period = state.phases.len().max(1);
        for (at, &value) in rows.iter().enumerate().rev() {
            for k in 0..K {
                self.step::<FORM>(&mut state, k, at % period, S::splat(value));
            }
        }
        state
    }
}

impl Start {
    /// The rough start in every lane, with the potential at rest: `c = l/w₀` where nothing grows.
    #[inline(always)]
    fn state<S: Lanes<Number = f64>, const FORM: u8>(&self, candidates: &[Candidate; WIDTH]) -> State<S> {
        let at_rest = |value: f64, of: fn(&Candidate) -> f64| {
            std::array::from_fn(|k| {
                S::load(&std::array::from_fn::<f64, 8, _>(|lane| value / of(&candidates[8 * k + lane])))
            })
        };
        let level = |candidate: &Candidate| candidate.level.weights().0;
        let season = |candidate: &Candidate| candidate.season.weights().0;
        let of = if FORM == SIMPLE { level } else { season };
        State {
            level: [S::splat(self.level); K],
            potential: at_rest(self.level, level),
            phases: self.phases.iter().map(|&value| [[S::splat(value); K], at_rest(value, of)]).collect(),
        }
    }
}

/// One pass of sixteen candidates over complete rows.
pub(super) struct Pass<'a, const FORM: u8> {
    pub(super) rows: &'a [f64],
    pub(super) period: usize,
    pub(super) start: &'a Start,
    pub(super) candidates: &'a [Candidate; WIDTH],
}

/// What a pass leaves.
pub(super) struct Passed {
    /// Each candidate's sum of squared one-step errors.
    pub(super) squares: [f64; WIDTH],
    /// `l, c` of the first candidate after the last row.
    pub(super) level: (f64, f64),
    /// `s, r` (or `l, c`) of the first candidate by phase.
    pub(super) phases: Vec<(f64, f64)>,
}

impl<const FORM: u8> Task for Pass<'_, FORM> {
    type Output = Passed;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Passed {
        let filter = Filter::<D>::of(self.candidates);
        let first = &self.rows[..region(self.rows.len(), self.period)];
        let mut state = filter.before::<FORM>(first, self.start, self.candidates);
        let mut sums = [D::splat(0.0); K];
        let period = state.phases.len().max(1);
        let mut phase = 0;
        for &value in self.rows {
            for k in 0..K {
                let error = filter.step::<FORM>(&mut state, k, phase, D::splat(value));
                sums[k] = error.times_plus(error, sums[k]);
            }
            phase = if phase + 1 == period { 0 } else { phase + 1 };
        }
        let mut squares = [0.0; WIDTH];
        for (sum, to) in sums.iter().zip(squares.chunks_exact_mut(8)) {
            sum.store(to);
        }
        let one = |registers: &[D; K]| {
            let mut lanes = [0.0; 8];
            registers[0].store(&mut lanes);
            lanes[0]
        };
        Passed {
            squares,
            level: (one(&state.level), one(&state.potential)),
            phases: state.phases.iter().map(|[a, b]| (one(a), one(b))).collect(),
        }
    }
}
