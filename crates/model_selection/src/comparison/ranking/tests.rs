use chrono::NaiveDate;
use kernel::Digest;
use runs::{Objects, ShardKind};
use serde_json::{Map, Value, json};
use wire::model_selection::{
    CandidateModel, Confidence, FigureName, Gaps, Racing, RankingMetric, RankingPolicy, Window,
};

use super::super::shard::{BacktestInput, BacktestOutput, BacktestShard};
use super::*;
use crate::panel::Panel;
use crate::source::Source;

mod contradiction;

fn spec(candidates: &[(&str, Value)]) -> Spec {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let pair = crate::Pair { store_id: wire::retail::StoreId(1), product_id: wire::retail::ProductId(1) };
    let candidate = |(model_type, params): &(&str, Value)| CandidateModel {
        model_type: (*model_type).to_owned(),
        params: params.as_object().cloned().unwrap_or_else(Map::new),
    };
    Spec {
        source: Source::Pair { pair, window: Window { start_date: day, end_date: day } },
        input: Digest::ZERO,
        series: None,
        assumptions: Vec::new(),
        frequency: None,
        series_total: 1,
        excluded_series: Vec::new(),
        availability: None,
        candidates: candidates.iter().map(candidate).collect(),
        horizon: 14,
        split: SplitConfig::default(),
        ranking_metric: RankingMetric::Wape,
        season_length: None,
        feature_frame: crate::FeatureSetChoice::default(),
        racing: Racing::Off,
        policy: RankingPolicy::default(),
        gaps: Gaps::Missing,
    }
}

fn series(name: &str, value: impl Fn(usize) -> f64) -> Series {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let rows = first.iter_days().take(120).enumerate().map(|(at, date)| (date, value(at)));
    Series::of(name, series::Frequency::DAILY, rows, Gaps::Missing).unwrap()
}

fn weekly(at: usize) -> f64 {
    10.0 * (at % 7 + 1) as f64
}

fn results(spec: &Spec, panel: &[Series]) -> Vec<Results> {
    let objects = Objects::default();
    let panel = objects.hold(spec.input, Panel { series: panel.to_vec() });
    let outputs = |candidate: &CandidateModel| {
        let input = BacktestInput {
            panel: spec.input,
            series: (0..panel.series.len()).collect(),
            model_type: candidate.model_type.clone(),
            params: candidate.params.clone(),
            season_length: spec.season_length,
            feature_frame: crate::FeatureSetChoice::default(),
            split: spec.split,
        };
        BacktestShard::compute(&input, &objects, &|| true).unwrap().into_iter().map(Some).collect()
    };
    spec.candidates.iter().map(outputs).collect()
}

/// What was found over all series, and of each.
#[derive(Debug, PartialEq)]
struct Whole {
    found: Found,
    series: Vec<SeriesRanking>,
}

impl std::ops::Deref for Whole {
    type Target = Found;

    fn deref(&self) -> &Found {
        &self.found
    }
}

fn whole(spec: &Spec, panel: &[Series], results: Vec<Results>) -> Whole {
    let mut judgement = judge(spec, panel, results);
    let found = ranking(spec, &mut judgement);
    Whole { found, series: judgement.series.into_iter().map(|judged| judged.ranking).collect() }
}

fn rank(spec: &Spec, panel: &[Series]) -> Whole {
    whole(spec, panel, results(spec, panel))
}

fn order(ranking: &Found) -> Vec<usize> {
    ranking.overall.entries.iter().map(|entry| entry.entry.ordinal).collect()
}

const SIMPLE: [(&str, Value); 3] =
    [("naive", Value::Null), ("moving_average", Value::Null), ("seasonal_naive", Value::Null)];

#[test]
fn of_one_series_the_overall_ranking_is_that_series() {
    let found = rank(&spec(&SIMPLE), &[series("a", weekly)]);
    assert_eq!(order(&found), [2, 1, 0]);
    let overall: Vec<_> = found.overall.entries.iter().map(|entry| &entry.entry).collect();
    assert_eq!(overall, found.series[0].standings.entries.iter().collect::<Vec<_>>());
    assert_eq!((found.overall.winner, found.overall.verdict), (Some(2), Verdict::Clear));
    let only = &found.series[0];
    assert_eq!((&found.overall.statement, found.overall.verdict), (&only.statement, only.verdict));
    assert_eq!(
        (found.overall.confidence, &found.overall.reasons),
        (only.standings.confidence, &only.standings.reasons)
    );
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

fn naive_wape(ranking: &Whole, series: usize) -> f64 {
    let entries = &ranking.series[series].standings.entries;
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
    let found = whole(&spec, &panel, partial);
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
    let combination = found.overall.combination.clone().unwrap();
    // The season is exact: the mean of both errs by half of the naive error, and the champion not at all.
    let (members, champion) = (combination.members, combination.first_error);
    assert_eq!((members, champion, combination.best_per_series_error), (2, Some(0.0), None));
    assert!((combination.error.unwrap() - 30.0).abs() < 1e-9, "{combination:?}");
    let check = found.overall.selection_check.clone().unwrap();
    assert_eq!((check.series, check.chosen.as_str(), check.chosen_error), (1, "seasonal_naive", Some(0.0)));
    assert!(check.combination_error.unwrap() > 0.0);
    let names: Vec<_> = found.overall.figures.iter().map(|figure| (figure.name, figure.error)).collect();
    assert_eq!(names[0], (FigureName::First, Some(0.0)));
    assert_eq!(names.len(), 4, "{names:?}");
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
    let found = whole(&spec, &panel, results).found.overall.selection_check.unwrap();
    let wape = |rule: &str| found.rules.iter().find(|check| check.rule == rule).unwrap().error.unwrap();
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
    assert!((wape("one_model") - wape_of(points[2].iter().copied(), &actuals)).abs() < 1e-9);
    assert_eq!(found.rules.len(), 5);
    assert!(found.rules.is_sorted_by_key(|check| check.error.unwrap()), "{:?}", found.rules);
    assert!(wape("mean") < wape("one_model"), "{:?}", found.rules);
}

#[test]
fn the_weighted_error_counts_each_series_by_what_it_sold_before_the_first_test() {
    let panel =
        [series("small", |at| weekly(at) + (at % 3) as f64), series("large", |at| 1000.0 + (at % 2) as f64)];
    let found = rank(&spec(&SIMPLE), &panel);
    let naive = found.overall.entries.iter().find(|entry| entry.entry.ordinal == 0).unwrap();
    let rmsse = |series: usize| {
        let entries = &found.series[series].standings.entries;
        entries.iter().find(|entry| entry.ordinal == 0).unwrap().metrics.unwrap().rmsse.unwrap()
    };
    // Four weeks of 10 to 70 with 29 of remainders, and of 1000 and 1001 by turns.
    let (small, large) = (1_149.0, 28_014.0);
    let expected = (small * rmsse(0) + large * rmsse(1)) / (small + large);
    let wrmsse = naive.entry.metrics.unwrap().wrmsse.unwrap();
    assert!((wrmsse - expected).abs() < 1e-9 && (rmsse(0) - rmsse(1)).abs() > 0.1, "{wrmsse} {expected}");
}

#[test]
fn a_stopped_race_of_many_series_is_ranked_on_those_that_are_complete() {
    let spec = spec(&SIMPLE);
    let panel: Vec<Series> = (0..8).map(|n| series(&format!("s{n}"), move |at| weekly(at + n))).collect();
    let mut partial = results(&spec, &panel);
    for outputs in &mut partial {
        outputs[5..].fill(None);
    }
    partial[0][4] = None;
    let found = whole(&spec, &panel, partial);
    assert_eq!(found.coverage, Coverage { series: 4, series_total: 8 });
    assert_eq!((order(&found), found.series.len()), (vec![2, 1, 0], 4));
    assert!(found.overall.statement.ends_with("this rests on 4 of 8 series."), "{}", found.overall.statement);
    assert!(found.overall.entries.iter().all(|entry| entry.series_ranked == 4));
}

#[test]
fn a_warning_that_series_share_is_told_once_and_stands_with_each() {
    let panel: Vec<Series> = ["a", "b", "c"].map(|name| series(name, |_| 0.0)).into();
    let found = rank(&spec(&SIMPLE), &panel);
    let own = &found.series[1].standings.warnings;
    assert_eq!(found.overall.verdict, Verdict::Equal);
    assert!(!own.is_empty() && found.series.iter().all(|one| one.standings.warnings == *own));
    let shared: Vec<String> = own.iter().map(|warning| format!("a and 2 more series: {warning}")).collect();
    let told = &found.overall.warnings;
    assert!(told.len() == own.len() && shared.iter().all(|warning| told.contains(warning)), "{told:?}");
}

#[test]
fn a_number_has_one_value_and_the_champion_is_one_model_for_all_series() {
    // The swinging series has a better model of its own than the one that is best over both.
    let panel = [series("swinging", |at| 50.0 + 5.0 * (at * 5 % 11) as f64), series("season", weekly)];
    let found = rank(&spec(&SIMPLE), &panel).found.overall;
    let wape = |name| found.figures.iter().find(|figure| figure.name == name).unwrap().error;
    assert_eq!(wape(FigureName::First), found.entries[0].entry.metrics.unwrap().wape);
    assert_eq!(found.combination.as_ref().unwrap().first_error, wape(FigureName::First));
    assert!(wape(FigureName::BestPerSeries) < wape(FigureName::First), "{:?}", found.figures);
    assert!(found.figures[0].label.contains("one model for all series"), "{:?}", found.figures);
}

#[test]
fn beside_a_tie_confidence_is_low() {
    let candidates =
        [("seasonal_naive", Value::Null), ("naive", Value::Null), ("seasonal_naive", Value::Null)];
    let found = rank(&spec(&candidates), &[series("a", weekly)]).found.overall;
    assert_eq!((found.verdict, found.confidence), (Verdict::Tied, Confidence::Low), "{found:?}");
    let said = "No clear winner: seasonal_naive #1 and seasonal_naive #3 err alike and lead.";
    assert_eq!(found.statement, said);
    assert!(found.reasons.contains(&"one other errs alike".to_owned()), "{:?}", found.reasons);
    assert_eq!(found.entries[1].entry.rank, Some(1));
}

#[test]
fn two_windows_of_one_series_are_too_few_and_of_many_the_series_speak() {
    let mut spec = spec(&[("seasonal_naive", Value::Null), ("naive", Value::Null)]);
    spec.split.n_splits = 2;
    let noisy = |n: usize| series(&format!("s{n}"), move |at| weekly(at) + ((at * (n + 3)) % 7) as f64);
    let one = rank(&spec, &[noisy(0)]).found.overall;
    assert_eq!((one.verdict, one.confidence), (Verdict::Undecided, Confidence::Low));
    assert!(one.statement.contains("2 test windows are too few"), "{}", one.statement);
    let panel: Vec<Series> = (0..12).map(noisy).collect();
    let many = rank(&spec, &panel).found.overall;
    assert_eq!((many.verdict, many.tied.len()), (Verdict::Clear, 1), "{}", many.statement);
}

#[test]
fn every_series_counts_alike_and_one_that_decides_by_volume_is_named() {
    // The large series is best forecast by its last value, the eleven small ones by their season.
    let mut panel = vec![series("births", |at| 1e6 + 1e4 * (at as f64 / 9.0).sin())];
    panel.extend((0..11).map(|n| series(&format!("s{n}"), move |at| weekly(at) + (at * (n + 3) % 5) as f64)));
    let by = |metric| {
        let mut spec = spec(&[("naive", Value::Null), ("seasonal_naive", Value::Null)]);
        spec.ranking_metric = metric;
        rank(&spec, &panel).found.overall
    };
    let (alike, volume) = (by(RankingMetric::RelMae), by(RankingMetric::Wape));
    assert_eq!((alike.winner, volume.winner), (Some(1), Some(0)));
    assert_eq!(alike.verdict, Verdict::Clear, "{}", alike.statement);
    assert!(alike.figures.iter().all(|figure| figure.measure == RankingMetric::RelMae));
    assert_eq!(alike.figures[0].error, alike.entries[0].entry.by(RankingMetric::RelMae));
    for found in [alike, volume] {
        assert!(found.warnings[0].starts_with("births has 99.9"), "{:?}", found.warnings);
    }
}

#[test]
fn every_metric_of_the_table_ranks() {
    let panel =
        [series("a", |at| weekly(at) + (at * 5 % 11) as f64), series("b", |at| 9.0 + (at * 7 % 13) as f64)];
    for &metric in RankingMetric::ALL {
        let mut spec = spec(&SIMPLE);
        spec.ranking_metric = metric;
        for panel in [&panel[..], &panel[..1]] {
            let found = rank(&spec, panel);
            let values: Vec<f64> =
                found.overall.entries.iter().map(|entry| entry.entry.by(metric).unwrap()).collect();
            assert!(values.is_sorted() && values.len() == 3, "{metric}: {values:?}");
        }
    }
}

#[test]
fn the_season_of_the_request_is_the_yardstick_and_is_said() {
    let panel = [series("a", |at| 20.0 + (at * 7 % 13) as f64)];
    let mase = |season| {
        let mut spec = spec(&[("naive", Value::Null)]);
        spec.season_length = season;
        let found = rank(&spec, &panel);
        (found.overall.entries[0].entry.metrics.unwrap(), found.found.overall.method)
    };
    let ((usual, said), (stated, told)) = (mase(None), mase(Some(4)));
    assert_eq!((usual.scale_rows, stated.scale_rows), (Some(7), Some(4)));
    assert!(said.contains("a season of 7 days") && told.contains("a season of 4 days"), "{said} {told}");
    assert!(usual.mase != stated.mase && usual.rmsse != stated.rmsse && usual.wape == stated.wape);
    // The first fold trains on 30 rows, so that a season of 52 fits into none of them alike.
    let (long, said) = mase(Some(52));
    assert!(long.scale_rows == Some(1) && said.contains("changes over 1 day"), "{said}");
}

#[test]
fn who_could_not_run_everywhere_takes_nobodys_place() {
    let spec =
        spec(&[("naive", Value::Null), ("moving_average", Value::Null), ("seasonal_naive", Value::Null)]);
    let panel = [series("a", weekly), series("b", weekly)];
    let mut partial = results(&spec, &panel);
    partial[2][1] = Some(BacktestOutput::Failed { code: "X".to_owned(), message: "it failed".to_owned() });
    let found = whole(&spec, &panel, partial).found.overall;
    let places: Vec<_> =
        found.entries.iter().map(|entry| (entry.entry.ordinal, entry.mean_rank, entry.series_won)).collect();
    assert_eq!(places, [(1, Some(1.0), 2), (0, Some(2.0), 0), (2, None, 0)]);
}

#[test]
fn values_of_any_size_are_told_apart_alike() {
    let shape = |at: usize| weekly(at) + (at * 5 % 11) as f64;
    let of = |factor: f64| {
        let found = rank(&spec(&SIMPLE), &[series("a", move |at| factor * shape(at))]).found.overall;
        (
            found.verdict,
            found.tied.clone(),
            found.entries.iter().map(|entry| entry.entry.ordinal).collect::<Vec<_>>(),
        )
    };
    let usual = of(1.0);
    assert_eq!(usual.0, Verdict::Clear);
    for factor in [2.0_f64.powi(990), 2.0_f64.powi(-900)] {
        assert_eq!(of(factor), usual, "{factor}");
    }
}
