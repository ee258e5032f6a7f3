//! Comparisons, trainings and the registry.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, header};
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};
use test_support::on_both_databases;
use wire::datasets::ImportQuery;
use wire::model_selection::{CandidateModel, PreviewOf, PreviewRequest};

use crate::app::{App, request};
use crate::retail::import;

/// Two series of 120 days with a weekly pattern.
fn csv() -> String {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let rows = ["a", "b"].into_iter().flat_map(|name| {
        (0..120_u64).map(move |day| {
            let value = 10 + (day % 7) * if name == "a" { 2 } else { 5 };
            format!("{name},{},{value}\n", first + Days::new(day))
        })
    });
    std::iter::once("series,date,value\n".to_owned()).chain(rows).collect()
}

pub(crate) async fn dataset(app: &App) -> String {
    import(app, "two", csv()).await.ok()["dataset_id"].as_str().unwrap().to_owned()
}

pub(crate) fn comparison(dataset: &str) -> Value {
    json!({
        "dataset_id": dataset,
        "forecast_horizon": 7,
        "candidate_models": [{ "model_type": "naive" }, { "model_type": "seasonal_naive" }],
        "title": "weekly",
    })
}

/// Compares on an imported dataset and names both.
pub(crate) async fn compared(app: &App) -> BTreeMap<&'static str, String> {
    let dataset = dataset(app).await;
    let accepted = app.post("/api/model-selection/runs", &comparison(&dataset)).await;
    assert_eq!(accepted.status, 202);
    let id = accepted.ok()["selection_id"].as_str().unwrap().to_owned();
    assert_eq!(accepted.headers[header::LOCATION], format!("/api/model-selection/{id}"));
    assert!(accepted.headers.contains_key(header::RETRY_AFTER));
    app.client.wait(id.parse().unwrap()).await.unwrap();
    BTreeMap::from([("dataset_id", dataset), ("selection_id", id)])
}

on_both_databases! {
    async fn a_comparison_is_accepted_watched_and_ranked(db: TestDb) {
        let app = App::new(db).await;
        let id = &compared(&app).await["selection_id"];
        let detail = app.get(&format!("/api/model-selection/{id}")).await.ok();
        assert_eq!((&detail["status"], &detail["winner"]["model_type"]), (&json!("completed"), &json!("seasonal_naive")));
        let ranking = app.get(&format!("/api/model-selection/{id}/ranking")).await.ok();
        assert_eq!((&ranking["series"], &ranking["coverage"]["series"]), (&Value::Null, &json!(2)));
        let run = app.get(&format!("/api/runs/{id}")).await.ok();
        assert_eq!((&run["title"], &run["inputs"][0]["source"]), (&json!("weekly"), &json!("dataset")));
        let list = app.get("/api/model-selection/runs?status=completed").await.ok();
        assert_eq!(list["items"][0]["selection_id"], *id);
        assert_eq!(app.delete(&format!("/api/model-selection/{id}")).await.problem().0, 409);
        app.close().await;
    }

    async fn what_is_previewed_of_a_file_is_what_is_then_compared(db: TestDb) {
        let app = App::new(db).await;
        let query = ImportQuery { name: "two".to_owned(), ..ImportQuery::default() };
        let found = app.client.inspect_dataset(&query, csv().into()).await.unwrap();
        let names: Vec<(&str, u64, usize)> =
            found.sketches.iter().map(|one| (one.name.as_str(), one.rows, one.values.len())).collect();
        assert_eq!(names, [("a", 120, 120), ("b", 120, 120)]);
        assert_eq!(app.get("/api/datasets").await.ok()["items"], json!([]), "nothing is stored");
        let candidate = |model_type: &str| CandidateModel { model_type: model_type.to_owned(), params: Map::new() };
        let request = PreviewRequest {
            of: PreviewOf::Comparison,
            sketches: found.sketches,
            series_total: 2,
            forecast_horizon: 7,
            folds: None,
            candidate_models: ["naive", "seasonal_naive"].map(candidate).to_vec(),
            season_length: None,
        };
        let preview = app.client.preview(&request).await.unwrap();
        let estimate = preview.estimate.unwrap();
        assert_eq!((estimate.measured, estimate.series, estimate.unmeasured.len()), (2, 2, 0));
        assert!(estimate.seconds > 0.0);
        let folds = &preview.series[0].folds;
        assert_eq!((folds.len(), folds[folds.len() - 1].last_date), (preview.split.n_splits, request.sketches[0].dates[119]));
        let id = &compared(&app).await["selection_id"];
        let compared = app.get(&format!("/api/model-selection/{id}")).await.ok();
        assert_eq!(compared["split_config"], serde_json::to_value(preview.split).unwrap());
        let refused = |change: Value| {
            let mut body = serde_json::to_value(&request).unwrap();
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            body
        };
        for (change, field) in [
            (json!({ "sketches": [] }), "sketches"),
            (json!({ "forecast_horizon": 0 }), "forecast_horizon"),
            (json!({ "candidate_models": [{ "model_type": "oracle" }] }), "candidate_models.0.model_type"),
            (json!({ "folds": { "n_splits": 1 } }), "folds.n_splits"),
        ] {
            assert_eq!(app.post("/api/model-selection/preview", &refused(change)).await.problem().2, [field]);
        }
        app.close().await;
    }

    async fn a_forecast_is_previewed_on_the_folds_of_each_length(db: TestDb) {
        let app = App::new(db).await;
        let mut text = csv();
        for day in 1..=20 {
            text.push_str(&format!("short,2024-01-{day:02},{}\n", day % 7));
        }
        let query = ImportQuery { name: "three".to_owned(), ..ImportQuery::default() };
        let sketches = app.client.inspect_dataset(&query, text.into()).await.unwrap().sketches;
        let request = json!({ "of": "forecast", "sketches": sketches, "series_total": 3, "forecast_horizon": 5,
            "candidate_models": [{ "model_type": "naive" }], "folds": { "n_splits": 1 } });
        let preview = app.post("/api/model-selection/preview", &request).await.ok();
        let folds: Vec<usize> = preview["series"].as_array().unwrap().iter().map(|one| one["folds"].as_array().unwrap().len()).collect();
        assert_eq!(folds, [1, 1, 1], "a comparison needs two");
        assert!(preview["estimate"]["seconds"].as_f64().unwrap() > 0.0);
        let far = json!({ "of": "forecast", "sketches": sketches, "series_total": 3, "forecast_horizon": 367 });
        assert_eq!(app.post("/api/model-selection/preview", &far).await.problem().2, ["forecast_horizon"]);
        app.close().await;
    }

    async fn a_model_of_all_series_is_not_in_the_measured_time(db: TestDb) {
        let app = App::new(db).await;
        let query = ImportQuery { name: "two".to_owned(), ..ImportQuery::default() };
        let sketches = app.client.inspect_dataset(&query, csv().into()).await.unwrap().sketches;
        let models = json!([{ "model_type": "pooled_profile" }, { "model_type": "naive" }]);
        let request = json!({ "sketches": sketches, "series_total": 1000, "forecast_horizon": 7, "candidate_models": models });
        let preview = app.post("/api/model-selection/preview", &request).await.ok();
        assert_eq!(preview["estimate"]["unmeasured"], json!(["pooled_profile"]));
        app.close().await;
    }

    async fn the_series_of_a_comparison_are_paged_and_found_by_a_part_of_their_names(db: TestDb) {
        let app = App::new(db).await;
        let path = format!("/api/model-selection/{}", compared(&app).await["selection_id"]);
        let first = app.get(&format!("{path}/series?limit=1")).await;
        let link = first.headers[header::LINK].to_str().unwrap().to_owned();
        let first = first.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        assert_eq!(link, format!("<{path}/series?limit=1&cursor={cursor}>; rel=\"next\""));
        let second = app.get(&format!("{path}/series?limit=1&cursor={cursor}")).await.ok();
        assert_eq!((&first["items"][0]["name"], &second["items"][0]["name"]), (&json!("a"), &json!("b")));
        assert_eq!((second["items"].as_array().unwrap().len(), &second["next_cursor"]), (1, &Value::Null));
        assert_eq!(first["items"][0]["winner"]["model_type"], "seasonal_naive");
        let found = app.get(&format!("{path}/series?name_contains=B")).await.ok();
        assert_eq!(found["items"], second["items"]);
        assert_eq!(app.get(&format!("{path}/series?name_contains=B&cursor={cursor}")).await.problem().0, 400);
        let long = format!("name_contains={}", "a".repeat(201));
        for (query, field) in [("limit=0", "limit"), ("limit=201", "limit"), (&long, "name_contains")] {
            assert_eq!(app.get(&format!("{path}/series?{query}")).await.problem().2, [field], "{query}");
        }
        app.close().await;
    }

    async fn the_charts_of_a_comparison_are_those_of_one_series(db: TestDb) {
        let app = App::new(db).await;
        let path = format!("/api/model-selection/{}", compared(&app).await["selection_id"]);
        let charts = app.get(&format!("{path}/charts?series=b")).await.ok();
        assert_eq!((&charts["name"], &charts["verdict"]), (&json!("b"), &json!("clear")));
        assert!(charts["winner_actual_vs_predicted"][0]["dates"].as_array().is_some_and(|dates| dates.len() == 7));
        assert_eq!(app.get(&format!("{path}/charts")).await.ok()["name"], "a");
        assert_eq!(app.get(&format!("{path}/charts?series=moon")).await.problem().0, 404);
        app.close().await;
    }

    async fn a_comparison_and_a_training_show_the_feature_set_they_were_given(db: TestDb) {
        let app = App::new(db).await;
        let dataset = dataset(&app).await;
        let frame = |mut body: Value| {
            body["feature_frame_version"] = json!(2);
            body["feature_groups"] = json!(["calendar", "target_history"]);
            body
        };
        let mut asked = frame(comparison(&dataset));
        asked["candidate_models"] = json!([{ "model_type": "prophet_like" }]);
        let id = app.post("/api/model-selection/runs", &asked).await.ok()["selection_id"].as_str().unwrap().to_owned();
        app.client.wait(id.parse().unwrap()).await.unwrap();
        let compared = app.get(&format!("/api/model-selection/{id}")).await.ok();
        assert_eq!(compared["winner"]["params"]["feature_groups"], json!(["calendar", "target_history"]));
        let body = frame(json!({ "dataset_id": dataset, "series": "a", "model_type": "prophet_like" }));
        let run = app.post("/api/forecasting/train", &body).await.ok()["run_id"].as_str().unwrap().to_owned();
        let trained = app.get(&format!("/api/forecasting/trainings/{run}")).await.ok();
        for shown in [compared, trained] {
            assert_eq!(shown["feature_frame_version"], 2);
            assert_eq!(shown["feature_groups"], json!(["calendar", "target_history"]));
        }
        app.client.wait(run.parse().unwrap()).await.unwrap();
        app.close().await;
    }

    async fn a_trained_model_is_registered_and_its_alias_moves_by_version(db: TestDb) {
        let app = App::new(db).await;
        let dataset = dataset(&app).await;
        let body = json!({ "dataset_id": dataset, "series": "a", "model_type": "naive", "forecast_horizon": 7 });
        let accepted = app.post("/api/forecasting/train", &body).await;
        let run = accepted.ok()["run_id"].as_str().unwrap().to_owned();
        app.client.wait(run.parse().unwrap()).await.unwrap();
        assert_eq!(app.get(&format!("/api/forecasting/trainings/{run}")).await.ok()["status"], "succeeded");
        let model = app.post("/api/registry/models", &json!({ "training_run_id": run })).await.ok();
        let id = model["model_id"].as_str().unwrap();
        assert_eq!(app.get(&format!("/api/registry/models/{id}/verify")).await.ok()["verified"], true);
        let alias = json!({ "alias_name": "champion", "model_id": id });
        let moved = app.post("/api/registry/aliases", &alias).await;
        assert_eq!((moved.status.as_u16(), &moved.headers[header::ETAG]), (201, &"\"1\"".parse().unwrap()));
        let stale = request(Method::POST, "/api/registry/aliases")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, "\"0\"");
        assert_eq!(app.send(stale.body(Body::from(alias.to_string())).unwrap()).await.problem().0, 412);
        assert_eq!(app.get("/api/registry/aliases/champion/moves").await.ok().as_array().unwrap().len(), 1);

        let events = format!("/api/registry/models/{id}/events");
        let archive = json!({ "state": "archived", "reason": "old" });
        let (status, code, _) = app.post(&events, &archive).await.problem();
        assert_eq!((status, code.as_str()), (409, "MODEL_IN_USE"));
        let silent = json!({ "alias_name": "champion", "model_id": null });
        assert_eq!(app.post("/api/registry/aliases", &silent).await.problem().2, ["reason"]);
        let without = json!({ "alias_name": "champion", "reason": "x" });
        assert_eq!(app.post("/api/registry/aliases", &without).await.problem().2, ["model_id"]);
        let withdraw = json!({ "alias_name": "champion", "model_id": null, "reason": "it drifted" });
        let withdrawn = app.post("/api/registry/aliases", &withdraw).await;
        assert_eq!(withdrawn.headers[header::ETAG], "\"2\"");
        assert_eq!(withdrawn.ok()["model_id"], Value::Null);
        let shown = app.get("/api/registry/aliases/champion").await.ok();
        assert_eq!((&shown["model_id"], &shown["reason"]), (&Value::Null, &json!("it drifted")));
        let archived = app.post(&events, &archive).await;
        assert_eq!((archived.status.as_u16(), archived.headers[header::ETAG].to_str().unwrap()), (201, "\"2\""));
        assert_eq!(app.get(&format!("/api/registry/models/{id}")).await.ok()["state"], "archived");
        assert_eq!(app.get(&events).await.ok().as_array().unwrap().len(), 2);
        assert_eq!(app.post("/api/registry/aliases", &alias).await.problem().1, "MODEL_ARCHIVED");
        let odd = json!({ "state": "deleted" });
        assert_eq!(app.post(&events, &odd).await.problem().2, ["state"]);
        assert_eq!(app.get("/api/registry/aliases/a%00b").await.problem().0, 422);
        app.close().await;
    }
}

#[tokio::test]
async fn a_wrong_comparison_names_every_wrong_field_and_leaves_nothing() {
    let app = App::new(test_support::sqlite().await).await;
    let dataset = dataset(&app).await;
    let with = |key: &str, value: Value| {
        let mut body = comparison(&dataset);
        body[key] = value;
        body
    };
    for (body, field) in [
        (with("forecast_horizon", json!(0)), "forecast_horizon"),
        (with("forecast_horizon", json!("7")), "forecast_horizon"),
        (with("candidate_models", json!(vec![json!({ "model_type": "naive" }); 33])), "candidate_models"),
        (with("folds", json!({ "n_splits": 1 })), "folds.n_splits"),
        (with("ranking_metric", json!("luck")), "ranking_metric"),
        (with("title", json!("")), "title"),
        (with("feature_frame_version", json!(3)), "feature_frame_version"),
        (with("feature_groups", json!(["calendar"])), "feature_groups"),
        (with("an_unknown_key", json!(1)), "an_unknown_key"),
        (with("ranking_policy", json!({ "luck": 1 })), "ranking_policy.luck"),
        (with("ranking_policy", Value::Null), "ranking_policy"),
        (with("racing", Value::Null), "racing"),
        (
            with("ranking_policy", json!({ "high_confidence_rel_improvement": 1.5 })),
            "ranking_policy.high_confidence_rel_improvement",
        ),
    ] {
        let (status, _, fields) = app.post("/api/model-selection/runs", &body).await.problem();
        assert_eq!((status, fields), (422, vec![field.to_owned()]), "{body}");
    }
    // A frame has room for less than this: it must not come to a run that cannot be told of.
    let key = "k".repeat(700_000);
    let candidates = json!([{ "model_type": "naive", "params": { key.as_str(): 1 } }]);
    let (status, _, fields) =
        app.post("/api/model-selection/runs", &with("candidate_models", candidates)).await.problem();
    assert_eq!((status, fields), (422, vec!["candidate_models.0.params".to_owned()]));
    let training = json!({ "dataset_id": dataset, "model_type": "naive", "params": { key.as_str(): 1 } });
    let (status, _, fields) = app.post("/api/forecasting/train", &training).await.problem();
    assert_eq!(status, 422);
    assert!(fields.contains(&"params".to_owned()), "{fields:?}");
    for path in ["/api/model-selection/runs?luck=1", "/api/registry/models?state=archived"] {
        assert_eq!(app.get(path).await.problem().0, 422, "{path}");
    }
    let unknown = with("dataset_id", json!("019b8d2d-0000-7000-8000-000000000001"));
    assert_eq!(app.post("/api/model-selection/runs", &unknown).await.problem().0, 404);
    assert_eq!(app.get("/api/runs").await.ok()["items"], json!([]));
    app.close().await;
}

#[tokio::test]
async fn the_catalogue_says_what_is_there() {
    let app = App::new(test_support::sqlite().await).await;
    let catalog = app.get("/api/model-selection/models").await.ok();
    let types: Vec<&str> = catalog["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["model_type"].as_str().unwrap())
        .collect();
    for proposed in catalog["default_candidate_model_types"].as_array().unwrap() {
        assert!(types.contains(&proposed.as_str().unwrap()));
    }
    app.close().await;
}
