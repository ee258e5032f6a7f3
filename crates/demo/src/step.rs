//! The pipeline as a table: phases, steps, and what a step can end in.

use client::{Client, Error};
use futures::future::BoxFuture;
use kernel::SharedClock;
use serde_json::{Map, Value};

use crate::request::StartRequest;
use crate::steps;

/// A group of steps on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phase {
    pub name: &'static str,
    pub steps: &'static [Step],
}

/// One step: a name and what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub name: &'static str,
    pub act: for<'a> fn(&'a mut Pipeline) -> BoxFuture<'a, Result<Outcome, Error>>,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Step {}

/// The pipeline every preset but the rich one has.
pub(crate) const PHASES: &[Phase] = &[
    Phase {
        name: "data",
        steps: &[
            Step { name: "precheck", act: |p| Box::pin(steps::data::precheck(p)) },
            Step { name: "reset", act: |p| Box::pin(steps::data::reset(p)) },
            Step { name: "seed", act: |p| Box::pin(steps::data::seed(p)) },
            Step { name: "status", act: |p| Box::pin(steps::data::status(p)) },
            Step { name: "features", act: |p| Box::pin(steps::data::features(p)) },
        ],
    },
    Phase {
        name: "modeling",
        steps: &[Step { name: "train", act: |p| Box::pin(steps::modeling::train(p)) }],
    },
    Phase {
        name: "decision",
        steps: &[
            Step { name: "backtest", act: |p| Box::pin(steps::decision::backtest(p)) },
            Step { name: "register", act: |p| Box::pin(steps::decision::register(p)) },
        ],
    },
    Phase {
        name: "verify",
        steps: &[Step { name: "verify", act: |p| Box::pin(steps::decision::verify(p)) }],
    },
    Phase { name: "agents", steps: &[Step { name: "agent", act: |p| Box::pin(steps::closing::agent(p)) }] },
    Phase {
        name: "cleanup",
        steps: &[Step { name: "cleanup", act: |p| Box::pin(steps::closing::cleanup(p)) }],
    },
];

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
    pub(crate) fn new(status: frames::StepStatus, detail: impl Into<String>, data: Value) -> Self {
        let data = if let Value::Object(data) = data { data } else { Map::new() };
        Self { status, detail: detail.into(), data }
    }

    pub(crate) fn pass(detail: impl Into<String>, data: Value) -> Self {
        Self::new(frames::StepStatus::Pass, detail, data)
    }

    pub(crate) fn skip(detail: impl Into<String>) -> Self {
        Self::new(frames::StepStatus::Skip, detail, Value::Null)
    }

    pub(crate) fn fail(detail: impl Into<String>) -> Self {
        Self::new(frames::StepStatus::Fail, detail, Value::Null)
    }

    /// A refused or broken call fails its step with the call's own words.
    pub(crate) fn broken(error: &Error) -> Self {
        let detail = match error.problem() {
            Some(problem) => {
                let wrong: Vec<String> =
                    problem.errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
                let wrong = if wrong.is_empty() { String::new() } else { format!(" [{}]", wrong.join("; ")) };
                format!("{}: {}{wrong} (request {})", problem.title, problem.detail, problem.request_id)
            }
            None => error.to_string(),
        };
        Self::fail(detail)
    }
}

/// What the steps learn from each other.
pub(crate) struct Pipeline {
    pub client: Client,
    pub clock: SharedClock,
    pub request: StartRequest,
    pub conversation_id: String,
    /// Set by the status step.
    pub grain: Option<Grain>,
    /// Set by the train step: model type and training run.
    pub trained: Vec<(String, kernel::RunId)>,
    /// Set by the backtest step.
    pub winner: Option<Winner>,
    /// Set by the register step.
    pub registered: Option<String>,
}

/// The pair and window that is modelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grain {
    pub store_id: i64,
    pub product_id: i64,
    pub start: chrono::NaiveDate,
    pub end: chrono::NaiveDate,
}

/// The champion of the backtest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Winner {
    pub model_type: String,
    pub comparison: String,
    pub candidate: String,
    pub per_model: Value,
    pub value: f64,
}

impl Pipeline {
    pub(crate) fn new(
        client: Client,
        clock: SharedClock,
        request: StartRequest,
        conversation_id: String,
    ) -> Self {
        Self {
            client,
            clock,
            request,
            conversation_id,
            grain: None,
            trained: Vec::new(),
            winner: None,
            registered: None,
        }
    }
}
