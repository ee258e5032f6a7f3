//! A whole conversation: its frames run after run, and where it was cut.

use axum::body::Body;
use axum::http::Method;
use kernel::{ConversationId, RunId, Seed, Tenant};
use runs::Submit;
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::{App, request};
use crate::script::{Script, ScriptKind};

async fn opened(app: &App) -> ConversationId {
    let opened = app.post("/api/conversations", &json!({"title": "umbrellas"})).await.ok();
    opened["conversation_id"].as_str().unwrap().parse().unwrap()
}

async fn joined(app: &App, conversation: ConversationId, script: Script) -> RunId {
    let submit = Submit { conversation_id: Some(conversation), ..Submit::new("scripted", Seed(1), script) };
    app.engine.submit::<ScriptKind>(Tenant::LOCAL, submit).await.unwrap()
}

/// Runs of one conversation that work side by side, so that their frames are stored in between each other.
async fn side_by_side(app: &App, conversation: ConversationId, n: usize) -> Vec<RunId> {
    let mut runs = Vec::new();
    for _ in 0..n {
        runs.push(joined(app, conversation, Script::Count(7)).await);
    }
    for run in &runs {
        app.client.wait(*run).await.unwrap();
    }
    runs
}

/// What stands in a run's own replay.
async fn own(app: &App, run: RunId) -> Vec<(String, String)> {
    let page = app.engine.ledger().reader().page(Tenant::LOCAL, run, 0, 1000).await.unwrap();
    page.frames.into_iter().map(|(seq, text)| (format!("{run}:{seq}"), text)).collect()
}

/// What stands in a conversation's replay, in pages of so many, with `cut` in the place of a cut.
async fn pages(app: &App, conversation: ConversationId, limit: usize) -> Vec<(String, String)> {
    let base = format!("/api/conversations/{conversation}/replay/events?limit={limit}");
    let (mut path, mut told) = (base.clone(), Vec::new());
    loop {
        let answer = app.get(&path).await;
        let page = answer.ok();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        let raw: wire::runs::Replay = serde_json::from_str(answer.text()).unwrap();
        for item in raw.items {
            let text = item.frame.map_or_else(|| "cut".to_owned(), |frame| frame.get().to_owned());
            told.push((format!("{}:{}", item.run_id, item.seq), text));
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("{base}&cursor={cursor}"),
            None => return told,
        }
    }
}

/// What a stream of a conversation holds.
fn events(stream: &str) -> Vec<(String, String)> {
    let blocks = stream.split("\n\n").filter(|block| block.starts_with("id: "));
    let told = blocks.map(|block| {
        let (id, rest) = block["id: ".len()..].split_once('\n').unwrap();
        match rest.strip_prefix("data: ") {
            Some(data) => (id.to_owned(), data.to_owned()),
            None => (id.rsplit_once(':').unwrap().0.to_owned(), "cut".to_owned()),
        }
    });
    told.collect()
}

async fn cut(app: &App, conversation: ConversationId, run: RunId, seq: u64) -> Value {
    app.post(&format!("/api/conversations/{conversation}/truncate"), &json!({"run_id": run, "seq": seq}))
        .await
        .ok()
}

on_both_databases! {
    async fn a_conversation_is_the_replay_of_its_runs_one_after_the_other(db: TestDb) {
        let app = App::new(db).await;
        let conversation = opened(&app).await;
        let runs = side_by_side(&app, conversation, 4).await;
        let other = app.ended(Script::Count(2)).await;
        let mut expected = Vec::new();
        for run in &runs {
            expected.extend(own(&app, *run).await);
        }
        for limit in [1, 2, 5, 1000] {
            assert_eq!(pages(&app, conversation, limit).await, expected, "in pages of {limit}");
        }
        let base = format!("/api/conversations/{conversation}/replay/stream");
        assert_eq!(events(app.get(&base).await.text()), expected);
        for (n, (place, _)) in expected.iter().enumerate() {
            let rest = app.get(&format!("{base}?after={place}&follow=false")).await;
            assert_eq!(events(rest.text()), expected[n + 1..], "after {place}");
            let asked = request(Method::GET, &base).header("last-event-id", place).body(Body::empty()).unwrap();
            assert_eq!(events(app.send(asked).await.text()), expected[n + 1..], "after {place}");
        }
        let place = &expected.last().unwrap().0;
        assert_eq!(app.get(&format!("{base}?after={place}")).await.status, 204);
        let page = app.get(&format!("/api/conversations/{conversation}/replay/events?limit=1")).await.ok();
        let foreign = format!("/api/conversations/{}/replay/events?cursor={}", other.item.conversation_id, page["next_cursor"].as_str().unwrap());
        assert_eq!(app.get(&foreign).await.problem().1, "INVALID_CURSOR");
        app.close().await;
    }

    async fn a_run_that_goes_on_holds_back_those_behind_it_and_none_is_missed(db: TestDb) {
        let app = App::new(db).await;
        let conversation = opened(&app).await;
        let first = joined(&app, conversation, Script::Gated).await;
        let second = joined(&app, conversation, Script::Count(2)).await;
        app.client.wait(second).await.unwrap();
        let page = app.get(&format!("/api/conversations/{conversation}/replay/events")).await.ok();
        assert_eq!((&page["open_run_ids"], page["items"].as_array().unwrap().last().unwrap()["run_id"].as_str()), (&json!([first]), Some(second.to_string().as_str())));
        let stream = app.head(&format!("/api/conversations/{conversation}/replay/stream")).await;
        app.go.add_permits(1);
        let body = http_body_util::BodyExt::collect(stream.into_body()).await.unwrap().to_bytes();
        let mut expected = own(&app, first).await;
        expected.extend(own(&app, second).await);
        assert_eq!(events(str::from_utf8(&body).unwrap()), expected);
        app.close().await;
    }

    async fn what_lies_behind_a_cut_is_left_out_and_stays_in_its_runs(db: TestDb) {
        let app = App::new(db).await;
        let conversation = opened(&app).await;
        let runs = side_by_side(&app, conversation, 3).await;
        let made = cut(&app, conversation, runs[1], 2).await;
        let whole: Vec<_> = [own(&app, runs[0]).await, own(&app, runs[1]).await, own(&app, runs[2]).await].concat();
        let n_first = own(&app, runs[0]).await.len();
        assert_eq!((&made["number"], &made["runs"], &made["through_run_id"]), (&1.into(), &2.into(), &json!(runs[2])));
        assert_eq!(made["frames"], whole.len() - n_first - 2);
        let later = joined(&app, conversation, Script::Count(1)).await;
        app.client.wait(later).await.unwrap();
        let mut expected = whole[..n_first + 2].to_vec();
        expected.push((format!("{}:2", runs[1]), "cut".to_owned()));
        expected.extend(own(&app, later).await);
        for limit in [1, 3, 1000] {
            assert_eq!(pages(&app, conversation, limit).await, expected, "in pages of {limit}");
        }
        let base = format!("/api/conversations/{conversation}/replay/stream");
        assert_eq!(events(app.get(&base).await.text()), expected);
        // Who had read on before it was cut is told of the cut and goes on behind it.
        let rest = app.get(&format!("{base}?after={}:1", runs[2])).await;
        assert_eq!(events(rest.text()), expected[n_first + 2..]);
        for (run, after) in [(runs[0], Value::Null), (runs[1], 2.into()), (runs[2], 0.into()), (later, Value::Null)] {
            let page = app.get(&format!("/api/runs/{run}/replay/events")).await.ok();
            assert_eq!((page["items"].as_array().unwrap().len(), &page["cut_after_seq"]), (own(&app, run).await.len(), &after));
            assert_eq!(app.get(&format!("/api/runs/{run}/verify")).await.ok()["verified"], true);
        }
        app.close().await;
    }

    async fn a_cut_before_a_cut_leaves_it_out_and_the_same_cut_changes_nothing(db: TestDb) {
        let app = App::new(db).await;
        let conversation = opened(&app).await;
        let runs = side_by_side(&app, conversation, 2).await;
        let first = cut(&app, conversation, runs[1], 1).await;
        assert_eq!(cut(&app, conversation, runs[1], 1).await, first);
        let second = cut(&app, conversation, runs[0], 0).await;
        assert_eq!((&second["number"], &second["runs"]), (&2.into(), &2.into()));
        assert_eq!(pages(&app, conversation, 10).await, [(format!("{}:0", runs[0]), "cut".to_owned())]);
        let path = format!("/api/conversations/{conversation}");
        assert_eq!(app.get(&format!("{path}/cuts")).await.ok()["items"], json!([first, second]));
        let elsewhere = app.ended(Script::Count(1)).await.item.run_id;
        for (run, seq, expected) in [
            (runs[0], 1, (409, "ALREADY_CUT")),
            (runs[1], 0, (409, "ALREADY_CUT")),
            (runs[1], 999, (422, "INVALID_CUT")),
            (elsewhere, 0, (422, "INVALID_CUT")),
        ] {
            let refused = app.post(&format!("{path}/truncate"), &json!({"run_id": run, "seq": seq})).await;
            let (status, code, _) = refused.problem();
            assert_eq!((status, code.as_str()), expected, "{run} {seq}");
        }
        app.close().await;
    }

    async fn nothing_is_cut_where_nothing_lies_behind(db: TestDb) {
        let app = App::new(db).await;
        let conversation = opened(&app).await;
        let run = side_by_side(&app, conversation, 1).await[0];
        let end = own(&app, run).await.len();
        let path = format!("/api/conversations/{conversation}/truncate");
        let refused = app.post(&path, &json!({"run_id": run, "seq": end})).await;
        assert_eq!(refused.problem().1, "NOTHING_TO_CUT");
        let nobody = "/api/conversations/019b8d2d-0000-7000-8000-000000000001/truncate";
        assert_eq!(app.post(nobody, &json!({"run_id": run, "seq": 0})).await.problem().1, "CONVERSATION_NOT_FOUND");
        app.close().await;
    }
}
