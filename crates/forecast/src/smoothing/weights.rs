//! What the filter smooths with, laid out as the filter reads it.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]
#![expect(clippy::needless_range_loop, reason = "the register number indexes several arrays at once")]

use super::form::Candidate;
use crate::simd::{Lanes, Real};

/// What each lane smooths with.
#[derive(Clone, Copy)]
pub(super) struct Weights<S, const K: usize> {
    pub(super) alpha: [S; K],
    /// `φβ`.
    pub(super) beta: [S; K],
    pub(super) gamma: [S; K],
    pub(super) phi: [S; K],
    /// 1 for a candidate with a trend, 0 for one without.
    pub(super) has_trend: [S; K],
}

/// `K` registers from numbers by lane. A loop and not `array::from_fn`: closures are compiled without the instructions
/// of the path and call every one of them.
#[inline(always)]
pub(super) fn gather<S: Lanes, const K: usize>(value: impl Fn(usize) -> f64) -> [S; K] {
    let mut registers = [S::splat(S::Number::default()); K];
    for register in 0..K {
        let mut lanes = [S::Number::default(); 16];
        for lane in 0..S::WIDTH {
            lanes[lane] = S::Number::of(value(register * S::WIDTH + lane));
        }
        registers[register] = S::load(&lanes);
    }
    registers
}

impl<S: Lanes, const K: usize> Weights<S, K> {
    /// One candidate per lane; lanes beyond the last repeat it.
    #[inline(always)]
    pub(super) fn by_lane(candidates: &[Candidate]) -> Self {
        let at = |lane: usize| candidates[lane.min(candidates.len() - 1)];
        Self {
            alpha: gather(|lane| at(lane).alpha),
            beta: gather(|lane| at(lane).phi * at(lane).beta),
            gamma: gather(|lane| at(lane).gamma),
            phi: gather(|lane| at(lane).phi),
            has_trend: gather(|lane| if at(lane).phi > 0.0 { 1.0 } else { 0.0 }),
        }
    }

    /// One candidate per register.
    #[inline(always)]
    pub(super) fn by_register(candidates: &[Candidate; K]) -> Self {
        let zero = S::splat(S::Number::default());
        let [mut alpha, mut beta, mut gamma, mut phi, mut has_trend] = [[zero; K]; 5];
        for (k, candidate) in candidates.iter().enumerate() {
            let splat = |number: f64| S::Number::of(number);
            alpha[k] = S::splat(splat(candidate.alpha));
            beta[k] = S::splat(splat(candidate.phi * candidate.beta));
            gamma[k] = S::splat(splat(candidate.gamma));
            phi[k] = S::splat(splat(candidate.phi));
            has_trend[k] = S::splat(splat(if candidate.phi > 0.0 { 1.0 } else { 0.0 }));
        }
        Self { alpha, beta, gamma, phi, has_trend }
    }
}
