//! What a market regression sees of a team. Everything that compares teams (scores, ranks) compares those of one
//! season, when a model is fitted and when it predicts, so that a column means the same on both sides.

use super::{MarketError, TeamFacts};

/// The columns; the first is the intercept.
pub const FEATURES: [&str; 22] = [
    "intercept",
    "seed",
    "net_rating",
    "offence_rating",
    "defence_rating",
    "tempo",
    "champ_equity",
    "net_z",
    "net_z_squared",
    "net_z_cubed",
    "balance",
    "seed_expected_points",
    "points_per_equity",
    "seed_squared",
    "net_times_seed",
    "is_blue_blood",
    "is_upset_seed",
    "rank_within_seed",
    "region_1",
    "region_2",
    "region_3",
    "region_4",
];

/// How often a seed wins everything, in the public's eye.
const CHAMP_EQUITY: [f64; 16] = [
    0.20, 0.12, 0.08, 0.05, 0.03, 0.02, 0.01, 0.01, 0.005, 0.003, 0.002, 0.001, 0.0005, 0.0002, 0.0001,
    0.00001,
];

/// What a seed earns, in the public's eye.
const SEED_POINTS: [f64; 16] =
    [12.0, 9.0, 7.0, 5.0, 4.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.3, 0.2, 0.1];

pub(super) type Row = [f64; FEATURES.len()];

/// One row a team.
pub(super) fn rows(teams: &[TeamFacts]) -> Result<Vec<Row>, MarketError> {
    for (at, team) in teams.iter().enumerate() {
        check(at + 1, team)?;
    }
    let net: Vec<f64> = teams.iter().map(|team| team.net_rating).collect();
    let scores = z_scores(&net);
    let offence = percentiles(&teams.iter().map(|team| team.offence_rating).collect::<Vec<_>>());
    let defence = percentiles(&teams.iter().map(|team| team.defence_rating).collect::<Vec<_>>());
    let regions = regions(teams);
    let row = |(at, team): (usize, &TeamFacts)| {
        let seed = f64::from(team.seed);
        let (equity, points) = (CHAMP_EQUITY[team.seed as usize - 1], SEED_POINTS[team.seed as usize - 1]);
        let z = scores[at];
        let region = regions.iter().position(|region| *region == team.region);
        let is_in = |which: usize| f64::from(u8::from(region == Some(which)));
        [
            1.0,
            seed,
            team.net_rating,
            team.offence_rating,
            team.defence_rating,
            team.tempo,
            equity,
            z,
            z * z,
            z * z * z,
            (offence[at] - defence[at]).abs(),
            points,
            points / (equity + 0.001),
            seed * seed,
            team.net_rating * seed,
            f64::from(u8::from(team.is_blue_blood)),
            f64::from(u8::from((10..=12).contains(&team.seed))),
            rank_within_seed(teams, at),
            is_in(0),
            is_in(1),
            is_in(2),
            is_in(3),
        ]
    };
    Ok(teams.iter().enumerate().map(row).collect())
}

fn check(at: usize, team: &TeamFacts) -> Result<(), MarketError> {
    let facts = [
        ("net_rating", team.net_rating),
        ("offence_rating", team.offence_rating),
        ("defence_rating", team.defence_rating),
        ("tempo", team.tempo),
    ];
    for (fact, value) in facts {
        if !value.is_finite() {
            return Err(MarketError::Fact { fact, team: at, value });
        }
    }
    if !(1..=16).contains(&team.seed) {
        return Err(MarketError::Fact { fact: "seed", team: at, value: f64::from(team.seed) });
    }
    Ok(())
}

/// The regions of a field by name, so that their order in a file does not matter.
fn regions(teams: &[TeamFacts]) -> Vec<&str> {
    let mut regions: Vec<&str> = teams.iter().map(|team| team.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

/// Distances from the mean in sample standard deviations; zeros where all are alike.
fn z_scores(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = values.iter().fold(0.0, |sum, value| sum + value) / n;
    let spread = values.iter().fold(0.0, |sum, value| sum + (value - mean).powi(2)) / (n - 1.0).max(1.0);
    let sigma = spread.sqrt();
    values.iter().map(|value| if sigma > 0.0 { (value - mean) / sigma } else { 0.0 }).collect()
}

/// The share of values at or below each, ties in the middle of their places.
fn percentiles(values: &[f64]) -> Vec<f64> {
    let of = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count() as f64;
        let same = values.iter().filter(|other| other.total_cmp(value).is_eq()).count() as f64;
        (below + 0.5 * (same + 1.0)) / values.len() as f64
    };
    values.iter().map(of).collect()
}

/// Dense rank of the net rating among the teams on the same seed, best 0, last 1; 0 where it is alone.
fn rank_within_seed(teams: &[TeamFacts], at: usize) -> f64 {
    let same = teams.iter().filter(|team| team.seed == teams[at].seed);
    let mut ratings: Vec<f64> = same.map(|team| team.net_rating).collect();
    ratings.sort_unstable_by(|a, b| b.total_cmp(a));
    ratings.dedup();
    let rank = ratings.iter().position(|rating| *rating <= teams[at].net_rating).unwrap_or(0);
    if ratings.len() > 1 { rank as f64 / (ratings.len() - 1) as f64 } else { 0.0 }
}
