//! `assay run list|show|replay|diff|verify`: what only looks.

mod diff;

use std::io::Write as _;

use client::Client;
use futures::StreamExt;
use kernel::{ConversationId, RunId, UnknownWord, counted};
use wire::ledger::StreamQuery;
use wire::runs::{AttemptOutcome, Detail, Item, ListQuery, Page, ReplayQuery, Verification};

use super::{close, export, open, open_for_reading, operate, print_exact, print_json, print_line, word};
use crate::cli::{Output, Place, Run};
use crate::exit::{Exit, Failed};
use crate::lifecycle::Stops;
use crate::system::System;
use crate::table::{self, Column};

pub(crate) async fn run(place: &Place, command: Run) -> anyhow::Result<Exit> {
    if let Run::Export { run, format, out } = command {
        return export::run(place, run, format, out).await;
    }
    let opened = if command.only_looks() { open_for_reading(place).await } else { open(place).await };
    let system = match (opened, &command) {
        (Err(nothing), Run::List { ndjson, output, .. })
            if place.database_url.is_none() && is_nothing_there(&nothing) =>
        {
            return print_nothing(&nothing, *ndjson, *output);
        }
        (opened, _) => opened?,
    };
    let ended = act(&system, command).await;
    close(system, ended).await
}

/// Whether a command that only looks found no data where it looked.
fn is_nothing_there(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Failed>().is_some_and(|failed| failed.exit == Exit::NotFound)
}

/// A list of the runs of a place without data is empty, and says why: the place may be mistyped.
fn print_nothing(nothing: &anyhow::Error, ndjson: bool, output: Output) -> anyhow::Result<Exit> {
    if output.json {
        print_json(&Page { items: Vec::new(), damaged: Vec::new(), next_cursor: None })?;
    } else if !ndjson {
        print_line(&format!("no runs: {nothing}"))?;
    }
    Ok(Exit::Ok)
}

impl Run {
    fn only_looks(&self) -> bool {
        matches!(
            self,
            Self::List { .. }
                | Self::Show { .. }
                | Self::Replay { .. }
                | Self::Diff { .. }
                | Self::Verify { .. }
        )
    }
}

async fn act(system: &System, command: Run) -> anyhow::Result<Exit> {
    let client = &system.client;
    match command {
        Run::List { kind, status, dead_letters, limit, ndjson, output } => {
            let status = status
                .map(|word| word.parse())
                .transpose()
                .map_err(|error: UnknownWord| Failed::new(Exit::Usage, format!("--status {error}")))?;
            let is_dead_letter = dead_letters.then_some(true);
            let query =
                ListQuery { limit: Some(limit), kind, status, is_dead_letter, ..ListQuery::default() };
            let is_whole = query == ListQuery { limit: Some(limit), ..ListQuery::default() };
            let page = client.runs(&query).await?;
            if ndjson {
                page.items.iter().try_for_each(|item| print_exact(&serde_json::to_string(item)?))?;
            } else if output.json {
                print_json(&page)?;
            } else {
                print_list(&page.items, is_whole)?;
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
        Run::Replay { conversation: Some(conversation), .. } => {
            replay_conversation(client, conversation).await
        }
        Run::Replay { run: Some(run), after, from, to, speed, max_gap_ms, .. } => {
            let speed = Some(speed);
            replay(client, run, StreamQuery { after, from, to, speed, max_gap_ms, follow: None }).await
        }
        Run::Replay { .. } => Err(Failed::new(Exit::Usage, "say which run, or --conversation").into()),
        Run::Diff { left, right, ignore, assert_same, output } => {
            let found = diff::between(client, left, right, &ignore).await?;
            diff::print(&found, output)?;
            Ok(if found.is_same || !assert_same { Exit::Ok } else { Exit::NotVerified })
        }
        Run::Verify { run, output } => verify(client, run, output).await,
        changing => operate::act(system, changing).await,
    }
}

/// `is_whole`: nothing was asked for that leaves runs out.
fn print_list(items: &[Item], is_whole: bool) -> anyhow::Result<()> {
    if items.is_empty() && is_whole {
        return print_line("no runs; start one with `assay showcase run`");
    }
    if items.is_empty() {
        return print_line("no runs match");
    }
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    // A run is named by all of its id.
    let columns = [
        Column::number("run"),
        Column::text("kind"),
        Column::text("status"),
        Column::text("created (UTC)").spare(),
        Column::number("frames").spare(),
        Column::text("title"),
    ];
    Ok(table::print(&mut std::io::stdout().lock(), &columns, &rows)?)
}

fn row(item: &Item) -> Vec<String> {
    vec![
        item.run_id.to_string(),
        item.kind.clone(),
        word(item),
        item.created_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        item.frames.to_string(),
        item.title.clone(),
    ]
}

fn print_detail(detail: &Detail) -> anyhow::Result<()> {
    let item = &detail.item;
    let mut lines = vec![
        format!("{}  {}  {}", item.run_id, item.kind, word(item)),
        format!("title      {}", item.title),
        format!("seed       {}", detail.seed),
        format!("frames     {}  head {}", detail.ledger.seq, detail.ledger.head),
    ];
    if let Some(error) = &item.error {
        lines.push(format!("error      {}  {}", error.code, error.message));
    }
    for attempt in &detail.attempts {
        let outcome = attempt.outcome.map_or("running", AttemptOutcome::as_str);
        lines.push(format!("attempt {}  {outcome}  worker {}", attempt.number, attempt.worker));
    }
    for input in &detail.inputs {
        lines.push(format!("input      {}  {}  {}", input.role, input.id, input.digest));
    }
    for artifact in &detail.artifacts {
        let (size, digest) = (artifact.size_bytes, artifact.digest);
        lines.push(format!("artifact   {}  {size} B  {digest}", artifact.name));
    }
    lines.iter().try_for_each(|line| print_line(line))
}

async fn replay(client: &Client, run: RunId, query: StreamQuery) -> anyhow::Result<Exit> {
    query.playback().map_err(|error| {
        let flag = error.field.replace('_', "-");
        Failed::new(Exit::Usage, format!("--{flag}: {}", error.message))
    })?;
    // The run is looked up first: an unknown one has its own exit code.
    client.run(run).await?;
    let mut stops = Stops::watch()?;
    let mut frames = std::pin::pin!(client.play(run, query));
    loop {
        let next = tokio::select! {
            next = frames.next() => next,
            () = stops.next() => return Ok(Exit::Interrupted),
        };
        let Some(frame) = next else { return Ok(Exit::Ok) };
        let (_, text) = frame?;
        print_exact(&text)?;
    }
}

/// The frames of a conversation go to standard output, and what is not there is said beside them.
async fn replay_conversation(client: &Client, conversation: ConversationId) -> anyhow::Result<Exit> {
    let mut query = ReplayQuery { limit: Some(1000), ..ReplayQuery::default() };
    loop {
        let page = client.conversation_replay(conversation, &query).await?;
        for item in page.items {
            match (item.frame, item.cut) {
                (Some(frame), _) => print_exact(frame.get())?,
                (None, Some(cut)) => note(&format!(
                    "cut {} behind frame {} of run {}: {} of {} left out, {}",
                    cut.number,
                    cut.seq,
                    cut.run_id,
                    counted(cut.frames, "frame", "frames"),
                    counted(cut.runs, "run", "runs"),
                    kernel::rfc3339(cut.cut_at)
                )),
                (None, None) => note(&format!(
                    "frames {} to {} of run {} were removed under retention",
                    item.gone_from_seq.unwrap_or(1),
                    item.seq,
                    item.run_id
                )),
            }
        }
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return Ok(Exit::Ok),
        }
    }
}

/// A remark beside what is printed. Nobody has to be there to read it.
fn note(text: &str) {
    let _unread = writeln!(std::io::stderr().lock(), "{text}");
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
    let state = if found.is_closed { "closed" } else { "still open" };
    let verdict = if found.verified { "verified" } else { "NOT verified" };
    print_line(&format!(
        "{verdict}: {}, {state}, head {}",
        counted(found.frames, "frame", "frames"),
        found.head
    ))?;
    for part in &found.parts {
        let sign = if part.verified { "✓" } else { "✗" };
        print_line(&format!("{sign} {:<9} {:>6} checked", part.part, part.checked))?;
        part.problems.iter().try_for_each(|problem| print_line(&format!("    {problem}")))?;
        part.not_covered.iter().try_for_each(|what| print_line(&format!("    not covered: {what}")))?;
    }
    Ok(())
}
