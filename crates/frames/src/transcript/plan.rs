//! Attempts, phases with their progress, and steps. A new attempt begins its phases anew; the old ones stay visible.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Stamp, Time};
use crate::body::{self, Body, StepCompleted, StepStarted, StepStatus};

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Plan {
    attempts: Vec<Attempt>,
    phases: Vec<Phase>,
    /// Phases of the current attempt by name.
    #[serde(skip)]
    by_name: HashMap<String, usize>,
}

#[derive(Debug, Clone, Serialize)]
struct Attempt {
    attempt: u32,
    worker: String,
    started_at: Time,
}

#[derive(Debug, Clone, Serialize)]
struct Phase {
    phase: String,
    attempt: Option<u32>,
    phase_index: Option<u32>,
    phase_total: Option<u32>,
    title: Option<String>,
    started_at: Option<Time>,
    progress: Option<Progress>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Serialize)]
struct Progress {
    fraction: f64,
    done: Option<u64>,
    total: Option<u64>,
    message: Option<String>,
    at: Time,
}

#[derive(Debug, Clone, Serialize)]
struct Step {
    step: String,
    step_index: u32,
    step_total: u32,
    status: StepStatus,
    detail: String,
    duration_ms: Option<f64>,
    data: Map<String, Value>,
    started_at: Option<Time>,
    completed_at: Option<Time>,
}

impl Plan {
    pub(super) fn apply(&mut self, body: &Body, stamp: Stamp) {
        match body {
            Body::AttemptStarted(started) => self.attempt(started, stamp),
            Body::PhaseStarted(started) => {
                let phase = self.placed(&started.phase, started.phase_index, started.phase_total);
                phase.title.clone_from(&started.title);
                phase.started_at = Some(stamp.at);
            }
            Body::StepStarted(step) => {
                let phase = self.placed(&step.phase, step.phase_index, step.phase_total);
                phase.steps.push(Step::started(step, stamp));
            }
            Body::StepCompleted(step) => {
                let phase = self.placed(&step.phase, step.phase_index, step.phase_total);
                phase.complete(step, stamp);
            }
            Body::Progress(progress) => {
                self.phase(&progress.phase).progress = Some(Progress::new(progress, stamp));
            }
            _ => {}
        }
    }

    fn attempt(&mut self, started: &body::AttemptStarted, stamp: Stamp) {
        let worker = started.worker.clone();
        self.attempts.push(Attempt { attempt: started.attempt, worker, started_at: stamp.at });
        self.by_name.clear();
    }

    fn placed(&mut self, name: &str, index: u32, total: u32) -> &mut Phase {
        let phase = self.phase(name);
        phase.phase_index = Some(index);
        phase.phase_total = Some(total);
        phase
    }

    fn phase(&mut self, name: &str) -> &mut Phase {
        let at = self.by_name.get(name).copied().unwrap_or_else(|| {
            let attempt = self.attempts.last().map(|attempt| attempt.attempt);
            self.phases.push(Phase::new(name, attempt));
            self.by_name.insert(name.to_owned(), self.phases.len() - 1);
            self.phases.len() - 1
        });
        &mut self.phases[at]
    }
}

impl Phase {
    fn new(name: &str, attempt: Option<u32>) -> Self {
        Self {
            phase: name.to_owned(),
            attempt,
            phase_index: None,
            phase_total: None,
            title: None,
            started_at: None,
            progress: None,
            steps: Vec::new(),
        }
    }

    /// Updates the step, looked for from the end: what ends began last. A step that never began is shown as well.
    fn complete(&mut self, said: &StepCompleted, stamp: Stamp) {
        let is_it = |step: &Step| step.step_index == said.step_index && step.step == said.step;
        let at = self.steps.iter().rposition(is_it).unwrap_or_else(|| {
            self.steps.push(Step::unseen(said));
            self.steps.len() - 1
        });
        let step = &mut self.steps[at];
        step.status = said.status;
        step.detail.clone_from(&said.detail);
        step.duration_ms = Some(said.duration_ms);
        step.data.clone_from(&said.data);
        step.completed_at = (said.status != StepStatus::Running).then_some(stamp.at);
    }
}

impl Step {
    fn started(step: &StepStarted, stamp: Stamp) -> Self {
        Self::begun(&step.step, step.step_index, step.step_total, Some(stamp.at))
    }

    fn unseen(step: &StepCompleted) -> Self {
        Self::begun(&step.step, step.step_index, step.step_total, None)
    }

    fn begun(step: &str, step_index: u32, step_total: u32, started_at: Option<Time>) -> Self {
        Self {
            step: step.to_owned(),
            step_index,
            step_total,
            status: StepStatus::Running,
            detail: String::new(),
            duration_ms: None,
            data: Map::new(),
            started_at,
            completed_at: None,
        }
    }
}

impl Progress {
    fn new(progress: &body::Progress, stamp: Stamp) -> Self {
        Self {
            fraction: progress.fraction,
            done: progress.done,
            total: progress.total,
            message: progress.message.clone(),
            at: stamp.at,
        }
    }
}
