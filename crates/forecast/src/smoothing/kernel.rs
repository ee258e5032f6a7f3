//! The filter, over `K` registers of candidates at once so that the processor has work while a step's result waits
//! for the step before.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]
#![expect(clippy::needless_range_loop, reason = "the register number indexes several arrays at once")]

use super::form::Candidate;
use super::start::Start;
use crate::simd::{Lanes, Real};

/// What each candidate smooths with.
#[derive(Clone, Copy)]
pub(super) struct Weights<S, const K: usize> {
    alpha: [S; K],
    beta: [S; K],
    gamma: [S; K],
    phi: [S; K],
    /// 1 for a candidate with a trend, 0 for one without.
    has_trend: [S; K],
}

/// Where each candidate is.
pub(super) struct State<S, const K: usize> {
    pub(super) level: [S; K],
    pub(super) trend: [S; K],
    pub(super) squares: [S; K],
    /// `season[phase]`.
    pub(super) season: Vec<[S; K]>,
}

/// The direction of time.
pub(super) const FORWARD: bool = true;
pub(super) const BACKWARD: bool = false;

pub(super) const NO_SEASON: u8 = 0;
pub(super) const ADDITIVE: u8 = 1;
pub(super) const MULTIPLICATIVE: u8 = 2;

#[inline(always)]
fn gather<S: Lanes, const K: usize>(value: impl Fn(usize) -> f64) -> [S; K] {
    std::array::from_fn(|register| {
        let mut lanes = [S::Number::default(); 16];
        for (lane, slot) in lanes[..S::WIDTH].iter_mut().enumerate() {
            *slot = S::Number::of(value(register * S::WIDTH + lane));
        }
        S::load(&lanes)
    })
}

impl<S: Lanes, const K: usize> Weights<S, K> {
    /// Candidate `i` in lane `i`; lanes beyond the last candidate repeat it.
    #[inline(always)]
    pub(super) fn of(candidates: &[Candidate]) -> Self {
        let at = |lane: usize| candidates[lane.min(candidates.len() - 1)];
        Self {
            alpha: gather(|lane| at(lane).alpha),
            beta: gather(|lane| at(lane).beta),
            gamma: gather(|lane| at(lane).gamma),
            phi: gather(|lane| at(lane).phi),
            has_trend: gather(|lane| if at(lane).phi > 0.0 { 1.0 } else { 0.0 }),
        }
    }
}

impl<S: Lanes, const K: usize> State<S, K> {
    /// The states before the first row: the filter run backwards over the first rows from a rough start after them,
    /// then, with a trend, corrected to the level and trend of least squares over the first rows.
    /// `start_of(lane)` is the rough start.
    #[inline(always)]
    pub(super) fn before<'a, const TREND: bool, const SEASON: u8>(
        weights: &Weights<S, K>,
        first_rows: &[S::Number],
        period: usize,
        start_of: impl Fn(usize) -> &'a Start,
    ) -> Self {
        let zero = S::splat(S::Number::default());
        let phases = if SEASON == NO_SEASON { 0 } else { period };
        let mut state = Self {
            level: gather(|lane| start_of(lane).level),
            trend: if TREND { gather(|lane| -start_of(lane).slope) } else { [zero; K] },
            squares: [zero; K],
            season: (0..phases).map(|phase| gather(|lane| start_of(lane).season[phase])).collect(),
        };
        // A damped trend would have faded out on the way to the start: backwards it is kept.
        let undamped = Weights { phi: [S::splat(S::Number::of(1.0)); K], ..*weights };
        let backward = if TREND { &undamped } else { weights };
        state.run::<TREND, SEASON, BACKWARD>(backward, first_rows, 0);
        for k in 0..K {
            if TREND {
                state.level[k] = state.level[k].plus(state.trend[k]);
                state.trend[k] = zero.minus(state.trend[k]);
            }
            state.squares[k] = zero;
        }
        if TREND && SEASON != MULTIPLICATIVE {
            state.correct::<SEASON>(weights, first_rows);
        }
        state
    }

    /// Moves level and trend to where the sum of squares over the first rows is least.
    ///
    /// The errors are affine in both: `e(l + δ, b + ε) = e + δu + εv`, where `u` and `v` are the filter's errors on
    /// rows of zeros from a unit level and a unit trend (variable projection, Golub & Pereyra 1973).
    #[inline(always)]
    fn correct<const SEASON: u8>(&mut self, weights: &Weights<S, K>, first_rows: &[S::Number]) {
        let (zero, one) = (S::splat(S::Number::default()), S::splat(S::Number::of(1.0)));
        let fresh = |level, trend| Self {
            level: [level; K],
            trend: [trend; K],
            squares: [zero; K],
            season: vec![[zero; K]; self.season.len()],
        };
        let mut here =
            Self { level: self.level, trend: self.trend, squares: self.squares, season: self.season.clone() };
        let (mut by_level, mut by_trend) = (fresh(one, zero), fresh(zero, one));
        let mut sums = [[zero; K]; 5];
        let period = self.season.len().max(1);
        let mut phase = 0;
        for &value in first_rows {
            for k in 0..K {
                let Some(error) = here.step::<true, SEASON>(weights, k, phase, value, value) else {
                    by_level.step::<true, SEASON>(weights, k, phase, value, value);
                    by_trend.step::<true, SEASON>(weights, k, phase, value, value);
                    continue;
                };
                let nothing = S::Number::default();
                let u = by_level.step::<true, SEASON>(weights, k, phase, value, nothing).unwrap_or(zero);
                let v = by_trend.step::<true, SEASON>(weights, k, phase, value, nothing).unwrap_or(zero);
                sums[0][k] = u.times_plus(u, sums[0][k]);
                sums[1][k] = u.times_plus(v, sums[1][k]);
                sums[2][k] = v.times_plus(v, sums[2][k]);
                sums[3][k] = u.times_plus(error, sums[3][k]);
                sums[4][k] = v.times_plus(error, sums[4][k]);
            }
            phase = if phase + 1 == period { 0 } else { phase + 1 };
        }
        let ridge = S::splat(S::Number::of(1.0 + 1e-4));
        let tiny = S::splat(S::Number::of(1e-30));
        for k in 0..K {
            let [uu, uv, vv, ue, ve] = sums.map(|sum| sum[k]);
            let (uu, vv) = (uu.times_plus(ridge, tiny), vv.times_plus(ridge, tiny));
            let determinant = uu.times(vv).minus(uv.times(uv)).plus(tiny);
            let delta = uv.times(ve).minus(vv.times(ue)).over(determinant);
            let epsilon = uv.times(ue).minus(uu.times(ve)).over(determinant);
            // A lane without a trend keeps the first level it was searched with.
            self.level[k] = weights.has_trend[k].times_plus(delta, self.level[k]);
            self.trend[k] = weights.has_trend[k].times_plus(epsilon, self.trend[k]);
        }
    }

    /// One row of one register; `None` where `seen` is missing, otherwise the error of `value`.
    #[inline(always)]
    fn step<const TREND: bool, const SEASON: u8>(
        &mut self,
        weights: &Weights<S, K>,
        k: usize,
        phase: usize,
        seen: S::Number,
        value: S::Number,
    ) -> Option<S> {
        let row = if SEASON == NO_SEASON { None } else { Some(&mut self.season[phase][k]) };
        advance::<S, K, TREND, SEASON>(weights, k, &mut self.level[k], &mut self.trend[k], row, seen, value)
    }

    /// Filters rows whose first is at `position`; `NaN` is missing.
    #[inline(always)]
    pub(super) fn run<const TREND: bool, const SEASON: u8, const DIRECTION: bool>(
        &mut self,
        weights: &Weights<S, K>,
        rows: &[S::Number],
        position: usize,
    ) {
        let weights = *weights;
        let (mut level, mut trend, mut squares) = (self.level, self.trend, self.squares);
        let season = self.season.as_mut_slice();
        let period = season.len().max(1);
        let last = rows.len().saturating_sub(1);
        let mut phase = if DIRECTION == FORWARD { position % period } else { (position + last) % period };
        for at in 0..rows.len() {
            let value = if DIRECTION == FORWARD { rows[at] } else { rows[last - at] };
            for k in 0..K {
                let row = if SEASON == NO_SEASON { None } else { Some(&mut season[phase][k]) };
                let error = advance::<S, K, TREND, SEASON>(
                    &weights,
                    k,
                    &mut level[k],
                    &mut trend[k],
                    row,
                    value,
                    value,
                );
                if let Some(error) = error {
                    squares[k] = error.times_plus(error, squares[k]);
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

/// The recursions of the module's table for one row of one register.
#[inline(always)]
fn advance<S: Lanes, const K: usize, const TREND: bool, const SEASON: u8>(
    weights: &Weights<S, K>,
    k: usize,
    level: &mut S,
    trend: &mut S,
    season: Option<&mut S>,
    seen: S::Number,
    value: S::Number,
) -> Option<S> {
    let Weights { alpha, beta, gamma, phi, .. } = weights;
    let advanced = if TREND { phi[k].times_plus(*trend, *level) } else { *level };
    #[expect(clippy::eq_op, reason = "only a missing value differs from itself")]
    if seen != seen {
        *level = advanced;
        if TREND {
            *trend = phi[k].times(*trend);
        }
        return None;
    }
    let observed = S::splat(value);
    let (error, weight) = match season {
        Some(season) if SEASON == ADDITIVE => {
            let error = observed.minus(advanced).minus(*season);
            *season = gamma[k].times_plus(error, *season);
            (error, error)
        }
        Some(season) if SEASON == MULTIPLICATIVE => {
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
    if TREND {
        *trend = beta[k].times_plus(weight, phi[k].times(*trend));
    }
    Some(error)
}
