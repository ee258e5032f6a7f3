//! The bounds a single frame must keep, beyond its shape.

use kernel::Digest;

use crate::body::{Body, StepCompleted, StepStarted, Tool};
use crate::envelope::Schema;
use crate::error::{Broken, Rule};
use crate::frame::Frame;

type Checked = Result<(), Broken>;

pub(crate) fn check(frame: &Frame) -> Checked {
    let envelope = &frame.envelope;
    let body = &frame.body;
    if envelope.schema == Schema::PublicSseV1 && body.schema() == Schema::RunV1 {
        return Err(Broken::at("kind", Rule::ForeignKind));
    }
    if envelope.scope.is_some() && body.is_terminal() {
        return Err(Broken::at("scope", Rule::ScopedTerminal));
    }
    require(envelope.event_id >= 1, "event_id", "at least 1")?;
    require(!envelope.stream_id.is_empty(), "stream_id", "a non-empty text")?;
    require(!envelope.conversation_id.is_empty(), "conversation_id", "a non-empty text")?;
    check_body(body)
}

fn check_body(body: &Body) -> Checked {
    match body {
        Body::RunOpened(run) => {
            digest("spec_digest", &run.spec_digest)?;
            let inputs = run.inputs.iter().enumerate();
            inputs
                .into_iter()
                .try_for_each(|(i, input)| digest(&format!("inputs[{i}].digest"), &input.digest))
        }
        Body::ArtifactCreated(artifact) => digest("digest", &artifact.digest),
        Body::AttemptStarted(attempt) => require(attempt.attempt >= 1, "attempt", "at least 1"),
        Body::PhaseStarted(phase) => place("phase_index", phase.phase_index, phase.phase_total),
        Body::StepStarted(step) => {
            let StepStarted { step_index, step_total, phase_index, phase_total, .. } = *step;
            place("step_index", step_index, step_total)?;
            place("phase_index", phase_index, phase_total)
        }
        Body::StepCompleted(step) => {
            let StepCompleted { step_index, step_total, phase_index, phase_total, duration_ms, .. } = *step;
            place("step_index", step_index, step_total)?;
            place("phase_index", phase_index, phase_total)?;
            let is_duration = duration_ms.is_finite() && duration_ms >= 0.0;
            require(is_duration, "duration_ms", "a finite number from 0")
        }
        Body::Progress(progress) => {
            require((0.0..=1.0).contains(&progress.fraction), "fraction", "a number from 0 to 1")
        }
        Body::ToolStatus(status) => scores(&status.tool),
        _ => Ok(()),
    }
}

fn require(holds: bool, field: &str, expected: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(Broken::at(field, Rule::OutOfRange { expected })) }
}

fn place(field: &str, index: u32, total: u32) -> Checked {
    require((1..=total).contains(&index), field, "from 1 to the total")
}

fn digest(field: &str, text: &str) -> Checked {
    require(text.parse::<Digest>().is_ok(), field, "a SHA-256 digest of 64 lower-case hex digits")
}

fn scores(tool: &Tool) -> Checked {
    let Tool::FileSearch(search) = tool else { return Ok(()) };
    let mut scores = search.results.iter().flatten().filter_map(|result| result.score);
    require(scores.all(f64::is_finite), "tool.results", "results with finite scores")
}
