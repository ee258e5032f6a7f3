//! `assay doctor`: is everything there that the program needs?

use bytes::Bytes;
use serde::Serialize;
use wire::runs::ListQuery;

use super::{CLOSING, open, print_json, print_line};
use crate::cli::{Output, Place};
use crate::config::DataDir;
use crate::exit::Exit;

/// What was found.
#[derive(Debug, Serialize)]
struct Report {
    checks: Vec<Check>,
    is_ok: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    is_ok: bool,
    detail: String,
}

impl Check {
    fn of(name: &'static str, result: anyhow::Result<String>) -> Self {
        match result {
            Ok(detail) => Self { name, is_ok: true, detail },
            Err(error) => Self { name, is_ok: false, detail: format!("{error:#}") },
        }
    }
}

pub(crate) async fn run(place: &Place, output: Output) -> anyhow::Result<Exit> {
    let checks = vec![
        Check::of("data directory", data_directory(place)),
        Check::of("artifact store", artifact_store(place).await),
        Check::of("database and API", api(place).await),
        Check::of("compute threads", Ok(threads())),
    ];
    let is_ok = checks.iter().all(|check| check.is_ok);
    if output.json {
        print_json(&Report { checks, is_ok })?;
    } else {
        for check in &checks {
            let sign = if check.is_ok { "✓" } else { "✗" };
            print_line(&format!("{sign} {:<17} {}", check.name, check.detail))?;
        }
    }
    Ok(if is_ok { Exit::Ok } else { Exit::RunFailed })
}

fn data_directory(place: &Place) -> anyhow::Result<String> {
    Ok(format!("{} is writable", DataDir::open(place)?.path().display()))
}

/// Writes a few bytes and reads them back verified; equal bytes are kept once, so a second look adds nothing.
async fn artifact_store(place: &Place) -> anyhow::Result<String> {
    let address = DataDir::open(place)?.artifacts(place)?;
    let store = artifacts::Store::open(&address)?;
    let stored = store.put(Bytes::from_static(b"assay doctor")).await?;
    store.reader().get(&stored.digest).await?;
    Ok(format!("{address}: bytes come back as they were written"))
}

async fn api(place: &Place) -> anyhow::Result<String> {
    let url = kernel::shown_address(&DataDir::open(place)?.database_url(place));
    let system = open(place).await?;
    let answered = async {
        let health = system.client.health().await?;
        let runs = system.client.runs(&ListQuery { limit: Some(1), ..ListQuery::default() }).await?.items;
        let seen = if runs.is_empty() { "no runs yet" } else { "runs are readable" };
        anyhow::Ok(format!("{url}, version {}, {seen}", health.version))
    }
    .await;
    system.close(CLOSING).await?;
    answered
}

fn threads() -> String {
    std::thread::available_parallelism().map_or_else(|_| "unknown".to_owned(), |n| n.to_string())
}
