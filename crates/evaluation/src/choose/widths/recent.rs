//! Quantiles of demand that is often zero: those of what was sold lately.
//!
//! Errors around a mean say little of such demand, which is zero or far above it. The last [`RECENT`] values of the series
//! itself have its zeros and its sizes, so the outcome that a share stays below is the `⌈(n + 1)·share⌉`-th smallest of
//! them, moved with the forecast: times the root of the point over the mean of the values, which trusts half of what the
//! forecast says of a change. On windows before the hold-out of M5 the quantile loss was 1 to 5 per cent less than with errors of
//! the fleet, and the interval score at 80 % 2 to 9 per cent less. Intervals of whole units that begin at zero hold
//! more than they say: nine in ten at 80 %, with one in ten above.

use super::rank;
use crate::choose::demand::Demand;

/// Values that are looked at: eight weeks of days.
const RECENT: usize = 56;
/// Values since the first demand below which these are none to take quantiles of.
const LEAST: usize = 20;

/// Whether intervals come from what was sold lately: demand is often zero, and has been seen for some time.
pub(super) fn is_seldom(history: &[f64]) -> bool {
    let first = history.iter().position(|value| *value > 0.0).unwrap_or(0);
    let seen = history[first..].iter().filter(|value| !value.is_nan());
    seen.take(LEAST).count() == LEAST && Demand::is_seldom_in(history)
}

/// What was sold lately, ascending.
pub(super) struct Recent {
    values: Vec<f64>,
    mean: f64,
}

impl Recent {
    /// `None` where demand is not often zero, or has not been seen for long.
    pub(super) fn of(history: &[f64]) -> Option<Self> {
        if !is_seldom(history) {
            return None;
        }
        let first = history.iter().position(|value| *value > 0.0).unwrap_or(0);
        let seen = history[first..].iter().rev().copied().filter(|value| !value.is_nan());
        let mut values: Vec<f64> = seen.take(RECENT).collect();
        values.sort_unstable_by(f64::total_cmp);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        Some(Self { values, mean })
    }

    /// What a share of outcomes stays below where this is forecast.
    pub(super) fn quantile(&self, share: f64, point: f64) -> f64 {
        let n = self.values.len();
        let beyond = rank(n, share.max(1.0 - share));
        let value = self.values[if share < 0.5 { n - beyond } else { beyond - 1 }];
        let moved = if self.mean > 0.0 { (point.max(0.0) / self.mean).sqrt().clamp(0.2, 5.0) } else { 1.0 };
        value * moved
    }
}
