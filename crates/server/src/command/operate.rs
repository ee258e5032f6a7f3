//! `assay run cancel|decide|requeue|reproduce|import|fork|append|abandon|recover`: what changes a run. A command takes up its own
//! run and those that belong to it, and no others; taking up what somebody else left behind is a command of its own.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use ::runs::foreign::Kind;
use client::Client;
use kernel::{RunId, counted};
use tlog::Verifier;
use wire::runs::{
    self, Abandon, Decide, Fork, ImportQuery, Item, ListQuery, Reproduction, ReproductionVerdict, Status,
};

use super::{print_json, print_line, word};
use crate::cli::{Answer, Output, Run};
use crate::exit::{Exit, Failed};
use crate::flags::{Flags, by_the_flags};
use crate::system::System;

pub(crate) async fn act(system: &System, command: Run) -> anyhow::Result<Exit> {
    let client = &system.client;
    match command {
        Run::Cancel { run, output } => cancel(system, run, output).await,
        Run::Decide { run, question, answer, reason, output } => {
            let decision = match answer {
                Answer::Approved => runs::Answer::Approved,
                Answer::Rejected => runs::Answer::Rejected,
            };
            let detail = client.decide(run, &Decide { name: question, decision, reason }).await?;
            if output.json {
                print_json(&detail)?;
            } else {
                print_line(&format!("{run} is {}", word(&detail.item)))?;
            }
            Ok(Exit::Ok)
        }
        Run::Requeue { run, output } => {
            let again = client.requeue(run).await?.run_id;
            system.engine.start_only(again);
            settled(client, again, output).await
        }
        Run::Reproduce { run, output } => reproduce(system, run, output).await,
        Run::Abandon { run, reason, output } => {
            let detail = client.abandon(run, &Abandon { reason }).await?;
            if output.json {
                print_json(&detail)?;
            } else {
                print_line(&format!("{run} is {}", word(&detail.item)))?;
            }
            Ok(Exit::Ok)
        }
        Run::Fork { run, at, output } => {
            let detail = client.fork_run(run, &Fork { seq: at }).await;
            let detail = detail.map_err(|error| by_the_flags(error, FORK_FLAGS))?;
            if output.json {
                print_json(&detail)?;
            } else {
                let id = detail.item.run_id;
                print_line(&format!(
                    "{id} is open behind frame {at}: go on with `assay run append {id} FILE`"
                ))?;
            }
            Ok(Exit::Ok)
        }
        Run::Append { run, file, output } => append(client, run, &file, output).await,
        Run::Import { file, key, output } => import(client, &file, key.as_ref(), output).await,
        Run::Recover => recover(system).await,
        _ => Err(Failed::new(Exit::Usage, "this command only looks").into()),
    }
}

async fn cancel(system: &System, run: RunId, output: Output) -> anyhow::Result<Exit> {
    let seen = system.client.run(run).await?;
    // Without a server nobody else ends what a crashed process has left of this family.
    system.engine.start_only(seen.root_run_id);
    let detail = system.client.cancel(run).await?;
    if output.json {
        print_json(&detail)?;
    } else {
        print_line(&format!("{run} is {}", word(&detail.item)))?;
    }
    Ok(Exit::Ok)
}

const FORK_FLAGS: Flags = &[("seq", "--at")];

async fn append(client: &Client, run: RunId, file: &Path, output: Output) -> anyhow::Result<Exit> {
    let read = if file == Path::new("-") {
        let mut frames = Vec::new();
        std::io::stdin().read_to_end(&mut frames).map(|_| frames)
    } else {
        std::fs::read(file)
    };
    let frames = read
        .map_err(|error| Failed::new(Exit::NotFound, format!("cannot read {}: {error}", file.display())))?;
    let ledger = client.extend_run(run, frames.into()).await?;
    if output.json {
        print_json(&ledger)?;
    } else {
        let stands = if ledger.is_closed { "closed" } else { "open" };
        print_line(&format!("{run} is {stands} after frame {}", ledger.seq))?;
    }
    Ok(Exit::Ok)
}

/// Its exit says whether the bundle holds.
async fn import(
    client: &Client,
    file: &Path,
    key: Option<&Verifier>,
    output: Output,
) -> anyhow::Result<Exit> {
    let read = std::fs::read(file);
    let bundle = read
        .map_err(|error| Failed::new(Exit::NotFound, format!("cannot read {}: {error}", file.display())))?;
    let query = ImportQuery { key: key.map(ToString::to_string) };
    let detail = match client.import_run(&query, bundle.into()).await {
        Err(client::Error::Problem(problem)) if problem.code.starts_with("BUNDLE_") => {
            let is_one = problem.code != "BUNDLE_MALFORMED";
            return Err(
                Failed::new(if is_one { Exit::NotVerified } else { Exit::Usage }, problem.detail).into()
            );
        }
        answered => answered?,
    };
    if output.json {
        print_json(&detail)?;
    } else {
        let (item, ledger) = (&detail.item, &detail.ledger);
        let frames = counted(ledger.seq, "frame", "frames");
        print_line(&format!("{} is {}: {frames}, head {}", item.run_id, word(item), ledger.head))?;
        print_line(&format!("what is proven of it and what is not: `assay run verify {}`", item.run_id))?;
    }
    Ok(Exit::Ok)
}

/// Its exit says whether the bytes are the same.
async fn reproduce(system: &System, run: RunId, output: Output) -> anyhow::Result<Exit> {
    let client = &system.client;
    let again = client.reproduce(run).await?.run_id;
    system.engine.start_only(again);
    client.wait(again).await?;
    let found = client.reproduction(again).await?;
    if output.json {
        print_json(&found)?;
    } else {
        print_reproduction(&found)?;
    }
    Ok(match found.verdict {
        ReproductionVerdict::Identical => Exit::Ok,
        ReproductionVerdict::Different => Exit::NotVerified,
        ReproductionVerdict::Running | ReproductionVerdict::Unfinished => Exit::RunFailed,
    })
}

fn print_reproduction(found: &Reproduction) -> anyhow::Result<()> {
    print_line(&format!("{} of {} by {}", found.verdict, found.of, found.run_id))?;
    for artifact in &found.artifacts {
        let sign = if artifact.digest == artifact.digest_again { "✓" } else { "✗" };
        let digest = |digest: Option<kernel::Digest>| digest.map_or("none".to_owned(), |one| one.to_string());
        print_line(&format!("{sign} {:<14} {}", artifact.name, digest(artifact.digest)))?;
        if artifact.digest != artifact.digest_again {
            print_line(&format!("    again          {}", digest(artifact.digest_again)))?;
        }
        if let Some(at) = &artifact.difference {
            print_line(&format!("    {}: {}, again {}", at.place, at.value, at.value_again))?;
        }
    }
    print_line(&found.statement)
}

async fn settled(client: &Client, run: RunId, output: Output) -> anyhow::Result<Exit> {
    let detail = client.wait(run).await?;
    if output.json {
        print_json(&detail)?;
    } else {
        print_line(&format!("{run} is {}", word(&detail.item)))?;
    }
    let is_well = detail.item.status == Status::Succeeded;
    Ok(if is_well { Exit::Ok } else { Exit::RunFailed })
}

/// How often to look whether everything has settled.
const LOOK: Duration = Duration::from_millis(250);

/// Works until nothing is queued or running any more, and takes away what nobody finishes. Runs that wait for a person go
/// on waiting, and dead letters stay.
async fn recover(system: &System) -> anyhow::Result<Exit> {
    let mut taken = BTreeSet::new();
    system.engine.start();
    loop {
        let mut active = active(&system.client, Status::Running).await?;
        active.extend(active_of_queue(&system.client).await?);
        if active.is_empty() {
            break;
        }
        taken.extend(active.into_iter().map(|run| run.run_id));
        tokio::time::sleep(LOOK).await;
    }
    system.recover_unfinished().await?;
    if taken.is_empty() {
        print_line("nothing was left behind")?;
    }
    for run in &taken {
        let detail = system.client.run(*run).await?;
        print_line(&format!("{run} is {}", word(&detail.item)))?;
    }
    Ok(Exit::Ok)
}

/// Queued runs but dead letters, which nobody takes up.
async fn active_of_queue(client: &Client) -> anyhow::Result<Vec<Item>> {
    let queued = active(client, Status::Queued).await?;
    Ok(queued.into_iter().filter(|run| !run.is_dead_letter).collect())
}

/// All of this status that are executed here: those of others end when others say so.
async fn active(client: &Client, status: Status) -> anyhow::Result<Vec<Item>> {
    let mut query = ListQuery { status: Some(status), limit: Some(200), ..ListQuery::default() };
    let mut active = Vec::new();
    loop {
        let page = client.runs(&query).await?;
        active.extend(page.items.into_iter().filter(|run| Kind::of(&run.kind).is_none()));
        if page.next_cursor.is_none() {
            return Ok(active);
        }
        query.cursor = page.next_cursor;
    }
}
