//! `assay log` and `assay key`: what proves to anybody that a run ended as it is shown.

mod check;

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use futures::StreamExt as _;
use kernel::{Digest, RunId, counted};
use ledger::Audit;
use tlog::{Checkpoint, Note};
use wire::log::{Keys, ProofQuery};

use self::check::Brought;
use super::{close, open, open_for_reading, print_exact, print_json, print_line};
use crate::cli::{Key, Log, Output, Place};
use crate::exit::{Exit, Failed};
use crate::system::System;

pub(crate) async fn run(place: &Place, command: Log) -> anyhow::Result<Exit> {
    match command {
        Log::Check { file, key, checkpoint, witnesses, output } => {
            let older = checkpoint.as_deref().map(read_checkpoint).transpose()?;
            check::run(&file, &Brought { key, older, witnesses }, output)
        }
        Log::Checkpoint => {
            let system = sequenced(place).await?;
            let ended = print_checkpoint(&system).await;
            close(system, ended).await
        }
        Log::Prove { run, since } => {
            let since = since.as_deref().map(read_checkpoint).transpose()?;
            let system = sequenced(place).await?;
            let ended = prove(&system, run, since.map(|older| older.size)).await;
            close(system, ended).await
        }
        Log::Verify { checkpoint, output } => {
            let older = checkpoint.as_deref().map(read_checkpoint).transpose()?;
            let system = open_for_reading(place).await?;
            let older = older.map(|older| (older.size, older.root));
            let ended = verify(&system, older, output).await;
            close(system, ended).await
        }
    }
}

pub(crate) async fn keys(place: &Place, command: Key) -> anyhow::Result<Exit> {
    let system = sequenced(place).await?;
    let ended = match command {
        Key::Show { output } => print_keys(&system, output).await,
        Key::Rotate { output } => match system.rotate_key().await {
            Ok(()) => print_keys(&system, output).await,
            Err(error) => Err(error),
        },
    };
    close(system, ended).await
}

/// The program, once what has ended is in the log. Where that cannot be, the log is shown as it is.
async fn sequenced(place: &Place) -> anyhow::Result<System> {
    let system = open(place).await?;
    system.sequence().await;
    Ok(system)
}

async fn print_checkpoint(system: &System) -> anyhow::Result<Exit> {
    print_exact(system.client.checkpoint().await?.trim_end_matches('\n'))?;
    Ok(Exit::Ok)
}

async fn prove(system: &System, run: RunId, since: Option<u64>) -> anyhow::Result<Exit> {
    let mut bundle = std::pin::pin!(system.client.bundle(run, &ProofQuery { since }).await?);
    while let Some(piece) = bundle.next().await {
        std::io::stdout().lock().write_all(&piece?)?;
    }
    Ok(Exit::Ok)
}

async fn verify(system: &System, older: Option<(u64, Digest)>, output: Output) -> anyhow::Result<Exit> {
    let audit = system.log.reader().audit(older).await?;
    let exit = if audit.problems.is_empty() { Exit::Ok } else { Exit::NotVerified };
    if output.json {
        print_json(&audit)?;
        return Ok(exit);
    }
    let Audit { size, checked, problems } = audit;
    let verdict = if problems.is_empty() { "verified" } else { "NOT verified" };
    let entries = counted(size, "entry", "entries");
    print_line(&format!("{verdict}: {entries}, {checked} compared with the ledgers"))?;
    problems.iter().try_for_each(|problem| print_line(&format!("    {problem}")))?;
    Ok(exit)
}

async fn print_keys(system: &System, output: Output) -> anyhow::Result<Exit> {
    let Keys { keys } = system.client.log_keys().await?;
    if output.json {
        print_json(&Keys { keys })?;
        return Ok(Exit::Ok);
    }
    for (n, key) in keys.iter().enumerate() {
        let until = match keys.get(n + 1) {
            Some(next) => format!("to {}", next.from_size),
            None => "on".to_owned(),
        };
        print_line(&format!("{}  signed the log from {} entries {until}", key.key, key.from_size))?;
    }
    Ok(Exit::Ok)
}

fn read_checkpoint(file: &Path) -> anyhow::Result<Checkpoint> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()));
    let text = text.map_err(|error| Failed::new(Exit::NotFound, crate::exit::sentence(&error)))?;
    let checkpoint = text.parse::<Note>().ok().and_then(|note| Checkpoint::parse(note.text()));
    let message =
        || format!("{} is no checkpoint: expected what `assay log checkpoint` prints", file.display());
    checkpoint.ok_or_else(|| Failed::new(Exit::Usage, message()).into())
}
