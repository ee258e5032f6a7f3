//! The order of the entries at the end, with ties that share their places and their money.
//!
//! Entries within 10⁻⁴ points of the best of their group are tied. A group takes the places from its first on, pools
//! what those are paid, and each gets the whole cents of an equal part; what is left goes to the entries that came
//! last, a cent each. So the money of a contest is always paid out, to the cent.

use crate::auction::Payouts;
use crate::ownership::PARTS;

/// A score in 2⁻³⁶ points.
pub type Score = u64;

/// Scores closer than this are tied: 10⁻⁴ points.
pub const TIE: Score = PARTS / 10_000;

/// How an entry ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finish {
    /// Place from 1; tied entries have the first of their places.
    pub position: usize,
    /// Entries that share it, itself among them.
    pub sharing: usize,
    /// Money.
    pub payout_cents: u32,
}

impl Finish {
    /// Whether others have the same place.
    pub const fn is_tied(self) -> bool {
        self.sharing > 1
    }

    /// Whether it is paid anything.
    pub const fn is_in_the_money(self) -> bool {
        self.payout_cents > 0
    }
}

/// The finish of every entry by its score. Entries are given in the order they came, the earliest first.
pub fn standings(scores: &[Score], payouts: &Payouts) -> Vec<Finish> {
    let mut keys: Vec<Key> = (0_u32..).zip(scores).map(|(entry, &score)| key(score, entry)).collect();
    let mut finishes = vec![Finish { position: 0, sharing: 0, payout_cents: 0 }; scores.len()];
    keys.sort_unstable();
    share_out(&keys, payouts, |entry, finish| finishes[entry as usize] = finish);
    finishes
}

/// A score and its entry as one number that sorts the best first, and of equal scores the latest entry.
pub(crate) type Key = u64;

/// Bits of a key that name the entry; the score above them keeps 2⁻²⁴ points.
const ENTRY_BITS: u32 = 12;

/// These bits.
pub(crate) const ENTRY_MASK: u64 = (1 << ENTRY_BITS) - 1;

/// Entries a contest can have.
pub const MOST_ENTRIES: usize = 1 << ENTRY_BITS;

pub(crate) const fn key(score: Score, entry: u32) -> Key {
    !(score & !ENTRY_MASK | entry as u64)
}

const fn score_of(key: Key) -> Score {
    !key & !ENTRY_MASK
}

pub(crate) const fn entry_of(key: Key) -> u32 {
    (!key & ENTRY_MASK) as u32
}

/// Tells the finish of each entry by the sorted keys, best first.
pub(crate) fn share_out(keys: &[Key], payouts: &Payouts, mut tell: impl FnMut(u32, Finish)) {
    let mut rest = keys;
    let mut position = 1;
    while let Some(&first) = rest.first() {
        let best = score_of(first);
        let sharing = rest.iter().take_while(|&&key| best - score_of(key) <= TIE).count();
        let (group, after) = rest.split_at(sharing);
        share(group, position, payouts, &mut tell);
        position += sharing;
        rest = after;
    }
}

/// Pays one group of tied entries.
fn share(group: &[Key], position: usize, payouts: &Payouts, tell: &mut impl FnMut(u32, Finish)) {
    let sharing = group.len();
    if let [alone] = *group {
        // By far the most frequent, and without a division.
        return tell(entry_of(alone), Finish { position, sharing, payout_cents: payouts.of_place(position) });
    }
    let pooled = payouts.pooled(position, sharing);
    let (each, rest) = (pooled / sharing as u64, pooled % sharing as u64);
    let mut entries: Vec<u32> = group.iter().map(|&key| entry_of(key)).collect();
    // Scores of a group may differ in their last bits; the odd cents go by the order of the entries alone.
    entries.sort_unstable_by_key(|&entry| std::cmp::Reverse(entry));
    for (at, entry) in (0_u64..).zip(entries) {
        let cents = each + u64::from(at < rest);
        let payout_cents =
            u32::try_from(cents).expect("a part of what places are paid is at most the first prize");
        tell(entry, Finish { position, sharing, payout_cents });
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    fn finishes(points: &[f64], cents: &[u32]) -> Vec<(usize, usize, u32)> {
        let score = |points: &f64| (points * PARTS as f64) as Score;
        let scores: Vec<Score> = points.iter().map(score).collect();
        let payouts = Payouts::new(cents.to_vec()).unwrap();
        standings(&scores, &payouts).iter().map(|f| (f.position, f.sharing, f.payout_cents)).collect()
    }

    #[test]
    fn ties_share_their_places_and_the_odd_cent_goes_to_who_came_last() {
        let cents = [1000, 601, 300];
        assert_eq!(
            finishes(&[3.0, 1.0, 2.0, 0.0], &cents),
            [(1, 1, 1000), (3, 1, 300), (2, 1, 601), (4, 1, 0)]
        );
        assert_eq!(finishes(&[2.0, 5.0, 2.0], &cents), [(2, 2, 450), (1, 1, 1000), (2, 2, 451)]);
        assert_eq!(
            finishes(&[2.0, 2.0, 2.0, 2.0], &cents),
            [(1, 4, 475), (1, 4, 475), (1, 4, 475), (1, 4, 476)]
        );
        // A tie over the last paid place.
        assert_eq!(
            finishes(&[9.0, 8.0, 1.0, 1.0], &cents),
            [(1, 1, 1000), (2, 1, 601), (3, 2, 150), (3, 2, 150)]
        );
    }

    #[test]
    fn scores_a_rounding_apart_are_tied_and_scores_a_thousandth_apart_are_not() {
        assert_eq!(finishes(&[1.0, 1.000_05], &[10]), [(1, 2, 5), (1, 2, 5)]);
        assert_eq!(finishes(&[1.0, 1.001], &[10]), [(2, 1, 0), (1, 1, 10)]);
    }

    proptest::proptest! {
        #[test]
        fn all_money_is_paid_and_nobody_passes_a_better_score(
            points in proptest::collection::vec(0_u32..12, 1..40),
            mut cents in proptest::collection::vec(1_u32..9999, 1..9),
        ) {
            cents.sort_unstable_by(|a, b| b.cmp(a));
            let payouts = Payouts::new(cents).unwrap();
            let scores: Vec<Score> = points.iter().map(|&points| u64::from(points) * PARTS).collect();
            let finishes = standings(&scores, &payouts);
            let paid: u64 = finishes.iter().map(|finish| u64::from(finish.payout_cents)).sum();
            proptest::prop_assert_eq!(paid, payouts.total(scores.len()));
            for (a, one) in finishes.iter().enumerate() {
                let better = points.iter().filter(|&&other| other > points[a]).count();
                let same = points.iter().filter(|&&other| other == points[a]).count();
                proptest::prop_assert_eq!((one.position, one.sharing), (better + 1, same));
            }
        }
    }
}
