//! The rows that are filtered: of one series for all lanes, or of a series for each lane.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use crate::simd::Lanes;

/// Rows to filter.
pub(super) trait Rows<S: Lanes>: Copy {
    /// The row's value in every lane of the `k`-th register.
    fn row(self, at: usize, k: usize) -> S;
    /// Whether the row is missing, in all lanes.
    fn is_missing(self, at: usize) -> bool;
}

/// The rows of one series; `NaN` is missing.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a, T>(pub(super) &'a [T]);

impl<S: Lanes> Rows<S> for Shared<'_, S::Number> {
    #[inline(always)]
    fn row(self, at: usize, _: usize) -> S {
        S::splat(self.0[at])
    }

    #[inline(always)]
    #[expect(clippy::eq_op, reason = "only a missing value differs from itself")]
    fn is_missing(self, at: usize) -> bool {
        self.0[at] != self.0[at]
    }
}

/// The rows of sixteen complete series: `rows[16 · at + series]`. Every register reads the series from `first` on.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a, T> {
    pub(super) rows: &'a [T],
    pub(super) first: usize,
}

impl<S: Lanes> Rows<S> for Packed<'_, S::Number> {
    #[inline(always)]
    fn row(self, at: usize, _: usize) -> S {
        S::load(&self.rows[SERIES * at + self.first..])
    }

    #[inline(always)]
    fn is_missing(self, _: usize) -> bool {
        false
    }
}

/// The same rows, each register reading the series after those of the register before.
#[derive(Clone, Copy)]
pub(super) struct Spread<'a, T>(pub(super) &'a [T]);

impl<S: Lanes> Rows<S> for Spread<'_, S::Number> {
    #[inline(always)]
    fn row(self, at: usize, k: usize) -> S {
        S::load(&self.0[SERIES * at + k * S::WIDTH..])
    }

    #[inline(always)]
    fn is_missing(self, _: usize) -> bool {
        false
    }
}

/// Series of a block.
pub(super) const SERIES: usize = 16;
