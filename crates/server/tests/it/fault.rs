//! The disk is full, the flush fails, the database's server goes away, for a moment: whatever was acknowledged is there,
//! nothing is there twice, each refusal says what it is, and work goes on without a restart.

pub(crate) mod disk;

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use client::{Client, Error};
use kernel::{Db, RunId};
use serde_json::{Value, json};
use tempfile::tempdir;
use test_support::Proxy;
use wire::datasets::ImportQuery;

use self::disk::Disk;
use crate::support::{Server, assay, stderr, stdout};

/// More than a request may need while its database is away.
const SOON: Duration = Duration::from_secs(15);

/// What a server was asked to keep, and what it answered.
#[derive(Default)]
struct Ledger {
    acknowledged: Vec<(String, String)>,
    asked: usize,
}

impl Ledger {
    /// Imports a small file under a new name.
    async fn import(&mut self, client: &Client) -> Result<(), (u16, String)> {
        self.asked += 1;
        let name = format!("set{}", self.asked);
        let csv = format!("date,value\n2024-01-01,{0}\n2024-01-02,2\n2024-01-03,{0}\n", self.asked);
        let query = ImportQuery { name: name.clone(), ..ImportQuery::default() };
        match client.import_dataset(&query, Bytes::from(csv)).await {
            Ok(made) => {
                self.acknowledged.push((name, made.dataset_id.to_string()));
                Ok(())
            }
            Err(Error::Problem(problem)) => Err((problem.status, problem.code)),
            Err(error) => panic!("{error}"),
        }
    }

    async fn must_import(&mut self, client: &Client, n: usize) {
        for _ in 0..n {
            self.import(client).await.unwrap();
        }
    }

    /// Everything that was acknowledged is there, once, and nothing else.
    async fn check(&self, client: &Client) {
        for (name, id) in &self.acknowledged {
            let found: Value = client.get(&format!("/api/datasets/{id}")).await.unwrap();
            assert_eq!(found["name"], name.as_str());
        }
        let page: Value = client.get("/api/datasets?limit=100").await.unwrap();
        let mut names: Vec<&str> =
            page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        let mut expected: Vec<&str> = self.acknowledged.iter().map(|(name, _)| name.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(names, expected);
    }
}

pub(crate) async fn status(client: &Client, path: &str) -> (u16, String) {
    match client.get::<Value>(path).await {
        Ok(_) => (200, String::new()),
        Err(Error::Problem(problem)) => (problem.status, problem.code),
        Err(error) => panic!("{path}: {error}"),
    }
}

pub(crate) async fn wait_until_ready(client: &Client) {
    let ready = async {
        while status(client, "/ready").await.0 != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, ready).await.unwrap();
}

/// A showcase from its submission to its green end.
async fn showcase(client: &Client, seed: u64) {
    let request = json!({ "seed": seed, "skip_seed": false, "reset": true });
    let accepted: Value = client.post("/api/demo/runs", &request).await.unwrap();
    let run: RunId = accepted["run_id"].as_str().unwrap().parse().unwrap();
    let detail: Value = serde_json::to_value(client.wait(run).await.unwrap()).unwrap();
    assert_eq!(detail["status"], "succeeded", "{detail}");
    assert!(client.verify(run).await.unwrap().verified);
}

/// The same of every fault of the disk: `what` breaks, with this answer to an import, whose object is written before its
/// row, and this word of the database.
async fn a_broken_disk(what: &str, expected: (u16, &str), of_database: &str) {
    let Some(disk) = Disk::new() else { return };
    let server = disk.serve();
    let client = &server.client;
    let mut kept = Ledger::default();
    // Without the fault the workload works.
    kept.must_import(client, 3).await;
    showcase(client, 1).await;
    for _ in 0..2 {
        disk.break_by(what);
        for _ in 0..5 {
            let (status, code) = kept.import(client).await.unwrap_err();
            assert_eq!((status, code.as_str()), expected);
        }
        let request = json!({ "seed": 2, "skip_seed": false });
        let refused = client.post::<Value>("/api/demo/runs", &request).await.unwrap_err();
        assert_eq!(refused.problem().map(|problem| problem.status), Some(expected.0), "{refused}");
        let unready = async {
            // What is known may be a second old.
            while status(client, "/ready").await.0 == 200 {
                tokio::task::yield_now().await;
            }
            status(client, "/ready").await
        };
        let (status_, code) = tokio::time::timeout(SOON, unready).await.unwrap();
        assert_eq!((status_, code.as_str()), (503, of_database));
        assert_eq!(status(client, "/health").await.0, 200);
        kept.check(client).await;
        disk.break_by("");
        wait_until_ready(client).await;
        kept.must_import(client, 3).await;
        kept.check(client).await;
    }
    showcase(client, 3).await;
    // No lock is left behind for others.
    let other = Db::open(&format!("sqlite://{}", disk.data().join("assay.db").display())).await.unwrap();
    other.write.probe().try_write().await.unwrap();
    other.close().await.unwrap();
    server.kill();
    let server = Server::start(&disk.data());
    kept.check(&server.client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_nothing_that_was_acknowledged_and_work_goes_on_once_there_is_room() {
    a_broken_disk("w", (507, "STORAGE_FULL"), "STORAGE_FULL").await;
}

#[test]
fn a_first_command_on_a_full_disk_is_told_so_and_the_next_one_begins_once_there_is_room() {
    const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/monthly.csv");
    let Some(disk) = Disk::new() else { return };
    let run = |arguments: &[&str]| disk.command().args(arguments).output().unwrap();
    let forecast = ["forecast", EXAMPLE, "--horizon", "2", "--models", "naive"];
    disk.break_by("w");
    for _ in 0..2 {
        // The second time with what the failed command left behind.
        let doctor = run(&["doctor"]);
        assert_eq!(doctor.status.code(), Some(1), "{}", stdout(&doctor));
        let said = stdout(&doctor);
        assert!(said.contains("✗ data directory") && said.contains("takes no write"), "{said}");
        assert!(said.contains("No space left"), "{said}");
        let listed = run(&["run", "list"]);
        assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
        assert!(stdout(&listed).contains("there is no data in"), "{}", stdout(&listed));
        let refused = run(&forecast);
        assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("database or disk is full"), "{}", stderr(&refused));
    }
    disk.break_by("");
    for arguments in [&["doctor"][..], &forecast, &["doctor"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    }
}

#[test]
fn a_command_waits_for_room_in_few_words_and_goes_on() {
    let Some(disk) = Disk::new() else { return };
    let mut command = disk.command();
    command.args(["showcase", "run", "--ndjson"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut events = BufReader::new(child.stdout.take().unwrap()).lines();
    events.next().unwrap().unwrap();
    disk.break_by("w");
    let mut said = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        said.push(line.unwrap());
        if said.last().unwrap().contains("there is no room left") {
            disk.break_by("");
        }
    }
    events.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said:#?}");
    assert!(said.len() < 20, "{said:#?}");
    assert_eq!(said.iter().filter(|line| line.starts_with("waiting, for")).count(), 1, "{said:#?}");
    let list = crate::support::json(&disk.data(), &["run", "list", "--kind", "showcase", "--json"]);
    let run = list["items"][0]["run_id"].as_str().unwrap();
    let shown = crate::support::json(&disk.data(), &["run", "show", run, "--json"]);
    assert!(!shown["attempts"].to_string().contains("WORKER_LOST"), "{shown:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_flush_costs_nothing_that_was_acknowledged_and_work_goes_on_after_it() {
    a_broken_disk("s", (503, "ARTIFACT_WRITE_FAILED"), "DATABASE_UNAVAILABLE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_postgresql_server_costs_nothing_that_was_acknowledged_and_work_goes_on_when_it_is_back() {
    let Some(db) = test_support::postgres().await else { return };
    let proxy = Proxy::before(&db).await;
    let data = tempdir().unwrap();
    let mut command = assay(data.path());
    command.env("DATABASE_URL", &proxy.url);
    let server = Server::spawn(command);
    let client = &server.client;
    let mut kept = Ledger::default();
    kept.must_import(client, 3).await;
    for take_away in [Proxy::stop, Proxy::silence] {
        take_away(&proxy);
        for _ in 0..2 {
            let began = Instant::now();
            let (status, code) = kept.import(client).await.unwrap_err();
            assert_eq!((status, code.as_str()), (503, "DATABASE_UNAVAILABLE"));
            assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        }
        assert_eq!(status(client, "/ready").await, (503, "DATABASE_UNAVAILABLE".to_owned()));
        assert_eq!(status(client, "/api/runs").await, (503, "DATABASE_UNAVAILABLE".to_owned()));
        assert_eq!(status(client, "/health").await.0, 200);
        proxy.start();
        wait_until_ready(client).await;
        kept.must_import(client, 3).await;
        kept.check(client).await;
    }
}
