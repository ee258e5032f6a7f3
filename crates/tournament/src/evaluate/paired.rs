//! Entries compared tournament by tournament: their payouts in contests of their own over the same simulations. What two
//! entries have in common falls out of the difference, and so does most of its error.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::performance::{Estimate, standard_error};
use super::{Contest, Judge, LANES};
use crate::simulate::{Block, Simulator, Visit};

/// How much more each entry was paid than the first one, counted in whole cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    simulations: u64,
    sums: Vec<Sum>,
}

/// Sums over simulations, written down as texts, because a number of JSON is not read back beyond 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "[String; 2]", try_from = "[String; 2]")]
struct Sum {
    cents: i128,
    cents_squared: u128,
}

impl From<Sum> for [String; 2] {
    fn from(sum: Sum) -> Self {
        [sum.cents.to_string(), sum.cents_squared.to_string()]
    }
}

impl TryFrom<[String; 2]> for Sum {
    type Error = std::num::ParseIntError;

    fn try_from([cents, squared]: [String; 2]) -> Result<Self, Self::Error> {
        Ok(Self { cents: cents.parse()?, cents_squared: squared.parse()? })
    }
}

/// Compares entries, each named with its contest, over simulations.
pub fn paired(simulator: &Simulator, entries: &[(Contest, usize)], simulations: Range<u64>) -> Paired {
    let judges = entries.iter().map(|(contest, entry)| (Judge::new(contest), *entry)).collect();
    let sums = vec![Sum::default(); entries.len()];
    simulator.run(simulations, Comparing { judges, found: Paired { simulations: 0, sums } })
}

impl Paired {
    /// How many simulations were counted.
    pub const fn simulations(&self) -> u64 {
        self.simulations
    }

    /// Adds what was counted over other simulations.
    ///
    /// # Panics
    /// If the other is of other entries.
    pub fn add(&mut self, other: &Self) {
        assert_eq!(self.sums.len(), other.sums.len(), "the same entries");
        self.simulations += other.simulations;
        for (to, from) in self.sums.iter_mut().zip(&other.sums) {
            to.cents += from.cents;
            to.cents_squared += from.cents_squared;
        }
    }

    /// How much more of the first prize each entry is paid than the first entry, which itself is at zero.
    pub fn differences(&self, first_prize_cents: u32) -> Vec<Estimate> {
        let (n, prize) = (self.simulations as f64, f64::from(first_prize_cents));
        let of = |sum: &Sum| {
            let mean = sum.cents as f64 / n;
            let variance = sum.cents_squared as f64 / n - mean * mean;
            Estimate { value: mean / prize, standard_error: standard_error(variance.max(0.0), n) / prize }
        };
        self.sums.iter().map(of).collect()
    }
}

struct Comparing<'a> {
    judges: Vec<(Judge<'a>, usize)>,
    found: Paired,
}

impl Comparing<'_> {
    fn compare(&mut self, lane: usize) {
        let mut first = None;
        for ((judge, entry), sum) in self.judges.iter().zip(&mut self.found.sums) {
            let mut cents = 0;
            judge.pay(lane, |paid, of| {
                if paid == *entry {
                    cents = i64::from(of);
                }
            });
            let more = cents - *first.get_or_insert(cents);
            sum.cents += i128::from(more);
            sum.cents_squared += u128::from(more.unsigned_abs()).pow(2);
        }
        self.found.simulations += 1;
    }
}

impl Visit for Comparing<'_> {
    type Output = Paired;

    #[inline(always)]
    fn block(&mut self, block: &Block<'_>) {
        for lanes in block.all_lanes().chunks(LANES) {
            self.judges.iter_mut().for_each(|(judge, _)| judge.play(block, lanes));
            (0..lanes.len()).for_each(|lane| self.compare(lane));
        }
    }

    fn finish(self) -> Paired {
        self.found
    }
}
