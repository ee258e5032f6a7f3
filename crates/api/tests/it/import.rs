//! Runs that were recorded elsewhere, over HTTP.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use test_support::on_both_databases;
use wire::access::{NewToken, Scope};

use crate::app::{Answer, App, request};
use crate::script::Script;

/// The bundle of a run of this server.
async fn bundle(app: &App) -> (String, String) {
    let run = app.ended(Script::Count(4)).await.item.run_id;
    app.log.sequence().await.unwrap();
    let answer = app.get(&format!("/api/runs/{run}/bundle")).await;
    assert_eq!(answer.status, 200);
    (run.to_string(), answer.text().to_owned())
}

async fn import(app: &App, token: &str, query: &str, text: impl Into<Body>) -> Answer {
    let asked = request(Method::POST, &format!("/api/runs/import{query}"))
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(asked.body(text.into()).unwrap()).await
}

async fn token(app: &App, tenant: Option<&str>) -> String {
    let (tenant, scopes) = (tenant.map(str::to_owned), Some(Scope::ALL.to_vec()));
    let new = NewToken { name: "test".to_owned(), scopes, expires_in_days: None, tenant };
    app.client.create_token(&new).await.unwrap().secret
}

async fn get(app: &App, token: &str, path: &str) -> Answer {
    let asked = request(Method::GET, path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(asked.body(Body::empty()).unwrap()).await
}

on_both_databases! {
    async fn a_bundle_becomes_a_run_of_whoever_brings_it(db: TestDb) {
        let app = App::new(db).await;
        let (run, text) = bundle(&app).await;
        let proof: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let (own, stranger) = (token(&app, None).await, token(&app, Some("stranger")).await);
        let answer = import(&app, &stranger, "", text.clone()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let imported = answer.json();
        let id = imported["run_id"].as_str().unwrap();
        assert_eq!(answer.headers["location"], format!("/api/runs/{id}"));
        assert_eq!((&imported["kind"], &imported["status"]), (&json!("import"), &json!("succeeded")));
        assert_eq!(imported["ledger"]["head"], proof["head"]);
        assert_eq!((&imported["spec"]["run_id"], &imported["spec"]["run_kind"]), (&json!(run), &json!("script")));
        let again = import(&app, &stranger, "", text.clone()).await;
        assert_eq!((again.status.as_u16(), again.ok()["run_id"].as_str()), (200, Some(id)));
        // Whoever brings their own has it already.
        let mine = import(&app, &own, "", text.clone()).await;
        assert_eq!((mine.status.as_u16(), mine.ok()["run_id"].as_str()), (200, Some(run.as_str())));
        assert_eq!(get(&app, &own, &format!("/api/runs/{id}")).await.status, 404);
        let page = get(&app, &stranger, &format!("/api/runs/{id}/replay/events")).await.ok();
        assert_eq!(page["items"].as_array().map(|frames| frames.len() as u64), proof["frames"].as_u64());
        let verified = get(&app, &stranger, &format!("/api/runs/{id}/verify")).await.ok();
        assert_eq!(verified["verified"], true, "{verified}");
        app.log.sequence().await.unwrap();
        let taken_on = get(&app, &stranger, &format!("/api/runs/{id}/bundle")).await;
        assert_eq!(taken_on.text().split_once('\n').unwrap().1, text.split_once('\n').unwrap().1);
        let listed = get(&app, &stranger, "/api/runs?kind=import").await.ok();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        app.close().await;
    }

    async fn nothing_is_kept_of_a_bundle_that_does_not_hold(db: TestDb) {
        let app = App::new(db).await;
        let (_, text) = bundle(&app).await;
        let stranger = token(&app, Some("stranger")).await;
        let lines: Vec<&str> = text.lines().collect();
        let (proof, frames) = (lines[0], &lines[1..]);
        let written = |frames: &[&str]| format!("{proof}\n{}\n", frames.join("\n"));
        let mut changed = frames.to_vec();
        let other = changed[3].replace("\"done\":", "\"done\": ");
        changed[3] = &other;
        let swapped: Vec<&str> = [&frames[..2], &[frames[3], frames[2]], &frames[4..]].concat();
        let repeated: Vec<&str> = [&frames[..2], &frames[1..]].concat();
        let dropped: Vec<&str> = [&frames[..4], &frames[5..]].concat();
        for (frames, code, field) in [
            (changed, "BUNDLE_CHANGED", "frame 4"),
            (swapped, "BUNDLE_FRAME", "frame 3"),
            (repeated, "BUNDLE_FRAME", "frame 3"),
            (dropped, "BUNDLE_FRAME", "frame 5"),
            (frames[..frames.len() - 1].to_vec(), "BUNDLE_CUT", &format!("frame {}", frames.len())),
        ] {
            let refused = import(&app, &stranger, "", written(&frames)).await.problem();
            assert_eq!(refused, (422, code.to_owned(), vec![field.to_owned()]));
        }
        for text in ["", "{}", "x\ny"] {
            assert_eq!(import(&app, &stranger, "", text).await.problem().1, "BUNDLE_MALFORMED", "{text}");
        }
        assert_eq!(import(&app, &stranger, "?key=x", text.clone()).await.problem().2, ["key"]);
        assert_eq!(import(&app, &stranger, "?kex=x", text.clone()).await.problem().0, 422);
        assert_eq!(import(&app, &stranger, "", vec![0xff_u8]).await.problem().2, ["body"]);
        let other = tlog::Signer::new("log.example", &[8; 32]).unwrap().verifier().to_string();
        let other: Vec<String> = other.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let refused = import(&app, &stranger, &format!("?key={}", other.concat()), text.clone()).await.problem();
        assert_eq!(refused.1, "BUNDLE_NOT_SIGNED");
        assert_eq!(get(&app, &stranger, "/api/runs").await.ok()["items"], json!([]));
        app.close().await;
    }

    async fn what_others_did_is_not_done_again_here(db: TestDb) {
        let app = App::new(db).await;
        let (_, text) = bundle(&app).await;
        let stranger = token(&app, Some("stranger")).await;
        let id = import(&app, &stranger, "", text).await.ok()["run_id"].as_str().unwrap().to_owned();
        for (method, path, code) in [
            (Method::POST, "requeue", "RUN_OF_OTHERS"),
            (Method::POST, "reproduce", "RUN_OF_OTHERS"),
            (Method::DELETE, "", "RUN_ALREADY_TERMINAL"),
        ] {
            let asked = request(method, format!("/api/runs/{id}/{path}").trim_end_matches('/'))
                .header(header::AUTHORIZATION, format!("Bearer {stranger}"));
            assert_eq!(app.send(asked.body(Body::empty()).unwrap()).await.problem().1, code, "{path}");
        }
        app.close().await;
    }
}
