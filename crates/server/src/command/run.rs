//! `assay run list|show|replay|verify|cancel`.

use std::io::Write;

use client::{Client, RunDetail, RunFilter, RunItem, Verification};
use futures::StreamExt;
use kernel::RunId;

use super::{CLOSING, open, print_json, print_line};
use crate::cli::{Output, Place, Run};
use crate::exit::{Exit, Failed};
use crate::table::{self, Align};

pub(crate) async fn run(place: &Place, command: Run) -> anyhow::Result<Exit> {
    let system = open(place).await?;
    let ended = act(&system.client, command).await;
    system.close(CLOSING).await?;
    ended
}

async fn act(client: &Client, command: Run) -> anyhow::Result<Exit> {
    match command {
        Run::List { kind, status, limit, ndjson, output } => {
            let (items, next_cursor) = client.runs(&filter(kind, status)?, limit, None).await?;
            if ndjson {
                items.iter().try_for_each(|item| print_line(&serde_json::to_string(item)?))?;
            } else if output.json {
                print_json(&serde_json::json!({ "items": items, "next_cursor": next_cursor }))?;
            } else {
                print_list(&items)?;
            }
            Ok(Exit::Ok)
        }
        Run::Show { run, output } => {
            let detail = client.run(run).await?;
            if output.json {
                print_json(&detail)?;
            } else {
                print_detail(&detail)?;
            }
            Ok(Exit::Ok)
        }
        Run::Replay { run, after } => replay(client, run, after).await,
        Run::Verify { run, output } => verify(client, run, output).await,
        Run::Cancel { run, output } => {
            let detail = client.cancel(run).await?;
            if output.json {
                print_json(&detail)?;
            } else {
                print_line(&format!("{run} is {}", word(&detail.item)))?;
            }
            Ok(Exit::Ok)
        }
    }
}

fn filter(kind: Option<String>, status: Option<String>) -> anyhow::Result<RunFilter> {
    let status = status
        .map(|word| {
            serde_json::from_value(word.clone().into()).map_err(|_| {
                let known = "queued, running, succeeded, failed or cancelled";
                Failed::new(Exit::Usage, format!("--status `{word}` is none of {known}"))
            })
        })
        .transpose()?;
    Ok(RunFilter { kind, status, conversation_id: None })
}

fn print_list(items: &[RunItem]) -> anyhow::Result<()> {
    if items.is_empty() {
        return print_line("no runs; start one with `assay showcase run`");
    }
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    let left = ["run", "kind", "status", "created", "title"].map(|head| (head, Align::Left));
    let columns = [left[0], left[1], left[2], left[3], ("frames", Align::Right), left[4]];
    Ok(table::print(&mut std::io::stdout().lock(), &columns, &rows)?)
}

fn row(item: &RunItem) -> Vec<String> {
    vec![
        item.run_id.to_string(),
        item.kind.clone(),
        word(item),
        item.created_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        item.frames.to_string(),
        item.title.clone().unwrap_or_default(),
    ]
}

fn word(item: &RunItem) -> String {
    format!("{:?}", item.status).to_lowercase()
}

fn print_detail(detail: &RunDetail) -> anyhow::Result<()> {
    let item = &detail.item;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}  {}  {}", item.run_id, item.kind, word(item))?;
    writeln!(out, "title      {}", item.title.as_deref().unwrap_or_default())?;
    writeln!(out, "seed       {}", detail.seed)?;
    writeln!(out, "frames     {}  head {}", detail.ledger.seq, detail.ledger.head)?;
    if let Some(error) = &item.error {
        writeln!(out, "error      {}  {}", error.code, error.message)?;
    }
    for attempt in &detail.attempts {
        let outcome = attempt.outcome.as_deref().unwrap_or("running");
        writeln!(out, "attempt {}  {outcome}  worker {}", attempt.number, attempt.worker)?;
    }
    for input in &detail.inputs {
        writeln!(out, "input      {}  {}  {}", input.role, input.id, input.digest)?;
    }
    for artifact in &detail.artifacts {
        writeln!(out, "artifact   {}  {} B  {}", artifact.name, artifact.size_bytes, artifact.digest)?;
    }
    Ok(())
}

async fn replay(client: &Client, run: RunId, after: u64) -> anyhow::Result<Exit> {
    // The run is looked up first: an unknown one has its own exit code.
    client.run(run).await?;
    let mut frames = std::pin::pin!(client.frames(run, after));
    loop {
        let next = tokio::select! {
            next = frames.next() => next,
            _ = tokio::signal::ctrl_c() => return Ok(Exit::Interrupted),
        };
        let Some(frame) = next else { return Ok(Exit::Ok) };
        let (_, text) = frame?;
        print_line(&text)?;
    }
}

async fn verify(client: &Client, run: RunId, output: Output) -> anyhow::Result<Exit> {
    let verification = client.verify(run).await?;
    if output.json {
        print_json(&verification)?;
    } else {
        print_verification(&verification)?;
    }
    Ok(if verification.verified { Exit::Ok } else { Exit::NotVerified })
}

fn print_verification(found: &Verification) -> anyhow::Result<()> {
    if found.verified {
        let state = if found.is_closed { "closed" } else { "still open" };
        return print_line(&format!("verified: {} frames, {state}, head {}", found.frames, found.head));
    }
    let reason = found.reason.as_deref().unwrap_or("the chain does not fit");
    let seq = found.first_bad_seq.map_or_else(|| "unknown".to_owned(), |seq| seq.to_string());
    print_line(&format!("NOT verified: first bad frame {seq}: {reason}"))
}
