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
        let again = json!({ "name": "Best bids", "n_sims": 2, "seed": 1 });
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

    async fn old_names_lead_to_the_same_routes_and_say_what_succeeds_them(db: TestDb) {
        let app = App::new(db).await;
        let known = judged(&app).await;
        let old = app.get(&format!("/api/lab/entry-runs/{}", known["strategy_generation_run_id"])).await;
        let today = app.get(&format!("/api/lab/strategies/{}", known["strategy_generation_run_id"])).await;
        assert_eq!(old.headers["deprecation"], "@1795996800");
        assert!(old.headers["link"].to_str().unwrap().contains("/api/lab/strategies/"), "{:?}", old.headers);
        assert!(today.headers.get("deprecation").is_none());
        assert_eq!(old.ok(), today.ok());
        let asked = json!({ "synthetic_calcutta_id": known["synthetic_calcutta_id"], "candidate_id": known["candidate_id"] });
        assert_eq!(app.post("/api/lab/synthetic-entries", &asked).await.problem().1, "ALREADY_ATTACHED");
        assert_eq!(app.get("/api/lab/entry-runs/x?y=1").await.status, 422);
        assert_eq!(app.get("/api/lab/nothing").await.status, 404);
        app.close().await;
    }

    async fn files_cohorts_and_runs_go_over_http(db: TestDb) {
        let app = App::new(db).await;
        let known = judged(&app).await;
        let files = json!({ "files": [{ "name": "field.csv", "content": "dGVhbSxzZWVkCkEsMQpCLDIK" }], "season": 2026 });
        let read = app.post("/api/lab/seasons/inspect", &files).await.ok();
        assert_eq!((&read["problems"], &read["season"]["tournament"]["name"]), (&json!([]), &json!("field")));
        kept(&app, "seasons", &read["season"]).await;
        let none = json!({ "files": [] });
        assert_eq!(app.post("/api/lab/seasons/inspect", &none).await.problem().2, ["files"]);
        for (field, value) in [("odds_level", json!(0)), ("name", json!("")), ("calcutta_name", json!("a".repeat(101)))] {
            let none = json!({ "files": files["files"], field: value });
            assert_eq!(app.post("/api/lab/seasons/inspect", &none).await.problem().2, [field]);
        }
        let nameless = json!({ "files": [{ "name": "", "content": "" }] });
        assert_eq!(app.post("/api/lab/seasons/inspect", &nameless).await.problem().2, ["files[0].name"]);
        let sheet = json!({ "snapshot_id": known["snapshot_id"], "file": { "name": "a.csv", "content": "dGVhbSxwb2ludHMKWiwxCg==" } });
        let wrong = app.post("/api/lab/candidates/import", &sheet).await.problem();
        assert_eq!((wrong.0, &wrong.2[0]), (422, &"a.csv[2].points".to_owned()));
        let read = app.post("/api/lab/candidates/inspect", &sheet).await.ok();
        assert_eq!(read["problems"].as_array().unwrap().len(), 1, "{read}");

        let synced = app.post("/api/lab/cohorts/sync", &json!({})).await.ok();
        assert_eq!((&synced["created"], synced["cohorts"].as_array().unwrap().len()), (&json!(9), 9));
        let model = json!({ "kind": "logistic", "scale": 10.0 });
        let query = json!({ "run_kind": "game_outcome", "model": model, "starting_state_key": "post_first_four" });
        let proposal = app.post("/api/lab/bulk-runs/propose", &query).await.ok();
        let lengths = ["runs", "skipped", "refused"].map(|part| proposal[part].as_array().unwrap().len());
        assert_eq!(lengths, [0, 1, 1], "{proposal}");
        let runs = json!({ "runs": [{ "run_kind": "market_share", "request":
            { "snapshot_id": known["snapshot_id"], "model": { "kind": "oracle_actual_market" } } }] });
        let report = app.post("/api/lab/bulk-runs", &runs).await.ok();
        assert_eq!(report["skipped"][0]["run_id"], json!(known["market_share_run_id"]));
        let board = app.get("/api/lab/models/leaderboard").await.ok();
        assert_eq!(board["models"][0]["market_share_model"], "oracle_actual_market");
        assert_eq!(app.get("/api/lab/coverage/model?run_kind=batch&model=x").await.problem().2, ["run_kind"]);

        let path = format!("/api/lab/synthetic-calcuttas/{}", known["synthetic_calcutta_id"]);
        let before = app.get(&path).await.ok();
        let rules = json!({
            "rules": { "budget_points": 200 }, "scoring": [{ "win_index": 7, "points_awarded": 1 }],
            "payouts": [{ "position": 1, "amount_cents": 5 }],
        });
        let put = |tag: &str| request(Method::PUT, &format!("{path}/rules"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, tag);
        let stale = app.send(put("\"1\"").body(rules.to_string().into()).unwrap()).await;
        assert_eq!(stale.problem().0, 412);
        let replaced = app.send(put("\"2\"").body(rules.to_string().into()).unwrap()).await.ok();
        assert_ne!(replaced["snapshot_id"], before["snapshot_id"]);
        let snapshot = app.get(&format!("/api/lab/snapshots/{}", text(&replaced["snapshot_id"]))).await.ok();
        assert_eq!(snapshot["content"]["rules"]["budget_points"], 200);
        assert_eq!(snapshot["base_snapshot_id"], before["snapshot_id"]);
        app.close().await;
    }
}
