//! Stock. Every day is counted on its own: sales do not reduce it, and deliveries do not fill it.

use kernel::Seed;

use super::round_ties_even;

const TYPICAL_UNITS: f64 = 500.0;
const SPREAD: f64 = 0.3;
/// Below this many units an order is under way.
const REORDER_BELOW: i64 = 150;

/// The shelf of one product in one store, day by day.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    pub(super) on_hand: Vec<i64>,
    pub(super) on_order: Vec<i64>,
    pub(super) is_out: Vec<bool>,
}

/// Each day draws the same numbers whatever the others hold, so another chance of stockouts moves only them.
pub(super) fn shelf(seed: Seed, pair: u64, stockout_probability: f64, days: usize) -> Shelf {
    let mut stockout = seed.indexed("stockout", pair);
    let mut units = seed.indexed("on_hand", pair);
    let mut orders = seed.indexed("on_order", pair);
    let mut shelf = Shelf::default();
    for _ in 0..days {
        let is_out = stockout.chance(stockout_probability);
        let counted = round_ties_even(TYPICAL_UNITS * (1.0 + units.normal(0.0, SPREAD))).max(0);
        let ordered = orders.integer(100, 500);
        let on_hand = if is_out { 0 } else { counted };
        shelf.on_hand.push(on_hand);
        shelf.on_order.push(if on_hand < REORDER_BELOW { ordered } else { 0 });
        shelf.is_out.push(is_out);
    }
    shelf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_chance_of_stockouts_leaves_the_other_days_as_they_were() {
        let rare = shelf(Seed(42), 7, 0.02, 400);
        let often = shelf(Seed(42), 7, 0.25, 400);
        let stockouts = |shelf: &Shelf| shelf.is_out.iter().filter(|&&out| out).count();
        assert!(stockouts(&rare) < stockouts(&often));
        for day in 0..400 {
            assert!(often.is_out[day] || often.on_hand[day] == rare.on_hand[day]);
            assert!(!often.is_out[day] || often.on_hand[day] == 0);
            assert_eq!(often.on_order[day] > 0, often.on_hand[day] < REORDER_BELOW);
        }
    }
}
