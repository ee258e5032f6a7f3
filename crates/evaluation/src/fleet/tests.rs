use forecast::{ModelSpec, forecast};
use serde_json::json;
use wire::model_selection::{Gaps, Strategy};

use super::*;
use crate::testing::spec;
use crate::{SplitConfig, backtest};
use series::{Frequency, Series};

/// Series of two lengths and two first dates, some with holes and zeros.
fn series() -> Vec<Series> {
    let day = |offset: u64| NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(offset);
    let value = |nth: usize, t: usize| match nth % 3 {
        0 => ((t * (nth + 3) * 31) % 17) as f64 / 4.0 + [3.0, 1.0, 0.0, 4.0, 2.0, 8.0, 6.0][t % 7],
        1 if t.is_multiple_of(3) => ((t * 7 + nth) % 5) as f64,
        1 => 0.0,
        _ if t == 40 => f64::NAN,
        _ => 100.0 + 0.5 * t as f64,
    };
    let one = |nth: usize| {
        let (rows, offset) = ([150, 121][nth % 2], [0, 4][(nth / 2) % 2]);
        let rows = (0..rows).map(|t| (day(offset + t as u64), value(nth, t)));
        Series::of(format!("s{nth}"), Frequency::Daily, rows, Gaps::Missing).unwrap()
    };
    (0..40).map(one).collect()
}

fn specs() -> Vec<ModelSpec> {
    ["seasonal_naive", "ses", "ets", "sba", "moving_average"].map(|name| spec(name, json!({}))).to_vec()
}

fn split(strategy: Strategy, gap: usize) -> SplitConfig {
    SplitConfig { strategy, gap, n_splits: 3, min_train_size: 60, horizon: 10, step: None }
}

#[test]
fn a_fleet_gives_each_series_what_it_gets_alone() {
    let series = series();
    let fleet = Fleet::from_series(&series).unwrap();
    for split in [split(Strategy::Expanding, 0), split(Strategy::Expanding, 3), split(Strategy::Sliding, 2)] {
        let race = race_fleet(&fleet, &specs(), &split, &|| false).unwrap();
        assert_eq!(race.refusals(), []);
        for (series_idx, series) in series.iter().enumerate() {
            for (model_idx, spec) in specs().iter().enumerate() {
                let alone = backtest(series, spec, &split, &|| false).unwrap();
                let score = race.score(series_idx, model_idx).unwrap();
                assert_eq!(score.metrics, alone.aggregate.pooled, "{} {split:?}", spec.model_type());
                let points = forecast(series, spec, split.horizon, None).unwrap().points;
                assert_eq!(race.points(series_idx, model_idx).unwrap(), points, "{}", spec.model_type());
            }
        }
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let fleet = Fleet::from_series(&series()).unwrap();
    let race = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| race_fleet(&fleet, &specs(), &split(Strategy::Expanding, 0), &|| false).unwrap())
    };
    let (one, four) = (race(1), race(4));
    let bytes = |race: &FleetRace| race.forecasts_parquet(&fleet, Compression::Zstd).unwrap();
    assert_eq!(bytes(&one), bytes(&four));
    let bytes = |race: &FleetRace| race.metrics_parquet(&fleet, Compression::Zstd).unwrap();
    assert_eq!(bytes(&one), bytes(&four));
}

#[test]
fn a_series_too_short_is_refused_by_name_and_the_others_go_on() {
    let mut series = series();
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    series.push(Series::of("short", Frequency::Daily, [(day, 1.0)], Gaps::Missing).unwrap());
    let fleet = Fleet::from_series(&series).unwrap();
    let race = race_fleet(&fleet, &specs(), &split(Strategy::Expanding, 0), &|| false).unwrap();
    let refused: Vec<usize> = race.refusals().iter().map(|refusal| refusal.series_idx).collect();
    assert_eq!(refused, vec![40; specs().len()]);
    assert!(race.score(0, 0).is_some() && race.points(40, 0).is_none());
}

#[test]
fn a_cancelled_race_says_so() {
    let fleet = Fleet::from_series(&series()).unwrap();
    let race = race_fleet(&fleet, &specs(), &split(Strategy::Expanding, 0), &|| true);
    assert_eq!(race.unwrap_err(), FleetRaceError::Cancelled);
}
