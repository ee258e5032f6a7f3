//! The filter, over `K` registers at once so that the processor has work while a step's result waits for the step
//! before.
//!
//! What a lane stands for is the caller's choice: a candidate of one series, or a series of a block. The arithmetic
//! of a lane is the same, so a series gives the same bits either way.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use std::ops::Range;

use super::rows::Rows;
use super::start::Rough;
use super::weights::{Weights, gather};
use crate::simd::{Lanes, Real};

/// How a trend enters.
pub(super) const FLAT: u8 = 0;
pub(super) const FULL: u8 = 1;
pub(super) const DAMPED: u8 = 2;

/// How a season enters.
pub(super) const NO_SEASON: u8 = 0;
pub(super) const ADDITIVE: u8 = 1;
pub(super) const MULTIPLICATIVE: u8 = 2;

/// The direction of time.
const FORWARD: bool = true;
const BACKWARD: bool = false;

impl<S: Lanes> State<S, 1> {
    /// The same state in several registers.
    #[inline(always)]
    pub(super) fn repeated<const K: usize>(&self) -> State<S, K> {
        let mut season = Vec::with_capacity(self.season.len());
        for phase in &self.season {
            season.push([phase[0]; K]);
        }
        State { level: [self.level[0]; K], trend: [self.trend[0]; K], squares: [self.squares[0]; K], season }
    }
}

/// Where each lane is. It is copied by loops: `clone` and `vec!` are compiled without the instructions of the path and move
/// each register through memory.
pub(super) struct State<S, const K: usize> {
    pub(super) level: [S; K],
    /// `φb`: what the next row adds to the level.
    pub(super) trend: [S; K],
    pub(super) squares: [S; K],
    /// `season[phase]`; empty without a season.
    pub(super) season: Vec<[S; K]>,
}

/// What a unit of the first level (`u`) and of the first trend (`v`) add to the error of each of the first rows.
pub(super) trait Respond<S> {
    /// How many first rows.
    fn rows(&self) -> usize;
    /// `u` and `v` at a row of the `k`-th register.
    fn at(&self, row: usize, k: usize) -> (S, S);
    /// `Σu²`, `Σuv` and `Σv²` of the `k`-th register.
    fn sums(&self, k: usize) -> (S, S, S);
}

/// The responses by lane.
pub(super) struct Responses<S, const K: usize> {
    pub(super) rows: Vec<[(S, S); K]>,
    /// `Σu²`, `Σuv`, `Σv²`.
    pub(super) sums: [[S; K]; 3],
}

impl<S: Lanes, const K: usize> Respond<S> for Responses<S, K> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.rows.len()
    }

    #[inline(always)]
    fn at(&self, row: usize, k: usize) -> (S, S) {
        self.rows[row][k]
    }

    #[inline(always)]
    fn sums(&self, k: usize) -> (S, S, S) {
        let [uu, uv, vv] = &self.sums;
        (uu[k], uv[k], vv[k])
    }
}

impl<S: Lanes, const K: usize> Responses<S, K> {
    /// The filter's errors on rows of zeros from a unit level and from a unit trend.
    #[inline(always)]
    pub(super) fn of<const TREND: u8, const SEASON: u8>(
        weights: &Weights<S, K>,
        rows: usize,
        period: usize,
        is_missing: impl Fn(usize) -> bool,
    ) -> Self {
        let (zero, one) = (S::splat(S::Number::default()), S::splat(S::Number::of(1.0)));
        let phases = if SEASON == NO_SEASON { 0 } else { period };
        let mut by_level = State::zero(phases);
        by_level.level = [one; K];
        let mut by_trend = State::zero(phases);
        by_trend.trend = [one; K];
        let mut responses = Self { rows: Vec::with_capacity(rows), sums: [[zero; K]; 3] };
        let mut phase = 0;
        for at in 0..rows {
            let mut row = [(zero, zero); K];
            for k in 0..K {
                if is_missing(at) {
                    skip::<S, TREND>(weights.phi[k], &mut by_level.level[k], &mut by_level.trend[k]);
                    skip::<S, TREND>(weights.phi[k], &mut by_trend.level[k], &mut by_trend.trend[k]);
                    continue;
                }
                let u = by_level.step::<TREND, SEASON>(weights, k, phase, zero);
                let v = by_trend.step::<TREND, SEASON>(weights, k, phase, zero);
                row[k] = (u, v);
                let [uu, uv, vv] = &mut responses.sums;
                uu[k] = u.times_plus(u, uu[k]);
                uv[k] = u.times_plus(v, uv[k]);
                vv[k] = v.times_plus(v, vv[k]);
            }
            responses.rows.push(row);
            phase = if phase + 1 >= phases { 0 } else { phase + 1 };
        }
        responses
    }
}

impl<S: Lanes, const K: usize> State<S, K> {
    /// A state of zeros.
    #[inline(always)]
    fn zero(phases: usize) -> Self {
        let none = [S::splat(S::Number::default()); K];
        let mut season = Vec::with_capacity(phases);
        for _ in 0..phases {
            season.push(none);
        }
        Self { level: none, trend: none, squares: none, season }
    }

    /// The same state.
    #[inline(always)]
    pub(super) fn copied(&self) -> Self {
        let mut season = Vec::with_capacity(self.season.len());
        for phase in 0..self.season.len() {
            season.push(self.season[phase]);
        }
        Self { level: self.level, trend: self.trend, squares: self.squares, season }
    }

    /// A rough state after the first rows, turned to look backwards. `start_of(lane)` counts lanes over all registers.
    #[inline(always)]
    pub(super) fn rough<'a, const TREND: u8, const SEASON: u8>(
        period: usize,
        start_of: impl Fn(usize) -> Rough<'a>,
    ) -> Self {
        let zero = S::splat(S::Number::default());
        let phases = if SEASON == NO_SEASON { 0 } else { period };
        let mut season = Vec::with_capacity(phases);
        for phase in 0..phases {
            season.push(gather(|lane| start_of(lane).season[phase]));
        }
        Self {
            level: gather(|lane| start_of(lane).level),
            trend: if TREND == FLAT { [zero; K] } else { gather(|lane| -start_of(lane).slope) },
            squares: [zero; K],
            season,
        }
    }

    /// From the rough state to the one before the first row: the filter runs backwards over the first rows.
    #[inline(always)]
    pub(super) fn turn_back<const TREND: u8, const SEASON: u8>(
        &mut self,
        weights: &Weights<S, K>,
        rows: impl Rows<S>,
        region: Range<usize>,
    ) {
        let zero = S::splat(S::Number::default());
        // A damped trend would have faded out on the way to the start: backwards it is kept.
        match TREND {
            FLAT => self.run::<FLAT, SEASON, BACKWARD>(weights, rows, region),
            _ => self.run::<FULL, SEASON, BACKWARD>(weights, rows, region),
        }
        for k in 0..K {
            if TREND != FLAT {
                self.level[k] = self.level[k].plus(self.trend[k]);
                self.trend[k] = weights.phi[k].times(zero.minus(self.trend[k]));
            }
        }
    }

    /// Moves level and trend to where the sum of squares over the first rows is least.
    ///
    /// The errors are affine in both: `e(l + δ, b + ε) = e + δu + εv` with the responses `u` and `v` (variable
    /// projection, Golub & Pereyra 1973). `here` is room to filter in.
    #[inline(always)]
    pub(super) fn correct<const TREND: u8, const SEASON: u8>(
        &mut self,
        weights: &Weights<S, K>,
        rows: impl Rows<S>,
        responses: &impl Respond<S>,
        here: &mut Self,
    ) {
        let zero = S::splat(S::Number::default());
        here.copy_from(self);
        let (mut by_level, mut by_trend) = ([zero; K], [zero; K]);
        let period = self.season.len();
        let mut phase = 0;
        for at in 0..responses.rows() {
            if rows.is_missing(at) {
                for k in 0..K {
                    skip::<S, TREND>(weights.phi[k], &mut here.level[k], &mut here.trend[k]);
                }
            } else {
                for k in 0..K {
                    let observed = rows.row(at, k);
                    let error = here.step::<TREND, SEASON>(weights, k, phase, observed);
                    let (u, v) = responses.at(at, k);
                    by_level[k] = u.times_plus(error, by_level[k]);
                    by_trend[k] = v.times_plus(error, by_trend[k]);
                }
            }
            phase = if phase + 1 >= period { 0 } else { phase + 1 };
        }
        let ridge = S::splat(S::Number::of(1.0 + 1e-4));
        let tiny = S::splat(S::Number::of(1e-30));
        for k in 0..K {
            let ((uu, uv, vv), ue, ve) = (responses.sums(k), by_level[k], by_trend[k]);
            let (uu, vv) = (uu.times_plus(ridge, tiny), vv.times_plus(ridge, tiny));
            let determinant = uu.times(vv).minus(uv.times(uv)).plus(tiny);
            let delta = uv.times(ve).minus(vv.times(ue)).over(determinant);
            let epsilon = uv.times(ue).minus(uu.times(ve)).over(determinant);
            // A lane without a trend keeps the first level it was searched with.
            self.level[k] = weights.has_trend[k].times_plus(delta, self.level[k]);
            self.trend[k] = weights.has_trend[k].times_plus(epsilon, self.trend[k]);
        }
    }

    /// Takes over another state of the same season.
    #[inline(always)]
    pub(super) fn copy_from(&mut self, other: &Self) {
        (self.level, self.trend, self.squares) = (other.level, other.trend, other.squares);
        self.season.copy_from_slice(&other.season);
    }

    /// Filters rows forward.
    #[inline(always)]
    pub(super) fn forward<const TREND: u8, const SEASON: u8>(
        &mut self,
        weights: &Weights<S, K>,
        rows: impl Rows<S>,
        range: Range<usize>,
    ) {
        self.run::<TREND, SEASON, FORWARD>(weights, rows, range);
    }

    #[inline(always)]
    fn step<const TREND: u8, const SEASON: u8>(
        &mut self,
        weights: &Weights<S, K>,
        k: usize,
        phase: usize,
        observed: S,
    ) -> S {
        let mut season = if SEASON == NO_SEASON { observed } else { self.season[phase][k] };
        let error = advance::<S, K, TREND, SEASON>(
            weights,
            k,
            (&mut self.level[k], &mut self.trend[k], &mut season),
            observed,
        );
        if SEASON != NO_SEASON {
            self.season[phase][k] = season;
        }
        error
    }

    #[inline(always)]
    fn run<const TREND: u8, const SEASON: u8, const DIRECTION: bool>(
        &mut self,
        weights: &Weights<S, K>,
        rows: impl Rows<S>,
        range: Range<usize>,
    ) {
        let weights = *weights;
        let (mut level, mut trend, mut squares) = (self.level, self.trend, self.squares);
        let season = self.season.as_mut_slice();
        let period = season.len().max(1);
        let last = range.end.saturating_sub(1);
        let mut phase = if DIRECTION == FORWARD { range.start % period } else { last % period };
        for step in 0..range.len() {
            let at = if DIRECTION == FORWARD { range.start + step } else { last - step };
            if rows.is_missing(at) {
                for k in 0..K {
                    skip::<S, TREND>(weights.phi[k], &mut level[k], &mut trend[k]);
                }
            } else {
                for k in 0..K {
                    let observed = rows.row(at, k);
                    let mut of_phase = if SEASON == NO_SEASON { observed } else { season[phase][k] };
                    let states = (&mut level[k], &mut trend[k], &mut of_phase);
                    let error = advance::<S, K, TREND, SEASON>(&weights, k, states, observed);
                    if DIRECTION == FORWARD {
                        squares[k] = error.times_plus(error, squares[k]);
                    }
                    if SEASON != NO_SEASON {
                        season[phase][k] = of_phase;
                    }
                }
            }
            phase = match DIRECTION {
                FORWARD if phase + 1 == period => 0,
                FORWARD => phase + 1,
                _ if phase == 0 => period - 1,
                _ => phase - 1,
            };
        }
        (self.level, self.trend, self.squares) = (level, trend, squares);
    }
}

/// A missing row: only the trend advances.
#[inline(always)]
fn skip<S: Lanes, const TREND: u8>(phi: S, level: &mut S, trend: &mut S) {
    if TREND != FLAT {
        *level = level.plus(*trend);
        *trend = phi.times(*trend);
    }
}

/// The recursions of the module's table for one row of one register; gives the error.
#[inline(always)]
fn advance<S: Lanes, const K: usize, const TREND: u8, const SEASON: u8>(
    weights: &Weights<S, K>,
    k: usize,
    (level, trend, season): (&mut S, &mut S, &mut S),
    observed: S,
) -> S {
    let Weights { alpha, beta, gamma, phi, .. } = weights;
    let advanced = if TREND == FLAT { *level } else { level.plus(*trend) };
    let (error, weight) = match SEASON {
        ADDITIVE => {
            let error = observed.minus(*season).minus(advanced);
            *season = gamma[k].times_plus(error, *season);
            (error, error)
        }
        MULTIPLICATIVE => {
            let error = observed.minus(advanced.times(*season));
            let weight = error.over(*season);
            *season = gamma[k].times_plus(error.over(advanced), *season);
            (error, weight)
        }
        _ => {
            let error = observed.minus(advanced);
            (error, error)
        }
    };
    *level = alpha[k].times_plus(weight, advanced);
    match TREND {
        FLAT => {}
        FULL => *trend = beta[k].times_plus(weight, *trend),
        _ => *trend = beta[k].times_plus(weight, phi[k].times(*trend)),
    }
    error
}
