//! Made seasons: a field of 68 whose ratings fall with the seed, and an auction whose bidders pay for names and seeds as
//! much as for strength. Every name is invented. The same seed and season give the same field for ever.

use std::collections::BTreeSet;

use kernel::{Seed, Stream};

use crate::auction::{AuctionRules, Bid};
use crate::bracket::{FinalFour, RegionalTeam};
use crate::market::TeamFacts;

/// A made season.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeField {
    /// Where the teams stand.
    pub teams: Vec<RegionalTeam>,
    /// Their names, by team.
    pub names: Vec<String>,
    /// What is known of them, by team.
    pub facts: Vec<TeamFacts>,
}

/// A made entry of an auction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeEntry {
    /// Its name.
    pub name: String,
    /// Its bids, in the order of the teams.
    pub bids: Vec<Bid>,
}

/// The field of a season.
pub fn field(seed: Seed, season: u64) -> MadeField {
    let mut random = seed.indexed("tournament.field", season);
    let pairs = FinalFour::default();
    let regions = [&pairs.top_left, &pairs.bottom_left, &pairs.top_right, &pairs.bottom_right];
    let mut places: Vec<(String, u32)> =
        regions.iter().flat_map(|region| (1..=16).map(|seed| ((*region).clone(), seed))).collect();
    // Two play-ins for the last seeds and two among the eleventh and twelfth, each in a region of its own.
    let mut of_region: Vec<&String> = regions.to_vec();
    random.shuffle(&mut of_region);
    for (region, seed) in of_region.into_iter().zip([16, 16, 11, *random.pick(&[11, 12])]) {
        places.push((region.clone(), seed));
    }
    let names = names(&mut random, places.len());
    let facts: Vec<TeamFacts> =
        places.into_iter().map(|(region, seed)| facts(&mut random, region, seed)).collect();
    let team = |(fact, name): (&TeamFacts, &String)| RegionalTeam {
        id: name.to_lowercase().replace(' ', "-"),
        region: fact.region.clone(),
        seed: fact.seed,
    };
    MadeField { teams: facts.iter().zip(&names).map(team).collect(), names, facts }
}

/// Ratings of a team on a seed: the mean and the spread of net ratings by seed are about those of real fields, from 31
/// at the first to −6 at the last.
fn facts(random: &mut Stream, region: String, seed: u32) -> TeamFacts {
    let steps = f64::from(seed - 1);
    let net_rating = round(31.0 - 2.9 * steps + 0.03 * steps * steps + random.normal(0.0, 2.8));
    let lean = random.normal(0.0, 3.0);
    TeamFacts {
        region,
        seed,
        net_rating,
        offence_rating: round(106.0 + 0.52 * net_rating + lean),
        defence_rating: round(106.0 - 0.48 * net_rating + lean),
        tempo: round(random.normal(67.5, 2.5)),
        is_blue_blood: random.chance(0.35 / (1.0 + 0.25 * steps)),
    }
}

/// To one decimal, as ratings are printed.
fn round(value: f64) -> f64 {
    (10.0 * value).round() / 10.0
}

const ONSETS: [&str; 16] = [
    "Al", "Bren", "Cor", "Dun", "El", "Fal", "Gar", "Hol", "Ister", "Kel", "Lor", "Mar", "Nor", "Or", "Pel",
    "Tar",
];
const ENDINGS: [&str; 12] =
    ["bury", "dale", "field", "ford", "haven", "holt", "mere", "mont", "ridge", "stead", "vale", "wick"];
const KINDS: [&str; 4] = ["", " State", " Tech", " A&M"];

fn names(random: &mut Stream, count: usize) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::with_capacity(count);
    while names.len() < count {
        let name = format!("{}{}{}", random.pick(&ONSETS), random.pick(&ENDINGS), random.pick(&KINDS));
        if seen.insert(name.clone()) {
            names.push(name);
        }
    }
    names
}

/// The auction of so many entries on a field. `expected_points` has what each team is expected to earn.
pub fn auction(
    seed: Seed,
    season: u64,
    field: &MadeField,
    expected_points: &[f64],
    entries: usize,
    rules: &AuctionRules,
) -> Vec<MadeEntry> {
    let mut random = seed.indexed("tournament.auction", season);
    // The public overrates names and the favourites of a bracket pool, and each bidder sees it with an error of his own.
    let appeal: Vec<f64> = field
        .facts
        .iter()
        .zip(expected_points)
        .map(|(fact, points)| (points + 4.0) * if fact.is_blue_blood { 1.35 } else { 1.0 })
        .collect();
    (1..=entries)
        .map(|entry| MadeEntry { name: format!("Entry {entry}"), bids: bids(&mut random, &appeal, rules) })
        .collect()
}

/// One bidder: the teams he likes best, and the budget over them by how much he likes them, spent to the last point.
fn bids(random: &mut Stream, appeal: &[f64], rules: &AuctionRules) -> Vec<Bid> {
    let most = rules.max_teams.min(rules.budget_points / rules.min_bid_points) as usize;
    let fewest = (rules.min_teams as usize).min(appeal.len());
    let span = most.min(appeal.len()).saturating_sub(fewest);
    let count = fewest + if span > 0 { random.index(span + 1) } else { 0 };
    let mut liked: Vec<(f64, usize)> = appeal
        .iter()
        .enumerate()
        .map(|(team, appeal)| (appeal * random.normal(0.0, 0.8).exp(), team))
        .collect();
    liked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    liked.truncate(count);
    let mut bids: Vec<Bid> =
        liked.iter().map(|&(_, team)| Bid { team, points: rules.min_bid_points }).collect();
    let mut left = rules.budget_points - rules.min_bid_points * u32::try_from(count).unwrap_or(u32::MAX);
    let total = liked.iter().fold(0.0, |sum, (liking, _)| sum + liking);
    while left > 0 && bids.iter().any(|bid| bid.points < rules.max_bid_points) {
        let mut at = random.uniform(0.0, total);
        let chosen = liked.iter().position(|(liking, _)| {
            at -= liking;
            at < 0.0
        });
        let bid = &mut bids[chosen.unwrap_or(0)];
        if bid.points < rules.max_bid_points {
            bid.points += 1;
            left -= 1;
        }
    }
    bids.sort_unstable();
    bids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bracket::regional;
    use crate::probability::PairTable;
    use crate::reach::reach;
    use crate::results::Results;
    use crate::scoring::Points;

    #[test]
    fn a_made_season_has_the_shape_of_a_real_one() {
        let rules = AuctionRules::default();
        let mut favourites = 0.0;
        for season in 0..40 {
            let made = field(Seed(1), season);
            assert_eq!(made, field(Seed(1), season));
            let bracket = regional(&made.teams, &FinalFour::default()).unwrap();
            assert_eq!(bracket.games().len(), 67);
            let ratings: Vec<f64> = made.facts.iter().map(|fact| fact.net_rating).collect();
            let pairs = PairTable::logistic(&ratings, 10.0).unwrap();
            let exact = reach(&bracket, &pairs, &Results::none(&bracket));
            let points: Vec<f64> =
                (0..68).map(|team| exact.expected_points(team, &Points::usual())).collect();
            assert!((points.iter().sum::<f64>() - 6000.0).abs() < 1e-6);
            let title = (0..68).map(|team| exact.at_least(team, 7)).fold(0.0, f64::max);
            favourites += title / 40.0;
            for entry in auction(Seed(1), season, &made, &points, 40, &rules) {
                rules.check_bids(&entry.name, &entry.bids, bracket.teams()).unwrap();
                assert_eq!(entry.bids.iter().map(|bid| bid.points).sum::<u32>(), 100);
            }
        }
        // The favourite of real fields wins one tournament in four to six.
        assert!((0.14..0.28).contains(&favourites), "{favourites}");
    }

    #[test]
    fn bids_keep_rules_that_leave_little_room() {
        let made = field(Seed(2), 0);
        let points = vec![1.0; 68];
        for rules in [
            AuctionRules {
                budget_points: 3,
                min_teams: 3,
                max_teams: 3,
                min_bid_points: 1,
                max_bid_points: 1,
            },
            AuctionRules {
                budget_points: 100,
                min_teams: 1,
                max_teams: 1,
                min_bid_points: 5,
                max_bid_points: 20,
            },
            AuctionRules {
                budget_points: 11,
                min_teams: 2,
                max_teams: 9,
                min_bid_points: 5,
                max_bid_points: 50,
            },
        ] {
            for entry in auction(Seed(2), 0, &made, &points, 20, &rules.checked().unwrap()) {
                rules.check_bids(&entry.name, &entry.bids, &made.names).unwrap();
            }
        }
    }
}
