//! `assay doctor`: is everything there that the program needs?

use std::path::Path;

use artifacts::Address;
use bytes::Bytes;
use kernel::{Clock, Db, SystemClock};
use serde::Serialize;
use serde_json::Value;
use wire::runs::ListQuery;

use super::{close, open, print_json, print_line};
use crate::cli::{Output, Place};
use crate::config::DataDir;
use crate::exit::{Exit, Failed, sentence};
use crate::room;

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
            Err(error) => Self { name, is_ok: false, detail: sentence(&error) },
        }
    }
}

pub(crate) async fn run(place: &Place, output: Output) -> anyhow::Result<Exit> {
    let mut checks = match DataDir::look(place) {
        Ok(data) if data.is_ours() => of_an_installation(place, &data).await,
        Ok(data) => of_a_place(place, &data).await,
        Err(error) => vec![Check::of("data directory", Err(error))],
    };
    checks.push(Check::of("compute threads", Ok(threads())));
    checks.push(Check::of("registers", Ok(forecast::simd_path().to_owned())));
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

/// Each part is tried with a write of its own: on a disk that is full, reading works and names can be made.
async fn of_an_installation(place: &Place, data: &DataDir) -> Vec<Check> {
    let answered = api(place, data).await;
    let is_refused = |error: &anyhow::Error| {
        error.downcast_ref::<Failed>().is_some_and(|failed| failed.exit == Exit::Conflict)
    };
    // Where the database is somebody else's, so is the directory.
    let is_foreign = answered.as_ref().is_err_and(is_refused);
    let database = Check::of("database and API", answered);
    if is_foreign {
        return vec![database];
    }
    vec![
        Check::of("data directory", data_directory(data)),
        Check::of("artifact store", artifact_store(place, data).await),
        database,
    ]
}

/// Where nothing of ours is yet, nothing is made: the directory may be one for something else. Whether there is room
/// for a beginning is tried.
async fn of_a_place(place: &Place, data: &DataDir) -> Vec<Check> {
    let dir = data.path();
    let directory =
        has_room(dir).map(|()| format!("{} takes writes; nothing of assay's is there yet", dir.display()));
    vec![
        Check::of("data directory", directory),
        Check::of("artifact store", artifact_place(place, data)),
        Check::of("database", database(place).await),
    ]
}

fn has_room(dir: &Path) -> anyhow::Result<()> {
    room::try_first_bytes(dir)
        .map_err(|error| anyhow::anyhow!("{} takes no write of 4 MiB: {error}", dir.display()))
}

/// A directory elsewhere may be on another disk.
fn artifact_place(place: &Place, data: &DataDir) -> anyhow::Result<String> {
    let address = data.artifacts(place)?;
    match &address {
        Address::Directory(dir) if !dir.starts_with(data.path()) => {
            has_room(dir)?;
            Ok(format!("{address} takes writes"))
        }
        _ => Ok(format!("{address}: not looked at yet")),
    }
}

async fn database(place: &Place) -> anyhow::Result<String> {
    let Some(url) = &place.database_url else {
        return Ok("made by the first command that stores something".to_owned());
    };
    if let Some(file) = kernel::database_file(url).filter(|file| kernel::is_blank(file)) {
        has_room(file.parent().unwrap_or(&file))?;
        return Ok(format!(
            "{}: made by the first command that stores something",
            kernel::shown_address(url)
        ));
    }
    Db::open_read_only(url).await?.close().await?;
    Ok(format!("{} answers", kernel::shown_address(url)))
}

fn data_directory(data: &DataDir) -> anyhow::Result<String> {
    let dir = data.path().display();
    data.try_page().map_err(|error| anyhow::anyhow!("{dir} takes no write: {error}"))?;
    Ok(format!("{dir} takes writes"))
}

/// Writes a page, reads it back verified and takes it away. Its bytes are new each time, because bytes that are there
/// already are not written again.
async fn artifact_store(place: &Place, data: &DataDir) -> anyhow::Result<String> {
    let address = data.artifacts(place)?;
    let store = artifacts::Store::open(&address)?;
    let stored = store.put(Bytes::from(format!("{:>4096}", SystemClock.new_id()))).await?;
    store.reader().get(&stored.digest).await?;
    store.delete(&stored.digest).await?;
    Ok(format!("{address}: bytes come back as they were written"))
}

async fn api(place: &Place, data: &DataDir) -> anyhow::Result<String> {
    let url = kernel::shown_address(&data.database_url(place));
    let system = open(place).await?;
    let answered = async {
        let health = system.client.health().await?;
        system.client.get::<Value>("/ready").await?;
        let runs = system.client.runs(&ListQuery { limit: Some(1), ..ListQuery::default() }).await?.items;
        let seen = if runs.is_empty() { "no runs yet" } else { "runs are readable" };
        anyhow::Ok(format!("{url} takes writes, version {}, {seen}", health.version))
    }
    .await;
    close(system, answered).await
}

fn threads() -> String {
    std::thread::available_parallelism().map_or_else(|_| "unknown".to_owned(), |n| n.to_string())
}
