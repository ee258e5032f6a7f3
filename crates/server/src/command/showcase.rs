//! `assay showcase run`.

use std::cell::RefCell;

use client::Error;
use demo::ShowcaseSpec;
use kernel::RunId;
use serde_json::Value;
use wire::demo::{EventStatus, EventType, StartRequest, StepEvent};
use wire::retail::Overrides;

use super::{Followed, close, follow, open, print_exact, print_line};
use crate::cli::{Place, ShowcaseRun};
use crate::exit::{Exit, Failed};
use crate::system::System;

pub(crate) async fn run(place: &Place, options: &ShowcaseRun) -> anyhow::Result<Exit> {
    let request = request(options)?;
    let system = open(place).await?;
    let ended = drive(&system, request, options.ndjson).await;
    close(system, ended).await
}

fn request(options: &ShowcaseRun) -> anyhow::Result<StartRequest> {
    let usage = |message: String| Failed::new(Exit::Usage, message);
    let scenario = options.scenario.parse().map_err(|error| usage(format!("--scenario {error}")))?;
    let request = StartRequest {
        seed: options.seed,
        reset: options.reset,
        skip_seed: options.skip_seed || options.world.is_some(),
        world_id: options.world,
        scenario,
        seed_overrides: Some(overrides(options)?),
        ..StartRequest::default()
    };
    let in_our_words = |text: String| text.replace("seed_overrides.", "--override ");
    Ok(demo::checked(request).map_err(|error| usage(in_our_words(error.to_string())))?)
}

/// Each knob by its name; a wrong one is answered with those there are.
fn overrides(options: &ShowcaseRun) -> anyhow::Result<Overrides> {
    let knobs = Value::Object(options.overrides.iter().cloned().collect());
    let wrong = |error| Failed::new(Exit::Usage, format!("--override {error}"));
    Ok(serde_json::from_value(knobs).map_err(wrong)?)
}

async fn drive(system: &System, request: StartRequest, ndjson: bool) -> anyhow::Result<Exit> {
    let client = &system.client;
    let run = client.start_showcase(&request).await.map_err(by_the_flag)?.run_id;
    system.engine.start_only(run);
    let mut projector = ShowcaseSpec { request }.projector();
    let last = RefCell::new(None);
    let followed = follow(client, run, |frame| {
        if let Some(event) = projector.apply(frame) {
            // A closed pipe ends the printing, not the run.
            let _ = if ndjson { print_event(&event) } else { print_step(&event, run) };
            last.replace(event.status);
        }
    })
    .await?;
    Ok(match (followed, last.into_inner()) {
        (Followed::Interrupted, _) => Exit::Interrupted,
        (Followed::Ended, Some(EventStatus::Pass)) => Exit::Ok,
        (Followed::Ended, _) => Exit::RunFailed,
    })
}

/// The API names its own field.
fn by_the_flag(error: Error) -> Error {
    match error {
        Error::Problem(mut problem) if problem.code == "WORLD_AMBIGUOUS" => {
            "there are several worlds; name one with --world".clone_into(&mut problem.detail);
            Error::Problem(problem)
        }
        other => other,
    }
}

fn print_event(event: &StepEvent) -> anyhow::Result<()> {
    print_exact(&serde_json::to_string(event)?)
}

fn print_step(event: &StepEvent, run: RunId) -> anyhow::Result<()> {
    let sign = match event.status {
        Some(EventStatus::Pass) => "✓",
        Some(EventStatus::Fail) => "✗",
        Some(EventStatus::Warn) => "!",
        Some(EventStatus::Skip) => "–",
        Some(EventStatus::Running) | None => "…",
    };
    match event.event_type {
        EventType::StepStart | EventType::Error => Ok(()),
        EventType::StepComplete => {
            let place = format!("{:>2}/{}", event.step_index, event.total_steps);
            let ms = event.duration_ms.round();
            print_line(&format!("{sign} {place} {:<9} {:>6} ms  {}", event.step_name, ms, event.detail))
        }
        EventType::PipelineComplete => {
            let seconds = event.duration_ms / 1000.0;
            print_line(&format!("{sign} {} in {seconds:.2} s", event.detail))?;
            print_line(&format!("  run {run}"))
        }
    }
}
