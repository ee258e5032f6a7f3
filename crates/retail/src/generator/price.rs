//! Prices over time.

use kernel::{Seed, Stream};

use super::dimension::Product;
use super::round_ties_even;

/// Chance per day that a price changes: one change in ten months.
const CHANGE_PROBABILITY: f64 = 0.1 / 30.0;
/// The furthest a price moves at once.
const LARGEST_CHANGE: f64 = 0.2;
/// Share of products whose price history belongs to one store only.
const ONE_STORE_SHARE: f64 = 0.1;

/// A price and the days it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceWindow {
    /// The product's position in the world.
    pub product: usize,
    /// The store's position; `None` is the whole chain.
    pub store: Option<usize>,
    /// The price.
    pub price_cents: i64,
    /// The first day, counted from the world's first.
    pub from: usize,
    /// The last day; `None` is open.
    pub to: Option<usize>,
}

/// The price history of every product.
pub(super) fn histories(
    seed: Seed,
    products: &[Product],
    stores: usize,
    days: usize,
) -> Vec<Vec<PriceWindow>> {
    let history = |(index, product): (usize, &Product)| {
        let mut stream = seed.indexed("price", index as u64);
        let store = stream.chance(ONE_STORE_SHARE).then(|| stream.index(stores));
        let opening =
            PriceWindow { product: index, store, price_cents: product.base_price_cents, from: 0, to: None };
        changes(opening, days, &mut stream)
    };
    products.iter().enumerate().map(history).collect()
}

/// A change closes the window that holds and opens the next; a window without a beginning cannot change, so none
/// does on the first day.
fn changes(opening: PriceWindow, days: usize, stream: &mut Stream) -> Vec<PriceWindow> {
    let mut windows = Vec::new();
    let mut current = opening;
    for day in 1..days {
        if stream.chance(CHANGE_PROBABILITY) {
            let factor = 1.0 + stream.uniform(-LARGEST_CHANGE, LARGEST_CHANGE);
            let price_cents = round_ties_even(current.price_cents as f64 * factor).max(1);
            windows.push(PriceWindow { to: Some(day - 1), ..current });
            current = PriceWindow { price_cents, from: day, ..current };
        }
    }
    windows.push(current);
    windows
}

/// The price of every day in one store. A window of the store beats one of the chain; among those that cover the
/// day the latest beginning wins; without one the base price holds.
pub(super) fn daily(windows: &[PriceWindow], store: usize, base_cents: i64, days: usize) -> Vec<i64> {
    let mut prices = vec![base_cents; days];
    for scope in [None, Some(store)] {
        let mut scoped: Vec<_> = windows.iter().filter(|window| window.store == scope).collect();
        scoped.sort_by_key(|window| window.from);
        for window in scoped {
            let to = window.to.map_or(days, |to| to + 1).min(days);
            prices[window.from.min(to)..to].fill(window.price_cents);
        }
    }
    prices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(store: Option<usize>, price_cents: i64, from: usize, to: Option<usize>) -> PriceWindow {
        PriceWindow { product: 0, store, price_cents, from, to }
    }

    #[test]
    fn the_store_beats_the_chain_and_the_later_window_beats_the_earlier() {
        let windows = [
            window(Some(1), 300, 3, Some(4)),
            window(None, 100, 1, None),
            window(None, 200, 2, Some(2)),
            window(Some(2), 900, 0, None),
        ];
        assert_eq!(daily(&windows, 1, 50, 6), [50, 100, 200, 300, 300, 100]);
    }

    #[test]
    fn windows_follow_each_other_without_a_hole_and_the_last_is_open() {
        let opening = window(None, 1_000, 0, None);
        let windows = changes(opening, 3_000, &mut Seed(3).stream("price"));
        assert!(windows.len() > 2);
        assert_eq!(windows[0].from, 0);
        for pair in windows.windows(2) {
            assert_eq!(pair[0].to, Some(pair[1].from - 1));
        }
        assert_eq!(windows.last().unwrap().to, None);
    }
}
