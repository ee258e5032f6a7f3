use kernel::Seed;

use super::*;
use crate::auction::{Bid, Payouts};
use crate::bracket::Bracket;
use crate::ownership::Ownership;
use crate::results::Results;
use crate::scoring::Points;
use crate::simulate::tests::field;
use crate::standings::standings;

/// The contest of entries that bid by a rule without meaning.
fn contest(bracket: &Bracket, entries: &[usize]) -> Contest {
    let bid = |entry: usize, at: u32| Bid { team: (entry * 7 + at as usize * 5) % 68, points: 5 + at };
    let bids: Vec<Vec<Bid>> =
        entries.iter().map(|&entry| (0..8).map(|at| bid(entry, at)).collect()).collect();
    let payouts = Payouts::new(vec![65_000, 30_000, 15_001, 7_500, 5_000, 2_500, 1_001, 500]).unwrap();
    Contest::new(bracket, Ownership::of(&bids, 68), Points::usual(), payouts)
}

/// Three members, of whom the first two are the same entry twice, beside nine others.
fn contests(bracket: &Bracket) -> Vec<(Contest, Vec<usize>)> {
    let others: Vec<usize> = (10..19).collect();
    let with = |members: &[usize]| {
        let all = [others.clone(), members.to_vec()].concat();
        (contest(bracket, &all), (9..all.len()).collect())
    };
    vec![with(&[3]), with(&[3, 3]), with(&[3, 3, 5])]
}

#[test]
fn a_portfolio_is_what_its_simulations_come_to_one_by_one() {
    let (bracket, pairs) = field();
    let simulator = Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(8));
    let contests = contests(&bracket);
    let found = portfolio(&simulator, &contests, 0..2000);
    let (mut both, mut any, mut totals) = (0, 0, [0.0_f64; 3]);
    for simulation in 0..2000 {
        let mut results = Results::none(&bracket);
        for (game, team) in simulator.winners(simulation).into_iter().enumerate() {
            results.record(&bracket, game, team).unwrap();
        }
        let progress: Vec<usize> =
            results.standings(&bracket).into_iter().map(crate::results::Standing::progress).collect();
        for ((contest, members), total) in contests.iter().zip(&mut totals) {
            let finishes = standings(&contest.scores(&progress), contest.payouts());
            let cents: Vec<u32> = members.iter().map(|&entry| finishes[entry].payout_cents).collect();
            *total += f64::from(cents.iter().sum::<u32>());
            if let [_, second, third] = cents[..] {
                both += u64::from(second > 0 && third > 0);
                any += u64::from(cents.iter().any(|&cents| cents > 0));
            }
        }
    }
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    let members = found.members();
    close(members[0].adds_cents.value, totals[0] / 2000.0);
    close(members[1].adds_cents.value, (totals[1] - totals[0]) / 2000.0);
    close(members[2].adds_cents.value, (totals[2] - totals[1]) / 2000.0);
    close(found.total_cents().value, totals[2] / 2000.0);
    close(members.iter().map(|member| member.payout_cents.value).sum(), totals[2] / 2000.0);
    assert_eq!((found.pairs()[2].both_paid, found.any_paid()), (both, any));
    // Twins have equal points always, and share every place they have.
    let twins = found.pairs()[0];
    assert_eq!(twins.members, [0, 1]);
    close(twins.points_correlation.unwrap(), 1.0);
    assert!(twins.payout_correlation.unwrap() > 0.999);
    assert_eq!((members[0].paid, twins.both_paid), (members[1].paid, members[0].paid));
    assert!(found.pairs()[1].points_correlation.unwrap().abs() < 0.9);
}

#[test]
fn parts_add_up_to_the_whole_in_any_order() {
    let (bracket, pairs) = field();
    let simulator = Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(9));
    let contests = contests(&bracket);
    let mut sum = portfolio(&simulator, &contests, 900..1000);
    for part in [0..17, 17..900] {
        sum.add(&portfolio(&simulator, &contests, part));
    }
    assert_eq!(sum, portfolio(&simulator, &contests, 0..1000));
}
