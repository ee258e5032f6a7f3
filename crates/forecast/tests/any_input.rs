//! No input makes the crate panic or lets a number escape that is not finite.

use chrono::NaiveDate;
use forecast::features::Group;
use forecast::{CatalogEntry, Frequency, Gaps, ModelSpec, Series, SplitConfig, backtest, catalog, forecast};
use proptest::prelude::*;
use serde_json::{Value, json};

fn series(values: &[f64], gaps: Gaps) -> Option<Series> {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date of the calendar");
    let rows = start.iter_days().zip(values.iter().copied());
    Series::of("any", Frequency::Daily, rows, gaps).ok()
}

/// Every model with its defaults; those that read features also on all groups of frame 2, with few trees.
fn specs() -> Vec<ModelSpec> {
    let parse = |entry: &CatalogEntry, params: &Value| {
        ModelSpec::parse(entry.model_type, params).expect("the parameters are valid")
    };
    let on_frame_2 = |entry: &CatalogEntry| {
        let mut params = json!({ "feature_frame_version": 2, "feature_groups": Group::NAMES });
        for trees in ["max_iter", "n_estimators"] {
            if entry.default_params.get(trees).is_some() {
                params[trees] = 10.into();
            }
        }
        parse(entry, &params)
    };
    let available: Vec<_> = catalog().into_iter().filter(|entry| entry.available).collect();
    let defaults = available.iter().map(|entry| parse(entry, &Value::Null));
    defaults.chain(available.iter().filter(|entry| entry.feature_aware).map(on_frame_2)).collect()
}

/// Every number anywhere in a JSON value is finite by construction, so a lost number shows up as `null`: predictions
/// may not hold one.
fn check(values: &[f64], gaps: Gaps) {
    let Some(series) = series(values, gaps) else { return };
    let split = SplitConfig { n_splits: 2, min_train_size: 30, horizon: 7, ..SplitConfig::default() };
    for spec in specs() {
        if let Ok(forecast) = forecast(&series, &spec, 9, None) {
            assert_eq!(forecast.points.len(), 9, "{}", spec.model_type());
            assert!(forecast.points.iter().all(|point| point.is_finite()), "{}", spec.model_type());
        }
        if let Ok(result) = backtest(&series, &spec, &split, &|| false) {
            for fold in &result.folds {
                assert!(fold.predictions.iter().all(|point| point.is_finite()), "{}", spec.model_type());
            }
        }
    }
}

#[test]
fn the_hardest_series_are_forecast_or_refused() {
    let tiny = f64::MIN_POSITIVE;
    let cases: [Vec<f64>; 12] = [
        vec![],
        vec![5.0],
        vec![f64::NAN; 60],
        vec![0.0; 60],
        vec![3.25; 60],
        vec![-7.0; 60],
        vec![f64::MAX; 60],
        (0..60).map(|t| if t % 2 == 0 { f64::MAX } else { f64::MIN }).collect(),
        (0..60).map(|t| 1e150 * f64::from(t)).collect(),
        (0..60).map(|t| tiny * f64::from(t)).collect(),
        (0..60).map(|t| if t % 3 == 0 { f64::NAN } else { f64::from(t) }).collect(),
        (0..200).map(|t| if t == 150 { 1.0 } else { 0.0 }).collect(),
    ];
    for values in cases {
        check(&values, Gaps::Missing);
        check(&values, Gaps::Omit);
    }
}

/// What a fold forecasts is what a fit on its rows alone forecasts, although some models learn all folds in one pass.
#[test]
fn a_fold_equals_a_fit_on_its_rows_alone() {
    let value = |t: usize| {
        20.0 + 0.1 * t as f64 + [4.0, -2.0, 0.0, 7.0, -5.0, 1.0, -4.0][t % 7] + (t * 31 % 17) as f64
    };
    let values: Vec<f64> = (0..400).map(|t| if t % 50 == 33 { f64::NAN } else { value(t) }).collect();
    let series = series(&values, Gaps::Missing).expect("the series is regular");
    let split = SplitConfig { min_train_size: 60, ..SplitConfig::default() };
    for spec in specs() {
        let result = backtest(&series, &spec, &split, &|| false).expect("the series suits every model");
        for fold in result.folds {
            let prefix =
                self::series(&values[..fold.split.train_size], Gaps::Missing).expect("a prefix is regular");
            let alone = forecast(&prefix, &spec, 14, None).expect("the prefix suits every model");
            assert_eq!(alone.points, fold.predictions, "{} fold {}", spec.model_type(), fold.fold_index);
        }
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (0_u32..40).prop_map(f64::from),
        4 => Just(0.0),
        2 => Just(f64::NAN),
        2 => -1e6..1e6_f64,
        1 => any::<f64>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_series_is_forecast_or_refused(values in prop::collection::vec(value(), 0..120)) {
        check(&values, Gaps::Missing);
        check(&values, Gaps::Zero);
    }
}
