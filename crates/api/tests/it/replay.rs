//! Frames in pages and as an event stream.

use axum::body::Body;
use axum::http::{Method, header};
use http_body_util::BodyExt;
use kernel::RunId;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use test_support::on_both_databases;

use crate::app::{Answer, App, request};
use crate::script::Script;

/// The frames of an event stream with their ids.
pub(crate) fn events(stream: &str) -> Vec<(u64, String)> {
    let blocks = stream.split("\n\n").filter(|block| block.starts_with("id: "));
    blocks
        .map(|block| {
            let (id, data) = block.split_once("\ndata: ").unwrap();
            (id["id: ".len()..].parse().unwrap(), data.to_owned())
        })
        .collect()
}

async fn resumed(app: &App, path: &str, last: &str) -> Answer {
    app.send(request(Method::GET, path).header("last-event-id", last).body(Body::empty()).unwrap()).await
}

/// Lets all frames of an ended run go, under a receipt.
async fn prune(app: &App, run: RunId) {
    let ledger = app.engine.ledger();
    let pruned = app.db.db.write.write("prune", async |tx| {
        let backend = tx.get_database_backend();
        let receipt = uuid::Uuid::from_u128(1);
        let sql = "INSERT INTO retention_receipt VALUES ($1, $2, 'too old', '[]', 0)";
        let values = [receipt.into(), kernel::Tenant::LOCAL.id().into()];
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        let sql = "INSERT INTO retention_release VALUES ($1, 'frames', $2)";
        let values = [receipt.into(), run.0.as_bytes().to_vec().into()];
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        ledger.prune_in(tx, run, 1..=u64::MAX).await
    });
    assert!(pruned.await.unwrap().frames > 0);
}

async fn lint(app: &App, text: String) -> Value {
    let asked =
        request(Method::POST, "/api/frames/lint").header(header::CONTENT_TYPE, "application/x-ndjson");
    app.send(asked.body(Body::from(text)).unwrap()).await.ok()
}

on_both_databases! {
    async fn the_frames_of_a_run_keep_to_the_contract_and_a_lost_one_is_told_by_its_line(db: TestDb) {
        let app = App::new(db).await;
        let id = app.ended(Script::Count(7)).await.item.run_id;
        let page = app.engine.ledger().reader().page(kernel::Tenant::LOCAL, id, 0, 1000).await.unwrap();
        let mut lines: Vec<String> = page.frames.into_iter().map(|(_, text)| text).collect();
        let report = lint(&app, lines.join("\n")).await;
        assert_eq!((&report["is_valid"], &report["frames"]), (&true.into(), &lines.len().into()), "{report}");
        lines.remove(2);
        lines.push("{}".to_owned());
        let report = lint(&app, lines.join("\n")).await;
        assert_eq!(report["findings_total"], 2, "{report}");
        assert_eq!((&report["findings"][0]["line"], &report["findings"][0]["code"]), (&3.into(), &"STREAM_NUMBER".into()));
        assert_eq!(report["findings"][1]["line"], lines.len());
        let asked = request(Method::POST, "/api/frames/lint").header(header::CONTENT_TYPE, "application/json");
        assert_eq!(app.send(asked.body(Body::from("{}")).unwrap()).await.status, 415);
    }

    async fn pages_hold_the_stored_bytes_in_order(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(7)).await;
        let id = run.item.run_id;
        let stored = app.engine.ledger().reader().page(kernel::Tenant::LOCAL, id, 0, 1000).await.unwrap().frames;
        let mut path = format!("/api/runs/{id}/replay/events?limit=3");
        let mut seen = 0;
        loop {
            let answer = app.get(&path).await;
            let page = answer.ok();
            let items = page["items"].as_array().unwrap();
            let texts: Vec<&str> = stored[seen..seen + items.len()].iter().map(|(_, text)| text.as_str()).collect();
            assert!(answer.text().contains(&format!("\"items\":[{}],", texts.join(","))), "{}", answer.text());
            seen += items.len();
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            assert_eq!(items.len(), 3);
            path = format!("/api/runs/{id}/replay/events?limit=3&cursor={cursor}");
        }
        assert_eq!(seen as u64, run.ledger.seq);
        app.close().await;
    }

    async fn a_stream_resumes_anywhere_and_says_when_nothing_is_left(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(3)).await;
        let end = run.ledger.seq;
        let path = format!("/api/runs/{}/replay/stream", run.item.run_id);
        let whole = events(app.get(&path).await.text());
        assert_eq!(whole.iter().map(|(id, _)| *id).collect::<Vec<_>>(), (1..=end).collect::<Vec<_>>());
        for after in 0..end {
            let at = usize::try_from(after).unwrap();
            assert_eq!(events(app.get(&format!("{path}?after={after}")).await.text()), whole[at..]);
            assert_eq!(events(resumed(&app, &path, &after.to_string()).await.text()), whole[at..]);
            let stored = app.get(&format!("{path}?after={after}&follow=false")).await;
            assert_eq!(events(stored.text()), whole[at..]);
        }
        assert_eq!(app.get(&format!("{path}?after={end}")).await.status, 204);
        // What a browser says goes before what stands in the address.
        assert_eq!(resumed(&app, &format!("{path}?after=0"), &end.to_string()).await.status, 204);
        app.close().await;
    }

    async fn frames_that_were_let_go_are_named_and_never_made_up(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(7)).await;
        let (id, seq) = (run.item.run_id, run.ledger.seq);
        prune(&app, id).await;
        let base = format!("/api/runs/{id}");
        for path in ["replay/events", "replay/events?after=2", "replay/stream", "replay/stream?follow=false"] {
            let answer = app.get(&format!("{base}/{path}")).await;
            let (status, code, _) = answer.problem();
            assert_eq!((status, code.as_str()), (404, "FRAMES_PRUNED"), "{path}");
            assert!(answer.text().contains(&format!("read on after {seq}")), "{}", answer.text());
        }
        assert_eq!(app.get(&format!("{base}/replay/stream?after={seq}")).await.status, 204);
        let verdict = app.get(&format!("{base}/verify")).await.ok();
        assert_eq!((&verdict["verified"], &verdict["frames"], &verdict["pruned"]), (&true.into(), &seq.into(), &seq.into()));
        app.close().await;
    }

    async fn many_viewers_of_one_run_all_see_all_of_it(db: TestDb) {
        let app = App::new(db).await;
        let run = app.script(Script::Gated).await;
        let path = format!("/api/runs/{run}/replay/stream");
        let mut open = Vec::new();
        for _ in 0..600 {
            let response = app.head(&path).await;
            assert_eq!(response.status(), 200);
            open.push(response.into_body().collect());
        }
        // All of them are there before the run goes on.
        app.go.add_permits(1);
        let seen = futures::future::join_all(open).await;
        let stored = app.get(&path).await;
        for body in seen {
            let body = body.unwrap().to_bytes();
            assert_eq!(events(std::str::from_utf8(&body).unwrap()), events(stored.text()));
        }
        app.close().await;
    }

    async fn a_stream_that_does_not_follow_ends_with_what_is_stored(db: TestDb) {
        let app = App::new(db).await;
        let run = app.script(Script::Gated).await;
        let path = format!("/api/runs/{run}/replay/stream?follow=false");
        while events(app.get(&path).await.text()).len() < 4 {
            tokio::task::yield_now().await;
        }
        app.go.add_permits(1);
        assert!(app.client.wait(run).await.unwrap().item.status.is_terminal());
        app.close().await;
    }
}

#[tokio::test]
async fn a_stream_is_refused_before_its_first_byte() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(Script::Count(1)).await.item.run_id;
    let other = app.ended(Script::Count(1)).await.item.run_id;
    let stream = format!("/api/runs/{run}/replay/stream");
    let events = format!("/api/runs/{run}/replay/events");
    let foreign = app.get(&format!("/api/runs/{other}/replay/events?limit=1")).await.ok();
    let foreign = foreign["next_cursor"].as_str().unwrap();
    for (path, expected) in [
        ("/api/runs/019b8d2d-0000-7000-8000-000000000001/replay/stream".to_owned(), (404, "RUN_NOT_FOUND")),
        (format!("{stream}?after=99"), (400, "POSITION_BEYOND_END")),
        (format!("{stream}?after=-1"), (422, "VALIDATION_ERROR")),
        (format!("{stream}?follow=perhaps"), (422, "VALIDATION_ERROR")),
        (format!("{events}?cursor={foreign}"), (400, "INVALID_CURSOR")),
        (format!("{events}?limit=1001"), (422, "VALIDATION_ERROR")),
        (format!("{events}?limit=0"), (422, "VALIDATION_ERROR")),
        (format!("{events}?after=1&cursor={foreign}"), (422, "VALIDATION_ERROR")),
    ] {
        let (status, code, _) = app.get(&path).await.problem();
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
    assert_eq!(resumed(&app, &stream, "frame 7").await.problem().2, ["Last-Event-ID"]);
    app.close().await;
}

#[tokio::test]
async fn streams_are_not_kept_by_anybody_on_the_way() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(Script::Count(1)).await.item.run_id;
    let answer = app.get(&format!("/api/runs/{run}/replay/stream")).await;
    assert_eq!(answer.media_type(), "text/event-stream");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-cache, no-transform");
    app.close().await;
}

#[tokio::test]
async fn a_whole_run_is_verified() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(Script::Count(5)).await;
    let verdict = app.get(&format!("/api/runs/{}/verify", run.item.run_id)).await.ok();
    assert_eq!((&verdict["verified"], &verdict["is_closed"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!(
        (&verdict["frames"], &verdict["head"]),
        (&run.ledger.seq.into(), &run.ledger.head.to_string().into())
    );
    app.close().await;
}
