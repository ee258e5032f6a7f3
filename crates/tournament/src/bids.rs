//! The best bids against an expected market, exactly.
//!
//! Of each team `i` the expected points `EVᵢ` and what the others are expected to bid, `Mᵢ`, are given. The bids `bᵢ`
//! are whole numbers that maximise `Σ EVᵢ·bᵢ/(Mᵢ + bᵢ)` under the budget, the number of teams and the bounds of a bid.
//! The sum parts over teams, so a knapsack over (points spent, teams chosen) finds the best of all: with 68 teams,
//! 100 points, 10 teams and bids to 50 some four million steps.

use crate::auction::{AuctionRules, Bid};

/// What is expected of one team.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospect {
    /// Expected points.
    pub expected_points: f64,
    /// What all others are expected to bid on it, in points.
    pub market_points: f64,
}

/// The best bids and what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Bids in the order of the teams.
    pub bids: Vec<Bid>,
    /// `Σ EV·b/(M + b)`: the points they are expected to earn.
    pub value: f64,
}

impl Prospect {
    /// Points expected from a bid: the part of the team it owns, of what the team is expected to earn. Where nobody
    /// bids, one point owns the whole team.
    pub fn value(&self, bid_points: u32) -> f64 {
        let pool = self.market_points + f64::from(bid_points);
        if bid_points == 0 || pool <= 0.0 { 0.0 } else { self.expected_points * f64::from(bid_points) / pool }
    }
}

/// The best bids. Of equally good ones the smaller bid on the later team is kept, then what spends more, then what
/// needs fewer teams. Nothing if not even the fewest teams can be bid on.
pub fn best(prospects: &[Prospect], rules: &AuctionRules) -> Option<Plan> {
    let table = Table::fill(prospects, rules);
    let (spent, teams) = table.best(rules)?;
    let bids = table.trace(spent, teams);
    Some(Plan { bids, value: table.value[table.state(spent, teams)] })
}

/// The best value of each state after all teams, and the bid on each team that led there.
struct Table {
    budget: usize,
    most_teams: usize,
    /// By (spent, teams); −∞ where no choice of bids comes to it.
    value: Vec<f64>,
    /// By team and state.
    chosen: Vec<Vec<u32>>,
}

impl Table {
    fn fill(prospects: &[Prospect], rules: &AuctionRules) -> Self {
        let budget = rules.budget_points as usize;
        let most_teams = (rules.max_teams as usize).min(prospects.len());
        let states = (budget + 1) * (most_teams + 1);
        let mut table = Self {
            budget,
            most_teams,
            value: vec![f64::NEG_INFINITY; states],
            chosen: Vec::with_capacity(prospects.len()),
        };
        table.value[0] = 0.0;
        for prospect in prospects {
            table.add(prospect, rules);
        }
        table
    }

    const fn state(&self, spent: usize, teams: usize) -> usize {
        teams * (self.budget + 1) + spent
    }

    /// Adds one team: not bid on, or with each possible bid. States of more teams come first, so that each state still
    /// holds the value without this team when it is read.
    fn add(&mut self, prospect: &Prospect, rules: &AuctionRules) {
        let bids = rules.min_bid_points..=rules.max_bid_points.min(rules.budget_points);
        let worth: Vec<(usize, f64)> = bids.map(|bid| (bid as usize, prospect.value(bid))).collect();
        let width = self.budget + 1;
        let mut chosen = vec![0; self.value.len()];
        for teams in (1..=self.most_teams).rev() {
            let start = teams * width;
            let (below, here) = self.value.split_at_mut(start);
            let below = &below[start - width..];
            let here = &mut here[..width];
            let picks = &mut chosen[start..][..width];
            for &(bid, value) in &worth {
                let from = below[..width - bid].iter();
                for ((to, pick), from) in here[bid..].iter_mut().zip(&mut picks[bid..]).zip(from) {
                    let sum = from + value;
                    if sum > *to {
                        (*to, *pick) = (sum, u32::try_from(bid).expect("a bid was a u32"));
                    }
                }
            }
        }
        self.chosen.push(chosen);
    }

    fn best(&self, rules: &AuctionRules) -> Option<(usize, usize)> {
        let mut best: Option<(f64, usize, usize)> = None;
        for teams in rules.min_teams as usize..=self.most_teams {
            for spent in 0..=self.budget {
                let value = self.value[self.state(spent, teams)];
                let is_better = value.is_finite()
                    && best.is_none_or(|(most, at, _)| value > most || (value >= most && spent > at));
                if is_better {
                    best = Some((value, spent, teams));
                }
            }
        }
        best.map(|(_, spent, teams)| (spent, teams))
    }

    fn trace(&self, mut spent: usize, mut teams: usize) -> Vec<Bid> {
        let mut bids = Vec::with_capacity(teams);
        for (team, chosen) in self.chosen.iter().enumerate().rev() {
            let points = chosen[self.state(spent, teams)];
            if points > 0 {
                bids.push(Bid { team, points });
                spent -= points as usize;
                teams -= 1;
            }
        }
        bids.reverse();
        bids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best value over every choice of bids.
    fn by_force(prospects: &[Prospect], rules: &AuctionRules, spent: u32, teams: u32) -> Option<f64> {
        let Some((first, rest)) = prospects.split_first() else {
            return (teams >= rules.min_teams).then_some(0.0);
        };
        let without = by_force(rest, rules, spent, teams);
        let with = (rules.min_bid_points..=rules.max_bid_points)
            .filter(|bid| spent + bid <= rules.budget_points && teams < rules.max_teams)
            .filter_map(|bid| Some(first.value(bid) + by_force(rest, rules, spent + bid, teams + 1)?));
        with.chain(without).reduce(f64::max)
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
        #[test]
        fn the_plan_is_the_best_of_all_and_keeps_the_rules(
            teams in proptest::collection::vec((0.0_f64..500.0, 0.0_f64..40.0), 1..6),
            budget_points in 1_u32..12, min_teams in 1_u32..4, more in 0_u32..3, min_bid_points in 1_u32..3, span in 0_u32..6,
        ) {
            let rules = AuctionRules {
                budget_points, min_teams, max_teams: min_teams + more, min_bid_points, max_bid_points: min_bid_points + span,
            };
            let prospects: Vec<Prospect> =
                teams.iter().map(|&(expected_points, market_points)| Prospect { expected_points, market_points }).collect();
            let force = by_force(&prospects, &rules, 0, 0);
            let plan = best(&prospects, &rules);
            proptest::prop_assert_eq!(plan.is_some(), force.is_some());
            if let (Some(plan), Some(force)) = (plan, force) {
                let value = plan.bids.iter().fold(0.0, |sum, bid| sum + prospects[bid.team].value(bid.points));
                proptest::prop_assert!((value - force).abs() < 1e-9, "{value} against {force}");
                proptest::prop_assert!((plan.value - force).abs() < 1e-9);
                let names: Vec<String> = (0..prospects.len()).map(|team| team.to_string()).collect();
                rules.check_bids("plan", &plan.bids, &names).unwrap();
            }
        }
    }

    #[test]
    fn one_point_owns_a_team_that_nobody_wants_and_of_equal_plans_the_one_that_spends_more_is_kept() {
        let rules = AuctionRules { min_teams: 1, ..AuctionRules::default() };
        let free = Prospect { expected_points: 50.0, market_points: 0.0 };
        assert!((free.value(1) - 50.0).abs() < 1e-12);
        let plan = best(&[free], &rules).unwrap();
        assert_eq!((plan.bids, plan.value), (vec![Bid { team: 0, points: 50 }], 50.0));
    }
}
