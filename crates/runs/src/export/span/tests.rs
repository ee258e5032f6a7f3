use chrono::TimeDelta;
use frames::{
    AttemptStarted, Body, CallStatus, Draft, Final, FinalStatus, FunctionTool, Item, Origin, PhaseStarted,
    Scope, StepCompleted, StepStarted, StepStatus, Tool, ToolStatus,
};

use super::*;

const RUN: RunId = RunId(uuid::Uuid::from_u128(7));

/// A run that has failed in its only attempt.
fn run() -> Detail {
    let (id, digest, at) = (RUN, "0".repeat(64), "2026-01-05T08:00:00.000000Z");
    let text = format!(
        r#"{{"run_id":"{id}","kind":"script","status":"failed","title":"t","created_at":"{at}","started_at":"{at}","ended_at":"2026-01-05T08:01:00.000000Z","attempt":1,"waits_for":null,"conversation_id":"{id}","parent_run_id":null,"priority":0,"is_dead_letter":false,"frames":3,"error":{{"code":"C","message":"m"}},"spec":{{}},"spec_digest":"{digest}","seed":1,"program":{{"version":"0.1.0","commit":null}},"root_run_id":"{id}","wakes_at":null,"questions":[],"attempts":[{{"number":1,"worker":"w","started_at":"{at}","ended_at":"2026-01-05T08:01:00.000000Z","outcome":"failed","error":null}}],"timeline":[],"inputs":[],"artifacts":[],"ledger":{{"seq":3,"head":"{digest}","is_closed":true}},"retry_of":null}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// The frames as the lines of a record, a second apart.
fn lines(drafts: Vec<Draft>) -> Vec<String> {
    let origin = Origin::of_run(RUN, "c");
    let begin = run().item.created_at;
    let frame = |(seq, draft)| {
        origin.frame(seq, begin + TimeDelta::seconds(i64::try_from(seq).unwrap()), draft).to_text()
    };
    (1..).zip(drafts).map(frame).collect()
}

fn spans(drafts: Vec<Draft>) -> Vec<Span> {
    let run = run();
    let mut spans = Spans::of(&run);
    let mut all = spans.attempts(&run);
    for line in lines(drafts) {
        all.extend(spans.line(&line).unwrap());
    }
    all.extend(spans.end(&run));
    all
}

fn attempt() -> Draft {
    let started =
        AttemptStarted { attempt: 1, worker: "w".to_owned(), started_at: None, before_digest: None };
    Body::AttemptStarted(started).into()
}

fn phase(name: &str) -> Draft {
    let started = PhaseStarted { phase: name.to_owned(), phase_index: 1, phase_total: 2, title: None };
    Body::PhaseStarted(started).into()
}

fn step() -> Draft {
    Body::StepStarted(StepStarted {
        step: "s".to_owned(),
        step_index: 1,
        step_total: 1,
        phase: "a".to_owned(),
        phase_index: 1,
        phase_total: 2,
    })
    .into()
}

fn step_done(status: StepStatus) -> Draft {
    Body::StepCompleted(StepCompleted {
        step: "s".to_owned(),
        step_index: 1,
        step_total: 1,
        phase: "a".to_owned(),
        phase_index: 1,
        phase_total: 2,
        status,
        detail: "why".to_owned(),
        duration_ms: 1.0,
        data: serde_json::Map::new(),
    })
    .into()
}

fn call(id: &str, status: CallStatus) -> Draft {
    let tool = Tool::Function(FunctionTool {
        tool_call_id: id.to_owned(),
        status,
        name: "f".to_owned(),
        arguments_text: None,
        arguments_json: None,
        output: None,
    });
    Body::ToolStatus(ToolStatus { item: Item::new(0, "i"), tool }).into()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:?}"))
}

fn is_cut_off(span: &Span) -> bool {
    span.attributes.iter().any(|one| one.key == "assay.is_cut_off")
}

#[test]
fn spans_lie_in_one_another_as_the_work_did() {
    let nested = Scope { tool_call_id: "1".to_owned(), tool_name: None, agent: None };
    let all = spans(vec![
        attempt(),
        phase("a"),
        step(),
        call("1", CallStatus::InProgress),
        call("2", CallStatus::InProgress).scope(nested),
        step_done(StepStatus::Running),
        call("2", CallStatus::Failed),
        call("1", CallStatus::Completed),
        step_done(StepStatus::Fail),
        phase("b"),
        Body::Final(Final::new(FinalStatus::Failed)).into(),
    ]);
    let names: Vec<&str> = all.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["attempt 1", "tool f", "tool f", "step s", "phase a", "phase b", "script"]);
    let parent = |at: usize| all[at].parent_span_id.as_deref();
    let id = |name: &str| Some(named(&all, name).span_id.as_str());
    assert_eq!(parent(1), Some(all[2].span_id.as_str()), "the second call was made within the first");
    assert_eq!((parent(2), parent(3), parent(4)), (id("step s"), id("phase a"), id("attempt 1")));
    assert_eq!((parent(0), parent(5), parent(6)), (id("script"), id("attempt 1"), None));
    assert_eq!(all.iter().map(|span| span.status.code).collect::<Vec<_>>(), [2, 2, 1, 2, 0, 0, 2]);
    assert_eq!(all[3].status.message.as_deref(), Some("why"));
    assert_eq!(all[6].status.message.as_deref(), Some("C: m"));
    assert!(!all.iter().any(is_cut_off));
    assert_eq!(all[6].start_time_unix_nano, "1767600000000000000");
}

#[test]
fn what_was_open_when_the_run_ended_is_cut_off_there_and_frames_that_went_are_counted() {
    let run = run();
    let mut spans = Spans::of(&run);
    let digest = format!("{}{}", frames::chain::DIGEST_LINE, kernel::Digest::of("x"));
    assert!(spans.line(&digest).unwrap().is_empty());
    let begun = [attempt(), phase("a"), step(), call("1", CallStatus::InProgress)];
    let ended =
        lines([begun.to_vec(), vec![Body::Final(Final::new(FinalStatus::Cancelled)).into()]].concat());
    let all: Vec<Span> = ended.iter().flat_map(|line| spans.line(line).unwrap()).collect();
    let cut: Vec<(&str, bool)> = all.iter().map(|span| (span.name.as_str(), is_cut_off(span))).collect();
    assert_eq!(cut, [("tool f", true), ("step s", true), ("phase a", false)]);
    let whole = spans.end(&run).unwrap();
    let removed = whole.attributes.iter().find(|one| one.key == "assay.frames.removed").unwrap();
    assert_eq!(removed.value, Value::IntValue("1".to_owned()));
}

#[test]
fn calls_without_an_end_take_bounded_memory_and_those_left_out_are_counted() {
    let run = run();
    let mut spans = Spans::of(&run);
    for n in 0..MOST_OPEN + 5 {
        let line = lines(vec![call(&n.to_string(), CallStatus::InProgress)]).remove(0);
        assert!(spans.line(&line).unwrap().is_empty());
    }
    assert_eq!(spans.tools.len(), MOST_OPEN);
    let left_out =
        spans.end(&run).unwrap().attributes.into_iter().find(|one| one.key == "assay.spans.left_out");
    assert_eq!(left_out.unwrap().value, Value::IntValue("5".to_owned()));
}
