//! Runs: pages, detail, cancel.

use std::time::Duration;

use axum::http::header;
use kernel::RunId;
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::App;
use crate::script::Script;

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["run_id"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn runs_are_paged_newest_first_and_filtered(db: TestDb) {
        let app = App::new(db).await;
        let mut expected = Vec::new();
        for _ in 0..5 {
            expected.insert(0, app.ended(Script::Count(1)).await.item.run_id.to_string());
        }
        let mut seen = Vec::new();
        let mut path = "/api/runs?limit=2&kind=script".to_owned();
        loop {
            let answer = app.get(&path).await;
            let page = answer.ok();
            seen.extend(ids(&page));
            let Some(link) = answer.headers.get(header::LINK) else {
                assert_eq!(page["next_cursor"], Value::Null);
                break;
            };
            // The link is an address of its own; the cursor in it is the one of the body.
            path = String::from(link.to_str().unwrap()[1..].split('>').next().unwrap());
            assert!(path.contains("kind=script") && path.ends_with(page["next_cursor"].as_str().unwrap()), "{path}");
        }
        assert_eq!(seen, expected);
        app.ended(Script::Fail).await;
        assert_eq!(ids(&app.get("/api/runs?status=failed").await.ok()).len(), 1);
        assert_eq!(ids(&app.get("/api/runs?kind=training").await.ok()).len(), 0);
        let run = app.get(&format!("/api/runs/{}", seen[0])).await.ok();
        let conversation = run["conversation_id"].as_str().unwrap();
        assert_eq!(ids(&app.get(&format!("/api/runs?conversation_id={conversation}")).await.ok()), [seen[0].clone()]);
        let opened = app.get(&format!("/api/conversations/{conversation}")).await.ok();
        assert_eq!((&opened["conversation_id"], &opened["title"]), (&run["conversation_id"], &run["title"]));
        app.close().await;
    }

    async fn the_kinds_of_runs_are_those_that_a_filter_takes(db: TestDb) {
        let app = App::new(db).await;
        let kinds = app.get("/api/run-kinds").await.ok()["kinds"].clone();
        assert_eq!(kinds, json!([
            "batch", "comparison", "evaluation", "forecast", "fork", "game_outcome", "import", "market_share", "script",
            "showcase", "simulation", "strategy_generation", "stream", "training"
        ]));
        for kind in kinds.as_array().unwrap() {
            app.get(&format!("/api/runs?kind={}", kind.as_str().unwrap())).await.ok();
        }
        app.close().await;
    }

    async fn a_run_tells_what_it_was_given_and_what_it_left(db: TestDb) {
        let app = App::new(db).await;
        let id = app.ended(Script::Count(2)).await.item.run_id;
        let run = app.get(&format!("/api/runs/{id}")).await.ok();
        assert_eq!((&run["kind"], &run["status"], &run["spec"]), (&json!("script"), &json!("succeeded"), &json!({ "does": "count", "n": 2 })));
        assert_eq!(run["frames"], run["ledger"]["seq"]);
        assert_eq!(run["ledger"]["is_closed"], true);
        let names: Vec<&Value> = run["artifacts"].as_array().unwrap().iter().map(|a| &a["name"]).collect();
        assert!(names.contains(&&json!("metrics")), "{names:?}");
        let events: Vec<&str> = run["timeline"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["submitted", "attempt 1 started", "attempt 1 succeeded", "succeeded"]);
        app.close().await;
    }

    async fn a_failed_run_says_why(db: TestDb) {
        let app = App::new(db).await;
        let id = app.ended(Script::Fail).await.item.run_id;
        let run = app.get(&format!("/api/runs/{id}")).await.ok();
        assert_eq!(run["error"], json!({ "code": "SCRIPTED", "message": "the script says so" }));
        app.close().await;
    }

    async fn cancelling_answers_200_404_and_409(db: TestDb) {
        let app = App::new(db).await;
        let run = app.script(Script::UntilCancelled).await;
        let path = format!("/api/runs/{run}");
        assert_eq!(app.delete(&path).await.ok()["status"], "cancelled");
        let (status, code, _) = app.delete(&path).await.problem();
        assert_eq!((status, code.as_str()), (409, "RUN_ALREADY_TERMINAL"), "{code}");
        assert_eq!(app.delete("/api/runs/019b8d2d-0000-7000-8000-000000000001").await.problem().0, 404);
        app.close().await;
    }
}

#[tokio::test]
async fn a_run_that_does_not_stop_in_time_answers_504_and_stops_later() {
    let app = App::with(test_support::sqlite().await, Duration::from_millis(100)).await;
    let run: RunId = app.script(Script::Deaf).await;
    let path = format!("/api/runs/{run}");
    while app.get(&path).await.ok()["status"] != "running" {
        tokio::task::yield_now().await;
    }
    assert_eq!(app.delete(&path).await.problem().0, 504);
    app.go.add_permits(1);
    assert!(app.client.wait(run).await.unwrap().item.status.is_terminal());
    app.close().await;
}
