//! The run kind `showcase`: walks the table of steps and records what each one says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use client::Client;
use frames::{Body, Frame, PhaseStarted, StepCompleted, StepStarted, StepStatus};
use kernel::Seed;
use runs::{Completion, Ending, Failure, RunContext, RunKind, Stop, Submit};
use serde::{Deserialize, Serialize};
use wire::demo::StartRequest;
use wire::retail::World;

use crate::error::ShowcaseError;
use crate::event::Projector;
use crate::found::Summary;
use crate::request::{of_world, run_config};
use crate::step::{Broken, Outcome, PHASES, Phase, Pipeline, Step, said, step_total};

/// Only one showcase of a tenant runs at a time: its steps share the retail data.
pub const EXCLUSIVE_KEY: &str = "showcase";

/// What a showcase run is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowcaseSpec {
    /// The checked start request.
    pub request: StartRequest,
}

impl ShowcaseSpec {
    /// What turns the run's frames into events.
    pub fn projector(&self) -> Projector {
        Projector::new(run_config(&self.request))
    }
}

/// The submission of a checked request.
pub fn submission(request: StartRequest) -> Submit<ShowcaseSpec> {
    let scenario = request.scenario;
    titled(scenario.as_str(), request)
}

/// The submission of a checked request that uses this stored world: it is called by what it uses.
pub fn submission_on(world: &World, request: StartRequest) -> Submit<ShowcaseSpec> {
    titled(&world.scenario, of_world(request, world))
}

fn titled(scenario: &str, request: StartRequest) -> Submit<ShowcaseSpec> {
    let title = format!("Showcase {scenario} · seed {}", request.seed);
    Submit {
        exclusive_key: Some(EXCLUSIVE_KEY.to_owned()),
        ..Submit::new(title, Seed(request.seed), ShowcaseSpec { request })
    }
}

/// The run kind; it holds the client of the API it drives.
#[derive(Debug)]
pub struct Showcase {
    client: Client,
}

impl Showcase {
    /// A showcase that drives the API behind this client.
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl RunKind for Showcase {
    const NAME: &'static str = "showcase";
    const VERSION: u32 = 2;
    const MAX_ATTEMPTS: u32 = 3;
    type Spec = ShowcaseSpec;
    type Outcome = ();
    type Error = ShowcaseError;

    async fn execute(
        &self,
        spec: ShowcaseSpec,
        cx: &RunContext,
    ) -> Result<Completion<()>, Failure<ShowcaseError>> {
        let mut record = Record::read(&cx.history().await?, cx.attempt());
        let mut pipeline = Pipeline::new(&self.client, cx.clone(), spec.request);
        let mut statuses = BTreeMap::new();
        let mut step_index = 0;
        for (phase, phase_index) in PHASES.iter().zip(1..) {
            for step in phase.steps {
                step_index += 1;
                let place = Place { phase, phase_index, step, step_index };
                let outcome = match record.done.get(step.name) {
                    Some(done) => done.clone(),
                    None => place.walk(&mut pipeline, cx, &mut record).await?,
                };
                (step.learn)(&mut pipeline, &outcome.data);
                statuses.insert(format!("{step_index:02}_{}", step.name), outcome.status);
                if outcome.status == StepStatus::Fail {
                    return Err(ShowcaseError::Failed { step: step.name, detail: outcome.detail }.into());
                }
            }
        }
        Ok(completion(&pipeline, &statuses))
    }
}

/// What the run's frames say of the steps, from executions before this one.
#[derive(Debug, Default)]
struct Record {
    /// Steps that are done, with what they said. They are not done again.
    done: BTreeMap<String, Outcome>,
    /// The phases that the current attempt has announced.
    phases: BTreeSet<String>,
    /// When the steps began that the current attempt has announced.
    begun: BTreeMap<String, DateTime<Utc>>,
}

impl Record {
    /// A new attempt announces its phases and steps anew; its first frame is not among those before it.
    fn read(history: &[Frame], attempt: u32) -> Self {
        let mut record = Self::default();
        let mut is_current = false;
        for frame in history {
            let at = frame.envelope.server_timestamp;
            match &frame.body {
                Body::AttemptStarted(started) => is_current = started.attempt == attempt,
                Body::PhaseStarted(phase) if is_current => drop(record.phases.insert(phase.phase.clone())),
                Body::StepStarted(step) if is_current => drop(record.begun.insert(step.step.clone(), at)),
                Body::StepCompleted(step) if step.status != StepStatus::Running => {
                    let (status, detail, data) = (step.status, step.detail.clone(), step.data.clone());
                    record.done.insert(step.step.clone(), Outcome { status, detail, data });
                }
                _ => {}
            }
        }
        record
    }
}

fn phase_started(phase: &Phase, phase_index: u32) -> Body {
    Body::PhaseStarted(PhaseStarted {
        phase: phase.name.to_owned(),
        phase_index,
        phase_total: small(PHASES.len()),
        title: None,
    })
}

fn small(n: usize) -> u32 {
    u32::try_from(n).expect("the table of steps is short")
}

/// Where in the table a step stands.
struct Place<'a> {
    phase: &'a Phase,
    phase_index: u32,
    step: &'a Step,
    step_index: u32,
}

impl Place<'_> {
    /// Does one step; cancellation is observed before and while it waits for the API. A step that waits for runs of
    /// its own comes here again once they have ended, and goes on as the one that began.
    async fn walk(
        &self,
        pipeline: &mut Pipeline,
        cx: &RunContext,
        record: &mut Record,
    ) -> Result<Outcome, Failure<ShowcaseError>> {
        cx.check()?;
        if record.phases.insert(self.phase.name.to_owned()) {
            cx.emit(phase_started(self.phase, self.phase_index)).await?;
        }
        let began = if let Some(began) = record.begun.get(self.step.name) {
            *began
        } else {
            cx.emit(self.started()).await?;
            cx.clock().now()
        };
        let outcome = tokio::select! {
            outcome = (self.step.act)(pipeline) => match outcome {
                Ok(outcome) => outcome,
                // Nothing is recorded of it: the next attempt does it again, after the steps that are done.
                Err(Broken::Away(error)) => {
                    return Err(ShowcaseError::Unavailable { step: self.step.name, detail: said(&error) }.into());
                }
                Err(Broken::Call(error)) => Outcome::fail(said(&error)),
                Err(Broken::Stop(stop)) => return Err(stop.into()),
            },
            () = cx.cancelled() => return Err(Stop::Cancelled.into()),
        };
        let duration_us = (cx.clock().now() - began).num_microseconds().unwrap_or(i64::MAX);
        cx.emit(self.completed(&outcome, duration_us as f64 / 1000.0)).await?;
        Ok(outcome)
    }

    fn started(&self) -> Body {
        Body::StepStarted(StepStarted {
            step: self.step.name.to_owned(),
            step_index: self.step_index,
            step_total: small(step_total()),
            phase: self.phase.name.to_owned(),
            phase_index: self.phase_index,
            phase_total: small(PHASES.len()),
        })
    }

    fn completed(&self, outcome: &Outcome, duration_ms: f64) -> Body {
        Body::StepCompleted(StepCompleted {
            step: self.step.name.to_owned(),
            step_index: self.step_index,
            step_total: small(step_total()),
            phase: self.phase.name.to_owned(),
            phase_index: self.phase_index,
            phase_total: small(PHASES.len()),
            status: outcome.status,
            detail: outcome.detail.clone(),
            duration_ms,
            data: outcome.data.clone(),
        })
    }
}

fn completion(pipeline: &Pipeline, statuses: &BTreeMap<String, StepStatus>) -> Completion<()> {
    let winner = pipeline.winner.as_ref();
    let summary_of = Summary {
        scenario: pipeline.request.scenario,
        seed: pipeline.request.seed,
        steps: statuses,
        winner_model_type: winner.map(|w| w.model_type.as_str()),
        winner_value: winner.map(|w| w.value),
        metric: pipeline.request.backtest.clone().unwrap_or_default().metric,
        per_model: winner.map(|w| &w.per_model),
    };
    let metrics = serde_json::to_value(summary_of).expect("a summary is plain data");
    let summary = winner.map_or_else(
        || "all steps done".to_owned(),
        |w| format!("all steps done; the champion is {}", w.model_type),
    );
    Completion { outcome: (), ending: Ending::Completed, structured: Some(metrics.clone()), metrics, summary }
}
