use chrono::DateTime;
use kernel::RunId;
use uuid::Uuid;

use super::*;
use crate::body::{
    AttemptStarted, Final, FinalStatus, Lifecycle, LifecycleStatus, PhaseStarted, RunOpened, StepCompleted,
    StepStarted, StepStatus,
};
use crate::envelope::{Origin, Scope};

fn stream(bodies: impl IntoIterator<Item = Body>) -> Vec<Frame> {
    let origin = Origin::of_run(RunId(Uuid::from_u128(7)), "c");
    let at = DateTime::from_timestamp_micros(1_767_600_000_000_000).unwrap();
    bodies.into_iter().zip(1..).map(|(body, seq)| origin.frame(seq, at, body)).collect()
}

fn verdict(frames: &[Frame]) -> Result<(), Violation> {
    let mut validator = Validator::new();
    frames.iter().try_for_each(|frame| validator.push(frame))?;
    validator.finish()
}

fn code(frames: &[Frame]) -> String {
    kernel::Fault::code(&verdict(frames).unwrap_err()).to_owned()
}

fn working() -> Body {
    Lifecycle { status: LifecycleStatus::InProgress, reason: None }.into()
}

fn end() -> Body {
    Final::new(FinalStatus::Completed).into()
}

fn three() -> Vec<Frame> {
    stream([working(), working(), end()])
}

#[test]
fn a_numbered_stream_with_one_terminal_at_its_end_is_valid() {
    assert_eq!(verdict(&three()), Ok(()));
    assert_eq!(verdict(&stream([end()])), Ok(()));
}

#[test]
fn a_stream_needs_a_frame_and_a_terminal() {
    assert_eq!(verdict(&[]), Err(Violation::Empty));
    assert_eq!(verdict(&three()[..2]), Err(Violation::NoTerminal { last_event_id: 2 }));
}

#[test]
fn nothing_follows_the_terminal() {
    assert_eq!(verdict(&stream([end(), working()])), Err(Violation::AfterTerminal { event_id: 2 }));
    assert_eq!(verdict(&stream([end(), end()])), Err(Violation::AfterTerminal { event_id: 2 }));
}

#[test]
fn a_missing_a_doubled_and_a_swapped_frame_are_named() {
    let mut frames = three();
    frames.remove(1);
    assert_eq!(verdict(&frames), Err(Violation::Number { expected: 2, found: 3 }));
    let mut frames = three();
    frames.insert(1, frames[0].clone());
    assert_eq!(verdict(&frames), Err(Violation::Number { expected: 2, found: 1 }));
    let mut frames = three();
    frames.swap(0, 1);
    assert_eq!(verdict(&frames), Err(Violation::Number { expected: 1, found: 2 }));
}

#[test]
fn schema_stream_and_conversation_are_constant() {
    for change in [
        (|envelope| envelope.schema = Schema::PublicSseV1) as fn(&mut Envelope),
        |envelope| envelope.stream_id = "other".to_owned(),
        |envelope| envelope.conversation_id = "other".to_owned(),
    ] {
        let mut frames = three();
        change(&mut frames[1].envelope);
        assert_eq!(code(&frames), "STREAM_CONSTANT_CHANGED");
    }
}

#[test]
fn provider_numbers_rise_within_a_response_and_start_anew_in_the_next() {
    let mut frames = three();
    for (frame, (response, number)) in frames.iter_mut().zip([("a", 5), ("b", 1), ("a", 5)]) {
        frame.envelope.response_id = Some(response.to_owned());
        frame.envelope.provider_sequence_number = Some(number);
    }
    assert_eq!(verdict(&frames), Ok(()));
    frames[2].envelope.provider_sequence_number = Some(4);
    assert_eq!(verdict(&frames), Err(Violation::ProviderNumber { event_id: 3, last: 5, found: 4 }));
}

#[test]
fn a_nested_run_never_ends_the_stream() {
    let mut frames = three();
    frames[2].envelope.scope = Some(Scope { tool_call_id: "t".to_owned(), tool_name: None, agent: None });
    assert_eq!(code(&frames), "FRAME_SCOPED_TERMINAL");
}

#[test]
fn a_run_is_opened_by_its_first_frame_only() {
    let opened = RunOpened {
        run_id: "r".to_owned(),
        run_kind: "comparison".to_owned(),
        run_kind_version: 1,
        seed: 7,
        spec_digest: "0".repeat(64),
        title: None,
        parent_run_id: None,
        program: None,
        inputs: Vec::new(),
        request_digest: None,
    };
    assert_eq!(verdict(&stream([opened.clone().into(), end()])), Ok(()));
    assert_eq!(code(&stream([working(), opened.into(), end()])), "STREAM_OPENED_LATE");
}

fn phase(phase: &str, phase_index: u32) -> Body {
    PhaseStarted { phase: phase.to_owned(), phase_index, phase_total: 2, title: None }.into()
}

fn started(step: &str, step_index: u32) -> Body {
    let phase = "p".to_owned();
    StepStarted { step: step.to_owned(), step_index, step_total: 3, phase, phase_index: 1, phase_total: 2 }
        .into()
}

fn completed(step: &str, step_index: u32, status: StepStatus) -> Body {
    StepCompleted {
        step: step.to_owned(),
        step_index,
        step_total: 3,
        phase: "p".to_owned(),
        phase_index: 1,
        phase_total: 2,
        status,
        detail: String::new(),
        duration_ms: 0.0,
        data: serde_json::Map::new(),
    }
    .into()
}

fn attempt(attempt: u32) -> Body {
    AttemptStarted { attempt, worker: "w".to_owned(), started_at: None, before_digest: None }.into()
}

#[test]
fn phases_and_steps_begin_once_per_attempt_and_end_after_they_began() {
    use StepStatus::{Pass, Running};
    let good = [
        vec![attempt(1), phase("p", 1), started("s", 1), completed("s", 1, Running), completed("s", 1, Pass)],
        vec![attempt(2), phase("p", 1), started("s", 1), completed("s", 1, Pass), phase("q", 2), end()],
    ];
    assert_eq!(verdict(&stream(good.concat())), Ok(()));
    let bad = [
        vec![completed("s", 1, Pass)],
        vec![started("s", 1), completed("s", 1, Pass), completed("s", 1, Pass)],
        vec![started("s", 1), completed("t", 1, Pass)],
        vec![started("s", 1), started("t", 1)],
        vec![phase("p", 1), phase("p", 1)],
        vec![phase("p", 1), phase("q", 1)],
        vec![phase("q", 1), started("s", 1)],
        vec![attempt(2), attempt(2)],
        vec![attempt(2), attempt(1)],
    ];
    for bodies in bad {
        assert_eq!(code(&stream(bodies.clone())), "STREAM_PLAN", "{bodies:?}");
    }
}

#[test]
fn an_index_beyond_its_total_is_refused() {
    assert_eq!(code(&stream([phase("r", 3)])), "FRAME_OUT_OF_RANGE");
    assert_eq!(code(&stream([started("s", 0)])), "FRAME_OUT_OF_RANGE");
}
