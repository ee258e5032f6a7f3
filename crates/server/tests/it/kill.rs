//! Crashes: the server is killed in the middle of a showcase, again and again, on one data directory.

use client::Client;
use frames::{Frame, Validator};
use futures::{StreamExt, TryStreamExt};
use kernel::{RunId, Seed};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::Server;

const KILLS: u64 = 50;
/// A green showcase has 33 frames; a few kills come after its end.
const FRAMES: i64 = 36;

/// What a viewer saw of a run before the server died.
struct Seen {
    run: RunId,
    frames: Vec<(u64, String)>,
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_nothing_a_viewer_saw_and_double_nothing() {
    let data = tempdir().unwrap();
    let mut moments = Seed(1).stream("moments");
    let mut seen: Vec<Seen> = Vec::new();
    for seed in 0..KILLS {
        let server = Server::start(data.path());
        // The run of the last round must reach its end before the next may begin: only one showcase at a time.
        if let Some(last) = seen.last() {
            server.client.wait(last.run).await.unwrap();
        }
        let limit = usize::try_from(moments.integer(0, FRAMES)).unwrap();
        seen.push(watch(&server.client, seed, limit).await);
        server.kill();
    }
    let server = Server::start(data.path());
    for seen in &seen {
        check(&server.client, seen).await;
    }
    check_all_ended(&server.client).await;
}

/// Starts a showcase and watches this many of its frames.
async fn watch(client: &Client, seed: u64, limit: usize) -> Seen {
    let request = json!({ "seed": seed, "skip_seed": false });
    let accepted: Value = client.post("/api/demo/runs", &request).await.unwrap();
    let run = accepted["run_id"].as_str().unwrap().parse().unwrap();
    let frames = client.frames(run, 0).take(limit).try_collect().await.unwrap();
    Seen { run, frames }
}

/// The run has one end, its stream is whole, its chain verifies, and it begins with what was seen.
async fn check(client: &Client, seen: &Seen) {
    let run = client.wait(seen.run).await.unwrap();
    let frames: Vec<(u64, String)> = client.frames(seen.run, 0).try_collect().await.unwrap();
    assert!(frames.starts_with(&seen.frames), "run {} does not begin with what was seen", seen.run);
    let mut validator = Validator::new();
    for (_, text) in &frames {
        validator.push(&Frame::parse(text).unwrap()).unwrap();
    }
    validator.finish().unwrap();
    assert_eq!(run.ledger.seq, frames.len() as u64);
    let verdict = client.verify(seen.run).await.unwrap();
    assert!(verdict.verified && verdict.is_closed, "{verdict:?}");
}

/// Every run there is, those that the showcases started included, reaches its end.
async fn check_all_ended(client: &Client) {
    let mut cursor = None;
    let mut count = 0;
    loop {
        let (items, next) = client.runs(&client::RunFilter::default(), 100, cursor.as_deref()).await.unwrap();
        for item in items {
            let run = client.wait(item.run_id).await.unwrap();
            assert!(client.verify(item.run_id).await.unwrap().verified, "{run:?}");
            count += 1;
        }
        match next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert!(count >= KILLS, "{count} runs");
}
