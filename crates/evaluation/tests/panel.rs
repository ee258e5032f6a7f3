//! Models that learn from a whole panel: what they may not see, what they accept, and what a panel teaches them.

use std::cell::Cell;

use chrono::NaiveDate;
use evaluation::{BacktestError, SplitConfig, backtest, backtest_panel};
use forecast::{ModelSpec, PanelSeries, forecast, forecast_panel};
use proptest::prelude::*;
use serde_json::{Value, json};
use series::Known;
use series::{Frequency, Series};
use wire::model_selection::{Gaps, Scope};

const GO: &dyn Fn() -> bool = &|| false;

fn spec(model_type: &str, params: &Value) -> ModelSpec {
    ModelSpec::parse(model_type, params).expect("the parameters are valid")
}

/// Both panel models, the boosted one small enough for a test.
fn specs() -> [ModelSpec; 2] {
    let boosted = json!({"max_iter": 8, "min_leaf": 3, "ridge": 0.5, "max_rows": 1500, "learning_rate": 0.3});
    [spec("pooled_profile", &json!({})), spec("global_boosting", &boosted)]
}

fn day(offset: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date of the calendar") + chrono::Days::new(offset)
}

/// A daily series that begins `offset` days after the others.
fn series(name: &str, offset: u64, values: &[f64]) -> Option<Series> {
    let rows = values.iter().enumerate().map(|(at, &value)| (day(offset + at as u64), value));
    Series::of(name, Frequency::DAILY, rows, Gaps::Missing).ok()
}

fn panel<'a>(all: &'a [Series], keys: &'a [[String; 2]]) -> Vec<PanelSeries<'a>> {
    let one = |(series, groups): (&'a Series, &'a [String; 2])| PanelSeries { series, groups, plan: None };
    all.iter().zip(keys).map(one).collect()
}

fn keys(count: usize) -> Vec<[String; 2]> {
    (0..count).map(|at| [format!("store {}", at % 2), format!("department {}", at % 3)]).collect()
}

fn split(gap: usize) -> SplitConfig {
    SplitConfig { n_splits: 2, min_train_size: 35, horizon: 10, gap, ..SplitConfig::default() }
}

/// The forecast of every fold that ends its training on or before a date.
fn known_by(panel: &[PanelSeries<'_>], spec: &ModelSpec, gap: usize, date: NaiveDate) -> Vec<Vec<f64>> {
    let all = backtest_panel(panel, spec, &split(gap), GO).expect("nothing stops it");
    let folds = all.into_iter().flatten().flat_map(|result| result.folds);
    folds.filter(|fold| fold.split.train_end <= date.into()).map(|fold| fold.predictions).collect()
}

fn demand() -> impl Strategy<Value = f64> {
    prop_oneof![8 => (0_u32..30).prop_map(f64::from), 4 => Just(0.0), 1 => Just(f64::NAN)]
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![6 => demand(), 1 => Just(0.0), 1 => -1e6..1e6_f64, 1 => any::<f64>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The leakage rule: whatever any series does after an origin, no forecast made at or before it changes.
    #[test]
    fn no_value_after_an_origin_changes_a_forecast_made_there(
        values in prop::collection::vec(prop::collection::vec(demand(), 60..90), 4),
        later in prop::collection::vec(prop::collection::vec(demand(), 90), 4),
        offsets in prop::collection::vec(0_u64..20, 4),
        gap in 0_usize..5,
    ) {
        let keys = keys(4);
        let build = |values: &[Vec<f64>]| -> Vec<Series> {
            values.iter().zip(&offsets).filter_map(|(values, &offset)| series("any", offset, values)).collect()
        };
        // The last origin of the first fold of any series.
        let date = day(*offsets.iter().max().expect("there are four") + 34);
        let changed: Vec<Vec<f64>> = (0..4)
            .map(|at| {
                let kept = usize::try_from((date - day(offsets[at])).num_days()).expect("it begins before") + 1;
                let (old, new) = (&values[at], &later[at]);
                (0..old.len()).map(|row| if row < kept { old[row] } else { new[row] }).collect()
            })
            .collect();
        let (before, after) = (build(&values), build(&changed));
        for spec in specs() {
            let known = known_by(&panel(&before, &keys), &spec, gap, date);
            prop_assert!(known.len() >= 4, "{}", spec.model_type());
            prop_assert_eq!(known, known_by(&panel(&after, &keys), &spec, gap, date), "{}", spec.model_type());
        }
    }

    #[test]
    fn any_panel_is_forecast_or_refused(
        values in prop::collection::vec(prop::collection::vec(any_value(), 1..110), 1..6),
        offsets in prop::collection::vec(0_u64..200, 6),
    ) {
        let build = |(values, &offset): (&Vec<f64>, &u64)| series("any", offset, values);
        let all: Vec<Series> = values.iter().zip(&offsets).filter_map(build).collect();
        let keys = keys(all.len());
        for spec in specs() {
            let panel = panel(&all, &keys);
            for result in forecast_panel(&panel, &spec, 9, &|| true).expect("nothing stops it") {
                let Ok(forecast) = result else { continue };
                prop_assert_eq!(forecast.points.len(), 9);
                prop_assert!(forecast.points.iter().all(|point| point.is_finite()));
            }
            for result in backtest_panel(&panel, &spec, &split(1), GO).expect("nothing stops it").into_iter().flatten() {
                prop_assert!(result.folds.iter().flat_map(|fold| &fold.predictions).all(|point| point.is_finite()));
            }
        }
    }
}

/// Demand of a weekday pattern and a level that grows slowly, with noise of its own.
fn retail(at: usize, rows: usize) -> Vec<f64> {
    let value = |row: usize| {
        let weekday = [4.0, 3.0, 3.0, 4.0, 6.0, 9.0, 7.0][row % 7];
        let noise = ((row * 7919 + at * 104_729) % 101) as f64 / 50.0;
        (weekday * (1.0 + row as f64 / 400.0) * noise * (1.0 + at as f64)).floor()
    };
    (0..rows).map(value).collect()
}

#[test]
fn a_lone_series_is_a_panel_of_one() {
    let all = [series("alone", 0, &retail(1, 120)).expect("it is regular")];
    let lone = PanelSeries { series: &all[0], groups: &[], plan: None };
    for spec in specs() {
        assert_eq!(spec.scope(), Scope::Panel);
        let together = forecast_panel(&[lone], &spec, 9, &|| true).expect("nothing stops it").remove(0);
        assert_eq!(together, forecast(&all[0], &spec, 9, None), "{}", spec.model_type());
        let together = backtest_panel(&[lone], &spec, &split(2), GO).expect("nothing stops it").remove(0);
        assert_eq!(together, backtest(&all[0], &spec, &split(2), GO), "{}", spec.model_type());
    }
}

#[test]
fn a_model_of_single_series_serves_a_panel_as_well() {
    let all: Vec<Series> = (0..3).filter_map(|at| series("one", at, &retail(1, 100))).collect();
    let (keys, spec) = (keys(3), spec("seasonal_naive", &json!({})));
    let together = backtest_panel(&panel(&all, &keys), &spec, &split(0), GO).expect("nothing stops it");
    let alone: Vec<_> = all.iter().map(|series| backtest(series, &spec, &split(0), GO)).collect();
    assert_eq!(together, alone);
}

#[test]
fn a_group_shows_weekdays_that_its_series_hide() {
    let all: Vec<Series> = (0..30).filter_map(|at| series("one", 0, &retail(at, 119))).collect();
    let keys: Vec<[String; 2]> = (0..30).map(|_| ["a".to_owned(), "b".to_owned()]).collect();
    let error = |spec: &ModelSpec| {
        let results = backtest_panel(&panel(&all, &keys), spec, &split(3), GO).expect("nothing stops it");
        results
            .into_iter()
            .map(|result| result.expect("it fits").aggregate.pooled.rmse.expect("finite"))
            .sum::<f64>()
    };
    let pooled = error(&spec("pooled_profile", &json!({})));
    for rival in ["ses", "seasonal_naive", "seasonal_average"] {
        assert!(pooled < error(&spec(rival, &json!({}))), "{rival}");
    }
}

#[test]
fn boosting_learns_promotions_that_the_profile_does_not_know() {
    let is_promoted = |at: usize, row: usize| (row * 31 + at * 17) % 9 < 2;
    let one = |at: usize| {
        let known = |rows: std::ops::Range<usize>| {
            let count = rows.len();
            let promoted = rows.map(|row| is_promoted(at, row)).collect();
            Known::new(&vec![Some(2.0); count], promoted, vec![false; count], None)
        };
        let lift = |row: usize| if is_promoted(at, row) { 3.0 } else { 1.0 };
        let values: Vec<f64> = (0..140).map(|row| 10.0 * lift(row) * (1.0 + at as f64)).collect();
        let series = series("one", 0, &values).expect("it is regular");
        let ahead: Vec<f64> = (140..154).map(|row| 10.0 * lift(row) * (1.0 + at as f64)).collect();
        (series.with_known(known(0..140)).expect("it is aligned"), known(140..154), ahead)
    };
    let all: Vec<(Series, Known, Vec<f64>)> = (0..20).map(one).collect();
    let panel: Vec<PanelSeries<'_>> =
        all.iter().map(|(series, plan, _)| PanelSeries { series, groups: &[], plan: Some(plan) }).collect();
    let error = |spec: &ModelSpec| {
        let forecasts = forecast_panel(&panel, spec, 14, &|| true).expect("nothing stops it");
        let of = |(forecast, (_, _, ahead)): (
            Result<wire::model_selection::Forecast, _>,
            &(Series, Known, Vec<f64>),
        )| {
            let points = forecast.expect("it fits").points;
            points.iter().zip(ahead).map(|(point, actual)| (point - actual).abs()).sum::<f64>()
        };
        forecasts.into_iter().zip(&all).map(of).sum::<f64>()
    };
    let params =
        json!({"max_rows": 20_000, "share": 1.0, "max_iter": 60, "learning_rate": 0.2, "min_leaf": 20});
    let (boosted, profile) =
        (error(&spec("global_boosting", &params)), error(&spec("pooled_profile", &json!({}))));
    assert!(boosted < 0.3 * profile, "{boosted} of {profile}");
    let unplanned = [PanelSeries { plan: None, ..panel[0] }];
    assert!(forecast_panel(&unplanned, &specs()[1], 14, &|| true).expect("nothing stops it")[0].is_err());
}

#[test]
fn a_panel_stops_when_asked() {
    let all: Vec<Series> = (0..4).filter_map(|at| series("one", 0, &retail(at, 100))).collect();
    let keys = keys(4);
    for spec in specs() {
        let asked = Cell::new(0);
        let count = || {
            asked.set(asked.get() + 1);
            false
        };
        backtest_panel(&panel(&all, &keys), &spec, &split(0), &count).expect("nothing stops it");
        // Both fits ask before they begin and often in between.
        let total = asked.get();
        assert!(total > 8, "{total}");
        for limit in [0, 1, total / 2, total - 1] {
            asked.set(0);
            let stop = || {
                asked.set(asked.get() + 1);
                asked.get() > limit
            };
            let result = backtest_panel(&panel(&all, &keys), &spec, &split(0), &stop);
            assert!(
                matches!(result, Err(BacktestError::Cancelled { .. })),
                "{} at {limit}",
                spec.model_type()
            );
        }
    }
}

#[test]
fn a_series_too_short_for_a_fold_is_refused_and_the_others_are_not() {
    let mut all: Vec<Series> = (0..3).filter_map(|at| series("one", 0, &retail(at, 100))).collect();
    all.push(series("short", 0, &retail(3, 20)).expect("it is regular"));
    let keys = keys(4);
    for spec in specs() {
        let results = backtest_panel(&panel(&all, &keys), &spec, &split(0), GO).expect("nothing stops it");
        let fits: Vec<bool> = results.iter().map(Result::is_ok).collect();
        assert_eq!(fits, [true, true, true, false], "{}", spec.model_type());
        assert!(matches!(results[3], Err(BacktestError::Split(_))));
    }
}
