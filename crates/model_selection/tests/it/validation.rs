//! What is refused, before anything is stored.

use kernel::{Class, Fault};
use model_selection::Submission;
use model_selection::comparison::Filter;
use serde_json::{Value, json};
use test_support::on_both_databases;
use wire::model_selection::{ComparisonRequest, Window};
use wire::retail::{ProductId, StoreId};

use crate::support::{Fixture, TENANT, candidate, candidates, day, on_pair, weekly};

fn request(change: &Value) -> ComparisonRequest {
    let mut request = json!({
        "store_id": 1, "product_id": 1, "forecast_horizon": 14,
        "selection_window": { "start_date": "2024-01-01", "end_date": "2024-04-29" },
        "candidate_models": [{ "model_type": "naive" }],
    });
    for (key, value) in change.as_object().unwrap() {
        request[key] = value.clone();
    }
    serde_json::from_value(request).unwrap()
}

#[track_caller]
fn check(change: &Value, expected: &[&str]) {
    let found = model_selection::comparison::validate(&request(change));
    let fields: Vec<_> = found.err().unwrap_or_default().into_iter().map(|error| error.field).collect();
    assert_eq!(fields, expected);
}

#[test]
fn every_wrong_field_is_reported_by_its_path() {
    check(&json!({}), &[]);
    check(&json!({ "store_id": 0, "product_id": -1 }), &["store_id", "product_id"]);
    check(&json!({ "store_id": null }), &["store_id"]);
    let backwards = json!({ "start_date": "2024-02-01", "end_date": "2024-02-01" });
    check(&json!({ "selection_window": backwards }), &["selection_window.end_date"]);
    check(&json!({ "forecast_horizon": 0 }), &["forecast_horizon"]);
    check(&json!({ "forecast_horizon": 91 }), &["forecast_horizon"]);
    check(&json!({ "candidate_models": [] }), &[]);
    check(
        &json!({ "folds": { "n_splits": 1, "gap": 31, "step": 3, "min_train_size": 6 } }),
        &["folds.n_splits", "folds.min_train_size", "folds.gap", "folds.step"],
    );
    check(&json!({ "folds": {}, "split_config": { "horizon": 14 } }), &["folds"]);
    check(&json!({ "candidate_models": candidates(&["naive"; 33]) }), &["candidate_models"]);
    check(&json!({ "candidate_models": candidates(&["naive"; 32]) }), &[]);
    check(
        &json!({ "candidate_models": candidates(&["naive", "oracle"]) }),
        &["candidate_models.1.model_type"],
    );
    for metric in wire::model_selection::RankingMetric::ALL {
        check(&json!({ "ranking_metric": metric.as_str().to_uppercase() }), &[]);
    }
    check(&json!({ "season_length": 0 }), &["season_length"]);
}

#[test]
fn a_policy_is_within_its_documented_bounds() {
    let policy = |lead: f64, bias: f64| json!({ "ranking_policy": { "high_confidence_rel_improvement": lead, "max_acceptable_abs_bias": bias } });
    check(&policy(0.0, 0.0), &[]);
    check(&policy(1.0, 1e9), &[]);
    check(&policy(1.01, 1.0), &["ranking_policy.high_confidence_rel_improvement"]);
    let both = ["ranking_policy.high_confidence_rel_improvement", "ranking_policy.max_acceptable_abs_bias"];
    check(&policy(-0.1, -1.0), &both);
}

#[test]
fn parameters_are_not_endless() {
    let long = candidate("naive", json!({ "x".repeat(10_000): 1 }));
    check(&json!({ "candidate_models": [long] }), &["candidate_models.0.params"]);
}

#[test]
fn null_is_refused_where_a_field_is_not_nullable() {
    for field in
        ["forecast_horizon", "candidate_models", "ranking_metric", "ranking_policy", "racing", "gaps"]
    {
        let body = json!({ "forecast_horizon": 14, "candidate_models": [{ "model_type": "naive" }] });
        let mut body = body;
        body[field] = serde_json::Value::Null;
        assert!(serde_json::from_value::<ComparisonRequest>(body).is_err(), "{field}");
    }
}

#[test]
fn a_feature_set_is_one_of_two_and_only_the_second_has_groups() {
    let check = |version: u64, groups: &Value, expected: &[&str]| {
        check(&json!({ "feature_frame_version": version, "feature_groups": groups }), expected);
    };
    check(1, &Value::Null, &[]);
    check(2, &Value::Null, &[]);
    check(2, &json!(["returns", "calendar"]), &[]);
    check(3, &Value::Null, &["feature_frame_version"]);
    check(1, &json!(["calendar"]), &["feature_groups"]);
    check(2, &json!([]), &["feature_groups"]);
    check(2, &json!(["calendar", "moon"]), &["feature_groups"]);
}

#[test]
fn the_horizon_of_the_split_is_that_of_the_forecast() {
    check(&json!({ "forecast_horizon": 7 }), &[]);
    check(&json!({ "forecast_horizon": 7, "split_config": {} }), &["split_config.horizon"]);
    check(&json!({ "forecast_horizon": 7, "split_config": { "horizon": 7 } }), &[]);
    let split = json!({ "horizon": 14, "gap": 14, "n_splits": 1, "min_train_size": 6 });
    let wrong = ["split_config.n_splits", "split_config.min_train_size", "split_config.gap"];
    check(&json!({ "split_config": split }), &wrong);
}

#[test]
fn a_pair_and_a_data_set_exclude_each_other() {
    let dataset = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    check(&json!({ "dataset_id": dataset }), &["dataset_id"]);
    let alone =
        json!({ "store_id": null, "product_id": null, "selection_window": null, "dataset_id": dataset });
    check(&alone, &[]);
    let mut empty = alone;
    empty["series"] = json!([]);
    check(&empty, &["series"]);
    check(&json!({ "series": ["a"] }), &["series"]);
}

#[test]
fn an_unknown_key_is_refused() {
    let typo = json!({ "forecast_horizon": 14, "candidate_models": [], "ranking_metrik": "mae" });
    assert!(
        serde_json::from_value::<ComparisonRequest>(typo).unwrap_err().to_string().contains("ranking_metrik")
    );
}

on_both_databases! {
    async fn a_pair_without_enough_history_is_refused_and_nothing_is_stored(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(43)).await;
        let request = on_pair(pair, 120, &["naive"]);
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unprocessable, "SERIES_UNUSABLE"));
        let text = error.to_string();
        for number in ["43", "44", "30", "14"] {
            assert!(text.contains(number), "{text}");
        }
        let list = fixture.selector.reader().comparisons(TENANT, &Filter::default(), None, 10).await.unwrap();
        assert!(list.is_empty());
        let runs = runs::list(&fixture.db.db.read, TENANT, &runs::Filter::default(), None, 10).await.unwrap();
        assert!(runs.is_empty());
    }

    async fn the_window_decides_and_not_all_history(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(200)).await;
        let mut request = on_pair(pair, 200, &["naive"]);
        request.selection_window = Some(Window { start_date: day(180), end_date: day(199) });
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!(error.code(), "SERIES_UNUSABLE");
    }

    async fn unknown_stores_products_and_data_sets_are_not_found(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let (store, product) = fixture.sells(&weekly(120)).await;
        for pair in [(StoreId(999), product), (store, ProductId(999))] {
            let request = on_pair(pair, 120, &["naive"]);
            let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
            assert_eq!((error.class(), error.code()), (Class::NotFound, "NOT_FOUND"), "{error}");
        }
        let dataset = wire::datasets::DatasetId::new(&crate::support::clock());
        let request = crate::support::on_dataset(dataset, 12, &["naive"]);
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!(error.class(), Class::NotFound);
    }
}
