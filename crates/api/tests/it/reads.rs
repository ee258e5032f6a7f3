//! Reads never write: every route of `GET` is walked, on tables full and empty, and nothing has changed after it.

use std::collections::BTreeMap;

use serde_json::Value;
use test_support::on_both_databases;
use wire::artifacts::LinkQuery;

use crate::app::App;
use crate::dump::dump;
use crate::{fleet_forecast, lab, selection, showcase};

/// Every path that the document has for a method, and its address with the parameters filled in.
pub(crate) fn addresses_of(
    document: &Value,
    method: &str,
    known: &BTreeMap<&str, String>,
) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let method = method.to_lowercase();
    let of_method = paths.iter().filter_map(|(path, item)| Some((path, item.get(&method)?)));
    of_method.map(|(path, operation)| (path.clone(), address(path, operation, known))).collect()
}

fn address(path: &str, operation: &Value, known: &BTreeMap<&str, String>) -> String {
    let mut address = format!("/api{path}");
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let mut query = Vec::new();
    for parameter in &parameters {
        let name = parameter["name"].as_str().unwrap();
        let value = || known.get(name).unwrap_or_else(|| panic!("{path} asks for {name}"));
        match parameter["in"].as_str() {
            Some("path") => address = address.replace(&format!("{{{name}}}"), value()),
            Some("query") if parameter["required"] == true => query.push(format!("{name}={}", value())),
            _ => {}
        }
    }
    if !query.is_empty() {
        address = format!("{address}?{}", query.join("&"));
    }
    assert!(!address.contains('{'), "{address}");
    address
}

fn addresses(document: &Value, known: &BTreeMap<&str, String>) -> Vec<String> {
    addresses_of(document, "GET", known).into_iter().map(|(_, address)| address).collect()
}

/// An id of everything that can be looked at, all of it stored.
pub(crate) async fn everything(app: &App) -> BTreeMap<&'static str, String> {
    let mut known = nothing_known();
    known.extend(showcase::seeded(app).await);
    known.extend(selection::compared(app).await);
    let forecast = fleet_forecast::forecast(app, &known["dataset_id"]).await;
    known.insert("forecast_id", forecast);
    known.extend(lab::judged(app).await);
    // Also what only a run that reproduces another has.
    let again = app.client.reproduce(known["run_id"].parse().unwrap()).await.unwrap().run_id;
    app.client.wait(again).await.unwrap();
    let first = known.insert("run_id", again.to_string());
    known.extend(first.map(|first| ("other_run_id", first)));
    app.log.sequence().await.unwrap();
    let artifact = known["artifact_id"].parse().unwrap();
    let link = app.client.download_link(artifact, &LinkQuery::default()).await.unwrap().download_url;
    known.insert("link", link.split_once("?link=").unwrap().1.to_owned());
    known
}

pub(crate) fn nothing_known() -> BTreeMap<&'static str, String> {
    let id = "019b8d2d-0000-7000-8000-000000000001";
    let names = [
        "run_id",
        "other_run_id",
        "artifact_id",
        "dataset_id",
        "selection_id",
        "forecast_id",
        "model_id",
        "world_id",
        "conversation_id",
        "tournament_id",
        "state_id",
        "calcutta_id",
        "snapshot_id",
        "entry_id",
        "lab_run_id",
        "game_outcome_run_id",
        "market_share_run_id",
        "strategy_generation_run_id",
        "simulation_run_id",
        "evaluation_run_id",
        "batch_run_id",
        "candidate_id",
        "cohort_id",
        "synthetic_calcutta_id",
        "attachment_id",
        "token_id",
    ];
    let ids = names.map(|name| (name, id.to_owned()));
    let numbers = ["store_id", "product_id", "simulation"].map(|name| (name, "1".to_owned()));
    let words = [
        ("alias_name", "none"),
        ("name", "file"),
        ("link", "none"),
        ("run_kind", "game_outcome"),
        ("model", "logistic"),
        ("format", "cloudevents"),
    ];
    let words = words.map(|(name, word)| (name, word.to_owned()));
    ids.into_iter().chain(numbers).chain(words).collect()
}

on_both_databases! {
    async fn no_read_changes_a_full_database(db: TestDb) {
        let app = App::new(db).await;
        let known = everything(&app).await;
        let before = dump(&app.db.db.read).await;
        assert!(before["run"].len() > 3 && !before["sales_daily"].is_empty(), "{:?}", before.keys());
        for address in addresses(&app.contract.document, &known) {
            let answer = app.get(&address).await;
            assert!(answer.status.is_success(), "{address}: {} {}", answer.status, answer.text());
        }
        assert_eq!(dump(&app.db.db.read).await, before);
        app.close().await;
    }

    async fn every_read_answers_on_an_empty_database_and_leaves_it_empty(db: TestDb) {
        let app = App::new(db).await;
        let before = dump(&app.db.db.read).await;
        for address in addresses(&app.contract.document, &nothing_known()) {
            let answer = app.get(&address).await;
            let status = answer.status.as_u16();
            assert!(matches!(status, 200 | 404), "{address}: {status} {}", answer.text());
        }
        assert_eq!(dump(&app.db.db.read).await, before);
        app.close().await;
    }
}
