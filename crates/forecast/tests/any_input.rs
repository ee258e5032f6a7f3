//! No input makes the crate panic or lets a number escape that is not finite.

use chrono::NaiveDate;
use forecast::interval::LEVELS;
use forecast::{
    Evidence, Frequency, Gaps, ModelSpec, Series, SplitConfig, backtest, catalog, forecast,
    forecast_with_intervals,
};
use proptest::prelude::*;
use serde_json::Value;

fn series(values: &[f64], gaps: Gaps) -> Option<Series> {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date of the calendar");
    let rows = start.iter_days().zip(values.iter().copied());
    Series::of("any", Frequency::Daily, rows, gaps).ok()
}

fn specs() -> Vec<ModelSpec> {
    let available = catalog().into_iter().filter(|entry| entry.available);
    available
        .map(|entry| ModelSpec::parse(entry.model_type, &Value::Null).expect("defaults are valid"))
        .collect()
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
            let evidence = Evidence { backtest: Some(&result), levels: &LEVELS };
            let Ok(found) = forecast_with_intervals(&series, &spec, 9, None, evidence) else { continue };
            for interval in found.intervals.iter().flat_map(|given| &given.intervals) {
                let bounds = interval.lower.iter().zip(&interval.upper).zip(&found.points);
                let is_around = |((lower, upper), point)| lower <= point && point <= upper;
                assert!(bounds.into_iter().all(is_around), "{} {interval:?}", spec.model_type());
                assert!(interval.upper.iter().all(|upper| upper.is_finite()), "{}", spec.model_type());
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
