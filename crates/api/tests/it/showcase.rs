//! The showcase through its three doors.

use std::collections::BTreeMap;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use test_support::on_both_databases;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use wire::retail::{DeleteRequest, DeletionScope};

use crate::app::App;
use crate::live::{Socket, connect, texts};
use crate::script::Script;

const STEPS: [&str; 9] =
    ["precheck", "reset", "seed", "status", "features", "train", "backtest", "register", "verify"];

/// Runs a green showcase and names what it left: for routes that ask for something that exists.
pub(crate) async fn seeded(app: &App) -> BTreeMap<&'static str, String> {
    let result = app.post("/api/demo/run", &json!({ "skip_seed": false })).await.ok();
    assert_eq!(result["overall_status"], "pass", "{result:#}");
    let status = |step: &str| {
        let steps = result["steps"].as_array().unwrap();
        steps.iter().find(|one| one["step_name"] == step).unwrap()["data"].clone()
    };
    let trainings = app.get("/api/runs?kind=training").await.ok();
    let training = trainings["items"][0]["run_id"].as_str().unwrap().to_owned();
    let run = app.get(&format!("/api/runs/{training}")).await.ok();
    let models = app.get("/api/registry/models").await.ok();
    BTreeMap::from([
        ("world_id", status("status")["world_id"].as_str().unwrap().to_owned()),
        ("store_id", status("status")["store_id"].to_string()),
        ("product_id", status("status")["product_id"].to_string()),
        ("conversation_id", run["conversation_id"].as_str().unwrap().to_owned()),
        ("run_id", training),
        ("artifact_id", run["artifacts"][0]["artifact_id"].as_str().unwrap().to_owned()),
        ("model_id", models["items"][0]["model_id"].as_str().unwrap().to_owned()),
        ("alias_name", result["alias"].as_str().unwrap().to_owned()),
    ])
}

async fn started(app: &App, start: &str) -> Socket {
    let mut socket = connect(app.serve().await, "/api/demo/stream").await;
    socket.send(Message::text(start)).await.unwrap();
    socket
}

async fn told(app: &App, start: &str) -> (Vec<Value>, Option<CloseCode>) {
    let (texts, code) = texts(started(app, start).await).await;
    (texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect(), code)
}

async fn showcases(app: &App) -> Vec<Value> {
    app.get("/api/runs?kind=showcase").await.ok()["items"].as_array().unwrap().clone()
}

on_both_databases! {
    async fn a_socket_tells_every_step_and_the_end(db: TestDb) {
        let app = App::new(db).await;
        let (events, code) = told(&app, r#"{"skip_seed":false,"seed":7}"#).await;
        assert_eq!(code, Some(CloseCode::Normal));
        assert_eq!(events.len(), 2 * STEPS.len() + 1);
        for (step, pair) in STEPS.iter().zip(events.chunks(2)) {
            assert_eq!((&pair[0]["event_type"], &pair[1]["event_type"]), (&json!("step_start"), &json!("step_complete")));
            assert_eq!((&pair[0]["step_name"], &pair[1]["step_name"]), (&json!(step), &json!(step)));
            assert!(pair[1]["status"] == "pass" || pair[1]["status"] == "skip", "{}", pair[1]);
        }
        let end = &events[2 * STEPS.len()];
        assert_eq!((&end["event_type"], &end["status"]), (&json!("pipeline_complete"), &json!("pass")));
        assert_eq!(showcases(&app).await[0]["run_id"], end["data"]["showcase_run_id"]);
        app.close().await;
    }

    async fn the_same_pipeline_answers_as_a_whole(db: TestDb) {
        let app = App::new(db).await;
        let result = app.post("/api/demo/run", &json!({ "skip_seed": false })).await.ok();
        let names: Vec<&str> =
            result["steps"].as_array().unwrap().iter().map(|step| step["step_name"].as_str().unwrap()).collect();
        assert_eq!(names, STEPS);
        assert_eq!((&result["overall_status"], &result["alias"]), (&json!("pass"), &json!("demo-production")));
        // Without data and without seeding the pipeline fails, and that is an answer.
        let everything = DeleteRequest { scope: DeletionScope::All, dry_run: false, run_id: None };
        let deleted = app.client.delete_data(&everything).await.unwrap();
        assert!(deleted.records_deleted.sales > 0);
        let result = app.post("/api/demo/run", &json!({})).await.ok();
        assert_eq!(result["overall_status"], "fail");
        assert_eq!(result["steps"].as_array().unwrap().last().unwrap()["step_name"], "status");
        app.close().await;
    }
}

#[tokio::test]
async fn a_malformed_start_is_one_error_event_and_no_run() {
    let app = App::new(test_support::sqlite().await).await;
    for (start, named) in [
        ("{", "not JSON"),
        ("[]", "object"),
        (r#"{"scenario":"nope"}"#, "scenario"),
        (r#"{"seed":-1}"#, "seed"),
        (r#"{"backtest":{"horizon":91}}"#, "backtest.horizon"),
    ] {
        let (events, code) = told(&app, start).await;
        assert_eq!((events.len(), code), (1, Some(CloseCode::Normal)), "{start}");
        assert_eq!((&events[0]["event_type"], &events[0]["status"]), (&json!("error"), &json!("fail")));
        assert!(events[0]["detail"].as_str().unwrap().contains(named), "{start}: {}", events[0]);
    }
    for (body, field) in [(json!({ "seed": -1 }), "seed"), (json!({ "scenario": "nope" }), "scenario")] {
        for path in ["/api/demo/run", "/api/demo/runs"] {
            assert_eq!(app.post(path, &body).await.problem().2, [field]);
        }
    }
    assert_eq!(showcases(&app).await.len(), 0);
    app.close().await;
}

#[tokio::test]
async fn only_one_showcase_runs_at_a_time() {
    let app = App::new(test_support::sqlite().await).await;
    // The door of the engine is held by a run that does not end by itself.
    let held = app.exclusive(demo::EXCLUSIVE_KEY, Script::UntilCancelled).await;
    for path in ["/api/demo/run", "/api/demo/runs"] {
        let (status, code, _) = app.post(path, &json!({})).await.problem();
        assert_eq!((status, code.as_str()), (409, "RUN_ALREADY_ACTIVE"));
    }
    let (events, _) = told(&app, "{}").await;
    assert_eq!((events.len(), &events[0]["event_type"]), (1, &json!("error")));
    app.client.cancel(held).await.unwrap();
    app.close().await;
}

#[tokio::test]
async fn leaving_the_socket_stops_the_showcase_honestly() {
    let app = App::new(test_support::sqlite().await).await;
    let mut socket = started(&app, r#"{"skip_seed":false}"#).await;
    assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    drop(socket);
    let run = showcases(&app).await[0]["run_id"].as_str().unwrap().parse().unwrap();
    let ended = app.client.wait(run).await.unwrap();
    assert_eq!(ended.item.status, wire::runs::Status::Cancelled);
    assert!(ended.ledger.is_closed);
    // The door is open again.
    assert_eq!(app.post("/api/demo/runs", &json!({})).await.status, 202);
    app.close().await;
}

#[tokio::test]
async fn a_step_that_finds_the_database_away_is_done_in_the_next_attempt() {
    let app = App::new(test_support::sqlite().await).await;
    app.lose_once("/api/seeder/generate");
    let result = app.post("/api/demo/run", &json!({ "skip_seed": false })).await.ok();
    assert_eq!(result["overall_status"], "pass", "{result:#}");
    let done: Vec<&str> =
        result["steps"].as_array().unwrap().iter().map(|step| step["step_name"].as_str().unwrap()).collect();
    assert_eq!(done, STEPS, "each step ends once");
    let run = app.get(&format!("/api/runs/{}", result["run_id"].as_str().unwrap())).await.ok();
    let attempts = run["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    assert_eq!(attempts[0]["error"]["code"], "SHOWCASE_STEP_UNAVAILABLE", "{attempts:?}");
    app.close().await;
}

#[tokio::test]
async fn a_showcase_on_stored_data_is_called_by_what_it_uses() {
    let app = App::new(test_support::sqlite().await).await;
    let request = json!({ "scenario": "stockout_heavy", "seed": 987_654_321, "stores": 2, "products": 3 });
    let world = app.post("/api/seeder/generate", &request).await.ok()["world_id"].clone();
    for start in [json!({}), json!({ "world_id": world })] {
        let run = app.post("/api/demo/runs", &start).await.ok()["run_id"].as_str().unwrap().parse().unwrap();
        let detail = serde_json::to_value(app.client.wait(run).await.unwrap()).unwrap();
        assert_eq!(detail["title"], "Showcase stockout_heavy · seed 987654321");
        let used = &detail["spec"]["request"];
        assert_eq!((&used["scenario"], &used["seed"]), (&json!("stockout_heavy"), &json!(987_654_321)));
        assert_eq!((&used["world_id"], &detail["seed"]), (&world, &json!(987_654_321)));
    }
    app.close().await;
}

#[tokio::test]
async fn a_submitted_showcase_is_named_and_submitted_once_per_key() {
    let app = App::new(test_support::sqlite().await).await;
    let keyed = app.client.with_idempotency_key("k");
    let body = json!({ "skip_seed": false });
    let first: Value = keyed.post("/api/demo/runs", &body).await.unwrap();
    let again: Value = keyed.post("/api/demo/runs", &body).await.unwrap();
    assert_eq!(first["run_id"], again["run_id"]);
    let other =
        keyed.post::<Value>("/api/demo/runs", &json!({ "skip_seed": false, "seed": 1 })).await.unwrap_err();
    assert_eq!(other.problem().unwrap().code, "IDEMPOTENCY_KEY_REUSED");
    let run = first["run_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.client.wait(run).await.unwrap().item.status, wire::runs::Status::Succeeded);
    app.close().await;
}
