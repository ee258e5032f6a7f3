//! Some entries of one contest as the property of one person: how their payouts hang together, and what each adds to those
//! before it, which it also takes from. Everything counted is a whole number, so the order of simulations reaches nothing.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use std::ops::Range;

use super::performance::{Estimate, standard_error};
use super::tally::{COARSE, Moments};
use super::{Contest, Judge, LANES, estimate_of_count};
use crate::simulate::{Block, Simulator, Visit};

/// Counts over simulations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    simulations: u64,
    payouts: Products,
    points: Products,
    /// By member: in how many it is paid anything; and by pair, and in how many any of them is.
    paid: Vec<u64>,
    both_paid: Vec<u64>,
    any_paid: u64,
    /// By member: what all up to it are paid together, less what those before it are paid without it.
    adds: Vec<Sum>,
    total: Sum,
}

/// A sum and the sum of the squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum {
    of: i128,
    squares: u128,
}

impl Sum {
    fn add(&mut self, value: i64) {
        self.of += i128::from(value);
        self.squares += u128::from(value.unsigned_abs()).pow(2);
    }

    fn join(&mut self, other: Self) {
        self.of += other.of;
        self.squares += other.squares;
    }

    fn mean(self, n: u64, unit: f64) -> Estimate {
        let (n, mean) = (n as f64, self.of as f64 / n as f64);
        let variance = self.squares as f64 / n - mean * mean;
        Estimate { value: mean * unit, standard_error: standard_error(variance, n) * unit }
    }
}

/// Sums of values of each member, and of the products of every two, each pair once, also each with itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Products {
    sums: Vec<u128>,
    products: Vec<u128>,
}

/// What is known of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Mean payout in cents.
    pub payout_cents: Estimate,
    /// Mean points.
    pub points: Estimate,
    /// Simulations in which it is paid anything.
    pub paid: u64,
    /// The chance of that.
    pub p_paid: Estimate,
    /// Cents by which the mean total of the members before it grows when it joins.
    pub adds_cents: Estimate,
}

/// What is known of two members.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairOf {
    /// The two, by their places among the members.
    pub members: [usize; 2],
    /// Correlation of their payouts; nothing where one of them is always paid the same.
    pub payout_correlation: Option<f64>,
    /// Correlation of their points.
    pub points_correlation: Option<f64>,
    /// Simulations in which both are paid.
    pub both_paid: u64,
    /// The chance of that.
    pub p_both_paid: Estimate,
}

/// The pairs of so many members, each once, with their places.
fn pairs(members: usize) -> impl Iterator<Item = [usize; 2]> {
    (0..members).flat_map(move |a| (a + 1..members).map(move |b| [a, b]))
}

/// Counts over simulations. `contests` has one contest per member, in which all members up to it take part and none behind
/// it, each with its number there.
pub fn portfolio(
    simulator: &Simulator,
    contests: &[(Contest, Vec<usize>)],
    simulations: Range<u64>,
) -> Portfolio {
    let members = contests.len();
    let found = Portfolio {
        simulations: 0,
        payouts: Products::none(members),
        points: Products::none(members),
        paid: vec![0; members],
        both_paid: vec![0; pairs(members).count()],
        any_paid: 0,
        adds: vec![Sum::default(); members],
        total: Sum::default(),
    };
    let judges =
        contests.iter().map(|(contest, entries)| (Judge::new(contest), entries.as_slice())).collect();
    simulator.run(simulations, Counting { judges, found })
}

impl Portfolio {
    /// How many simulations were counted.
    pub const fn simulations(&self) -> u64 {
        self.simulations
    }

    /// Adds what was counted over other simulations.
    pub fn add(&mut self, other: &Self) {
        self.simulations += other.simulations;
        self.payouts.join(&other.payouts);
        self.points.join(&other.points);
        for (to, from) in self.paid.iter_mut().zip(&other.paid) {
            *to += from;
        }
        for (to, from) in self.both_paid.iter_mut().zip(&other.both_paid) {
            *to += from;
        }
        self.any_paid += other.any_paid;
        for (to, from) in self.adds.iter_mut().zip(&other.adds) {
            to.join(*from);
        }
        self.total.join(other.total);
    }

    /// Each member by itself.
    pub fn members(&self) -> Vec<Member> {
        let n = self.simulations;
        let member = |at: usize| Member {
            payout_cents: self.payouts.mean(at, n, 1.0),
            points: self.points.mean(at, n, Moments::POINTS),
            paid: self.paid[at],
            p_paid: estimate_of_count(self.paid[at], n),
            adds_cents: self.adds[at].mean(n, 1.0),
        };
        (0..self.paid.len()).map(member).collect()
    }

    /// Every two members.
    pub fn pairs(&self) -> Vec<PairOf> {
        let n = self.simulations;
        let pair = |(members, &both_paid): ([usize; 2], &u64)| PairOf {
            members,
            payout_correlation: self.payouts.correlation(members, n),
            points_correlation: self.points.correlation(members, n),
            both_paid,
            p_both_paid: estimate_of_count(both_paid, n),
        };
        pairs(self.paid.len()).zip(&self.both_paid).map(pair).collect()
    }

    /// Simulations in which any member is paid.
    pub const fn any_paid(&self) -> u64 {
        self.any_paid
    }

    /// The mean of what all are paid together, in cents.
    pub fn total_cents(&self) -> Estimate {
        self.total.mean(self.simulations, 1.0)
    }

    fn count(&mut self, cents: &[u32], points: &[u64]) {
        self.simulations += 1;
        self.payouts.add(|at| u64::from(cents[at]));
        self.points.add(|at| points[at]);
        for (paid, &cents) in self.paid.iter_mut().zip(cents) {
            *paid += u64::from(cents > 0);
        }
        for ([a, b], both) in pairs(cents.len()).zip(&mut self.both_paid) {
            *both += u64::from(cents[a] > 0 && cents[b] > 0);
        }
        self.any_paid += u64::from(cents.iter().any(|&cents| cents > 0));
    }
}

impl Products {
    fn none(members: usize) -> Self {
        Self { sums: vec![0; members], products: vec![0; members * members] }
    }

    fn add(&mut self, value: impl Fn(usize) -> u64) {
        let members = self.sums.len();
        for a in 0..members {
            self.sums[a] += u128::from(value(a));
            for b in a..members {
                self.products[a * members + b] += u128::from(value(a)) * u128::from(value(b));
            }
        }
    }

    fn join(&mut self, other: &Self) {
        for (to, from) in self.sums.iter_mut().zip(&other.sums) {
            *to += from;
        }
        for (to, from) in self.products.iter_mut().zip(&other.products) {
            *to += from;
        }
    }

    fn mean(&self, at: usize, n: u64, unit: f64) -> Estimate {
        let of = i128::try_from(self.sums[at]).expect("sums of so few simulations");
        Sum { of, squares: self.products[at * self.sums.len() + at] }.mean(n, unit)
    }

    /// `n²` times the covariance, exactly. Of 10⁶ simulations and 10⁴ points the sums have some 90 bits.
    fn spread(&self, a: usize, b: usize, n: u64) -> i128 {
        let whole = |sum: u128| i128::try_from(sum).expect("sums of so few simulations");
        whole(u128::from(n) * self.products[a * self.sums.len() + b]) - whole(self.sums[a] * self.sums[b])
    }

    fn correlation(&self, [a, b]: [usize; 2], n: u64) -> Option<f64> {
        let spread = |a, b| self.spread(a, b, n) as f64;
        kernel::finite(spread(a, b) / (spread(a, a) * spread(b, b)).sqrt())
            .map(|found| found.clamp(-1.0, 1.0))
    }
}

struct Counting<'a> {
    judges: Vec<(Judge<'a>, &'a [usize])>,
    found: Portfolio,
}

impl Counting<'_> {
    fn count(&mut self, lane: usize, cents: &mut [u32]) {
        // What the members of the contest before, which lacks one, were paid together.
        let mut before = 0;
        for ((judge, entries), adds) in self.judges.iter().zip(&mut self.found.adds) {
            cents.fill(0);
            judge.pay(lane, |entry, paid| {
                if let Some(at) = entries.iter().position(|&one| one == entry) {
                    cents[at] = paid;
                }
            });
            let total: i64 = cents[..entries.len()].iter().map(|&cents| i64::from(cents)).sum();
            adds.add(total - before);
            before = total;
        }
        self.found.total.add(before);
        let Some((judge, entries)) = self.judges.last() else { return };
        let points: Vec<u64> = entries.iter().map(|&entry| judge.score(entry, lane) >> COARSE).collect();
        self.found.count(cents, &points);
    }
}

impl Visit for Counting<'_> {
    type Output = Portfolio;

    #[inline(always)]
    fn block(&mut self, block: &Block<'_>) {
        let mut cents = vec![0; self.judges.len()];
        for lanes in block.all_lanes().chunks(LANES) {
            self.judges.iter_mut().for_each(|(judge, _)| judge.play(block, lanes));
            (0..lanes.len()).for_each(|lane| self.count(lane, &mut cents));
        }
    }

    fn finish(self) -> Portfolio {
        self.found
    }
}

#[cfg(test)]
mod tests;
