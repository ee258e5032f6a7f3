//! A crash under a stream that is a run: the server is killed between appends and amid them. The run has every frame
//! that was acknowledged, once, and what is sent again afterwards leads to one end.

use std::sync::mpsc::channel;
use std::thread;

use serde_json::Value;
use tempfile::tempdir;
use test_support::{TestDb, on_both_databases};

use crate::kill_stream::Line;
use crate::support::{Server, assay};

/// The server dies after so many appends were acknowledged, twice.
const ACKNOWLEDGED: usize = 40;
const KILLS: usize = 2;

const JSON: &str = "content-type: application/json\r\n";

fn frame(event_id: usize, rest: &str) -> String {
    format!(
        r#"{{"schema":"public_sse_v1","event_id":{event_id},"stream_id":"chat_1","conversation_id":"c","server_timestamp":"2026-11-30T12:00:00Z",{rest}}}"#
    )
}

fn delta(event_id: usize) -> String {
    frame(
        event_id,
        &format!(
            r#""kind":"message.delta","output_index":0,"item_id":"m","content_index":0,"delta":"<{event_id}>""#
        ),
    )
}

/// Appends one frame as a producer whose seq follows from its number.
fn append(line: &mut Line, event_id: usize, value: &str) -> std::io::Result<u16> {
    let headers = format!("producer-id: p\r\nproducer-epoch: 0\r\nproducer-seq: {}\r\n{JSON}", event_id - 1);
    Ok(line.ask_as("POST", "agent", &headers, value)?.0)
}

/// Appends from this frame on until the server dies; the first that was not acknowledged.
fn append_until_killed(server: &Server, first: usize) -> usize {
    let (acknowledge, acknowledged) = channel();
    thread::scope(|scope| {
        let host = server.host();
        let appending = scope.spawn(move || {
            let (mut line, mut next) = (Line::to(host), first);
            while let Ok(status) = append(&mut line, next, &delta(next)) {
                // The first one may be stored already, with its answer lost.
                assert!(status == 200 || (status == 204 && next == first), "{status}");
                acknowledge.send(()).ok();
                next += 1;
            }
            next
        });
        for _ in 0..ACKNOWLEDGED {
            acknowledged.recv().unwrap();
        }
        server.kill_amid();
        appending.join().unwrap()
    })
}

fn check(db: &TestDb) {
    let data = tempdir().unwrap();
    let start = || {
        let mut command = assay(data.path());
        command.env("DATABASE_URL", &db.url);
        Server::spawn(command)
    };
    let mut server = start();
    let headers = format!("stream-schema: public_sse_v1\r\n{JSON}");
    assert_eq!(Line::to(server.host()).ask_as("PUT", "agent", &headers, "").unwrap().0, 201);
    let mut next = 1;
    for _ in 0..KILLS {
        next = append_until_killed(&server, next);
        drop(server);
        server = start();
    }
    let mut line = Line::to(server.host());
    assert!([200, 204].contains(&append(&mut line, next, &delta(next)).unwrap()));
    let last = frame(next + 1, r#""kind":"final","final":{"status":"completed"}"#);
    assert_eq!(append(&mut line, next + 1, &last).unwrap(), 200);
    assert_eq!(append(&mut line, next + 1, &last).unwrap(), 204);
    let runs: Value = serde_json::from_str(&line.get("/api/runs?kind=stream").unwrap()).unwrap();
    let [run] = &runs["items"].as_array().unwrap()[..] else { panic!("{runs}") };
    assert_eq!((&run["status"], &run["frames"]), (&"succeeded".into(), &(next + 1).into()));
    let run = run["run_id"].as_str().unwrap();
    let verified: Value =
        serde_json::from_str(&line.get(&format!("/api/runs/{run}/verify")).unwrap()).unwrap();
    assert_eq!(verified["verified"], true, "{verified}");
    let stream = line.ask_as("GET", "agent", "", "").unwrap().1;
    for event_id in 1..=next {
        assert_eq!(stream.matches(&format!("<{event_id}>")).count(), 1, "{event_id}");
    }
}

on_both_databases! {
    async fn a_kill_between_appends_leaves_stream_and_run_the_same_frames_once(db: TestDb) {
        tokio::task::block_in_place(|| super::check(&db));
    }
}
