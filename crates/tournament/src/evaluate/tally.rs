//! What is counted over simulations, in whole numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ownership::PARTS;
use crate::standings::{Finish, Score};

/// Bits of a score that its moments leave out: what is left are 2⁻¹⁶ points, and the squares of 10¹² simulations fit.
pub(super) const COARSE: u32 = PARTS.trailing_zeros() - 16;

/// Counts over simulations. Two tallies of different simulations are added without loss, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Tally {
    simulations: u64,
    /// By entry and place: how often it had the place to itself.
    alone: Vec<u64>,
    /// The rest: by entry, place, entries sharing it, and cents.
    shared: BTreeMap<(usize, usize, usize, u32), u64>,
    moments: Vec<Moments>,
}

/// A tally as it is written down: what has occurred, in a fixed order, so that equal tallies are equal bytes. Sums are
/// texts, because a number of JSON is not read back beyond 64 bits.
#[derive(Serialize, Deserialize)]
struct Written {
    simulations: u64,
    /// Entry, place, count.
    alone: Vec<(usize, usize, u64)>,
    /// Entry, place, entries sharing it, cents, count.
    shared: Vec<(usize, usize, usize, u32, u64)>,
    moments: Vec<[String; 3]>,
}

impl From<Tally> for Written {
    fn from(tally: Tally) -> Self {
        let entries = tally.entries();
        let alone = tally.alone.iter().enumerate().filter(|(_, count)| **count > 0);
        let texts =
            |one: &Moments| [one.score, one.score_squared, one.score_payout].map(|sum| sum.to_string());
        Self {
            simulations: tally.simulations,
            alone: alone.map(|(at, &count)| (at / entries, at % entries, count)).collect(),
            shared: tally.shared.into_iter().map(|((a, b, c, d), count)| (a, b, c, d, count)).collect(),
            moments: tally.moments.iter().map(texts).collect(),
        }
    }
}

impl TryFrom<Written> for Tally {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let entries = written.moments.len();
        let mut tally = Self::none(entries);
        tally.simulations = written.simulations;
        for (entry, place, count) in written.alone {
            if entry >= entries || place >= entries {
                return Err(format!("entry {entry} at place {place} of {entries}"));
            }
            tally.alone[entry * entries + place] = count;
        }
        for (entry, place, sharing, cents, count) in written.shared {
            if entry >= entries {
                return Err(format!("entry {entry} of {entries}"));
            }
            tally.shared.insert((entry, place, sharing, cents), count);
        }
        for (moments, texts) in tally.moments.iter_mut().zip(&written.moments) {
            let sum = |at: usize| texts[at].parse().map_err(|_| format!("`{}` is no sum", texts[at]));
            *moments = Moments { score: sum(0)?, score_squared: sum(1)?, score_payout: sum(2)? };
        }
        Ok(tally)
    }
}

/// Sums over simulations for one entry, scores in 2⁻¹⁶ points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moments {
    pub(super) score: u128,
    pub(super) score_squared: u128,
    pub(super) score_payout: u128,
}

impl Tally {
    pub(super) fn none(entries: usize) -> Self {
        Self {
            simulations: 0,
            alone: vec![0; entries * entries],
            shared: BTreeMap::new(),
            moments: vec![Moments::default(); entries],
        }
    }

    /// Adds what was counted over other simulations.
    ///
    /// # Panics
    /// If the other is of another contest.
    pub fn add(&mut self, other: &Self) {
        assert_eq!(self.moments.len(), other.moments.len(), "tallies of one contest");
        self.simulations += other.simulations;
        for (to, from) in self.alone.iter_mut().zip(&other.alone) {
            *to += from;
        }
        for (key, count) in &other.shared {
            *self.shared.entry(*key).or_default() += count;
        }
        for (to, from) in self.moments.iter_mut().zip(&other.moments) {
            to.score += from.score;
            to.score_squared += from.score_squared;
            to.score_payout += from.score_payout;
        }
    }

    /// How many simulations were counted.
    pub const fn simulations(&self) -> u64 {
        self.simulations
    }

    /// How many entries.
    pub fn entries(&self) -> usize {
        self.moments.len()
    }

    #[inline]
    pub(super) fn scores(&mut self, scores: &[Score]) {
        self.simulations += 1;
        for (moments, score) in self.moments.iter_mut().zip(scores) {
            let score = u128::from(score >> COARSE);
            moments.score += score;
            moments.score_squared += score * score;
        }
    }

    /// Counts so many simulations, whose scores come as sums.
    #[inline]
    pub(super) const fn passed(&mut self, simulations: u64) {
        self.simulations += simulations;
    }

    /// Adds sums of scores of an entry and of their squares, in 2⁻¹⁶ points.
    pub(super) fn sums(&mut self, entry: usize, score: u128, score_squared: u128) {
        let moments = &mut self.moments[entry];
        moments.score += score;
        moments.score_squared += score_squared;
    }

    /// Adds how often an entry had a place, counted from 0, to itself.
    pub(super) fn alone(&mut self, entry: usize, place: usize, count: u64) {
        let entries = self.moments.len();
        self.alone[entry * entries + place] += count;
    }

    /// Counts what an entry is paid for a score.
    #[inline]
    pub(super) fn paid(&mut self, entry: usize, score: Score, cents: u32) {
        self.moments[entry].score_payout += u128::from(score >> COARSE) * u128::from(cents);
    }

    #[inline]
    pub(super) fn finish(&mut self, entry: usize, finish: Finish, score: Score) {
        if finish.is_in_the_money() {
            self.paid(entry, score, finish.payout_cents);
        }
        if finish.is_tied() {
            let key = (entry, finish.position, finish.sharing, finish.payout_cents);
            *self.shared.entry(key).or_default() += 1;
        } else {
            self.alone(entry, finish.position - 1, 1);
        }
    }

    /// How often each finish of an entry occurred, by place; `payout` tells what a place is paid that is not shared.
    pub(super) fn finishes(&self, entry: usize, payout: impl Fn(usize) -> u32) -> Vec<(Finish, u64)> {
        let entries = self.moments.len();
        let alone = self.alone[entry * entries..][..entries].iter().enumerate();
        let alone = alone.filter(|(_, count)| **count > 0).map(|(at, &count)| {
            let position = at + 1;
            (Finish { position, sharing: 1, payout_cents: payout(position) }, count)
        });
        let of_entry = (entry, 0, 0, 0)..(entry + 1, 0, 0, 0);
        let shared = self.shared.range(of_entry).map(|(&(_, position, sharing, payout_cents), &count)| {
            (Finish { position, sharing, payout_cents }, count)
        });
        let mut all: Vec<_> = alone.chain(shared).collect();
        all.sort_by_key(|(finish, _)| (finish.position, finish.sharing, finish.payout_cents));
        all
    }

    pub(super) fn moments(&self, entry: usize) -> Moments {
        self.moments[entry]
    }
}

impl Moments {
    /// Points of one unit of the sums.
    pub(super) const POINTS: f64 = 1.0 / 65536.0;
}
