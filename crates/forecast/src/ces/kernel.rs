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
        Self {
            level: std::array::from_fn(|k| level(eight(k))),
            season: std::array::from_fn(|k| season(eight(k))),
        }
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
    fn before<const FORM: u8>(
        &self,
        rows: &[f64],
        start: &Start,
        candidates: &[Candidate; WIDTH],
    ) -> State<S> {
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

#[cfg(test)]
mod tests {
    use super::super::form::{Form, Pair};
    use super::*;
    use crate::simd::{Path, Portable, run_on};

    type Register = Portable<f64, 8>;

    fn first(registers: [Register; K]) -> f64 {
        let mut lanes = [0.0; 8];
        registers[0].store(&mut lanes);
        lanes[0]
    }

    fn state(level: f64, potential: f64, phases: &[(f64, f64)]) -> State<Register> {
        let splat = |value| [Register::splat(value); K];
        State {
            level: splat(level),
            potential: splat(potential),
            phases: phases.iter().map(|&(a, b)| [splat(a), splat(b)]).collect(),
        }
    }

    /// `α₀ = 1.5, α₁ = 1` by hand: `3` after `l = c = 1` is an error of `2`, then `2` is as expected.
    #[test]
    fn two_rows_by_hand() {
        let candidate = Candidate { level: Pair::new(0.5, 0.0), season: Pair::new(0.0, 0.0) };
        let filter = Filter::<Register>::of(&[candidate; WIDTH]);
        let mut state = state(1.0, 1.0, &[]);
        for (value, level, potential) in [(3.0, 2.0, 5.5), (2.0, 2.0, -0.75)] {
            filter.step::<NONE>(&mut state, 0, 0, Register::splat(value));
            assert_eq!((first(state.level), first(state.potential)), (level, potential));
        }
    }

    /// The paper's one equation in complex numbers, `ŷ' + iê' = (α₀ + iα₁)(y + ie) + (1 − α₀ + i(1 − α₁))(ŷ + iê)`.
    #[test]
    fn the_filter_is_the_complex_recursion() {
        let pairs = [Pair::new(0.3, 0.02), Pair::new(0.6, -0.01)];
        let candidate = Candidate { level: pairs[0], season: pairs[1] };
        let filter = Filter::<Register>::of(&[candidate; WIDTH]);
        let complex = |pair: Pair, (l, c): (f64, f64), e: f64| {
            let (a0, a1) = pair.weights();
            let times = |(a, b): (f64, f64), (c, d): (f64, f64)| (a * c - b * d, a * d + b * c);
            let (x, y) = (times((a0, a1), (l + e, e)), times((1.0 - a0, 1.0 - a1), (l, c)));
            (x.0 + y.0, x.1 + y.1)
        };
        let (mut level, mut season) = ((2.0, 1.5), [(0.5, 0.4), (-0.5, -0.1)]);
        let mut full = state(level.0, level.1, &season);
        for (at, value) in [3.0, 1.0, 2.5, 0.5, 4.0].into_iter().enumerate() {
            let error = value - level.0 - season[at % 2].0;
            let found = filter.step::<FULL>(&mut full, 0, at % 2, Register::splat(value));
            assert!((first([found; K]) - error).abs() < 1e-12);
            level = complex(pairs[0], level, error);
            season[at % 2] = complex(pairs[1], season[at % 2], error);
            assert!((first(full.level) - level.0).abs() < 1e-12);
            assert!((first(full.potential) - level.1).abs() < 1e-12);
        }
    }

    #[test]
    fn every_path_gives_the_same_bits() {
        let rows: Vec<f64> = (0..100).map(|t| 1.0 + f64::from(t * 31 % 17) * 0.07).collect();
        let candidates = Form::Partial.around(Form::Partial.grid()[40], 0);
        let start = Start::of(&rows[..48], 7, Form::Full);
        let pass = |path| {
            let task = Pass::<FULL> { rows: &rows, period: 7, start: &start, candidates: &candidates };
            let Passed { squares, level, phases } = run_on(path, task);
            (squares.map(f64::to_bits), level, phases)
        };
        for path in Path::all() {
            assert_eq!(pass(path), pass(Path::Portable), "{path:?}");
        }
    }
}
