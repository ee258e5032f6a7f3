//! Forecasts depend neither on the unit of measure, nor on what values are counted from, nor on the dates they are
//! shifted to, nor on the order and names of the series beside them.

#[expect(dead_code, reason = "the fuzzer's check is for other tests")]
#[path = "support/any.rs"]
mod any;

use chrono::{Datelike, Days, Months, NaiveDate};
use evaluation::{Evidence, SplitConfig, backtest, backtest_panel, forecast_with_intervals};
use forecast::{ModelSpec, PanelSeries, forecast, forecast_panel};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use series::{Frequency, Series};
use wire::model_selection::{Gaps, Interval};

use any::specs;

const HORIZON: usize = 9;

/// The same cases in every run.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Counts with many zeros, or a level of about 100 with a season, a slope and noise; some rows missing, at the ends as
/// well.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let rows = prop::collection::vec((0_u32..7, -1.0..1.0_f64), 60..130);
    (rows, 0_usize..3, 0.0..0.5_f64, 0_usize..4, 0_usize..3).prop_map(|(rows, kind, slope, first, last)| {
        let length = rows.len();
        let value = |(at, (count, noise)): (usize, (u32, f64))| {
            if at < first || at >= length - last || (kind != 1 && at % 37 == 20) {
                return f64::NAN;
            }
            let season = [9.0, -4.0, 0.0, 3.0, -14.0, 5.0, 1.0][at % 7];
            if kind == 0 {
                f64::from(count.saturating_sub(3))
            } else {
                slope.mul_add(at as f64, 100.0 + season + 6.0 * noise)
            }
        };
        rows.into_iter().enumerate().map(value).collect()
    })
}

fn spec(model_type: &str, params: &Value) -> ModelSpec {
    ModelSpec::parse(model_type, params).expect("the parameters are valid")
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date of the calendar")
}

fn series(name: &str, values: &[f64], first: NaiveDate, frequency: Frequency) -> Series {
    let date = |at: usize| frequency.advance(first.into(), first.day(), at);
    let rows = values.iter().enumerate().map(|(at, &value)| (date(at), value));
    Series::of(name, frequency, rows, Gaps::Missing).expect("the rows are regular")
}

fn daily(values: &[f64]) -> Series {
    series("any", values, start(), Frequency::DAILY)
}

/// The points a model forecasts; nothing where it refuses the series.
fn points(spec: &ModelSpec, series: &Series) -> Vec<f64> {
    forecast(series, spec, HORIZON, None).map(|found| found.points).unwrap_or_default()
}

fn mapped(values: &[f64], change: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter().map(|&value| change(value)).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().filter(|value| !value.is_nan()).fold(0.0, |most, value| value.abs().max(most))
}

/// The largest difference, infinite where only one of two forecasts was refused.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    a.iter().zip(b).fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}

/// The models for which a measure is above a bound, with their parameters and what was measured.
fn above(bound: f64, specs: &[ModelSpec], measure: impl Fn(&ModelSpec) -> f64) -> Vec<String> {
    let judged = specs.iter().map(|spec| (spec, measure(spec)));
    let failed = judged.filter(|(_, found)| found.is_nan() || *found > bound);
    failed
        .map(|(spec, found)| format!("{} {}: {found:.1e}", spec.model_type(), spec.params().to_json()))
        .collect()
}

fn none(failed: &[String]) -> Result<(), TestCaseError> {
    prop_assert!(failed.is_empty(), "{failed:#?}");
    Ok(())
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_power_of_two_scales_every_bit(values in values(), power in -20_i32..=20) {
        let unit = 2.0_f64.powi(power);
        let (base, scaled) = (daily(&values), daily(&mapped(&values, |value| value * unit)));
        none(&above(0.0, &specs(), |spec| {
            apart(&mapped(&points(spec, &base), |point| point * unit), &points(spec, &scaled)) / unit
        }))?;
    }

    #[test]
    fn another_unit_of_measure_scales_the_forecast(values in values()) {
        let unit = 3.7;
        let (base, scaled) = (daily(&values), daily(&mapped(&values, |value| value * unit)));
        none(&above(1e-6 * unit * largest(&values), &specs(), |spec| {
            apart(&mapped(&points(spec, &base), |point| point * unit), &points(spec, &scaled))
        }))?;
    }

    #[test]
    fn a_large_constant_is_added_to_the_forecast(values in values()) {
        const CONSTANT: f64 = 1e8;
        let (base, raised) = (daily(&values), daily(&mapped(&values, |value| value + CONSTANT)));
        none(&above(1e-3, &translated(), |spec| {
            apart(&mapped(&points(spec, &base), |point| point + CONSTANT), &points(spec, &raised))
        }))?;
    }

    /// Models that read no dates are not moved by any shift.
    #[test]
    fn whole_weeks_move_no_model_without_a_calendar(values in values()) {
        let (base, moved) = (daily(&values), series("any", &values, start() + Days::new(364), Frequency::DAILY));
        let blind: Vec<ModelSpec> = specs().into_iter().filter(|spec| !spec.is_feature_aware()).collect();
        none(&above(0.0, &blind, |spec| apart(&points(spec, &base), &points(spec, &moved))))?;
    }

    #[test]
    fn other_dates_of_the_same_calendar_change_nothing(values in values()) {
        for (frequency, later) in calendars() {
            let first = start();
            let (base, moved) = (series("any", &values, first, frequency), series("any", &values, later, frequency));
            none(&above(1e-9 * largest(&values), &specs(), |spec| apart(&points(spec, &base), &points(spec, &moved))))?;
        }
    }

    #[test]
    fn order_and_names_in_a_panel_change_nothing(all in prop::collection::vec(values(), 3..5), turn in 1_usize..3) {
        let split = SplitConfig { n_splits: 2, min_train_size: 35, horizon: 7, ..SplitConfig::default() };
        let build = |prefix: &str| -> Vec<Series> {
            all.iter().enumerate().map(|(at, values)| series(&format!("{prefix}{at}"), values, start(), Frequency::DAILY)).collect()
        };
        let (base, mut moved) = (build("a"), build("z"));
        moved.rotate_left(turn);
        moved.swap(0, 1);
        none(&above(1e-9 * 200.0, &panel_specs(), |spec| {
            let (base, moved) = (together(&base, spec, &split), together(&moved, spec, &split));
            apart(&base, &moved)
        }))?;
    }

    #[test]
    fn nothing_below_zero_is_forecast_where_nothing_below_zero_was_seen(values in values(), fall in 0.0..3.0_f64) {
        let falling: Vec<f64> = values.iter().enumerate().map(|(at, value)| (value - fall * at as f64).max(0.0)).collect();
        let base = daily(&falling);
        let split = SplitConfig { n_splits: 2, min_train_size: 35, horizon: 7, ..SplitConfig::default() };
        none(&above(0.0, &specs(), |spec| below_zero(spec, &base, &split)))?;
    }
}

#[test]
fn a_balance_may_be_said_to_go_below_zero() {
    let falling: Vec<f64> = (0..60).map(|at| 60.0 - f64::from(at)).collect();
    let spec = spec("holt", &json!({}));
    assert!(points(&spec, &daily(&falling)).iter().all(|point| *point >= 0.0));
    assert!(points(&spec.unbounded(), &daily(&falling))[HORIZON - 1] < -5.0);
}

/// How far below zero any point or bound is, ahead and on the folds.
fn below_zero(spec: &ModelSpec, series: &Series, split: &SplitConfig) -> f64 {
    let folds = backtest(series, spec, split, &|| false).ok();
    let evidence = [None, folds.as_ref()];
    let found = evidence.into_iter().filter_map(|backtest| {
        let evidence = Evidence { backtest, levels: &Interval::USUAL_LEVELS };
        forecast_with_intervals(series, spec, HORIZON, None, evidence).ok()
    });
    let ahead = found.flat_map(|found| {
        let bounds =
            found.intervals.into_iter().flat_map(|given| given.intervals).flat_map(|interval| interval.lower);
        found.points.into_iter().chain(bounds).collect::<Vec<f64>>()
    });
    let past = folds.iter().flat_map(|found| &found.folds).flat_map(|fold| fold.predictions.clone());
    ahead.chain(past).fold(0.0, |most, number| most.max(-number))
}

/// The models whose arithmetic follows a constant that is added to all values, where zero is not a floor. Ratios do not:
/// multiplicative seasons, and models of demand. Theta shares its season with the ratios.
fn translated() -> Vec<ModelSpec> {
    [
        ("naive", json!({})),
        ("seasonal_naive", json!({})),
        ("moving_average", json!({})),
        ("weighted_moving_average", json!({})),
        ("seasonal_average", json!({})),
        ("trend_regression_baseline", json!({})),
        ("random_forest", json!({})),
        ("regression", json!({})),
        ("prophet_like", json!({})),
        ("ses", json!({})),
        ("holt", json!({})),
        ("damped_holt", json!({})),
        ("holt_winters", json!({})),
        ("theta", json!({"season_length": 1})),
        ("arima", json!({})),
        ("mstl", json!({})),
    ]
    .into_iter()
    .map(|(model, params)| spec(model, &params).unbounded())
    .collect()
}

/// For each frequency a date that has the same place in the calendar as the start. Days and weeks have it after 28 years
/// only: a model that knows the months says another thing of a day that is in another month.
fn calendars() -> Vec<(Frequency, NaiveDate)> {
    let months = |count| start() + Months::new(count);
    vec![
        (Frequency::DAILY, months(28 * 12)),
        (Frequency::WEEKLY, months(28 * 12)),
        (Frequency::MONTHLY, months(12)),
        (Frequency::QUARTERLY, months(12)),
        (Frequency::YEARLY, months(12)),
    ]
}

fn panel_specs() -> Vec<ModelSpec> {
    let boosted = json!({"max_iter": 8, "min_leaf": 3, "ridge": 0.5, "max_rows": 1500, "learning_rate": 0.3});
    specs().into_iter().chain([spec("global_boosting", &boosted)]).collect()
}

/// All points of all series of a panel in the order of what the names end with: ahead and on the folds.
fn together(all: &[Series], spec: &ModelSpec, split: &SplitConfig) -> Vec<f64> {
    let panel: Vec<PanelSeries<'_>> =
        all.iter().map(|series| PanelSeries { series, groups: &[], plan: None }).collect();
    let ahead = forecast_panel(&panel, spec, HORIZON, &|| true).expect("nothing stops it");
    let past = backtest_panel(&panel, spec, split, &|| false).expect("nothing stops it");
    let mut named: Vec<(&str, Vec<f64>)> = all
        .iter()
        .zip(ahead.into_iter().zip(past))
        .map(|(series, (ahead, past))| {
            let ahead = ahead.map(|found| found.points).unwrap_or_default();
            let past = past
                .map(|found| found.folds)
                .unwrap_or_default()
                .into_iter()
                .flat_map(|fold| fold.predictions);
            (&series.name()[1..], ahead.into_iter().chain(past).collect())
        })
        .collect();
    named.sort_by(|a, b| a.0.cmp(b.0));
    named.into_iter().flat_map(|(_, points)| points).collect()
}
