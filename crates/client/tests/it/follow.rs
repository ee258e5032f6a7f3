//! A frame stream resumes, notices gaps, and ends with the run.

use bytes::Bytes;
use client::{Client, Error};
use futures::StreamExt;
use http::Response;
use kernel::RunId;
use serde_json::{Value, json};

use crate::{Script, answer};

fn run() -> RunId {
    "019b8d2d-0000-7000-8000-000000000001".parse().unwrap()
}

fn frame(seq: u64) -> String {
    json!({ "kind": if seq == 5 { "final" } else { "progress" }, "event_id": seq }).to_string()
}

fn events(seqs: impl IntoIterator<Item = u64>) -> Response<Bytes> {
    let events: Vec<String> =
        seqs.into_iter().map(|seq| format!("id: {seq}\ndata: {}\n\n", frame(seq))).collect();
    answer(200, format!(": heartbeat\n\n{}", events.concat()))
}

async fn collect(client: &Client, after: u64) -> Result<Vec<u64>, Error> {
    let frames: Vec<_> = client.frames(run(), after).collect().await;
    frames
        .into_iter()
        .map(|result| {
            result.map(|(seq, text)| {
                assert_eq!(text, frame(seq));
                seq
            })
        })
        .collect()
}

#[tokio::test]
async fn a_whole_stream_ends_after_its_terminal_frame() {
    let (client, script) = Script::client([events(1..=5)]);
    assert_eq!(collect(&client, 0).await.unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(script.seen()[0].path, format!("/api/runs/{}/replay/stream?after=0", run()));
    assert_eq!(script.seen()[0].headers["accept"], "text/event-stream");
}

#[tokio::test(start_paused = true)]
async fn a_broken_stream_goes_on_after_the_last_frame() {
    let cut = answer(200, format!("id: 3\ndata: {}\n\nid: 4\ndata: {{\"ki", frame(3)));
    let busy = answer(503, "{}");
    let (client, script) = Script::client([events(1..=2), busy, cut, events(4..=5)]);
    assert_eq!(collect(&client, 0).await.unwrap(), [1, 2, 3, 4, 5]);
    let paths: Vec<_> = script.seen().into_iter().map(|seen| seen.path).collect();
    let after = |path: &String| path.split("after=").nth(1).unwrap()[..1].to_owned();
    assert_eq!(paths.iter().map(after).collect::<Vec<_>>(), ["0", "2", "2", "3"]);
}

#[tokio::test]
async fn nothing_left_is_an_empty_stream() {
    let (client, _) = Script::client([answer(204, "")]);
    assert_eq!(collect(&client, 5).await.unwrap(), Vec::<u64>::new());
}

#[tokio::test]
async fn a_missing_or_doubled_frame_is_an_error() {
    let (client, _) = Script::client([events([1, 3])]);
    assert!(matches!(collect(&client, 0).await, Err(Error::Gap { expected: 2, found: 3 })));
    let (client, _) = Script::client([events([1, 1])]);
    assert!(matches!(collect(&client, 0).await, Err(Error::Gap { expected: 2, found: 1 })));
    let (client, _) = Script::client([answer(200, "data: {}\n\n")]);
    assert!(matches!(collect(&client, 0).await, Err(Error::BrokenStream { .. })));
}

#[tokio::test]
async fn a_refused_stream_is_not_tried_again() {
    let problem = json!({
        "type": "/errors/not-found", "title": "Not Found", "status": 404, "detail": "no such run",
        "instance": "/requests/r1", "code": "NOT_FOUND", "request_id": "r1",
    });
    let (client, script) = Script::client([answer(404, problem.to_string())]);
    assert_eq!(collect(&client, 0).await.unwrap_err().problem().unwrap().code, "NOT_FOUND");
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_away_is_given_up() {
    let (client, script) = Script::client((0..9).map(|_| answer(503, "{}")));
    let error = collect(&client, 0).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert_eq!(script.seen().len(), 9);
}

fn detail(status: &str, seq: u64) -> Response<Bytes> {
    let detail: Value = json!({
        "run_id": run(), "kind": "sleep", "status": status, "title": "t", "created_at": "2026-01-05T08:00:00Z",
        "started_at": null, "ended_at": null, "attempt": 1, "waits_for": null, "conversation_id": run(),
        "parent_run_id": null, "priority": 0, "is_dead_letter": false, "frames": seq, "error": null,
        "spec": { "x": 0.1 }, "spec_digest": "0".repeat(64), "seed": 42, "program": { "version": "0.1.0", "commit": null }, "root_run_id": run(),
        "wakes_at": null, "questions": [], "attempts": [], "timeline": [], "inputs": [], "artifacts": [],
        "ledger": { "seq": seq, "head": "0".repeat(64), "is_closed": false }, "retry_of": null,
    });
    answer(200, detail.to_string())
}

#[tokio::test]
async fn waiting_follows_the_run_to_its_end() {
    let (client, script) = Script::client([detail("running", 3), events(4..=5), detail("succeeded", 5)]);
    let ended = client.wait(run()).await.unwrap();
    assert!(ended.item.status.is_terminal());
    assert_eq!(script.seen()[1].path, format!("/api/runs/{}/replay/stream?after=3", run()));
}

#[tokio::test]
async fn waiting_for_an_ended_run_returns_at_once() {
    let (client, script) = Script::client([detail("failed", 5)]);
    client.wait(run()).await.unwrap();
    assert_eq!(script.seen().len(), 1);
}
