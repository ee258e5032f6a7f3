use chrono::NaiveDate;
use forecast::rank::Confidence;
use forecast::{Gaps, Metric, RankingPolicy};
use kernel::Digest;
use runs::ShardKind;
use serde_json::{Map, Value, json};

use super::super::shard::{BacktestInput, BacktestOutput, BacktestShard};
use super::super::spec::CandidateSpec;
use super::*;
use crate::comparison::spec::Racing;
use crate::source::{Source, Window};

fn spec(candidates: &[(&str, Value)]) -> Spec {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let pair = crate::Pair { store_id: retail::StoreId(1), product_id: retail::ProductId(1) };
    let candidate = |(model_type, params): &(&str, Value)| CandidateSpec {
        model_type: (*model_type).to_owned(),
        params: params.as_object().cloned().unwrap_or_else(Map::new),
    };
    Spec {
        source: Source::Pair { pair, window: Window { start_date: day, end_date: day } },
        input: Digest::ZERO,
        series_total: 1,
        excluded_series: Vec::new(),
        availability: None,
        candidates: candidates.iter().map(candidate).collect(),
        horizon: 14,
        split: SplitConfig::default(),
        ranking_metric: Metric::Wape,
        season_length: None,
        feature_frame: crate::FrameChoice::default(),
        racing: Racing::Off,
        policy: RankingPolicy::default(),
        gaps: Gaps::Missing,
    }
}

fn series(name: &str, value: impl Fn(usize) -> f64) -> Series {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let rows = first.iter_days().take(120).enumerate().map(|(at, date)| (date, value(at)));
    Series::of(name, Frequency::Daily, rows, Gaps::Missing).unwrap()
}

fn weekly(at: usize) -> f64 {
    10.0 * (at % 7 + 1) as f64
}

fn results(spec: &Spec, panel: &[Series]) -> Vec<Results> {
    let output = |candidate: &CandidateSpec, series: &Series| {
        let input = BacktestInput {
            series: series.clone(),
            model_type: candidate.model_type.clone(),
            params: candidate.params.clone(),
            season_length: spec.season_length,
            feature_frame: crate::FrameChoice::default(),
            split: spec.split,
        };
        BacktestShard::compute(&input, &|| true)
    };
    spec.candidates.iter().map(|one| panel.iter().map(|series| output(one, series)).collect()).collect()
}

fn rank(spec: &Spec, panel: &[Series]) -> Ranking {
    ranking(spec, &judge(spec, panel, results(spec, panel)))
}

fn order(ranking: &Ranking) -> Vec<usize> {
    ranking.overall.entries.iter().map(|entry| entry.entry.ordinal).collect()
}

const SIMPLE: [(&str, Value); 3] =
    [("naive", Value::Null), ("moving_average", Value::Null), ("seasonal_naive", Value::Null)];

#[test]
fn of_one_series_the_overall_ranking_is_that_series() {
    let found = rank(&spec(&SIMPLE), &[series("a", weekly)]);
    assert_eq!(order(&found), [2, 1, 0]);
    let overall: Vec<_> = found.overall.entries.iter().map(|entry| &entry.entry).collect();
    assert_eq!(overall, found.series[0].ranking.entries.iter().collect::<Vec<_>>());
    assert_eq!(found.overall.winner, Some(2));
    assert_eq!(found.overall.confidence, found.series[0].ranking.confidence);
}

#[test]
fn of_several_series_errors_and_demand_are_pooled() {
    // The large series has no season and a constant level, so it hardly errs; the small one errs a lot.
    let panel = [series("small", weekly), series("large", |at| 1000.0 + (at % 2) as f64)];
    let found = rank(&spec(&SIMPLE), &panel);
    let naive = &found.overall.entries.iter().find(|entry| entry.entry.ordinal == 0).unwrap();
    let metrics = naive.entry.metrics.unwrap();
    assert_eq!(metrics.sample_size, 140);
    let (small, large) = (naive_wape(&found, 0), naive_wape(&found, 1));
    let pooled = metrics.wape.unwrap();
    assert!(large < 1.0 && small > 50.0 && large < pooled && pooled < 5.0, "{small} {large} {pooled}");
    assert!(found.overall.reasons[0].contains("of 2 series"), "{:?}", found.overall.reasons);
}

fn naive_wape(ranking: &Ranking, series: usize) -> f64 {
    let entries = &ranking.series[series].ranking.entries;
    entries.iter().find(|entry| entry.ordinal == 0).unwrap().metrics.unwrap().wape.unwrap()
}

#[test]
fn a_candidate_that_was_not_ranked_on_every_series_is_left_out_with_the_reason() {
    let spec = spec(&[("naive", Value::Null), ("moving_average", json!({ "window_size": 0 }))]);
    let found = rank(&spec, &[series("a", weekly), series("b", weekly)]);
    let excluded = &found.overall.entries[1].entry;
    assert!(!excluded.included && excluded.rank.is_none() && excluded.metrics.is_none());
    let reason = excluded.exclusion_reason.as_deref().unwrap();
    assert!(reason.contains("2 of 2 series") && reason.contains("window_size"), "{reason}");
    assert_eq!(found.overall.confidence, Confidence::Low);
    assert!(found.overall.combination.is_none());
}

#[test]
fn a_stopped_candidate_is_left_out_and_the_others_are_ranked() {
    let spec = spec(&SIMPLE);
    let panel = [series("a", weekly)];
    let mut partial = results(&spec, &panel);
    partial[2] = vec![None];
    let found = ranking(&spec, &judge(&spec, &panel, partial));
    assert_eq!(order(&found), [1, 0, 2]);
    assert_eq!(found.overall.entries[2].entry.exclusion_reason.as_deref(), Some("cancelled"));
}

#[test]
fn without_any_ranked_candidate_nobody_wins() {
    let found = rank(&spec(&[("moving_average", json!({ "window_size": 0 }))]), &[series("a", weekly)]);
    assert_eq!(found.overall.winner, None);
    assert!(found.overall.notes.is_empty() && found.overall.selection_check.is_none());
    assert!(found.business_summary.winner.is_none());
}

#[test]
fn the_combination_and_the_check_are_what_the_numbers_say() {
    let found =
        rank(&spec(&[("naive", Value::Null), ("seasonal_naive", Value::Null)]), &[series("a", weekly)]);
    let combination = found.overall.combination.unwrap();
    // The season is exact: the mean of both errs by half of the naive error, and the champion not at all.
    assert_eq!(
        (combination.members, combination.wape, combination.champion_wape),
        (2, Some(30.0), Some(0.0))
    );
    let check = found.overall.selection_check.unwrap();
    assert_eq!((check.series, check.champion_wape), (1, Some(0.0)));
    assert!(check.combination_wape.unwrap() > 0.0);
}

/// What each candidate forecast on a fold of a series, and what came.
fn fold(results: &[Results], series: usize, fold: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let folds: Vec<_> = results
        .iter()
        .map(|candidate| match &candidate[series] {
            Some(BacktestOutput::Done { backtest }) => &backtest.folds[fold],
            other => panic!("{other:?}"),
        })
        .collect();
    let actuals = folds[0].actuals.iter().map(|actual| actual.unwrap()).collect();
    (folds.into_iter().map(|fold| fold.predictions.clone()).collect(), actuals)
}

fn wape_of(points: impl Iterator<Item = f64>, actuals: &[f64]) -> f64 {
    let error: f64 = points.zip(actuals).map(|(point, actual)| (actual - point).abs()).sum();
    100.0 * error / actuals.iter().sum::<f64>()
}

#[test]
fn every_rule_is_judged_on_the_last_fold_alone_and_the_most_accurate_comes_first() {
    let spec = spec(&SIMPLE);
    // The season ends with the last fold: what was best before is not best there.
    let panel = [series("a", |at| if at < 106 { weekly(at) } else { 40.0 })];
    let results = results(&spec, &panel);
    let last = SplitConfig::default().folds(120).unwrap().len() - 1;
    let (points, actuals) = fold(&results, 0, last);
    let found = ranking(&spec, &judge(&spec, &panel, results)).overall.selection_check.unwrap();
    let wape = |rule: &str| found.rules.iter().find(|check| check.rule == rule).unwrap().wape.unwrap();
    let steps = 0..actuals.len();
    let mean = steps.clone().map(|step| points.iter().map(|points| points[step]).sum::<f64>() / 3.0);
    let median = steps.map(|step| {
        let mut sorted = [points[0][step], points[1][step], points[2][step]];
        sorted.sort_by(f64::total_cmp);
        sorted[1]
    });
    assert!((wape("mean") - wape_of(mean, &actuals)).abs() < 1e-9);
    assert!((wape("median") - wape_of(median, &actuals)).abs() < 1e-9);
    // The season was exact on all folds before.
    assert!((wape("champion") - wape_of(points[2].iter().copied(), &actuals)).abs() < 1e-9);
    assert_eq!(found.rules.len(), 6);
    assert!(found.rules.is_sorted_by_key(|check| check.wape.unwrap()), "{:?}", found.rules);
    assert!(wape("mean") < wape("champion"), "{:?}", found.rules);
}

#[test]
fn the_weighted_error_counts_each_series_by_what_it_sold_before_the_first_test() {
    let panel = [series("small", weekly), series("large", |at| 1000.0 + (at % 2) as f64)];
    let found = rank(&spec(&SIMPLE), &panel);
    let naive = found.overall.entries.iter().find(|entry| entry.entry.ordinal == 0).unwrap();
    let rmsse = |series: usize| {
        let entries = &found.series[series].ranking.entries;
        entries.iter().find(|entry| entry.ordinal == 0).unwrap().metrics.unwrap().rmsse.unwrap()
    };
    // Four weeks of 10 to 70, and of 1000 and 1001 by turns.
    let (small, large) = (1_120.0, 28_014.0);
    let expected = (small * rmsse(0) + large * rmsse(1)) / (small + large);
    let wrmsse = naive.entry.metrics.unwrap().wrmsse.unwrap();
    assert!((wrmsse - expected).abs() < 1e-9 && (rmsse(0) - rmsse(1)).abs() > 0.1, "{wrmsse} {expected}");
}
