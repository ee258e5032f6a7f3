use std::collections::BTreeMap;

use serde_json::json;
use wire::model_selection::Metrics;

use wire::model_selection::Confidence;

use super::*;
use crate::metrics::Aggregate;

struct Case {
    model_type: &'static str,
    wape: Option<f64>,
    smape: f64,
    mae: f64,
    bias: f64,
}

const BASE: Case = Case { model_type: "naive", wape: Some(20.0), smape: 20.0, mae: 2.0, bias: 0.5 };

fn backtest(case: &Case) -> Backtest {
    let metrics = Metrics {
        wape: case.wape,
        smape: kernel::finite(case.smape),
        mae: Some(case.mae),
        bias: Some(case.bias),
        sample_size: 70,
        ..Metrics::default()
    };
    let aggregate = Aggregate { fold_mean: metrics.clone(), pooled: metrics, stability: BTreeMap::new() };
    Backtest {
        model_type: case.model_type.to_owned(),
        params: json!({}),
        config_hash: String::new(),
        folds: Vec::new(),
        aggregate,
        buckets: BTreeMap::new(),
        uncertainty: None,
        sample_size: 70,
        leakage_check_passed: true,
        exogenous_policy: None,
        warnings: Vec::new(),
    }
}

fn candidates(cases: &[Case]) -> Vec<Candidate> {
    let candidate = |(ordinal, case): (usize, &Case)| Candidate {
        candidate_id: format!("c{ordinal}"),
        ordinal,
        model_type: case.model_type.to_owned(),
        params: json!({}),
        outcome: Outcome::Completed { backtest: Box::new(backtest(case)) },
    };
    cases.iter().enumerate().map(candidate).collect()
}

fn ranked(cases: &[Case], metric: Metric) -> Vec<String> {
    let ranking = rank(&candidates(cases), metric, &RankingPolicy::default(), Sufficiency::Ready);
    ranking.entries.into_iter().filter(|entry| entry.included).map(|entry| entry.candidate_id).collect()
}

#[test]
fn ties_go_down_the_chain_to_the_ordinal() {
    let order = |cases: &[Case]| ranked(cases, Metric::Wape);
    assert_eq!(order(&[Case { smape: 21.0, ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[Case { bias: -0.6, ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[Case { mae: 2.1, ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[Case { model_type: "regression", ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[BASE, BASE]), ["c0", "c1"]);
}

#[test]
fn the_chosen_metric_comes_first() {
    let cases = [Case { mae: 1.0, wape: Some(30.0), ..BASE }, BASE];
    assert_eq!(ranked(&cases, Metric::Mae), ["c0", "c1"]);
    assert_eq!(ranked(&cases, Metric::Wape), ["c1", "c0"]);
    let cases = [Case { bias: -0.1, wape: Some(30.0), ..BASE }, BASE];
    assert_eq!(ranked(&cases, Metric::Bias), ["c0", "c1"]);
}

#[test]
fn losers_are_excluded_with_a_reason_and_stay_visible() {
    let mut all = candidates(&[BASE, Case { smape: f64::NAN, ..BASE }, BASE, BASE]);
    all[2].outcome = Outcome::Failed { reason: "window too long".to_owned() };
    all[3].outcome = Outcome::Cancelled;
    let ranking = rank(&all, Metric::Wape, &RankingPolicy::default(), Sufficiency::Ready);
    let reasons: Vec<_> =
        ranking.entries.iter().filter_map(|entry| entry.exclusion_reason.as_deref()).collect();
    assert_eq!(reasons, ["smape is missing or not finite: unknown", "window too long", "cancelled"]);
    assert_eq!(ranking.winner.unwrap().candidate_id, "c0");
    let floor = RankingPolicy { minimum_sample_size: 71, ..RankingPolicy::default() };
    let none = rank(&all[..1], Metric::Wape, &floor, Sufficiency::Ready);
    assert_eq!(none.winner, None);
    assert_eq!(
        none.entries[0].exclusion_reason.as_deref(),
        Some("70 test points are fewer than the required 71")
    );
    assert_eq!(none.reasons, ["no candidate could be ranked"]);
}

#[test]
fn a_series_without_demand_is_ranked_by_the_next_metrics() {
    let cases = [Case { wape: None, smape: 200.0, ..BASE }, Case { wape: None, smape: 0.0, ..BASE }];
    let ranking = rank(&candidates(&cases), Metric::Wape, &RankingPolicy::default(), Sufficiency::Ready);
    assert_eq!(ranking.winner.unwrap().candidate_id, "c1");
    assert_eq!(ranking.confidence, Confidence::Low);
    assert_eq!(ranking.warnings.len(), 1);
}

#[test]
fn confidence_follows_the_first_matching_rule() {
    let with = |wapes: &[f64], policy: RankingPolicy, sufficiency| {
        let cases: Vec<Case> = wapes.iter().map(|&wape| Case { wape: Some(wape), ..BASE }).collect();
        rank(&candidates(&cases), Metric::Wape, &policy, sufficiency).confidence
    };
    let policy = RankingPolicy::default();
    let strict = RankingPolicy { max_acceptable_abs_bias: 0.4, ..policy };
    let cases = [
        (with(&[10.0], policy, Sufficiency::Ready), Confidence::Low),
        (with(&[10.0, 20.0], policy, Sufficiency::Limited), Confidence::Low),
        (with(&[10.0, 20.0], strict, Sufficiency::Ready), Confidence::Low),
        (with(&[19.9, 20.0], policy, Sufficiency::Ready), Confidence::Low),
        (with(&[0.0, 0.0], policy, Sufficiency::Ready), Confidence::Low),
        (with(&[18.0, 20.0], policy, Sufficiency::Ready), Confidence::High),
        (with(&[19.0, 20.0], policy, Sufficiency::Ready), Confidence::Medium),
    ];
    for (case, (found, expected)) in cases.into_iter().enumerate() {
        assert_eq!(found, expected, "case {case}");
    }
}

#[test]
fn a_type_that_takes_part_twice_has_two_keys() {
    let all = candidates(&[BASE, BASE, Case { model_type: "moving_average", ..BASE }]);
    let ranking = rank(&all, Metric::Wape, &RankingPolicy::default(), Sufficiency::Ready);
    let mut keys: Vec<_> = ranking.entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["moving_average", "naive #1", "naive #2"]);
}

#[test]
fn the_summary_states_the_lead_and_the_data() {
    let all = candidates(&[BASE, Case { model_type: "regression", wape: Some(25.0), ..BASE }]);
    let ranking = rank(&all, Metric::Wape, &RankingPolicy::default(), Sufficiency::Ready);
    let facts = DemandFacts {
        observed_days: 90,
        expected_calendar_days: 120,
        coverage_ratio: 0.75,
        average_daily_demand: 3.456,
        warnings: vec!["a note".to_owned()],
    };
    let summary = business_summary(&ranking, &facts);
    let comparison = summary.comparison.unwrap();
    assert_eq!(comparison.lead_text, "Its WAPE is 20.0% lower than that of regression.");
    assert_eq!(summary.winner.unwrap().summary, "WAPE 20.0%, sMAPE 20.0, MAE 2.00, bias 0.50");
    assert_eq!(
        summary.data_notes,
        ["90 of 120 expected days are observed (75.0% coverage).", "Mean demand is 3.46 per day.", "a note"]
    );
    let alone = rank(&all[..1], Metric::Wape, &RankingPolicy::default(), Sufficiency::Ready);
    let alone = business_summary(&alone, &facts).comparison.unwrap();
    assert_eq!((alone.runner_up_model_type, alone.lead_text.contains("no runner-up")), (None, true));
    let none = rank(&[], Metric::Wape, &RankingPolicy::default(), Sufficiency::Ready);
    assert!(business_summary(&none, &facts).comparison.is_none());
}
