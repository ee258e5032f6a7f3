use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{series, spec};
use crate::{Evidence, SplitConfig, backtest, forecast_with_intervals};
use forecast::ModelSpec;

fn noisy(rows: usize) -> Vec<f64> {
    let mut stream = kernel::Seed(7).stream("interval");
    (0..rows).map(|_| stream.normal(100.0, 10.0)).collect()
}

fn judged(values: &[f64], spec: &ModelSpec, split: &SplitConfig) -> Backtest {
    backtest(&series(values), spec, split, &|| false).unwrap()
}

/// Intervals after a series, from its own backtest.
fn after(values: &[f64], spec: &ModelSpec, split: &SplitConfig, levels: &[f64]) -> Intervals {
    let backtest = judged(values, spec, split);
    let evidence = Evidence { backtest: Some(&backtest), levels };
    forecast_with_intervals(&series(values), spec, split.horizon, None, evidence).unwrap().intervals.unwrap()
}

#[test]
fn conformal_intervals_of_exchangeable_errors_cover_what_they_should() {
    let split = SplitConfig { n_splits: 20, min_train_size: 60, ..SplitConfig::default() };
    let spec = spec("seasonal_average", json!({ "season_length": 2, "lookback_cycles": 12 }));
    let result = judged(&noisy(600), &spec, &split);
    let found = result.uncertainty.clone().unwrap();
    assert_eq!((found.kind, found.reason), (Kind::Conformal, Reason::NoLaw));
    for coverage in &found.coverage {
        assert!((coverage.observed - coverage.level).abs() < 0.06, "{coverage:?}");
    }
    let errors = Errors::of(&result.folds);
    let wide = &errors.intervals(&[100.0; 14], &[0.95], 0.0).unwrap()[0];
    let width = wide.upper.iter().zip(&wide.lower).map(|(upper, lower)| upper - lower).sum::<f64>() / 14.0;
    // Normal noise of ten has 95 % within 19.6 on either side.
    assert!((width - 39.2).abs() < 10.0, "{width}");
}

fn walk(seed: u64) -> Vec<f64> {
    let mut stream = kernel::Seed(seed).stream("walk");
    let mut level = 500.0;
    let step = |_| {
        level += stream.normal(0.0, 3.0);
        level
    };
    (0..170).map(step).collect()
}

#[test]
fn a_true_model_is_mostly_given_its_own_formula_which_covers_as_stated() {
    let split = SplitConfig { min_train_size: 100, ..SplitConfig::default() };
    let found =
        (0..60).map(|seed| judged(&walk(seed), &spec("naive", json!({})), &split).uncertainty.unwrap());
    let (analytic, other): (Vec<_>, Vec<_>) = found.partition(|found| found.kind == Kind::Analytic);
    assert!(analytic.len() > 2 * other.len(), "{} {}", analytic.len(), other.len());
    let given: Vec<_> = analytic.iter().chain(&other).collect();
    for (at, level) in LEVELS.into_iter().enumerate() {
        let mean = given.iter().map(|found| found.coverage[at].observed).sum::<f64>() / given.len() as f64;
        assert!((mean - level).abs() < 0.06, "{level}: {mean}");
    }
}

#[test]
fn the_errors_of_a_random_walk_grow_with_the_root_of_the_step() {
    let evidence = Evidence { backtest: None, levels: &[0.8] };
    let given = forecast_with_intervals(&series(&walk(1)), &spec("naive", json!({})), 9, None, evidence);
    let given = &given.unwrap().intervals.unwrap().intervals[0];
    let width = |step: usize| given.upper[step] - given.lower[step];
    assert!((width(8) / width(0) - 3.0).abs() < 1e-9, "{} {}", width(0), width(8));
    // 80 % of a normal distribution lie within 1.281 55 deviations; the deviation of a step is 3.
    assert!((width(0) - 2.0 * 1.281_55 * 3.0).abs() < 1.2, "{}", width(0));
}

#[test]
fn rare_demand_of_whole_numbers_has_whole_bounds_from_zero() {
    let mut stream = kernel::Seed(5).stream("rare");
    let values: Vec<f64> =
        (0..300).map(|_| if stream.chance(0.3) { stream.integer(1, 4) as f64 } else { 0.0 }).collect();
    for model in ["croston", "sba", "tsb", "adida", "imapa"] {
        let given = after(&values, &spec(model, json!({})), &SplitConfig::default(), &LEVELS);
        assert_eq!(given.kind, Kind::Count, "{model}");
        for interval in &given.intervals {
            assert!(interval.lower.iter().all(|bound| *bound == 0.0), "{model} {interval:?}");
            assert!(interval.upper.iter().all(|bound| bound.fract() == 0.0 && *bound >= 1.0), "{model}");
        }
        let observed = given.observed.unwrap();
        assert!(observed.coverage[2].observed > 0.9, "{model} {observed:?}");
    }
    let halves: Vec<f64> = values.iter().map(|value| 0.5 * value).collect();
    let given = after(&halves, &spec("croston", json!({})), &SplitConfig::default(), &LEVELS);
    assert_eq!((given.kind, given.reason), (Kind::Conformal, Reason::NoLaw));
}

#[test]
fn the_dispersion_of_counts_is_found() {
    let mut stream = kernel::Seed(3).stream("dispersion");
    // The sum of independent doubled Poisson-like counts has twice the dispersion of the plain ones.
    let plain: Vec<f64> = (0..4000).map(|_| (0..40).filter(|_| stream.chance(0.05)).count() as f64).collect();
    let doubled: Vec<f64> = plain.iter().map(|count| 2.0 * count).collect();
    let dispersion = |values: &[f64]| match Law::of_counts(values, &[2.0]) {
        Some(Law::Count { dispersion }) => dispersion,
        other => panic!("{other:?}"),
    };
    // Binomial counts of 40 trials at 5 % have a dispersion of 0.95, which is stated as Poisson's, up to the smoothed
    // level's own error of about a twentieth.
    assert!((dispersion(&plain) - 1.0).abs() < 0.06, "{}", dispersion(&plain));
    assert!((dispersion(&doubled) - 2.0).abs() < 0.12, "{}", dispersion(&doubled));
    assert_eq!(Law::of_counts(&[1.0, -1.0], &[1.0]), None);
    assert_eq!(Law::of_counts(&[1.0, 2.0], &[1e6]), None);
}

#[test]
fn without_folds_a_model_states_its_formula_and_others_nothing() {
    let history = series(&noisy(60));
    let ask = |model: &str| {
        let evidence = Evidence { backtest: None, levels: &[0.95, 0.5, 7.0, 0.5] };
        let params = if model == "combination" { json!({ "season_length": 1 }) } else { json!({}) };
        forecast_with_intervals(&history, &spec(model, params), 5, None, evidence).unwrap().intervals
    };
    let given = ask("ses").unwrap();
    assert_eq!((given.kind, given.reason), (Kind::Analytic, Reason::TooFewFolds));
    assert_eq!(given.intervals.iter().map(|interval| interval.level).collect::<Vec<_>>(), [0.5, 0.95]);
    assert!(given.observed.is_none());
    assert!(ask("combination").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn intervals_enclose_the_point_and_those_of_lower_levels(
        values in prop::collection::vec(prop_oneof![3 => -50.0..200.0_f64, 3 => (0_u32..9).prop_map(f64::from), 1 => Just(f64::NAN)], 60..110),
        is_count: bool,
    ) {
        let values: Vec<f64> = if is_count { values.iter().map(|value| value.abs().round()).collect() } else { values };
        let levels = [0.1, 0.5, 0.8, 0.9, 0.95, 0.99];
        let split = SplitConfig { n_splits: 3, horizon: 7, ..SplitConfig::default() };
        for model in ["naive", "moving_average", "seasonal_average", "ses", "theta", "sba"] {
            let spec = spec(model, json!({}));
            let Ok(result) = backtest(&series(&values), &spec, &split, &|| false) else { continue };
            let evidence = Evidence { backtest: Some(&result), levels: &levels };
            let Ok(found) = forecast_with_intervals(&series(&values), &spec, 9, None, evidence) else { continue };
            let given = found.intervals.expect("a backtest with outcomes gives intervals");
            for (step, point) in found.points.iter().enumerate() {
                let (mut low, mut high) = (*point, *point);
                for interval in &given.intervals {
                    prop_assert!(interval.lower[step] <= low && interval.upper[step] >= high, "{model} {interval:?}");
                    (low, high) = (interval.lower[step], interval.upper[step]);
                }
            }
        }
    }
}
