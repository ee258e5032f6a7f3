//! Forks over HTTP.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::{Answer, App, request};
use crate::script::Script;

async fn append(app: &App, run: &str, frames: &[String]) -> Answer {
    let asked = request(Method::POST, &format!("/api/runs/{run}/frames"))
        .header(header::CONTENT_TYPE, "application/x-ndjson");
    app.send(asked.body(Body::from(frames.join("\n"))).unwrap()).await
}

on_both_databases! {
    async fn a_run_is_forked_continued_and_ended_over_http(db: TestDb) {
        let app = App::new(db).await;
        let source = app.ended(Script::Count(4)).await.item.run_id;
        let answer = app.post(&format!("/api/runs/{source}/fork"), &json!({ "seq": 3 })).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let fork = answer.json();
        let id = fork["run_id"].as_str().unwrap();
        assert_eq!(answer.headers["location"], format!("/api/runs/{id}"));
        assert_eq!((&fork["kind"], &fork["status"], &fork["frames"]), (&json!("fork"), &json!("running"), &json!(3)));
        assert_eq!(fork["spec"]["source_run_id"], source.to_string());
        assert_eq!((&fork["inputs"][0]["role"], &fork["inputs"][0]["id"]), (&json!("fork"), &json!(source.to_string())));
        let page = app.get(&format!("/api/runs/{source}/replay/events")).await.ok();
        let mut last = page["items"].as_array().unwrap().last().unwrap().clone();
        last["event_id"] = json!(4);
        let last = vec![last.to_string()];
        let head: Value = append(&app, id, &last).await.ok();
        assert_eq!((&head["seq"], &head["is_closed"]), (&json!(4), &json!(true)));
        assert_eq!(append(&app, id, &last).await.ok(), head);
        assert_eq!(app.get(&format!("/api/runs/{id}")).await.ok()["status"], "succeeded");
        assert_eq!(app.get(&format!("/api/runs/{id}/verify")).await.ok()["verified"], true);
        app.close().await;
    }

    async fn what_cannot_be_forked_or_added_says_why(db: TestDb) {
        let app = App::new(db).await;
        let source = app.ended(Script::Count(4)).await.item.run_id;
        let fork = format!("/api/runs/{source}/fork");
        for seq in [json!(0), json!(99), json!(-1), Value::Null] {
            let refused = app.post(&fork, &json!({ "seq": seq })).await.problem();
            assert_eq!((refused.0, refused.2), (422, vec!["seq".to_owned()]), "{seq}");
        }
        let unknown = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        let refused = app.post(&format!("/api/runs/{unknown}/fork"), &json!({ "seq": 1 })).await.problem();
        assert_eq!((refused.0, refused.1.as_str()), (404, "RUN_NOT_FOUND"));
        assert_eq!(append(&app, unknown, &["{}".to_owned()]).await.problem().0, 404);
        let refused = append(&app, &source.to_string(), &["{}".to_owned()]).await.problem();
        assert_eq!((refused.0, refused.1.as_str()), (409, "RUN_NOT_A_FORK"));
        let open = app.post(&fork, &json!({ "seq": 2 })).await.ok()["run_id"].as_str().unwrap().to_owned();
        let refused = append(&app, &open, &["{}".to_owned()]).await.problem();
        assert_eq!((refused.0, refused.2), (422, vec!["line 1".to_owned()]));
        assert_eq!(append(&app, &open, &[]).await.problem().2, ["body"]);
        assert_eq!(app.delete(&format!("/api/runs/{open}")).await.problem().1, "RUN_OF_OTHERS");
        let path = format!("/api/runs/{open}/abandon");
        let ended = app.post(&path, &json!({ "reason": "nobody goes on with it" })).await.ok();
        assert_eq!((&ended["status"], &ended["error"]["code"]), (&json!("failed"), &json!("RUN_ABANDONED")));
        app.close().await;
    }
}
