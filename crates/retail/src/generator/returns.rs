//! Goods that come back.

use kernel::Stream;

use super::channel::weighted;
use super::config::Returns;
use super::round_ties_even;

/// Why something comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It does not work.
    Defective,
    /// It does not fit.
    WrongSize,
    /// It is not what was promised.
    NotAsDescribed,
    /// It is no longer wanted.
    ChangedMind,
    /// It arrived broken.
    DamagedInTransit,
}

impl Reason {
    /// Its stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Defective => "defective",
            Self::WrongSize => "wrong_size",
            Self::NotAsDescribed => "not_as_described",
            Self::ChangedMind => "changed_mind",
            Self::DamagedInTransit => "damaged_in_transit",
        }
    }
}

const REASONS: [Reason; 5] = [
    Reason::Defective,
    Reason::WrongSize,
    Reason::NotAsDescribed,
    Reason::ChangedMind,
    Reason::DamagedInTransit,
];
const WEIGHTS: [f64; 5] = [0.25, 0.20, 0.15, 0.30, 0.10];

/// Some of a day's sale that comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Return {
    /// The product's position in the world.
    pub product: usize,
    /// The day it comes back, counted from the world's first.
    pub day: usize,
    /// How much, at least 1.
    pub quantity: i64,
    /// Why.
    pub reason: Reason,
}

/// The return of a sale, if there is one; what would come back after the last day comes back on it.
pub(super) fn draw(
    returns: &Returns,
    (product, day, quantity): (usize, usize, i64),
    last_day: usize,
    stream: &mut Stream,
) -> Option<Return> {
    if quantity == 0 || !stream.chance(returns.probability) {
        return None;
    }
    let lag = stream.integer(returns.lag_min_days, returns.lag_max_days);
    let day = (day + usize::try_from(lag).unwrap_or(0)).min(last_day);
    let returned = round_ties_even(quantity as f64 * returns.quantity_share).clamp(1, quantity);
    Some(Return { product, day, quantity: returned, reason: *weighted(&REASONS, &WEIGHTS, stream) })
}
