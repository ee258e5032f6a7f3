//! What a person does with a run: answer its question, run it again, give it up, and the conversation it belongs to.

use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::App;
use crate::script::Script;
use crate::selection::{comparison, dataset};

async fn is_asked(app: &App, path: &str) -> Value {
    loop {
        let run = app.get(path).await.ok();
        if run["status"] == "waiting" {
            return run;
        }
        tokio::task::yield_now().await;
    }
}

on_both_databases! {
    async fn a_question_is_shown_answered_once_and_the_run_goes_on(db: TestDb) {
        let app = App::new(db).await;
        let run = app.script(Script::Ask).await;
        let path = format!("/api/runs/{run}");
        let waiting = is_asked(&app, &path).await;
        assert_eq!((&waiting["waits_for"], &waiting["questions"][0]["title"]), (&json!("decision"), &json!("Go on?")));
        assert_eq!(waiting["questions"][0]["decision"], Value::Null);

        let answers = format!("{path}/decisions");
        let unknown = json!({ "name": "other", "decision": "approved" });
        assert_eq!(app.post(&answers, &unknown).await.problem().0, 404);
        let odd = json!({ "name": "go-on", "decision": "perhaps" });
        assert_eq!(app.post(&answers, &odd).await.problem().2, ["decision"]);
        let mute = json!({ "name": "go-on", "decision": "approved", "reason": "" });
        assert_eq!(app.post(&answers, &mute).await.problem().2, ["reason"]);

        let yes = json!({ "name": "go-on", "decision": "approved", "reason": "it looks right" });
        let told = app.post(&answers, &yes).await.ok();
        assert_eq!(told["questions"][0]["reason"], "it looks right");
        assert_eq!(app.client.wait(run).await.unwrap().item.status, wire::runs::Status::Succeeded);
        let no = json!({ "name": "go-on", "decision": "rejected" });
        assert_eq!(app.post(&answers, &no).await.problem().0, 409);
        assert_eq!(app.get(&format!("{path}/verify")).await.ok()["verified"], true);
        app.close().await;
    }

    async fn an_ended_run_is_run_again_and_a_parked_one_is_given_up(db: TestDb) {
        let app = App::new(db).await;
        let failed = app.ended(Script::Fail).await.item.run_id;
        let requeue = format!("/api/runs/{failed}/requeue");
        let again = app.post(&requeue, &json!({})).await;
        assert_eq!(again.status, 202);
        let again = again.ok()["run_id"].as_str().unwrap().to_owned();
        assert_eq!(app.get(&format!("/api/runs/{again}")).await.ok()["retry_of"], json!(failed));

        let parked = app.script(Script::Ask).await;
        let path = format!("/api/runs/{parked}");
        is_asked(&app, &path).await;
        let (status, code, _) = app.post(&format!("{path}/requeue"), &json!({})).await.problem();
        assert_eq!((status, code.as_str()), (409, "RUN_NOT_ENDED"));
        assert_eq!(app.post(&format!("{path}/abandon"), &json!({})).await.problem().2, ["reason"]);
        let ended = app.post(&format!("{path}/abandon"), &json!({ "reason": "nobody answers" })).await.ok();
        assert_eq!((&ended["status"], &ended["error"]["code"]), (&json!("failed"), &json!("RUN_ABANDONED")));
        let (status, code, _) = app.post(&format!("{path}/abandon"), &json!({ "reason": "again" })).await.problem();
        assert_eq!((status, code.as_str()), (409, "RUN_ALREADY_TERMINAL"));
        app.close().await;
    }

    async fn two_conversations_may_share_a_title_and_never_their_runs(db: TestDb) {
        let app = App::new(db).await;
        let open = json!({ "title": "spring" });
        let first = app.post("/api/conversations", &open).await.ok()["conversation_id"].as_str().unwrap().to_owned();
        let second = app.post("/api/conversations", &open).await.ok()["conversation_id"].as_str().unwrap().to_owned();
        assert_ne!(first, second);
        let asked = |dataset: &str, conversation: &str| {
            let mut body = comparison(dataset);
            body["conversation_id"] = json!(conversation);
            body
        };
        let dataset = dataset(&app).await;
        let path = "/api/model-selection/runs";
        let run = app.post(path, &asked(&dataset, &first)).await.ok()["selection_id"].clone();
        for (conversation, expected) in [(&first, vec![&run]), (&second, Vec::new())] {
            let found = app.get(&format!("/api/runs?conversation_id={conversation}")).await.ok();
            let runs = found["items"].as_array().unwrap().iter().map(|item| &item["run_id"]);
            assert_eq!(runs.collect::<Vec<_>>(), expected);
        }
        let foreign = uuid::Uuid::from_u128(7).to_string();
        assert_eq!(app.post(path, &asked(&dataset, &foreign)).await.problem().2, ["conversation_id"]);
        app.client.wait(run.as_str().unwrap().parse().unwrap()).await.unwrap();
        let listed = app.get("/api/conversations?limit=1").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert!(listed["next_cursor"].is_string());
        assert_eq!(app.get(&format!("/api/conversations/{second}")).await.ok()["title"], "spring");
        app.close().await;
    }
}
