use super::*;
use kernel::Seed;

/// A made field of 64 whose market follows the seed and the rating.
fn season(seed: u64) -> Season {
    let mut random = Seed(seed).stream("market");
    let regions = ["East", "West", "South", "Midwest"];
    let mut teams = Vec::new();
    let mut weights = Vec::new();
    for region in regions {
        for seed in 1..=16 {
            let net_rating = 32.0 - 2.2 * f64::from(seed) + random.normal(0.0, 3.0);
            teams.push(TeamFacts {
                region: region.to_owned(),
                seed,
                net_rating,
                offence_rating: 108.0 + net_rating / 2.0 + random.normal(0.0, 2.0),
                defence_rating: 104.0 - net_rating / 2.0 + random.normal(0.0, 2.0),
                tempo: random.normal(67.0, 3.0),
                is_blue_blood: random.chance(0.1),
            });
            weights.push((net_rating / 8.0).exp() + random.uniform(0.0, 2.0));
        }
    }
    Season { teams, shares: shares(weights) }
}

fn mean_absolute_error(predicted: &[f64], actual: &[f64]) -> f64 {
    predicted.iter().zip(actual).fold(0.0, |sum, (p, a)| sum + (p - a).abs()) / actual.len() as f64
}

#[test]
fn ridge_learns_a_market_from_other_seasons_and_beats_one_without_opinion() {
    let train: Vec<Season> = (0..7).map(season).collect();
    let next = season(99);
    let predicted = Ridge::fit(&train, 1.0).unwrap().predict(&next.teams).unwrap();
    let alike = vec![1.0 / 64.0; 64];
    let (ours, theirs) =
        (mean_absolute_error(&predicted, &next.shares), mean_absolute_error(&alike, &next.shares));
    assert!(ours < 0.35 * theirs, "{ours} against {theirs}");
}

/// A column means the same when a model learns and when it predicts: a season predicted from itself, with all others
/// moved far away in level and spread, keeps its scores and ranks.
#[test]
fn a_field_is_compared_with_itself_only() {
    let one = season(1);
    let mut moved = one.clone();
    for team in &mut moved.teams {
        team.net_rating = team.net_rating * 3.0 + 100.0;
    }
    let z =
        |season: &Season| features::rows(&season.teams).unwrap().iter().map(|row| row[7]).collect::<Vec<_>>();
    for (a, b) in z(&one).into_iter().zip(z(&moved)) {
        assert!((a - b).abs() < 1e-9);
    }
}

#[test]
fn coefficients_solve_the_normal_equations() {
    let seasons: Vec<Season> = (0..3).map(season).collect();
    let alpha = 2.0;
    let model = Ridge::fit(&seasons, alpha).unwrap();
    let all: Vec<(features::Row, f64)> = seasons
        .iter()
        .flat_map(|season| features::rows(&season.teams).unwrap().into_iter().zip(season.shares.clone()))
        .collect();
    for (column, name) in FEATURES.iter().enumerate() {
        let residual = |(row, share): &(features::Row, f64)| {
            share - row.iter().zip(model.coefficients()).fold(0.0, |sum, (x, b)| sum + x * b)
        };
        let gradient = all.iter().fold(0.0, |sum, one| sum + one.0[column] * residual(one));
        let penalty = if column == 0 { 0.0 } else { alpha * model.coefficients()[column] };
        assert!((gradient - penalty).abs() < 1e-6, "{name}: {gradient} {penalty}");
    }
}

#[test]
fn what_cannot_be_learnt_from_is_refused_and_shares_are_always_shares() {
    assert_eq!(Ridge::fit(&[], 1.0), Err(MarketError::TooFewRows { rows: 0 }));
    assert!(matches!(Ridge::fit(&[season(1)], 0.0), Err(MarketError::Alpha { .. })));
    let mut broken = season(1);
    broken.teams[3].tempo = f64::NAN;
    assert!(matches!(Ridge::fit(&[broken], 1.0), Err(MarketError::Fact { fact: "tempo", team: 4, .. })));
    assert_eq!(naive(&[0.0, f64::NAN, -3.0]), [1.0 / 3.0; 3]);
    assert_eq!(oracle(&[1, 0, 3]), [0.25, 0.0, 0.75]);
}
