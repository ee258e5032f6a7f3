//! What must hold of every model on every series, for the property tests and for the fuzzer.

use chrono::NaiveDate;
use evaluation::{Evidence, SplitConfig, backtest, forecast_with_intervals};
use forecast::features::Group;
use forecast::{ModelSpec, catalog, forecast};
use serde_json::{Value, json};
use series::{Frequency, Series};
use wire::model_selection::{CatalogEntry, Gaps, Interval, Scope};

/// A daily series, if these values make one.
pub(crate) fn series(values: &[f64], gaps: Gaps) -> Option<Series> {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date of the calendar");
    let rows = start.iter_days().zip(values.iter().copied());
    Series::of("any", Frequency::DAILY, rows, gaps).ok()
}

/// Every model with its defaults; those that read features also on all groups of set 2, with few trees.
pub(crate) fn specs() -> Vec<ModelSpec> {
    let parse = |entry: &CatalogEntry, params: &Value| {
        ModelSpec::parse(&entry.model_type, params).expect("the parameters are valid")
    };
    let on_set_2 = |entry: &CatalogEntry| {
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
    let takes_a_set = |entry: &&CatalogEntry| entry.feature_aware && entry.scope == Scope::Series;
    defaults.chain(available.iter().filter(takes_a_set).map(on_set_2)).collect()
}

/// Every number anywhere in a JSON value is finite by construction, so a lost number shows up as `null`: predictions
/// may not hold one.
pub(crate) fn check(values: &[f64], gaps: Gaps) {
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
            let evidence = Evidence { backtest: Some(&result), levels: &Interval::USUAL_LEVELS };
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
