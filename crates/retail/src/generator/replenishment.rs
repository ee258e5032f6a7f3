//! Deliveries: an order at a fixed interval, some days under way, and seldom quite complete.

use kernel::Stream;

use super::config::Replenishment;
use super::round_ties_even;

/// An order that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The product's position in the world.
    pub product: usize,
    /// The day it arrived, counted from the world's first.
    pub day: usize,
    /// Days from order to receipt.
    pub lead_time_days: i64,
    /// What was ordered.
    pub ordered: i64,
    /// What arrived, at most that.
    pub received: i64,
}

/// The orders of one product in one store that arrive inside the window.
pub(super) fn receipts(
    replenishment: &Replenishment,
    product: usize,
    base_demand: f64,
    days: usize,
    stream: &mut Stream,
) -> Vec<Receipt> {
    let covered = replenishment.interval_days + replenishment.safety_days;
    let ordered = round_ties_even(base_demand * covered as f64).max(0);
    let receipt = |ordered_on: usize| {
        let lead = stream.normal(replenishment.lead_mean_days, replenishment.lead_sigma_days);
        let lead_time_days = round_ties_even(lead).max(0);
        let fill = stream.normal(replenishment.fill_mean, replenishment.fill_sigma).clamp(0.0, 1.0);
        let day = ordered_on + usize::try_from(lead_time_days).expect("it is not negative");
        let received = round_ties_even(ordered as f64 * fill);
        Receipt { product, day, lead_time_days, ordered, received }
    };
    let orders = (0..days).step_by(replenishment.interval_days.max(1));
    orders.map(receipt).filter(|receipt| receipt.day < days).collect()
}
