//! What is missing from the sales: whole pairs, and gaps in the others.

use std::collections::BTreeSet;

use kernel::Seed;

use super::config::{Dimensions, Sparsity};
use super::round_ties_even;

/// The (store, product) pairs that sell nothing: exactly their share of all pairs.
pub(super) fn missing_pairs(
    seed: Seed,
    sparsity: &Sparsity,
    dimensions: Dimensions,
) -> BTreeSet<(usize, usize)> {
    if sparsity.missing_combinations <= 0.0 {
        return BTreeSet::new();
    }
    let Dimensions { stores, products } = dimensions;
    let mut pairs: Vec<_> = (0..stores).flat_map(|store| (0..products).map(move |p| (store, p))).collect();
    seed.stream("sparsity").shuffle(&mut pairs);
    pairs.truncate(share_of(pairs.len(), sparsity.missing_combinations));
    pairs.into_iter().collect()
}

/// Rounded down; the small addition makes 29 % of 100 be 29 in binary as well.
fn share_of(count: usize, share: f64) -> usize {
    let whole = round_ties_even((count as f64 * share + 1e-9).floor());
    usize::try_from(whole).unwrap_or(0)
}

/// The days on which a pair that sells has no rows.
pub(super) fn gaps(seed: Seed, pair: u64, sparsity: &Sparsity, days: usize) -> Vec<bool> {
    let mut missing = vec![false; days];
    if sparsity.gaps_per_series == 0 {
        return missing;
    }
    let mut stream = seed.indexed("gap", pair);
    let spread = sparsity.gap_max_days.saturating_sub(sparsity.gap_min_days) + 1;
    for _ in 0..sparsity.gaps_per_series {
        let start = stream.index(days);
        let length = sparsity.gap_min_days + stream.index(spread);
        missing[start..(start + length).min(days)].fill(true);
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_share_of_pairs_is_missing() {
        let dimensions = Dimensions { stores: 10, products: 10 };
        for (share, expected) in [(0.0, 0), (0.29, 29), (0.5, 50), (1.0, 100)] {
            let sparsity = Sparsity { missing_combinations: share, ..Sparsity::default() };
            assert_eq!(missing_pairs(Seed(1), &sparsity, dimensions).len(), expected);
        }
    }

    #[test]
    fn a_gap_stays_inside_the_window_and_has_its_length() {
        let sparsity =
            Sparsity { gaps_per_series: 1, gap_min_days: 2, gap_max_days: 10, ..Sparsity::default() };
        for pair in 0..200 {
            let missing = gaps(Seed(1), pair, &sparsity, 30).iter().filter(|&&gap| gap).count();
            assert!((1..=10).contains(&missing));
        }
    }
}
