//! A forecast of several blocks whose server is killed, or whose disk is full for a while, goes on with the next block: the
//! same bytes, no step done twice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use client::Client;
use frames::{Body, Frame};
use futures::{StreamExt, TryStreamExt};
use kernel::RunId;
use tempfile::tempdir;
use wire::datasets::ImportQuery;
use wire::model_selection::{CandidateModel, FleetForecastRequest};
use wire::runs::Status;

use crate::fault::disk::Disk;
use crate::fault::{status, wait_until_ready};
use crate::support::Server;

/// Three blocks, of which each third series speaks for the fleet.
fn fleet() -> Bytes {
    let mut csv = "series,date,value\n".to_owned();
    for series in 0..9_000_u32 {
        for month in 0..26 + series % 3 {
            let value = 10 + (series * 7 + month * month * 31) % 97;
            let _ = writeln!(csv, "s{series},{}-{:02}-01,{value}", 2020 + month / 12, month % 12 + 1);
        }
    }
    csv.into()
}

/// Every step, by name.
const STEPS: [&str; 4] = ["block 1 of 3", "block 2 of 3", "block 3 of 3", "sample"];
/// More than a server needs to see that its disk is full.
const SOON: Duration = Duration::from_secs(15);

async fn start(client: &Client) -> RunId {
    let query = ImportQuery { name: "fleet".to_owned(), ..ImportQuery::default() };
    let dataset = client.import_dataset(&query, fleet()).await.unwrap();
    let model = |name: &str| CandidateModel { model_type: name.to_owned(), params: serde_json::Map::new() };
    let request = FleetForecastRequest {
        models: vec![model("seasonal_naive"), model("ets")],
        season_length: Some(12),
        ..FleetForecastRequest::of_dataset(dataset.dataset_id, 2)
    };
    client.forecast(&request).await.unwrap().run_id
}

/// The artifacts of a run that succeeded.
async fn artifacts(client: &Client, run: RunId) -> BTreeMap<String, kernel::Digest> {
    let detail = client.wait(run).await.unwrap();
    assert_eq!(detail.item.status, Status::Succeeded, "{:?}", detail.item.error);
    detail.artifacts.into_iter().map(|artifact| (artifact.name, artifact.digest)).collect()
}

fn step(text: &str) -> Option<String> {
    match Frame::parse(text).unwrap().body {
        Body::StepCompleted(step) => Some(step.step),
        _ => None,
    }
}

/// Waits until a step is in the record.
async fn until(client: &Client, run: RunId, wanted: &str) {
    let mut frames = std::pin::pin!(client.frames(run, 0));
    while let Some(next) = frames.next().await {
        if step(&next.unwrap().1).as_deref() == Some(wanted) {
            return;
        }
    }
}

/// What the record tells of steps that ended, by name.
async fn told(client: &Client, run: RunId) -> Vec<String> {
    let texts: Vec<(u64, String)> = client.frames(run, 0).try_collect().await.unwrap();
    let mut told: Vec<String> = texts.iter().filter_map(|(_, text)| step(text)).collect();
    told.sort();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_killed_after_any_of_its_steps_goes_on_behind_it() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let undisturbed = start(&server.client).await;
    let expected = artifacts(&server.client, undisturbed).await;
    drop(server);
    for fatal in ["sample", "block 1 of 3", "block 2 of 3", "block 3 of 3"] {
        let data = tempdir().unwrap();
        let server = Server::start(data.path());
        let run = start(&server.client).await;
        until(&server.client, run, fatal).await;
        server.kill();
        let server = Server::start(data.path());
        assert_eq!(artifacts(&server.client, run).await, expected, "killed after {fatal}");
        assert_eq!(told(&server.client, run).await, STEPS, "killed after {fatal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_waits_for_room_in_the_middle_of_its_fleet_and_goes_on() {
    let Some(disk) = Disk::new() else { return };
    let server = disk.serve();
    let client = &server.client;
    let undisturbed = start(client).await;
    let expected = artifacts(client, undisturbed).await;
    // Elsewhere, so that what is stored of the first one's shards does not answer for the second.
    server.kill();
    let Some(disk) = Disk::new() else { return };
    let server = disk.serve();
    let client = &server.client;
    let run = start(client).await;
    until(client, run, "block 1 of 3").await;
    disk.break_by("w");
    let full = async {
        while status(client, "/ready").await.0 == 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, full).await.unwrap();
    let detail = client.run(run).await.unwrap();
    assert!(!detail.item.status.is_terminal(), "{:?}", detail.item);
    disk.break_by("");
    wait_until_ready(client).await;
    assert_eq!(artifacts(client, run).await, expected);
    assert_eq!(told(client, run).await, STEPS);
    assert!(client.verify(run).await.unwrap().verified);
}
