//! `assay retention run|gc`: what lets go.

use kernel::counted;
use wire::runs::{Garbage, GarbageRequest, KindAge, Retention, RetentionRequest};

use super::{close, open, print_json, print_line};
use crate::cli::{self, Age, Place, RetentionGc, RetentionRun};
use crate::exit::{Exit, Failed};
use crate::flags::{Flags, by_the_flags};
use crate::system::System;

/// What the fields of the requests are called here.
const FLAGS: Flags = &[
    ("older_than_days", "--age"),
    ("ages", "--age"),
    ("keep", "--keep"),
    ("reason", "--reason"),
    ("grace_hours", "--grace"),
    ("max_shard_bytes", "--max-shard-bytes"),
];

pub(crate) async fn run(place: &Place, command: cli::Retention) -> anyhow::Result<Exit> {
    match command {
        cli::Retention::Run(options) => {
            let request = policy(&options.ages)?;
            let system = open(place).await?;
            let ended = retain(&system, request, options).await;
            close(system, ended).await
        }
        cli::Retention::Gc(options) => {
            let system = open(place).await?;
            let ended = collect(&system, options).await;
            close(system, ended).await
        }
    }
}

/// The ages as the API takes them. Each kind has one.
fn policy(ages: &[Age]) -> anyhow::Result<RetentionRequest> {
    let mut request = RetentionRequest {
        older_than_days: None,
        ages: Vec::new(),
        kind: None,
        keep: 0,
        apply: false,
        reason: None,
    };
    for Age { kind, days } in ages {
        match kind {
            Some(kind) => request.ages.push(KindAge { kind: kind.clone(), older_than_days: *days }),
            None if request.older_than_days.is_none() => request.older_than_days = Some(*days),
            None => return Err(Failed::new(Exit::Usage, "--age: `default` has an age already").into()),
        }
    }
    Ok(request)
}

async fn retain(system: &System, policy: RetentionRequest, options: RetentionRun) -> anyhow::Result<Exit> {
    let RetentionRun { keep, dry_run, reason, output, .. } = options;
    let request = RetentionRequest { keep, apply: !dry_run, reason, ..policy };
    let found = system.client.retain(&request).await.map_err(|error| by_the_flags(error, FLAGS))?;
    if output.json {
        print_json(&found)?;
    } else {
        print_retention(&found)?;
    }
    Ok(Exit::Ok)
}

async fn collect(system: &System, options: RetentionGc) -> anyhow::Result<Exit> {
    let RetentionGc { grace, max_shard_bytes, dry_run, reason, output } = options;
    let request = GarbageRequest { grace_hours: grace, max_shard_bytes, apply: !dry_run, reason };
    let found = system.client.collect(&request).await.map_err(|error| by_the_flags(error, FLAGS))?;
    if output.json {
        print_json(&found)?;
    } else {
        print_garbage(&found)?;
    }
    Ok(Exit::Ok)
}

const fn goes(is_applied: bool) -> &'static str {
    if is_applied { "went" } else { "would go" }
}

fn print_retention(found: &Retention) -> anyhow::Result<()> {
    let goes = goes(found.is_applied);
    for run in &found.going {
        print_line(&format!(
            "{goes}  {}  {}  {}  {} ({} B)",
            run.run_id,
            run.kind,
            counted(run.frames, "frame", "frames"),
            counted(run.artifacts, "artifact", "artifacts"),
            run.artifact_bytes
        ))?;
    }
    for run in &found.staying {
        print_line(&format!("stays  {}  {}  {}", run.run_id, run.kind, run.reason))?;
    }
    print_line(&format!(
        "{goes}: {}, {} ({} B), {} ({} B); {} as old",
        counted(found.going.len(), "run", "runs"),
        counted(found.objects, "object", "objects"),
        found.object_bytes,
        counted(found.shard_results, "stored result", "stored results"),
        found.shard_result_bytes,
        counted(found.staying.len(), "other stays", "others stay"),
    ))?;
    if found.objects_left > 0 {
        print_line(&format!(
            "{} left where they are while runs go on, and for an hour after they were stored; the same command takes them later",
            counted(found.objects_left, "of the objects is", "of the objects are"),
        ))?;
    }
    if found.is_cut {
        print_line("more runs are as old; the same command takes the next")?;
    }
    unchanged(found.is_applied)
}

fn print_garbage(found: &Garbage) -> anyhow::Result<()> {
    let goes = goes(found.is_applied);
    for object in &found.objects {
        print_line(&format!("{goes}  {}  {} B", object.digest, object.size_bytes))?;
    }
    print_line(&format!(
        "{goes}: {} ({} B), {} ({} B)",
        counted(found.objects.len(), "object", "objects"),
        found.object_bytes,
        counted(found.shard_results, "stored result", "stored results"),
        found.shard_result_bytes,
    ))?;
    print_line(&format!(
        "stay: {} ({} B), {} ({} B)",
        counted(found.objects_kept, "object", "objects"),
        found.object_bytes_kept,
        counted(found.shard_results_kept, "stored result", "stored results"),
        found.shard_result_bytes_kept,
    ))?;
    if found.is_cut {
        print_line("more objects are as unused; the same command takes the next")?;
    }
    unchanged(found.is_applied)
}

fn unchanged(is_applied: bool) -> anyhow::Result<()> {
    if is_applied { Ok(()) } else { print_line("nothing was changed; without --dry-run it is done") }
}
