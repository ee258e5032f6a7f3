//! Attempts, phases and steps must fit together: numbers name one thing, and nothing ends that did not begin.

use std::collections::BTreeMap;

use crate::body::{Body, PhaseStarted, StepCompleted, StepStarted, StepStatus};

/// What the current attempt has announced so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    attempt: u32,
    phase_total: Option<u32>,
    phases: BTreeMap<u32, Phase>,
    steps: BTreeMap<(u32, u32), Step>,
}

#[derive(Debug, Clone)]
struct Phase {
    name: String,
    is_started: bool,
}

#[derive(Debug, Clone)]
struct Step {
    name: String,
    is_open: bool,
}

type Fits = Result<(), String>;

impl Plan {
    pub(super) fn push(&mut self, body: &Body) -> Fits {
        match body {
            Body::AttemptStarted(started) => self.attempt(started.attempt),
            Body::PhaseStarted(phase) => self.phase_started(phase),
            Body::StepStarted(step) => self.step_started(step),
            Body::StepCompleted(step) => self.step_completed(step),
            _ => Ok(()),
        }
    }

    /// A new attempt begins the plan anew.
    fn attempt(&mut self, attempt: u32) -> Fits {
        if attempt <= self.attempt {
            return Err(format!("attempt {attempt} begins after attempt {}", self.attempt));
        }
        *self = Self { attempt, ..Self::default() };
        Ok(())
    }

    fn phase_started(&mut self, phase: &PhaseStarted) -> Fits {
        let seen = self.phase(&phase.phase, phase.phase_index, phase.phase_total)?;
        if std::mem::replace(&mut seen.is_started, true) {
            return Err(format!("phase `{}` begins a second time", phase.phase));
        }
        Ok(())
    }

    fn step_started(&mut self, step: &StepStarted) -> Fits {
        self.phase(&step.phase, step.phase_index, step.phase_total)?;
        let opened = Step { name: step.step.clone(), is_open: true };
        match self.steps.insert((step.phase_index, step.step_index), opened) {
            None => Ok(()),
            Some(before) => Err(format!(
                "step `{}` begins as number {} of its phase, which is `{}`",
                step.step, step.step_index, before.name
            )),
        }
    }

    fn step_completed(&mut self, step: &StepCompleted) -> Fits {
        self.phase(&step.phase, step.phase_index, step.phase_total)?;
        match self.steps.get_mut(&(step.phase_index, step.step_index)) {
            Some(begun) if begun.name == step.step && begun.is_open => {
                begun.is_open = step.status == StepStatus::Running;
                Ok(())
            }
            _ => Err(format!("step `{}` ends, but no such step is open", step.step)),
        }
    }

    fn phase(&mut self, name: &str, index: u32, total: u32) -> Result<&mut Phase, String> {
        let expected = *self.phase_total.get_or_insert(total);
        if total != expected {
            return Err(format!("phase `{name}` is one of {total}; the attempt has {expected}"));
        }
        let phase =
            self.phases.entry(index).or_insert_with(|| Phase { name: name.to_owned(), is_started: false });
        if phase.name == name {
            return Ok(phase);
        }
        Err(format!("phase {index} is `{name}` here and `{}` before", phase.name))
    }
}
