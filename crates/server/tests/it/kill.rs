//! Crashes: the server is killed at every step of a showcase, again and again, on one data directory. Each run goes on
//! where its record says and ends well; nothing that a viewer saw is lost and nothing is done twice.

use std::collections::{BTreeMap, BTreeSet};

use client::Client;
use frames::{Body, Frame, StepStatus, Validator};
use futures::{StreamExt, TryStreamExt};
use kernel::RunId;
use serde_json::{Value, json};
use tempfile::tempdir;
use wire::runs::{Detail, ListQuery, Status};

use crate::support::Server;

/// When the server dies: as soon as a viewer has seen this.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// The showcase was accepted.
    Accepted,
    /// A step began.
    Began(String),
    /// A step was done.
    Done(String),
    /// A run that the showcase has started works.
    Works(&'static str),
    /// A run that the showcase has started has ended.
    Ended(&'static str),
    /// The showcase has ended.
    End,
}

/// What a viewer saw of a showcase before the server died.
struct Seen {
    run: RunId,
    frames: Vec<(u64, String)>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_showcase_killed_at_any_moment_goes_on_and_ends_well() {
    let data = tempdir().unwrap();
    let steps = unkilled(&Server::start(data.path())).await;
    let moments = moments(&steps);
    let mut fell = BTreeMap::new();
    for (moment, seed) in moments.iter().zip(100..) {
        let server = Server::start(data.path());
        let seen = watch(&server.client, seed, moment).await;
        server.kill();
        // What the dead server left, read before anybody goes on with it.
        let left = crate::support::json(data.path(), &["run", "show", &seen.run.to_string(), "--json"]);
        let server = Server::start(data.path());
        let run = server.client.wait(seen.run).await.unwrap();
        assert_eq!(run.item.status, Status::Succeeded, "killed at {moment:?}: {:?}", run.item.error);
        check(&server.client, &seen, &run, &steps).await;
        let place = place(&server.client, seen.run, &left).await;
        eprintln!(
            "killed at {moment:?}: the run was {} in {}, behind {}",
            place.status, place.step, place.frame
        );
        fell.insert(moment.clone(), place);
    }
    // Nothing is reset here, and a status is one read: those steps are over before a kill can fall into them for sure.
    for step in steps.iter().filter(|step| !["reset", "status"].contains(&step.as_str())) {
        assert!(fell.values().any(|place| place.step == *step), "no kill fell into {step}: {fell:?}");
    }
    assert!(fell.values().any(|place| place.status == "waiting"), "no kill fell on a parked run: {fell:?}");
}

/// The workload does its work when nobody kills it. Returns its steps.
async fn unkilled(server: &Server) -> Vec<String> {
    let run = start(&server.client, 99).await;
    let found = server.client.wait(run).await.unwrap();
    assert_eq!(found.item.status, Status::Succeeded, "{:?}", found.item.error);
    let mut steps = Vec::new();
    for frame in frames(&server.client, run).await {
        if let Body::StepCompleted(step) = frame.body {
            steps.push(step.step);
        }
    }
    assert!(
        ["seed", "train", "backtest", "register"].iter().all(|step| steps.iter().any(|s| s == step)),
        "{steps:?}"
    );
    steps
}

fn moments(steps: &[String]) -> Vec<Moment> {
    let mut moments = vec![Moment::Accepted];
    for step in steps {
        moments.extend([Moment::Began(step.clone()), Moment::Done(step.clone())]);
    }
    for kind in ["training", "comparison"] {
        moments.extend([Moment::Works(kind), Moment::Ended(kind)]);
    }
    moments.push(Moment::End);
    moments
}

async fn start(client: &Client, seed: u64) -> RunId {
    let request = json!({ "seed": seed, "skip_seed": false });
    let accepted: Value = client.post("/api/demo/runs", &request).await.unwrap();
    accepted["run_id"].as_str().unwrap().parse().unwrap()
}

/// Starts a showcase and watches it until the moment has come.
async fn watch(client: &Client, number: u64, moment: &Moment) -> Seen {
    let run = start(client, number).await;
    let mut seen = Seen { run, frames: Vec::new() };
    match moment {
        Moment::Accepted => return seen,
        Moment::Works(kind) => {
            watch_child(client, run, kind, |frame| frame.kind() == "attempt.started").await;
        }
        Moment::Ended(kind) => watch_child(client, run, kind, Frame::is_terminal).await,
        Moment::Began(_) | Moment::Done(_) | Moment::End => {}
    }
    if matches!(moment, Moment::Works(_) | Moment::Ended(_)) {
        return seen;
    }
    let mut frames = std::pin::pin!(client.frames(run, 0));
    while let Some(next) = frames.next().await {
        let (seq, text) = next.unwrap();
        let frame = Frame::parse(&text).unwrap();
        seen.frames.push((seq, text));
        let has_come = match (&frame.body, moment) {
            (Body::StepStarted(step), Moment::Began(name)) => step.step == *name,
            (Body::StepCompleted(step), Moment::Done(name)) => step.step == *name,
            (_, Moment::End) => frame.is_terminal(),
            _ => false,
        };
        if has_come {
            break;
        }
    }
    seen
}

/// Waits until a run of this kind that the showcase has started says so.
async fn watch_child(client: &Client, parent: RunId, kind: &str, says: impl Fn(&Frame) -> bool) {
    let query =
        ListQuery { parent_run_id: Some(parent), kind: Some(kind.to_owned()), ..ListQuery::default() };
    let child = loop {
        if let [first, ..] = &client.runs(&query).await.unwrap().items[..] {
            break first.run_id;
        }
        tokio::task::yield_now().await;
    };
    let mut frames = std::pin::pin!(client.frames(child, 0));
    while let Some(next) = frames.next().await {
        if says(&Frame::parse(&next.unwrap().1).unwrap()) {
            return;
        }
    }
}

async fn frames(client: &Client, run: RunId) -> Vec<Frame> {
    let texts: Vec<(u64, String)> = client.frames(run, 0).try_collect().await.unwrap();
    texts.iter().map(|(_, text)| Frame::parse(text).unwrap()).collect()
}

/// The run is whole: it begins with what was seen, has one end, did each step once, started nothing twice, and its record
/// and everything beside it verify.
async fn check(client: &Client, seen: &Seen, run: &Detail, steps: &[String]) {
    let texts: Vec<(u64, String)> = client.frames(seen.run, 0).try_collect().await.unwrap();
    assert!(texts.starts_with(&seen.frames), "{}: what was seen is stored", seen.run);
    let mut validator = Validator::new();
    let mut done = Vec::new();
    for (_, text) in &texts {
        let frame = Frame::parse(text).unwrap();
        validator.push(&frame).unwrap();
        if let Body::StepCompleted(step) = frame.body {
            assert_ne!(step.status, StepStatus::Fail, "{text}");
            done.push(step.step);
        }
    }
    validator.finish().unwrap();
    assert_eq!(done, steps, "each step once and in order");
    let query = ListQuery { parent_run_id: Some(seen.run), ..ListQuery::default() };
    let children = client.runs(&query).await.unwrap().items;
    let kinds: Vec<&str> = children.iter().map(|child| child.kind.as_str()).collect();
    assert_eq!(kinds, ["comparison", "training", "training", "training"], "nothing is started twice");
    for id in children.iter().map(|child| child.run_id).chain([seen.run]) {
        let verification = client.verify(id).await.unwrap();
        assert!(verification.verified, "{verification:?}");
    }
    let registered: Value = client.get("/api/registry/models?limit=100").await.unwrap();
    let of_run =
        |model: &&Value| children.iter().any(|child| model["training_run_id"] == child.run_id.to_string());
    let models: Vec<&Value> = registered["items"].as_array().unwrap().iter().filter(of_run).collect();
    assert_eq!(models.len(), 1, "one model is registered: {run:?}");
}

/// Where a kill fell.
#[derive(Debug)]
struct Place {
    /// How the run stood in its row.
    status: String,
    /// The step that was open, or that came next.
    step: String,
    /// The last frame that was stored.
    frame: &'static str,
}

/// By what the dead server left: the run's row, and its frames as far as they were stored.
async fn place(client: &Client, run: RunId, left: &Value) -> Place {
    let stored = usize::try_from(left["ledger"]["seq"].as_u64().unwrap()).unwrap();
    let frames = frames(client, run).await;
    let done: BTreeSet<&str> = frames[..stored]
        .iter()
        .filter_map(|frame| match &frame.body {
            Body::StepCompleted(step) => Some(step.step.as_str()),
            _ => None,
        })
        .collect();
    let next = frames.iter().find_map(|frame| match &frame.body {
        Body::StepStarted(step) if !done.contains(step.step.as_str()) => Some(step.step.clone()),
        _ => None,
    });
    Place {
        status: left["status"].as_str().unwrap().to_owned(),
        step: next.unwrap_or_else(|| "the end".to_owned()),
        frame: frames[..stored].last().map_or("none", Frame::kind),
    }
}
