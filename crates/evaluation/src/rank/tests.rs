use std::collections::BTreeMap;

use serde_json::json;
use wire::model_selection::{Confidence, Metrics, Standings};

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
        scale_rows: 1,
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

fn ranked(cases: &[Case], metric: RankingMetric) -> Vec<String> {
    let ranking = rank(&candidates(cases), metric, &RankingPolicy::default());
    ranking.entries.into_iter().filter(|entry| entry.included).map(|entry| entry.candidate_id).collect()
}

#[test]
fn ties_go_down_the_chain_to_the_ordinal() {
    let order = |cases: &[Case]| ranked(cases, RankingMetric::Wape);
    assert_eq!(order(&[Case { smape: 21.0, ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[Case { bias: -0.6, ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[Case { mae: 2.1, ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[Case { model_type: "regression", ..BASE }, BASE]), ["c1", "c0"]);
    assert_eq!(order(&[BASE, BASE]), ["c0", "c1"]);
}

#[test]
fn the_chosen_metric_comes_first() {
    let cases = [Case { mae: 1.0, wape: Some(30.0), ..BASE }, BASE];
    assert_eq!(ranked(&cases, RankingMetric::Mae), ["c0", "c1"]);
    assert_eq!(ranked(&cases, RankingMetric::Wape), ["c1", "c0"]);
    let cases = [Case { bias: -0.1, wape: Some(30.0), ..BASE }, BASE];
    assert_eq!(ranked(&cases, RankingMetric::Bias), ["c0", "c1"]);
}

#[test]
fn losers_are_excluded_with_a_reason_and_stay_visible() {
    let mut all = candidates(&[BASE, Case { smape: f64::NAN, ..BASE }, BASE, BASE]);
    all[2].outcome = Outcome::Failed { reason: "window too long".to_owned() };
    all[3].outcome = Outcome::Cancelled;
    let ranking = rank(&all, RankingMetric::Wape, &RankingPolicy::default());
    let reasons: Vec<_> =
        ranking.entries.iter().filter_map(|entry| entry.exclusion_reason.as_deref()).collect();
    assert_eq!(reasons, ["smape is missing or not finite: unknown", "window too long", "cancelled"]);
    assert_eq!(ranking.entries[0].candidate_id, "c0");
    let floor = RankingPolicy { minimum_sample_size: 71, ..RankingPolicy::default() };
    let none = rank(&all[..1], RankingMetric::Wape, &floor);
    assert_eq!(
        none.entries[0].exclusion_reason.as_deref(),
        Some("70 test points are fewer than the required 71")
    );
}

#[test]
fn a_series_without_demand_is_ranked_by_the_next_metrics() {
    let cases = [Case { wape: None, smape: 200.0, ..BASE }, Case { wape: None, smape: 0.0, ..BASE }];
    let ranking = rank(&candidates(&cases), RankingMetric::Wape, &RankingPolicy::default());
    assert_eq!(ranking.entries[0].candidate_id, "c1");
    assert_eq!(ranking.warnings.len(), 1);
}

#[test]
fn candidates_that_no_metric_tells_apart_share_a_rank() {
    let ranking = rank(
        &candidates(&[BASE, Case { mae: 2.1, ..BASE }, BASE]),
        RankingMetric::Wape,
        &RankingPolicy::default(),
    );
    let ranks: Vec<_> =
        ranking.entries.iter().map(|entry| (entry.candidate_id.as_str(), entry.rank)).collect();
    assert_eq!(ranks, [("c0", Some(1)), ("c2", Some(1)), ("c1", Some(3))]);
}

#[test]
fn a_type_that_takes_part_twice_has_two_keys() {
    let all = candidates(&[BASE, BASE, Case { model_type: "moving_average", ..BASE }]);
    let ranking = rank(&all, RankingMetric::Wape, &RankingPolicy::default());
    let mut keys: Vec<_> = ranking.entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["moving_average", "naive #1", "naive #2"]);
}

#[test]
fn the_summary_states_the_lead_and_the_data() {
    let all = candidates(&[BASE, Case { model_type: "regression", wape: Some(25.0), ..BASE }]);
    let standings = |candidates: &[Candidate]| {
        let Order { entries, warnings } = rank(candidates, RankingMetric::Wape, &RankingPolicy::default());
        Standings {
            metric: RankingMetric::Wape,
            winner: entries.first().cloned(),
            entries,
            confidence: Confidence::Low,
            reasons: Vec::new(),
            tied: Vec::new(),
            warnings,
        }
    };
    let facts = DemandFacts {
        observed_days: 90,
        expected_calendar_days: 120,
        coverage_ratio: 0.75,
        average_daily_demand: 3.456,
        warnings: vec!["a note".to_owned()],
    };
    let summary = business_summary("It is so.", &standings(&all), &facts);
    let comparison = summary.comparison.unwrap();
    assert_eq!(comparison.lead_text, "Its WAPE is 20.00 %, that of regression 25.00 %.");
    assert_eq!(summary.winner.unwrap().summary, "WAPE 20.00 %, sMAPE 20.00 %, MAE 2.00, bias 0.500");
    assert_eq!(
        summary.data_notes,
        [
            "90 of 120 expected dates have a value (75.0 %).",
            "The mean of an observed value is 3.46.",
            "a note"
        ]
    );
    let alone = business_summary("It is so.", &standings(&all[..1]), &facts).comparison.unwrap();
    assert_eq!((alone.runner_up_model_type, alone.lead_text.contains("no runner-up")), (None, true));
    assert!(business_summary("It is so.", &standings(&[]), &facts).comparison.is_none());
}
