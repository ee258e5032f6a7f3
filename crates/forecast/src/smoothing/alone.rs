//! Passes over one series, one candidate per lane.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::form::{Candidate, Form, Season, Trend};
use super::kernel::{ADDITIVE, DAMPED, FLAT, FULL, MULTIPLICATIVE, NO_SEASON, Responses, State};
use super::rows::{Rows, Shared};
use super::start::Start;
use super::weights::Weights;
use crate::simd::{Lanes, Real, Task};

/// Candidates of one form over the first rows of a series up to each ascending origin.
pub(super) struct Pass<'a> {
    pub(super) form: Form,
    pub(super) period: usize,
    pub(super) rows: &'a [f32],
    /// How many first rows the start is taken from.
    pub(super) region: usize,
    pub(super) start: &'a Start,
    pub(super) candidates: &'a [Candidate],
    pub(super) origins: &'a [usize],
}

impl Task for Pass<'_> {
    /// For each origin the best candidate and its sum of squares; infinite if there is none.
    type Output = Vec<(usize, f64)>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        match (self.form.trend, self.form.season) {
            (Trend::None, Season::None) => self.filter::<F, FLAT, NO_SEASON>(),
            (Trend::None, Season::Additive) => self.filter::<F, FLAT, ADDITIVE>(),
            (Trend::None, Season::Multiplicative) => self.filter::<F, FLAT, MULTIPLICATIVE>(),
            (Trend::Full, Season::None) => self.filter::<F, FULL, NO_SEASON>(),
            (Trend::Full, Season::Additive) => self.filter::<F, FULL, ADDITIVE>(),
            (Trend::Full, Season::Multiplicative) => self.filter::<F, FULL, MULTIPLICATIVE>(),
            (Trend::Damped, Season::None) => self.filter::<F, DAMPED, NO_SEASON>(),
            (Trend::Damped, Season::Additive) => self.filter::<F, DAMPED, ADDITIVE>(),
            (Trend::Damped, Season::Multiplicative) => self.filter::<F, DAMPED, MULTIPLICATIVE>(),
        }
    }
}

impl Pass<'_> {
    #[inline(always)]
    fn filter<S: Lanes<Number = f32>, const TREND: u8, const SEASON: u8>(self) -> Vec<(usize, f64)> {
        const REGISTERS: usize = 2;
        let mut best = vec![(0, f32::INFINITY, f32::INFINITY); self.origins.len()];
        for (chunk, candidates) in self.candidates.chunks(REGISTERS * S::WIDTH).enumerate() {
            let rows = Shared(self.rows);
            let weights = Weights::<S, REGISTERS>::by_lane(candidates);
            let mut state = State::rough::<TREND, SEASON>(self.period, |_| self.start.rough());
            state.turn_back::<TREND, SEASON>(&weights, rows, 0..self.region);
            if TREND != FLAT && SEASON != MULTIPLICATIVE {
                let missing = |at: usize| <Shared<'_, f32> as Rows<S>>::is_missing(rows, at);
                let responses = Responses::of::<TREND, SEASON>(&weights, self.region, self.period, missing);
                let mut room = state.copied();
                state.correct::<TREND, SEASON>(&weights, rows, &responses, &mut room);
            }
            let mut position = 0;
            for (&origin, best) in self.origins.iter().zip(&mut best) {
                state.forward::<TREND, SEASON>(&weights, rows, position..origin);
                position = origin;
                let mut squares = [0.0_f32; 32];
                for (register, to) in state.squares.iter().zip(squares.chunks_exact_mut(S::WIDTH)) {
                    register.store(to);
                }
                for (lane, candidate) in candidates.iter().enumerate() {
                    let penalised = squares[lane] * factor(candidate, origin);
                    if penalised < best.2 {
                        *best = (chunk * REGISTERS * S::WIDTH + lane, squares[lane], penalised);
                    }
                }
            }
        }
        best.into_iter().map(|(at, squares, _)| (at, f64::from(squares))).collect()
    }
}

/// What a sum of squares over this many rows is multiplied by for the candidate's implausibility.
pub(super) fn factor(candidate: &Candidate, rows: usize) -> f32 {
    f32::of(1.0 + candidate.penalty() / rows as f64)
}
