//! The pipeline as a table: phases, steps, and what a step can end in.

use client::{Client, Error};
use futures::future::BoxFuture;
use kernel::RunId;
use runs::{RunContext, Stop};
use serde::Serialize;
use serde_json::{Map, Value};
use wire::demo::{Grain, PlanPhase, PlanStep, StartRequest, Winner};
use wire::model_selection::ModelId;
use wire::retail::WorldId;

use crate::found::Nothing;
use crate::steps;

/// A group of steps on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phase {
    pub name: &'static str,
    pub steps: &'static [Step],
}

/// One step: a name, what it does, and what later steps learn from what it said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub name: &'static str,
    /// One sentence for people.
    pub what: &'static str,
    pub act: for<'a> fn(&'a mut Pipeline) -> BoxFuture<'a, Result<Outcome, Broken>>,
    /// Called with the data of the step's recorded frame, whether it was done just now or before a restart: a step
    /// says everything that later ones need.
    pub learn: fn(&mut Pipeline, &Map<String, Value>),
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Step {}

/// A step that came to no outcome.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// A call was refused or broke: the step fails with the call's own words.
    #[error(transparent)]
    Call(Error),
    /// A call found nobody, or somebody who cannot act now: the run is tried again.
    #[error(transparent)]
    Away(Error),
    /// The run stops here, or waits.
    #[error(transparent)]
    Stop(#[from] Stop),
}

impl From<Error> for Broken {
    /// A showcase that is to stop is told so by the API, when it starts a run, maybe sooner than by its own engine.
    fn from(error: Error) -> Self {
        if error.problem().is_some_and(|problem| problem.code == "PARENT_ENDED") {
            return Self::Stop(Stop::Cancelled);
        }
        if is_away(&error) { Self::Away(error) } else { Self::Call(error) }
    }
}

/// Whether the same call may succeed a little later.
fn is_away(error: &Error) -> bool {
    match error {
        Error::Transport(_) => true,
        Error::Problem(problem) => matches!(problem.status, 429 | 502 | 503 | 504 | 507),
        _ => false,
    }
}

/// A step that only calls, and teaches nothing.
macro_rules! step {
    ($name:literal, $what:literal, $act:path) => {
        step!($name, $what, $act, |_, _: &Nothing| {})
    };
    ($name:literal, $what:literal, $act:path, $learn:expr) => {
        Step {
            name: $name,
            what: $what,
            act: |p| Box::pin(async move { $act(p).await.map_err(Broken::from) }),
            // Of a step that was skipped or has failed there is nothing to learn.
            learn: |pipeline, data| {
                if let Ok(found) = serde_json::from_value(Value::Object(data.clone())) {
                    $learn(pipeline, &found);
                }
            },
        }
    };
}

/// The pipeline every preset but the rich one has.
pub(crate) const PHASES: &[Phase] = &[
    Phase {
        name: "data",
        steps: &[
            step!("precheck", "Ask the server whether it is well.", steps::data::precheck),
            step!("reset", "Delete every stored world, if that was asked for.", steps::data::reset),
            step!(
                "seed",
                "Generate the world of the scenario and the seed, or take the one that was named.",
                steps::data::seed,
                steps::data::learn_seed
            ),
            step!(
                "status",
                "Choose a store and a product with a history that every later step can use.",
                steps::data::status,
                steps::data::learn_status
            ),
            step!(
                "features",
                "Compute lagged and rolling features, none of which sees the future.",
                steps::data::features
            ),
        ],
    },
    Phase {
        name: "modeling",
        steps: &[step!(
            "train",
            "Train the chosen models on all but the last days.",
            steps::modeling::train,
            steps::modeling::learn_train
        )],
    },
    Phase {
        name: "decision",
        steps: &[
            step!(
                "backtest",
                "Race them over the same folds and name the best.",
                steps::decision::backtest,
                steps::decision::learn_backtest
            ),
            step!(
                "register",
                "Register the best model and point the alias at it.",
                steps::decision::register,
                steps::decision::learn_register
            ),
        ],
    },
    Phase {
        name: "verify",
        steps: &[step!(
            "verify",
            "Hash the model's bytes again and compare them with the registry.",
            steps::decision::verify
        )],
    },
];

/// What a showcase will do.
pub(crate) fn plan() -> Vec<PlanPhase> {
    let steps = |phase: &Phase| {
        phase.steps.iter().map(|s| PlanStep { step: s.name.to_owned(), what: s.what.to_owned() }).collect()
    };
    PHASES.iter().map(|phase| PlanPhase { phase: phase.name.to_owned(), steps: steps(phase) }).collect()
}

/// How many steps the pipeline has.
pub(crate) fn step_total() -> usize {
    PHASES.iter().map(|phase| phase.steps.len()).sum()
}

/// What a step found. Only `Fail` stops the pipeline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub status: frames::StepStatus,
    pub detail: String,
    pub data: Map<String, Value>,
}

impl Outcome {
    pub(crate) fn new(status: frames::StepStatus, detail: impl Into<String>, found: &impl Serialize) -> Self {
        let Ok(Value::Object(data)) = serde_json::to_value(found) else {
            unreachable!("what a step finds is a structure of plain data")
        };
        Self { status, detail: detail.into(), data }
    }

    pub(crate) fn pass(detail: impl Into<String>, found: &impl Serialize) -> Self {
        Self::new(frames::StepStatus::Pass, detail, found)
    }

    pub(crate) fn skip(detail: impl Into<String>) -> Self {
        Self::new(frames::StepStatus::Skip, detail, &Nothing {})
    }

    pub(crate) fn fail(detail: impl Into<String>) -> Self {
        Self::new(frames::StepStatus::Fail, detail, &Nothing {})
    }
}

/// What a refused or broken call says, in its own words.
pub(crate) fn said(error: &Error) -> String {
    let Some(problem) = error.problem() else { return error.to_string() };
    let wrong: Vec<String> = problem.errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
    let wrong = if wrong.is_empty() { String::new() } else { format!(" [{}]", wrong.join("; ")) };
    format!("{}: {}{wrong} (request {})", problem.title, problem.detail, problem.request_id)
}

/// What the steps learn from each other.
pub(crate) struct Pipeline {
    /// Calls as the run itself: what it starts belongs to it.
    pub client: Client,
    pub cx: RunContext,
    pub request: StartRequest,
    /// Named by the request, or taught by the seed step.
    pub world: Option<WorldId>,
    /// Taught by the status step.
    pub grain: Option<Grain>,
    /// Taught by the train step: model type and training run.
    pub trained: Vec<(String, RunId)>,
    /// Taught by the backtest step.
    pub winner: Option<Winner>,
    /// Taught by the register step.
    pub registered: Option<ModelId>,
}

impl Pipeline {
    pub(crate) fn new(client: &Client, cx: RunContext, request: StartRequest) -> Self {
        let client = client.acting_as(cx.tenant(), cx.run_id());
        let world = request.world_id;
        let trained = Vec::new();
        Self { client, cx, request, world, grain: None, trained, winner: None, registered: None }
    }

    /// The client for a call that starts a run under this name: called again, it finds that run.
    pub(crate) fn starting(&self, name: &str) -> Client {
        self.client.with_idempotency_key(&self.cx.child_key(name))
    }
}
