//! The lab over HTTP.

use std::collections::BTreeMap;

use axum::http::{Method, header};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::{Answer, App, request};

/// Submits, waits for the success, and gives the run's id.
async fn ran(app: &App, path: &str, body: &Value) -> String {
    let accepted = app.post(&format!("/api/lab/{path}"), body).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text());
    let id = accepted.ok()["run_id"].as_str().unwrap().to_owned();
    assert_eq!(accepted.headers["location"], format!("/api/lab/{path}/{id}"));
    let ended = app.client.wait(id.parse().unwrap()).await.unwrap();
    assert_eq!(ended.item.status, wire::runs::Status::Succeeded, "{path}: {:?}", ended.item.error);
    id
}

async fn kept(app: &App, path: &str, body: &Value) -> Value {
    let answer = app.post(&format!("/api/lab/{path}"), body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.ok()
}

async fn patched(app: &App, path: &str, tag: &str, body: &Value) -> Answer {
    let request = request(Method::PATCH, &format!("/api/lab/{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, tag);
    app.send(request.body(body.to_string().into()).unwrap()).await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A made season with a run of every kind on it, by the names that paths and queries give the ids.
pub(crate) async fn judged(app: &App) -> BTreeMap<&'static str, String> {
    let made = json!({ "seed": 3, "first_season": 2021, "seasons": 1, "entries": 5 });
    let season = kept(app, "seasons/generate", &made).await["seasons"][0].clone();
    let (tournament, calcutta) = (&season["tournament"], &season["calcutta"]);
    let (snapshot, state) = (&calcutta["snapshot_id"], &season["states"][1]["state_id"]);
    let model = json!({ "kind": "logistic", "scale": 10.0 });
    let asked = json!({ "tournament_id": tournament["tournament_id"], "state_id": state, "model": model });
    let games = ran(app, "game-outcomes", &asked).await;
    let asked = json!({ "snapshot_id": snapshot, "model": { "kind": "oracle_actual_market" } });
    let market = ran(app, "market-shares", &asked).await;
    let asked = json!({
        "snapshot_id": snapshot, "game_outcome_run_id": games, "market_share_run_id": market,
        "optimizer_key": "minlp_v1",
    });
    let strategy = ran(app, "strategies", &asked).await;
    let asked = json!({
        "snapshot_id": snapshot, "state_id": state, "game_outcome_run_id": games, "size": { "n_sims": 2000 },
        "seed": 42, "is_sealed": true,
    });
    let simulation = ran(app, "simulations", &asked).await;
    let asked =
        json!({ "display_name": "Best", "source_kind": "strategy", "strategy_generation_run_id": strategy });
    let candidate = kept(app, "candidates", &asked).await;
    let asked = json!({ "simulation_run_id": simulation, "candidate_ids": [candidate["candidate_id"]] });
    let evaluation = ran(app, "evaluations", &asked).await;
    let cohort = kept(app, "cohorts", &json!({ "name": "Best bids", "n_sims": 1000, "seed": 1 })).await;
    let asked = json!({
        "cohort_id": cohort["cohort_id"], "snapshot_id": snapshot, "state_id": state, "game_outcome_run_id": games,
    });
    let synthetic = kept(app, "synthetic-calcuttas", &asked).await;
    let id = &synthetic["synthetic_calcutta_id"];
    let asked = json!({ "synthetic_calcutta_id": id, "candidate_id": candidate["candidate_id"] });
    kept(app, "attachments", &asked).await;
    let asked = json!({ "cohort_id": cohort["cohort_id"], "synthetic_calcutta_ids": [id] });
    let batch = ran(app, "batches", &asked).await;
    let board = app.get(&format!("/api/lab/simulations/{simulation}")).await.ok();
    [
        ("tournament_id", text(&tournament["tournament_id"])),
        ("state_id", text(state)),
        ("calcutta_id", text(&calcutta["calcutta_id"])),
        ("snapshot_id", text(snapshot)),
        ("entry_id", text(&board["result"]["leaderboard"][0]["entry_id"])),
        ("lab_run_id", games.clone()),
        ("game_outcome_run_id", games),
        ("market_share_run_id", market),
        ("strategy_generation_run_id", strategy),
        ("simulation_run_id", simulation),
        ("evaluation_run_id", evaluation),
        ("batch_run_id", batch),
        ("candidate_id", text(&candidate["candidate_id"])),
        ("cohort_id", text(&cohort["cohort_id"])),
        ("synthetic_calcutta_id", text(id)),
    ]
    .into()
}

on_both_databases! {
    async fn refusals_name_what_is_wrong_and_what_there_is(db: TestDb) {
        let app = App::new(db).await;
        let known = judged(&app).await;
        let asked = json!({
            "snapshot_id": known["snapshot_id"], "game_outcome_run_id": known["market_share_run_id"],
            "market_share_run_id": known["market_share_run_id"], "optimizer_key": "minlp_v1",
        });
        let refused = app.post("/api/lab/strategies", &asked).await;
        assert_eq!(refused.problem(), (409, "UPSTREAM_UNFIT".to_owned(), vec!["game_outcome_run_id".to_owned()]));
        assert!(refused.text().contains(&known["game_outcome_run_id"]), "{}", refused.text());
        let asked = json!({
            "snapshot_id": known["snapshot_id"], "state_id": known["state_id"],
            "game_outcome_run_id": known["game_outcome_run_id"], "size": { "n_sims": 0 }, "seed": 0,
        });
        let refused = app.post("/api/lab/simulations", &asked).await.problem();
        assert_eq!(refused, (422, "VALIDATION_ERROR".to_owned(), vec!["seed".to_owned(), "size.n_sims".to_owned()]));
        for path in ["market-shares", "simulations", "evaluations", "batches", "strategies"] {
            let address = format!("/api/lab/{path}/{}", known["game_outcome_run_id"]);
            assert_eq!(app.get(&address).await.problem().0, 404, "{path}");
        }
        let again = json!({ "name": "Best bids", "n_sims": 1, "seed": 1 });
        assert_eq!(app.post("/api/lab/cohorts", &again).await.problem().1, "NAME_TAKEN");
        app.close().await;
    }

    async fn what_changes_has_a_tag_and_is_changed_from_the_one_that_is_known(db: TestDb) {
        let app = App::new(db).await;
        let known = judged(&app).await;
        let path = format!("candidates/{}", known["candidate_id"]);
        let found = app.get(&format!("/api/lab/{path}")).await;
        assert_eq!(found.headers["etag"], "\"1\"");
        let renamed = patched(&app, &path, "\"1\"", &json!({ "display_name": "Other" })).await;
        assert_eq!((renamed.headers["etag"].to_str().unwrap(), &renamed.ok()["display_name"]), ("\"2\"", &json!("Other")));
        assert_eq!(patched(&app, &path, "\"1\"", &json!({ "display_name": "x" })).await.problem().0, 412);
        // The evaluation has the name that the candidate had, under the id that it has.
        let judged = app.get(&format!("/api/lab/evaluations/{}", known["evaluation_run_id"])).await.ok();
        let row = &judged["result"]["candidates"][0];
        assert_eq!((&row["candidate_id"], &row["row"]["display_name"]), (&json!(known["candidate_id"]), &json!("Best")));
        let synthetic = format!("synthetic-calcuttas/{}", known["synthetic_calcutta_id"]);
        let found = app.get(&format!("/api/lab/{synthetic}")).await.ok();
        let highlight = json!({ "highlighted_entry_id": found["attachments"][0]["entry_id"] });
        assert_eq!(patched(&app, &synthetic, "\"2\"", &highlight).await.status, 200);
        let gone = app.delete(&format!("/api/lab/attachments/{}", text(&found["attachments"][0]["attachment_id"]))).await;
        assert_eq!(gone.ok()["highlighted_entry_id"], json!(null));
        app.close().await;
    }

    async fn lists_go_page_by_page_and_a_cursor_is_of_its_own_list(db: TestDb) {
        let app = App::new(db).await;
        judged(&app).await;
        let first = app.get("/api/lab/runs?limit=2").await;
        assert!(first.headers["link"].to_str().unwrap().contains("rel=\"next\""));
        let cursor = text(&first.ok()["next_cursor"]);
        let second = app.get(&format!("/api/lab/runs?limit=2&cursor={cursor}")).await.ok();
        assert_ne!(second["items"][0]["run_id"], first.ok()["items"][0]["run_id"]);
        assert_eq!(app.get(&format!("/api/lab/tournaments?cursor={cursor}")).await.problem().0, 400);
        let kinds = app.get("/api/lab/runs?run_kind=batch").await.ok();
        assert_eq!(kinds["items"].as_array().unwrap().len(), 1);
        app.close().await;
    }
}
