//! One side of a comparison, folded from its frames.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::row::{Row, RowKind};
use super::rows;
use crate::body::Body;
use crate::frame::Frame;
use crate::transcript::Transcript;

/// A transcript, and what a comparison needs beside it.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    transcript: Transcript,
    places: Places,
    spec: Vec<(String, Value)>,
}

/// The frames that first told of what a transcript shows without a number.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// Each beginning: its number and its frame.
    pub attempts: Vec<(u32, u64)>,
    phases: HashMap<PhaseKey, u64>,
    steps: HashMap<(PhaseKey, String, u64), Vec<u64>>,
    approvals: HashMap<String, u64>,
    pub opened: Option<u64>,
}

/// A phase is known by its name and the attempt that began it.
type PhaseKey = (Option<u64>, String);

impl Outline {
    /// Takes the next frame.
    pub fn apply(&mut self, frame: &Frame) {
        self.places.apply(&frame.body, frame.envelope.event_id);
        self.transcript.apply(frame);
    }

    /// Adds something that was asked for and that the frames do not say in full.
    pub fn ask(&mut self, name: impl Into<String>, value: Value) {
        self.spec.push((name.into(), value));
    }

    /// What the frames show.
    pub const fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    pub(super) fn into_rows(self) -> Vec<Row> {
        let Self { transcript, places, spec } = self;
        let shown = json!(transcript);
        drop(transcript);
        let mut asked = Row::new(RowKind::Spec, "", "request".to_owned(), places.opened);
        for (name, value) in spec {
            asked.say(&name, value);
        }
        rows::of(shown, &places, asked)
    }
}

impl Places {
    fn apply(&mut self, body: &Body, seq: u64) {
        match body {
            Body::RunOpened(_) => _ = self.opened.get_or_insert(seq),
            Body::AttemptStarted(body) => self.attempts.push((body.attempt, seq)),
            Body::PhaseStarted(body) => self.phase(&body.phase, seq),
            Body::Progress(body) => self.phase(&body.phase, seq),
            Body::StepStarted(body) => {
                self.phase(&body.phase, seq);
                self.step(&body.phase, &body.step, body.step_index).push(seq);
            }
            Body::StepCompleted(body) => {
                self.phase(&body.phase, seq);
                let seen = self.step(&body.phase, &body.step, body.step_index);
                if seen.is_empty() {
                    seen.push(seq);
                }
            }
            Body::ApprovalRequested(body) => self.approval(&body.approval_id, seq),
            Body::ApprovalDecided(body) => self.approval(&body.approval_id, seq),
            _ => {}
        }
    }

    fn phase(&mut self, phase: &str, seq: u64) {
        let key = self.key(phase);
        self.phases.entry(key).or_insert(seq);
    }

    fn step(&mut self, phase: &str, step: &str, index: u32) -> &mut Vec<u64> {
        let key = self.key(phase);
        self.steps.entry((key, step.to_owned(), index.into())).or_default()
    }

    fn key(&self, phase: &str) -> PhaseKey {
        (self.attempts.last().map(|(attempt, _)| (*attempt).into()), phase.to_owned())
    }

    fn approval(&mut self, id: &str, seq: u64) {
        self.approvals.entry(id.to_owned()).or_insert(seq);
    }

    /// Where a phase was first told.
    pub(super) fn of_phase(&self, attempt: Option<u64>, phase: &str) -> Option<u64> {
        self.phases.get(&(attempt, phase.to_owned())).copied()
    }

    /// Where the steps of one name and number were first told, in their order.
    pub(super) fn of_steps(&self, attempt: Option<u64>, phase: &str, step: &str, index: u64) -> &[u64] {
        let key = ((attempt, phase.to_owned()), step.to_owned(), index);
        self.steps.get(&key).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_approval(&self, id: &str) -> Option<u64> {
        self.approvals.get(id).copied()
    }
}
