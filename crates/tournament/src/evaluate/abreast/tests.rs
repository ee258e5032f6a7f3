use std::collections::BTreeMap;

use kernel::Seed;
use proptest::prelude::*;

use super::super::judge::Judge;
use super::super::{Contest, LANES, Scorer, Tally};
use super::{MOST, network};
use crate::auction::{Bid, Payouts};
use crate::bracket::{Bracket, seeded};
use crate::ownership::Ownership;
use crate::probability::PairTable;
use crate::results::Results;
use crate::scoring::Points;
use crate::simulate::{Block, Path, Simulator, Visit};

/// What one judge says, tournament by tournament, and in all.
struct Heard<'a> {
    judge: Judge<'a>,
    /// Of the lanes of a block only every so manieth.
    step: usize,
    entries: usize,
    told: Vec<(u64, Vec<u64>, BTreeMap<usize, u32>)>,
}

impl Visit for Heard<'_> {
    type Output = Vec<(u64, Vec<u64>, BTreeMap<usize, u32>)>;

    fn block(&mut self, block: &Block<'_>) {
        let some: Vec<usize> = block.all_lanes().iter().copied().step_by(self.step).collect();
        for lanes in some.chunks(LANES) {
            self.judge.play(block, lanes);
            for (at, &lane) in lanes.iter().enumerate() {
                let mut paid = BTreeMap::new();
                self.judge.pay(at, |entry, cents| assert_eq!(paid.insert(entry, cents), None));
                let scores = (0..self.entries).map(|entry| self.judge.score(entry, at)).collect();
                self.told.push((block.first + lane as u64, scores, paid));
            }
        }
    }

    fn finish(self) -> Self::Output {
        self.told
    }
}

fn simulator(bracket: &Bracket, seed: u64) -> Simulator {
    let teams = bracket.teams().len();
    let pairs = PairTable::of(teams, |a, b| (a + 1) as f64 / (a + b + 2) as f64);
    Simulator::new(bracket, &pairs, &Results::none(bracket), Seed(seed))
}

/// Both ways come to the same on every path, in whole and in parts. Tells whether any two entries tied.
fn agree(bracket: &Bracket, contest: &Contest, seed: u64) -> bool {
    let simulator = simulator(bracket, seed);
    let entries = contest.ownership.entries();
    let single = || Scorer { judge: Judge::single(contest), tally: Tally::none(entries) };
    let whole = simulator.run(0..203, single());
    let heard = |judge, step| Heard { judge, step, entries, told: Vec::new() };
    for path in Path::all() {
        assert_eq!(simulator.run_on(path, 0..203, Scorer::new(contest)), whole, "{path:?}");
        for step in [1, 3] {
            let one = simulator.run_on(path, 0..37, heard(Judge::single(contest), step));
            let other = simulator.run_on(path, 0..37, heard(Judge::new(contest), step));
            assert_eq!(one, other, "{path:?}");
        }
    }
    let finishes = (0..entries).flat_map(|entry| whole.finishes(entry, |_| 0));
    finishes.map(|(finish, _)| finish).any(crate::standings::Finish::is_tied)
}

fn contest(bracket: &Bracket, bids: &[Vec<Bid>], steps: &[u32], mut cents: Vec<u32>) -> Contest {
    cents.sort_unstable_by(|a, b| b.cmp(a));
    let points = Points::of_steps(steps.to_vec()).unwrap();
    let ownership = Ownership::of(bids, bracket.teams().len());
    Contest::new(bracket, ownership, points, Payouts::new(cents).unwrap())
}

fn bracket(teams: usize) -> Bracket {
    seeded((0..teams).map(|team| team.to_string()).collect()).unwrap()
}

fn is_abreast(contest: &Contest) -> bool {
    Judge::new(contest).is_abreast()
}

#[test]
fn a_network_sorts_whatever_is_zeros_and_ones_and_so_everything() {
    for count in 0..=12 {
        for bits in 0..1_u32 << count {
            let mut places: Vec<u32> = (0..count).map(|at| bits >> at & 1).collect();
            for [upper, lower] in network(count) {
                if places[usize::from(upper)] < places[usize::from(lower)] {
                    places.swap(usize::from(upper), usize::from(lower));
                }
            }
            assert!(places.is_sorted_by(|one, other| one >= other), "{bits:b} of {count}");
        }
    }
}

#[test]
fn as_many_entries_as_fit_are_judged_side_by_side_and_one_more_is_not() {
    let bracket = bracket(11);
    let bid = |entry: usize| Bid { team: entry * 7 % 11, points: 1 + u32::try_from(entry % 50).unwrap() };
    for (entries, fit) in [(1, true), (47, true), (MOST, true), (MOST + 1, false)] {
        let bids: Vec<Vec<Bid>> = (0..entries)
            .map(|entry| vec![bid(entry), Bid { team: (entry * 7 + 1) % 11, points: 2 }])
            .collect();
        let contest = contest(&bracket, &bids, &[1, 2, 4, 8], vec![500, 301, 7]);
        assert_eq!(is_abreast(&contest), fit, "{entries}");
        agree(&bracket, &contest, entries as u64);
    }
}

#[test]
fn scores_that_do_not_fit_are_judged_one_by_one() {
    let bracket = bracket(8);
    let bids: Vec<Vec<Bid>> = (0..8).map(|team| vec![Bid { team, points: 1 }]).collect();
    // Seven games and eight teams: 4·a + 2·b + c points in all.
    for (steps, fit) in
        [([16_383, 1, 1], true), ([16_384, 0, 0], false), ([0, 0, 65_535], true), ([0, 0, 65_536], false)]
    {
        let contest = contest(&bracket, &bids, &steps, vec![1000]);
        assert_eq!(is_abreast(&contest), fit, "{steps:?}");
        agree(&bracket, &contest, 3);
    }
}

#[test]
fn ties_of_equal_entries_and_of_no_points_at_all_are_the_same_both_ways() {
    let bracket = bracket(24);
    let bid = |team| Bid { team, points: 4 };
    let bids: Vec<Vec<Bid>> = (0..30).map(|entry| vec![bid(entry / 2 % 9), bid(20)]).collect();
    assert!(agree(&bracket, &contest(&bracket, &bids, &[0, 3, 5, 7, 9], vec![1001, 500, 333, 100, 1]), 4));
}

/// Neighbours are 4·10⁻⁵ points apart, so groups reach from their best one three entries down, and no farther.
#[test]
fn chains_of_near_scores_break_at_the_same_places_both_ways() {
    let bracket = bracket(8);
    let bid = |team, more| Bid { team, points: 1_000_000 + more };
    let bids: Vec<Vec<Bid>> = (0..30_u32).map(|entry| vec![bid(0, 50 * entry), bid(7, 20 * entry)]).collect();
    assert!(agree(&bracket, &contest(&bracket, &bids, &[8, 8, 8], vec![1001, 500, 333, 100, 1]), 5));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn both_ways_are_the_same_whatever_the_contest(
        teams in 2_usize..70,
        told in prop::collection::vec(prop::collection::vec((0_usize..70, prop_oneof![1_u32..4, 999_980_u32..1_000_000]), 0..6), 1..60),
        steps in prop::collection::vec(0_u32..2000, 1..8),
        cents in prop::collection::vec(1_u32..u32::MAX, 1..70),
        seed in 1_u64..u64::MAX,
    ) {
        let bracket = bracket(teams);
        let of = |told: &Vec<(usize, u32)>| -> BTreeMap<usize, u32> {
            told.iter().map(|&(team, points)| (team % teams, points)).collect()
        };
        let bids: Vec<Vec<Bid>> = told
            .iter()
            .map(|told| of(told).into_iter().map(|(team, points)| Bid { team, points }).collect())
            .collect();
        let steps: Vec<u32> = steps.into_iter().chain([1]).collect();
        agree(&bracket, &contest(&bracket, &bids, &steps, cents), seed);
    }
}
