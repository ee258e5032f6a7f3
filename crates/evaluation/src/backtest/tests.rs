use serde_json::json;

use super::*;
use crate::testing::{series, spec};

const GO: &dyn Fn() -> bool = &|| false;

/// 10, 20, …, 70 repeating weekly for 120 days from a Monday.
fn weekly() -> Series {
    let values: Vec<f64> = (0..120).map(|day| f64::from(10 * (day % 7 + 1))).collect();
    series(&values)
}

fn check(model: &str, params: Value, expected: [f64; 5], wapes: [f64; 5]) {
    let result = backtest(&weekly(), &spec(model, params), &SplitConfig::default(), GO).unwrap();
    let mean = &result.aggregate.fold_mean;
    let found = [mean.wape, mean.smape, mean.mae, mean.rmse, mean.bias].map(Option::unwrap);
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() < 1e-5, "{model}: {found} is not {expected}");
    }
    for (fold, expected) in result.folds.iter().zip(wapes) {
        assert!((fold.metrics.wape.unwrap() - expected).abs() < 1e-3, "{model}: {:?}", fold.metrics);
    }
    assert_eq!(result.sample_size, 70);
    assert!(result.leakage_check_passed);
}

#[test]
fn baselines_reproduce_the_reference_vectors() {
    check(
        "naive",
        json!({}),
        [60.0, 66.726_099, 24.0, 29.023_331, 4.0],
        [57.1429, 75.0, 46.4286, 46.4286, 75.0],
    );
    check("seasonal_naive", json!({}), [0.0; 5], [0.0; 5]);
    check("seasonal_average", json!({}), [0.0; 5], [0.0; 5]);
    check("moving_average", json!({}), [42.857_143, 47.429_396, 17.142_857, 20.0, 0.0], [42.8571; 5]);
    check(
        "weighted_moving_average",
        json!({}),
        [44.464_286, 48.811_507, 17.785_714, 20.688_628, -0.5],
        [43.75, 46.4286, 43.75, 44.6429, 43.75],
    );
    check(
        "weighted_moving_average",
        json!({"weight_strategy": "exponential"}),
        [45.181_921, 49.431_85, 18.072_768, 21.189_238, 0.124_64],
        [44.984, 49.588, 43.0402, 45.4173, 42.8801],
    );
}

#[test]
fn boosting_is_as_accurate_as_the_reference() {
    let series = weekly();
    let launch = series.dates()[0].date();
    let known = series::Known::new(&[Some(1.0); 120], vec![false; 120], vec![false; 120], Some(launch));
    let series = series.with_known(known).unwrap();
    let result = backtest(&series, &spec("regression", json!({})), &SplitConfig::default(), GO).unwrap();
    // Fold 0 has 30 rows and a leaf needs 20, so its forecast is the mean; later folds of this fixture are full of
    // exactly tied splits, which two programs may break differently, so only their accuracy is compared.
    assert!((result.folds[0].metrics.wape.unwrap() - 43.4524).abs() < 1e-3);
    assert!(result.aggregate.fold_mean.wape.unwrap() < 18.107_159);
}

#[test]
fn the_trend_reproduces_the_reference_vectors() {
    check(
        "trend_regression_baseline",
        json!({}),
        [4.765_421, 7.762_031, 1.906_169, 2.205_121, -0.259_127],
        [8.326, 5.5706, 4.1216, 3.1537, 2.6551],
    );
}

#[test]
fn the_additive_model_is_more_accurate_than_the_reference() {
    // The fixture of the reference's numbers has constant prices, no promotion or holiday, and a launch on its first day.
    let series = weekly();
    let known = series::Known::new(
        &[Some(1.0); 120],
        vec![false; 120],
        vec![false; 120],
        Some(series.dates()[0].date()),
    );
    let series = series.with_known(known).unwrap();
    let result = backtest(&series, &spec("prophet_like", json!({})), &SplitConfig::default(), GO).unwrap();
    let found = result.aggregate.fold_mean.wape.unwrap();
    // The reference has 21.661424: it shrinks the columns of earlier values by the square of their unit, so hardly.
    assert!((found - 14.069_168).abs() < 1e-5, "{found}");
}

#[test]
fn the_gap_is_forecast_and_dropped() {
    // A seasonal model stays in phase only if step h is compared with the day it was made for.
    let split = SplitConfig { gap: 3, ..SplitConfig::default() };
    let result = backtest(&weekly(), &spec("seasonal_naive", json!({})), &split, GO).unwrap();
    assert_eq!(result.aggregate.pooled.mae, Some(0.0));
    assert_eq!(result.folds[0].predictions.len(), 14);
}

#[test]
fn a_zero_demand_fold_pools_wape_and_warns() {
    let mut values = vec![0.0; 44];
    values.extend([5.0; 56]);
    let result = backtest(&series(&values), &spec("naive", json!({})), &SplitConfig::default(), GO).unwrap();
    assert_eq!(result.folds[0].metrics.wape, None);
    assert_eq!(result.warnings.len(), 1);
    let metrics = crate::rank::rank_metrics(&result);
    assert_eq!(metrics.wape, result.aggregate.pooled.wape);
    assert!(metrics.wape.is_some());
}

#[test]
fn missing_actuals_are_not_judged() {
    let mut values: Vec<f64> = (0..120).map(f64::from).collect();
    values[110] = f64::NAN;
    let result = backtest(&series(&values), &spec("naive", json!({})), &SplitConfig::default(), GO).unwrap();
    assert_eq!(result.sample_size, 69);
    let text = serde_json::to_string(&result).unwrap();
    let back: Backtest = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

#[test]
fn cancellation_is_seen_between_folds() {
    let asked = std::cell::Cell::new(0);
    let cancelled = || {
        asked.set(asked.get() + 1);
        asked.get() > 2
    };
    let result = backtest(&weekly(), &spec("naive", json!({})), &SplitConfig::default(), &cancelled);
    assert_eq!(result, Err(BacktestError::Cancelled { fold: 2 }));
}

#[test]
fn a_model_that_cannot_learn_from_fold_zero_is_refused_before_any_work() {
    let spec = spec("seasonal_naive", json!({"season_length": 31}));
    let error = plan(&weekly(), &spec, &SplitConfig::default()).unwrap_err();
    let advised =
        |error: &BacktestError| error.to_string().split_once("; ").map(|(_, advice)| advice.to_owned());
    assert_eq!(advised(&error).as_deref(), Some("raise min_train_size"), "{error}");
    // Advice is such as can be followed.
    let short = series(&[1.0; 40]);
    let error = plan(&short, &spec, &SplitConfig { horizon: 10, ..SplitConfig::default() }).unwrap_err();
    assert_eq!(advised(&error).as_deref(), Some("before a test of this length there is room for 30 at most"));
}

#[test]
fn buckets_cover_the_horizon() {
    let split = SplitConfig { horizon: 30, ..SplitConfig::default() };
    let result = backtest(&weekly(), &spec("naive", json!({})), &split, GO).unwrap();
    let sizes: Vec<_> = result.buckets.values().map(|metrics| metrics.sample_size).collect();
    assert_eq!(sizes, [21, 21, 42, 6]);
}
