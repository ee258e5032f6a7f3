use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{Transcript, Validator};

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_767_600_000_000_000).unwrap()
}

/// The frames of these events, which are a valid stream as far as they go.
fn frames(events: &[Value]) -> Result<Vec<Frame>, EventError> {
    let (mut adapter, mut validator) = (Adapter::new("chat_1"), Validator::new());
    let mut frames = Vec::new();
    for event in events {
        frames.extend(adapter.take(&event.to_string(), at())?);
    }
    for frame in &frames {
        validator.push(frame).unwrap();
        assert_eq!(Frame::parse(&frame.to_text()).as_ref(), Ok(frame));
    }
    Ok(frames)
}

/// Events between the beginning and the end of a run.
fn run(events: &[Value]) -> Vec<Frame> {
    let started = json!({ "type": "RUN_STARTED", "threadId": "t", "runId": "r" });
    let finished = json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r" });
    frames(&[&[started], events, &[finished]].concat()).unwrap()
}

fn kinds(frames: &[Frame]) -> Vec<&'static str> {
    frames.iter().map(Frame::kind).collect()
}

fn code(events: &[Value]) -> &'static str {
    let started = json!({ "type": "RUN_STARTED", "threadId": "t", "runId": "r" });
    kernel::Fault::code(&frames(&[&[started], events].concat()).unwrap_err())
}

fn transcript(frames: &[Frame]) -> Value {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(frame);
    }
    serde_json::to_value(transcript).unwrap()
}

fn text(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "messageId": id, "delta": "Hi", "role": "assistant" })
}

#[test]
fn a_message_is_an_item_and_the_last_one_is_the_answer() {
    let said = run(&[
        text("TEXT_MESSAGE_START", "m"),
        text("TEXT_MESSAGE_CONTENT", "m"),
        text("TEXT_MESSAGE_CONTENT", "m"),
        text("TEXT_MESSAGE_END", "m"),
    ]);
    let expected = [
        "lifecycle",
        "output_item.added",
        "message.delta",
        "message.delta",
        "output_item.done",
        "lifecycle",
        "final",
    ];
    assert_eq!(kinds(&said), expected);
    let last: Value = serde_json::from_str(&said[6].to_text()).unwrap();
    assert_eq!(last["final"], json!({ "status": "completed", "response_text": "HiHi", "attachments": [] }));
    assert_eq!((&last["conversation_id"], &last["response_id"]), (&json!("t"), &json!("r")));
}

#[test]
fn pieces_begin_and_end_what_they_are_of() {
    let whole = run(&[
        text("TEXT_MESSAGE_START", "m"),
        text("TEXT_MESSAGE_CONTENT", "m"),
        text("TEXT_MESSAGE_END", "m"),
        json!({ "type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "f" }),
        json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "{}" }),
        json!({ "type": "TOOL_CALL_END", "toolCallId": "c" }),
    ]);
    let in_pieces = run(&[
        text("TEXT_MESSAGE_CHUNK", "m"),
        json!({ "type": "TOOL_CALL_CHUNK", "toolCallId": "c", "toolCallName": "f", "delta": "" }),
        json!({ "type": "TOOL_CALL_CHUNK", "delta": "{}" }),
    ]);
    assert_eq!(whole, in_pieces);
}

#[test]
fn a_call_shows_its_arguments_and_what_it_returned() {
    let said = run(&[
        json!({ "type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "f" }),
        json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "{\"a\":" }),
        json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "1}" }),
        json!({ "type": "TOOL_CALL_END", "toolCallId": "c" }),
        json!({ "type": "TOOL_CALL_RESULT", "toolCallId": "c", "messageId": "m", "content": "{\"b\":2}" }),
        json!({ "type": "TOOL_CALL_RESULT", "toolCallId": "of another run", "messageId": "n", "content": "yes" }),
    ]);
    let text = transcript(&said).to_string();
    for shown in [r#""arguments_json":{"a":1}"#, r#""output":{"b":2}"#, r#""output":"yes""#] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
}

#[test]
fn reasoning_has_its_old_names_and_its_new_ones() {
    let new = run(&[
        json!({ "type": "REASONING_START", "messageId": "p" }),
        json!({ "type": "REASONING_MESSAGE_START", "messageId": "q" }),
        json!({ "type": "REASONING_MESSAGE_CONTENT", "messageId": "q", "delta": "why" }),
        json!({ "type": "REASONING_MESSAGE_END", "messageId": "q" }),
        json!({ "type": "REASONING_END", "messageId": "p" }),
    ]);
    let old = run(&[
        json!({ "type": "THINKING_START" }),
        json!({ "type": "THINKING_TEXT_MESSAGE_START" }),
        json!({ "type": "THINKING_TEXT_MESSAGE_CONTENT", "delta": "why" }),
        json!({ "type": "THINKING_TEXT_MESSAGE_END" }),
        json!({ "type": "THINKING_END" }),
    ]);
    let alone = run(&[json!({ "type": "REASONING_MESSAGE_CHUNK", "messageId": "q", "delta": "why" })]);
    assert_eq!(kinds(&new), kinds(&old));
    assert_eq!(kinds(&new), kinds(&alone));
    assert!(new.last().unwrap().to_text().contains(r#""reasoning_summary_text":"why""#));
}

#[test]
fn what_has_no_frame_is_told_of_by_the_next_one() {
    let said = run(&[
        json!({ "type": "STATE_SNAPSHOT", "snapshot": { "a": 1 } }),
        json!({ "type": "STATE_DELTA", "delta": [] }),
        json!({ "type": "STATE_DELTA", "delta": [] }),
        json!({ "type": "CUSTOM", "name": "n", "value": null }),
    ]);
    let notices = &said[1].envelope.notices;
    let told: Vec<_> = notices.iter().map(|notice| (notice.path.as_str(), notice.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("ag_ui.CUSTOM", "has no frame; it is value 4 of the stream, counted from 0"),
            (
                "ag_ui.STATE_DELTA",
                "2 events have no frame; they are among values 2 to 3 of the stream, counted from 0"
            ),
            ("ag_ui.STATE_SNAPSHOT", "has no frame; it is value 1 of the stream, counted from 0"),
        ]
    );
}

#[test]
fn what_an_agent_was_told_is_in_no_frame() {
    let said = run(&[
        json!({ "type": "TEXT_MESSAGE_START", "messageId": "s", "role": "system" }),
        json!({ "type": "TEXT_MESSAGE_CONTENT", "messageId": "s", "delta": "be secretive" }),
        json!({ "type": "TEXT_MESSAGE_END", "messageId": "s" }),
    ]);
    assert!(said.iter().all(|frame| !frame.to_text().contains("secretive")));
    assert_eq!(said[1].envelope.notices.len(), 3);
}

#[test]
fn a_step_is_where_its_frames_lie_and_an_agent_within_the_run_is_a_scope() {
    let said = run(&[
        json!({ "type": "STEP_STARTED", "stepName": "plan" }),
        json!({ "type": "SUBAGENT_STARTED", "subagentRunId": "s", "name": "Scout", "parentToolCallId": "c" }),
        json!({ "type": "TEXT_MESSAGE_CHUNK", "subagentRunId": "s", "messageId": "m", "delta": "found" }),
        text("TEXT_MESSAGE_CHUNK", "n"),
        json!({ "type": "SUBAGENT_FINISHED", "subagentRunId": "s" }),
        json!({ "type": "STEP_FINISHED", "stepName": "plan" }),
    ]);
    let place = |frame: &Frame| {
        let envelope = &frame.envelope;
        let step = envelope.workflow.as_ref().and_then(|workflow| workflow.step_name.clone());
        (step.is_some(), envelope.scope.as_ref().map(|scope| scope.tool_call_id.clone()))
    };
    let of_agent = || (true, Some("c".to_owned()));
    let places: Vec<_> = said.iter().map(place).collect();
    let expected = [
        (false, None),
        (true, None),
        of_agent(),
        of_agent(),
        of_agent(),
        of_agent(),
        (true, None),
        (true, None),
        (true, None),
        of_agent(),
        (true, None),
        (false, None),
        (false, None),
    ];
    assert_eq!(places, expected, "{:?}", kinds(&said));
    let answer = said.last().unwrap().to_text();
    assert!(answer.contains(r#""response_text":"Hi""#), "{answer}");
}

#[test]
fn a_run_ends_as_it_says() {
    let started = json!({ "type": "RUN_STARTED", "threadId": "t", "runId": "r" });
    let end = |end: Value| frames(&[started.clone(), end]).unwrap().pop().unwrap().to_text();
    let usage = json!([{ "inputTokens": 1, "outputTokens": 2 }, { "inputTokens": 3 }]);
    let finished = end(json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "result": { "a": 1 },
        "usage": usage, "outcome": { "type": "success" } }));
    assert!(finished.contains(r#""structured_output":{"a":1}"#), "{finished}");
    assert!(finished.contains(r#""usage":{"input_tokens":4,"output_tokens":2}"#), "{finished}");
    for (outcome, status) in [("cancelled", "cancelled"), ("interrupt", "incomplete")] {
        let said = end(
            json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": { "type": outcome } }),
        );
        assert!(said.contains(&format!(r#""status":"{status}""#)), "{said}");
    }
    let failed = end(json!({ "type": "RUN_ERROR", "message": "no", "code": "E" }));
    assert!(
        failed.contains(r#""error":{"code":"E","message":"no","source":"provider","is_retryable":false}"#)
    );
    let at_once = frames(&[json!({ "type": "RUN_ERROR", "message": "no" })]).unwrap();
    assert_eq!(kinds(&at_once), ["lifecycle", "error"]);
}

#[test]
fn what_is_unknown_or_does_not_follow_is_refused() {
    let unknown = frames(&[json!({ "type": "TEXT_MESSAGE_BEGIN" })]).unwrap_err();
    assert_eq!(unknown.to_string(), "`TEXT_MESSAGE_BEGIN` is no type of event that AG-UI has");
    assert_eq!(
        frames(&[text("TEXT_MESSAGE_START", "m")]).unwrap_err().to_string(),
        "TEXT_MESSAGE_START comes before RUN_STARTED"
    );
    for (events, expected) in [
        (vec![json!(1)], "AG_UI_NO_EVENT"),
        (vec![json!({ "type": "TEXT_MESSAGE_START" })], "AG_UI_UNREADABLE"),
        (vec![text("TEXT_MESSAGE_CONTENT", "m")], "AG_UI_ORDER"),
        (vec![text("TEXT_MESSAGE_START", "m"), text("TEXT_MESSAGE_START", "m")], "AG_UI_ORDER"),
        (vec![json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "x" })], "AG_UI_ORDER"),
        (vec![json!({ "type": "TOOL_CALL_CHUNK", "delta": "x" })], "AG_UI_UNREADABLE"),
        (vec![json!({ "type": "REASONING_END", "messageId": "m" })], "AG_UI_ORDER"),
        (vec![json!({ "type": "STEP_FINISHED", "stepName": "s" })], "AG_UI_ORDER"),
        (vec![json!({ "type": "RUN_STARTED", "threadId": "t", "runId": "r" })], "AG_UI_ORDER"),
        (
            vec![json!({ "type": "RUN_ERROR", "message": "x" }), json!({ "type": "RAW", "event": 1 })],
            "AG_UI_ORDER",
        ),
    ] {
        assert_eq!(code(&events), expected, "{events:?}");
    }
    let many: Vec<_> = (0..=item::MAX_OPEN).map(|n| text("TEXT_MESSAGE_START", &n.to_string())).collect();
    assert_eq!(code(&many), "AG_UI_TOO_MANY");
}

fn event() -> impl Strategy<Value = Value> {
    let types = prop::sample::select(vec![
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "TEXT_MESSAGE_CHUNK",
        "TOOL_CALL_START",
        "TOOL_CALL_ARGS",
        "TOOL_CALL_END",
        "TOOL_CALL_CHUNK",
        "TOOL_CALL_RESULT",
        "REASONING_START",
        "REASONING_MESSAGE_START",
        "REASONING_MESSAGE_CONTENT",
        "REASONING_MESSAGE_END",
        "REASONING_MESSAGE_CHUNK",
        "REASONING_END",
        "THINKING_TEXT_MESSAGE_START",
        "STEP_STARTED",
        "STEP_FINISHED",
        "SUBAGENT_STARTED",
        "SUBAGENT_ERROR",
        "STATE_DELTA",
        "RUN_FINISHED",
    ]);
    (types, "[ab]", prop::option::of("[sc]")).prop_map(|(event_type, id, agent)| {
        let mut event = json!({ "type": event_type, "messageId": id, "toolCallId": id, "toolCallName": id,
            "delta": id, "content": id, "stepName": id, "name": id, "message": id, "threadId": "t", "runId": "r" });
        match agent {
            Some(agent) => event["subagentRunId"] = json!(agent),
            None if event_type.starts_with("SUBAGENT") => event["subagentRunId"] = json!("s"),
            None => {}
        }
        event
    })
}

proptest! {
    /// Whatever comes is refused or leads to a valid stream.
    #[test]
    fn no_events_make_an_invalid_stream(events in prop::collection::vec(event(), 0..60)) {
        let (mut adapter, mut validator) = (Adapter::new("chat_1"), Validator::new());
        let started = json!({ "type": "RUN_STARTED", "threadId": "t", "runId": "r" });
        for event in [started].iter().chain(&events) {
            let before = adapter.clone();
            match adapter.take(&event.to_string(), at()) {
                Ok(frames) => for frame in frames {
                    prop_assert_eq!(validator.push(&frame), Ok(()));
                },
                Err(_) => adapter = before,
            }
        }
        if adapter.is_ended() {
            prop_assert_eq!(validator.finish(), Ok(()));
        }
    }
}
