use super::*;
use crate::auction::Bid;
use crate::probability::PairTable;
use crate::reach::reach;
use crate::results::{Results, Standing};
use crate::simulate::Simulator;
use crate::simulate::tests::field;
use crate::standings::standings;
use kernel::Seed;

/// Entries that bid on eight teams each, by a rule without meaning.
fn bids(entries: usize) -> Vec<Vec<Bid>> {
    let bid = |entry: usize, at: u32| Bid { team: (entry * 7 + at as usize * 5) % 68, points: 5 + at };
    let of = |entry| (0..8).map(move |at| bid(entry, at));
    (0..entries).map(|entry| of(entry).collect()).collect()
}

fn contest(bracket: &Bracket, bids: &[Vec<Bid>]) -> Contest {
    let payouts = Payouts::new(vec![65_000, 30_000, 15_001, 7_500, 5_000]).unwrap();
    Contest::new(bracket, Ownership::of(bids, 68), Points::usual(), payouts)
}

#[test]
fn fused_scores_are_those_of_the_standings_of_each_simulation() {
    let (bracket, pairs) = field();
    let none = Results::none(&bracket);
    let contest = contest(&bracket, &bids(47));
    let simulator = Simulator::new(&bracket, &pairs, &none, Seed(5));
    let tally = simulator.run(0..300, Scorer::new(&contest));
    let mut again = Tally::none(47);
    for simulation in 0..300 {
        let mut results = Results::none(&bracket);
        for (game, team) in simulator.winners(simulation).into_iter().enumerate() {
            results.record(&bracket, game, team).unwrap();
        }
        let progress: Vec<usize> = results.standings(&bracket).into_iter().map(Standing::progress).collect();
        assert_eq!(progress.iter().map(|&steps| contest.points().total(steps)).sum::<u32>(), 6000);
        let scores = contest.scores(&progress);
        again.scores(&scores);
        for (entry, finish) in standings(&scores, contest.payouts()).into_iter().enumerate() {
            again.finish(entry, finish, scores[entry]);
        }
    }
    assert_eq!(tally, again);
}

#[test]
fn tallies_of_parts_add_up_to_the_whole_in_any_order() {
    let (bracket, pairs) = field();
    let contest = contest(&bracket, &bids(30));
    let simulator = Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(6));
    let whole = simulator.run(0..5000, Scorer::new(&contest));
    let mut sum = Tally::none(30);
    for part in [4000..5000, 0..17, 17..4000] {
        sum.add(&simulator.run(part, Scorer::new(&contest)));
    }
    assert_eq!(sum, whole);
}

#[test]
fn chances_of_the_first_place_sum_to_one_and_money_to_what_is_paid() {
    let (bracket, pairs) = field();
    let none = Results::none(&bracket);
    let contest = contest(&bracket, &bids(47));
    let exact = reach(&bracket, &pairs, &none);
    let n = 20_000;
    let tally = Simulator::new(&bracket, &pairs, &none, Seed(7)).run(0..n, Scorer::new(&contest));
    let all = performances(&contest, &tally, &exact);
    let sum = |of: fn(&Performance) -> f64| all.iter().fold(0.0, |sum, one| sum + of(one));
    assert!((sum(|one| one.p_top1.value) - 1.0).abs() < 1e-9);
    let paid = contest.payouts().total(47) as f64 / f64::from(contest.payouts().first());
    assert!((sum(|one| one.mean_normalized_payout.value) - paid).abs() < 1e-9);
    let unbid: f64 = (0..68)
        .filter(|&team| contest.ownership().bids(team) == 0)
        .fold(0.0, |sum, team| sum + exact.expected_points(team, contest.points()));
    assert!((sum(|one| one.expected_points) - (6000.0 - unbid)).abs() < 1e-4);
    for one in &all {
        assert!(one.points_gap.abs() < 4.5, "{one:?}");
        assert!(
            one.controlled_normalized_payout.standard_error
                <= one.mean_normalized_payout.standard_error + 1e-12
        );
        assert_eq!(one.outcomes.iter().map(|outcome| outcome.simulations).sum::<u64>(), n);
    }
}

/// Over seeds the error that is told is the error that is made, and the control variate makes it smaller.
#[test]
fn standard_errors_are_the_spread_over_seeds() {
    let (bracket, pairs) = field();
    let none = Results::none(&bracket);
    let contest = contest(&bracket, &bids(20));
    let exact = reach(&bracket, &pairs, &none);
    let of_seed = |seed| {
        let tally = Simulator::new(&bracket, &pairs, &none, Seed(seed)).run(0..2000, Scorer::new(&contest));
        let one = performances(&contest, &tally, &exact).swap_remove(3);
        (one.mean_normalized_payout, one.controlled_normalized_payout)
    };
    let (plain, controlled): (Vec<_>, Vec<_>) = (0..200).map(of_seed).unzip();
    let spread = |all: &[Estimate]| {
        let mean = all.iter().fold(0.0, |sum, one| sum + one.value) / all.len() as f64;
        (all.iter().fold(0.0, |sum, one| sum + (one.value - mean).powi(2)) / (all.len() - 1) as f64).sqrt()
    };
    for all in [&plain, &controlled] {
        let told = all.iter().fold(0.0, |sum, one| sum + one.standard_error) / all.len() as f64;
        let ratio = spread(all) / told;
        assert!((0.8..1.25).contains(&ratio), "{ratio}");
    }
    assert!(spread(&controlled) < 0.95 * spread(&plain), "{} {}", spread(&controlled), spread(&plain));
}

#[test]
fn equal_entries_tie_in_every_simulation_and_share_everything() {
    let (bracket, _) = field();
    let none = Results::none(&bracket);
    let bids = vec![vec![Bid { team: 3, points: 10 }, Bid { team: 9, points: 7 }]; 3];
    let contest = contest(&bracket, &bids);
    let pairs = PairTable::of(68, |_, _| 0.5);
    let tally = Simulator::new(&bracket, &pairs, &none, Seed(8)).run(0..100, Scorer::new(&contest));
    for one in performances(&contest, &tally, &reach(&bracket, &pairs, &none)) {
        assert_eq!(one.rank, 1);
        assert!((one.p_top1.value - 1.0 / 3.0).abs() < 1e-12);
        assert!(one.outcomes.iter().all(|outcome| outcome.sharing == 3));
    }
}

#[test]
fn paired_differences_are_those_of_the_means_with_less_error() {
    let (bracket, pairs) = field();
    let simulator = Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(8));
    let all = bids(20);
    let contest = contest(&bracket, &all);
    let judged = [(contest.clone(), 0), (contest.clone(), 7), (contest.clone(), 0)];
    let whole = paired(&simulator, &judged, 0..4000);
    let mut sum = paired(&simulator, &judged, 1000..4000);
    sum.add(&paired(&simulator, &judged, 0..1000));
    assert_eq!((sum.simulations(), &sum), (4000, &whole));
    let text = serde_json::to_string(&whole).unwrap();
    assert_eq!(serde_json::from_str::<Paired>(&text).unwrap(), whole);
    let differences = whole.differences(contest.payouts().first());
    let exact = reach(&bracket, &pairs, &Results::none(&bracket));
    let tally = contest.tally(&simulator, 0..4000);
    let alone = performances(&contest, &tally, &exact);
    let mean = |entry: usize| alone[entry].mean_normalized_payout;
    assert!((differences[1].value - (mean(7).value - mean(0).value)).abs() < 1e-12);
    let apart = mean(7).standard_error.hypot(mean(0).standard_error);
    assert!(differences[1].standard_error > 0.0 && differences[1].standard_error < 1.5 * apart);
    assert_eq!((differences[0].value, differences[2].value), (0.0, 0.0));
    let text = serde_json::to_string(&tally).unwrap();
    assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
}

#[test]
fn simulations_that_agree_are_those_in_which_the_supposed_teams_win() {
    let (bracket, pairs) = field();
    let none = Results::none(&bracket);
    let contest = contest(&bracket, &bids(12));
    let simulator = Simulator::new(&bracket, &pairs, &none, Seed(5));
    let (last, first) = (bracket.last_game(), 3);
    let team = simulator.winners(0)[last];
    let mut condition = crate::Condition::none(&bracket);
    condition.suppose(&bracket, &none, last, team).unwrap();
    let found = agreeing(&simulator, &contest, &condition, 0..3000);
    let with: Vec<u64> =
        (0..3000).filter(|&simulation| simulator.winners(simulation)[last] == team).collect();
    assert_eq!((found.considered(), found.tally().simulations()), (3000, with.len() as u64));
    let mut alone = Tally::none(12);
    for &simulation in &with {
        alone.add(&contest.tally(&simulator, simulation..simulation + 1));
    }
    assert_eq!(found.tally(), &alone);
    for team in 0..68 {
        let wins = with.iter().filter(|&&simulation| simulator.winners(simulation)[first] == team).count();
        assert_eq!(found.wins(first, team), wins as u64);
    }
    // The exact chances given the condition lie where the simulations that agree say they do.
    let (chance, given) = condition.reach(&bracket, &pairs, &none).unwrap();
    let sure = |p: f64, count: u64, n: u64| {
        let found = estimate_of_count(count, n);
        let error = (p * (1.0 - p) / n as f64).sqrt();
        // A rare event is not spread as its error says.
        assert!((found.value - p).abs() < 4.5 * error + 3.0 / n as f64, "{p}: {found:?}");
    };
    sure(chance, with.len() as u64, 3000);
    let slots = bracket.slots().iter().enumerate();
    for (at, slot) in slots {
        let Slot::Winner(game) = *slot else { continue };
        for &(team, p) in given.standing(at) {
            sure(p, found.wins(game, team), with.len() as u64);
        }
    }
}

#[test]
fn registers_and_cuts_reach_no_tally() {
    use crate::simulate::Path;
    let (bracket, pairs) = field();
    let contest = contest(&bracket, &bids(23));
    let simulator = Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(11));
    let whole = simulator.run_on(Path::Portable, 0..3001, Scorer::new(&contest));
    for path in Path::all() {
        for size in [1, 500, 3001] {
            let mut sum = Tally::none(23);
            for from in (0..3001).step_by(size) {
                let part = from as u64..(from + size).min(3001) as u64;
                sum.add(&simulator.run_on(path, part, Scorer::new(&contest)));
            }
            assert_eq!(sum, whole, "{path:?} by {size}");
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_is_bid_all_points_and_all_money_are_given_out_and_shares_are_whole(
        told in proptest::collection::vec(proptest::collection::vec((0_usize..68, 1_u32..51), 1..11), 1..30),
        mut cents in proptest::collection::vec(1_u32..99_999, 1..8),
        seed in 1_u64..u64::MAX,
    ) {
        use std::collections::BTreeMap;
        let (bracket, pairs) = field();
        let none = Results::none(&bracket);
        // One bid a team.
        let of = |told: &Vec<(usize, u32)>| told.iter().copied().collect::<BTreeMap<_, _>>();
        let bids: Vec<Vec<Bid>> = told
            .iter()
            .map(|told| of(told).into_iter().map(|(team, points)| Bid { team, points }).collect())
            .collect();
        cents.sort_unstable_by(|a, b| b.cmp(a));
        let contest = Contest::new(&bracket, Ownership::of(&bids, 68), Points::usual(), Payouts::new(cents).unwrap());
        let simulator = Simulator::new(&bracket, &pairs, &none, Seed(seed));
        let tally = contest.tally(&simulator, 0..400);
        let exact = reach(&bracket, &pairs, &none);
        let all = performances(&contest, &tally, &exact);
        let sum = |of: &dyn Fn(&Performance) -> f64| all.iter().fold(0.0, |sum, one| sum + of(one));
        proptest::prop_assert!((sum(&|one| one.p_top1.value) - 1.0).abs() < 1e-9);
        let first = f64::from(contest.payouts().first());
        let paid = sum(&|one| one.mean_normalized_payout.value * first);
        proptest::prop_assert!((paid - contest.payouts().total(bids.len()) as f64).abs() < 1e-3, "{paid}");
        let worth = |is_owned: bool| {
            (0..68)
                .filter(|&team| (contest.ownership().bids(team) > 0) == is_owned)
                .fold(0.0, |sum, team| sum + exact.expected_points(team, contest.points()))
        };
        proptest::prop_assert!((worth(true) + worth(false) - 6000.0).abs() < 1e-6);
        proptest::prop_assert!((sum(&|one| one.expected_points) - worth(true)).abs() < 1e-4);
        for team in (0..68).filter(|&team| contest.ownership().bids(team) > 0) {
            let parts: u64 = contest.ownership().of_team(team).iter().map(|owned| owned.parts).sum();
            let off = parts.abs_diff(crate::ownership::PARTS);
            proptest::prop_assert!(off <= bids.len() as u64, "{off}");
        }
        // Every simulation by itself gives out the same points: those of the owned teams.
        for simulation in 0..20 {
            let mut progress = bracket.first_byes();
            for (game, team) in simulator.winners(simulation).into_iter().enumerate() {
                progress[team] = bracket.progress_of_winner(game);
            }
            let points = |team: usize| contest.points().total(progress[team]);
            proptest::prop_assert_eq!((0..68).map(points).sum::<u32>(), 6000);
            let owned: u32 = (0..68).filter(|&team| contest.ownership().bids(team) > 0).map(points).sum();
            let scored: u64 = contest.scores(&progress).iter().sum();
            let apart = scored as f64 / crate::ownership::PARTS as f64 - f64::from(owned);
            proptest::prop_assert!(apart.abs() < 1e-4, "{apart}");
        }
    }
}
