use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::body::{KINDS, MemoryStrategy, Progress};
use crate::envelope::{Origin, Schema};

/// A frame of this kind with the envelope's required fields and these own ones.
fn text(kind: &str, own: Value) -> String {
    let mut frame = json!({
        "schema": "run_v1", "kind": kind, "event_id": 3, "stream_id": "s",
        "server_timestamp": "2026-01-05T08:00:00Z", "conversation_id": "c",
    });
    let Value::Object(own) = own else { panic!("own fields are an object") };
    frame.as_object_mut().unwrap().extend(own);
    frame.to_string()
}

fn refused(kind: &str, own: Value) -> (String, &'static str) {
    let error = Frame::parse(&text(kind, own)).unwrap_err();
    let code = kernel::Fault::code(&error);
    (error.field, code)
}

#[test]
fn an_unknown_key_is_named_with_its_path() {
    let item = |more: Value| {
        let mut own = json!({ "output_index": 0, "item_id": "i" });
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        own
    };
    let cases = [
        ("progress", json!({ "phase": "p", "fraction": 0.5, "speed": 1 }), "speed"),
        ("progress", json!({ "phase": "p", "fraction": 0.5, "workflow": { "key": "k" } }), "workflow.key"),
        (
            "tool.status",
            item(json!({ "tool": { "tool_type": "function", "tool_call_id": "t", "status": "completed",
                "name": "f", "query": "q" } })),
            "tool.query",
        ),
        (
            "tool.status",
            item(json!({ "tool": { "tool_type": "file_search", "tool_call_id": "t", "status": "completed",
                "results": [{ "file_id": "a" }, { "file_id": "b", "page": 4 }] } })),
            "tool.results[1].page",
        ),
        (
            "message.citation",
            item(
                json!({ "content_index": 0, "citation": { "type": "file_citation", "file_id": "f", "url": "u" } }),
            ),
            "citation.url",
        ),
        ("final", json!({ "final": { "status": "completed", "score": 1 } }), "final.score"),
    ];
    for (kind, own, field) in cases {
        assert_eq!(refused(kind, own), (field.to_owned(), "FRAME_UNKNOWN_KEY"));
    }
}

#[test]
fn what_is_missing_mistyped_or_out_of_bounds_is_named() {
    let cases = [
        ("progress", json!({ "phase": "p" }), "fraction", "FRAME_FIELD_MISSING"),
        ("progress", json!({ "phase": "p", "fraction": null }), "fraction", "FRAME_WRONG_TYPE"),
        ("progress", json!({ "phase": "p", "fraction": 1.5 }), "fraction", "FRAME_OUT_OF_RANGE"),
        ("progress", json!({ "phase": 1, "fraction": 1 }), "phase", "FRAME_WRONG_TYPE"),
        ("progress", json!({ "phase": "p", "fraction": 1, "done": -1 }), "done", "FRAME_WRONG_TYPE"),
        ("progress", json!({ "phase": "p", "fraction": 1, "event_id": 0 }), "event_id", "FRAME_OUT_OF_RANGE"),
        (
            "progress",
            json!({ "phase": "p", "fraction": 1, "server_timestamp": "2026-01-05T08:00:00+01:00" }),
            "server_timestamp",
            "FRAME_OUT_OF_RANGE",
        ),
        (
            "progress",
            json!({ "phase": "p", "fraction": 1, "schema": "public_sse_v1" }),
            "kind",
            "FRAME_FOREIGN_KIND",
        ),
        ("lifecycle", json!({ "status": "asleep" }), "status", "FRAME_UNKNOWN_WORD"),
        ("run.closed", json!({}), "kind", "FRAME_UNKNOWN_WORD"),
        ("attempt.started", json!({ "attempt": 0, "worker": "w" }), "attempt", "FRAME_OUT_OF_RANGE"),
        (
            "final",
            json!({ "final": { "status": "completed" }, "scope": { "type": "agent_tool", "tool_call_id": "t" } }),
            "scope",
            "FRAME_SCOPED_TERMINAL",
        ),
        (
            "lifecycle",
            json!({ "status": "queued", "scope": { "type": "thread", "tool_call_id": "t" } }),
            "scope.type",
            "FRAME_UNKNOWN_WORD",
        ),
        (
            "artifact.created",
            json!({ "artifact_id": "a", "name": "n", "media_type": "m", "size_bytes": 1, "digest": "ABC" }),
            "digest",
            "FRAME_OUT_OF_RANGE",
        ),
    ];
    for (kind, own, field, code) in cases {
        assert_eq!(refused(kind, own), (field.to_owned(), code), "{kind}");
    }
}

#[test]
fn a_message_says_which_kind_which_field_and_what_would_be_right() {
    let error = Frame::parse(&text("progress", json!({ "phase": 1, "fraction": 1 }))).unwrap_err();
    assert_eq!(error.to_string(), "frame `progress` field `phase`: must be a string, found a number");
    let error = Frame::parse("[]").unwrap_err();
    assert_eq!(error.to_string(), "frame as a whole: must be an object, found a list");
    assert_eq!(kernel::Fault::code(&Frame::parse("{").unwrap_err()), "FRAME_NOT_JSON");
}

#[test]
fn an_optional_field_may_be_null_and_is_omitted_when_written() {
    let own = json!({
        "phase": "p", "fraction": 0.25, "done": null, "total": 4, "message": null,
        "response_id": null, "scope": null, "workflow": null, "notices": null,
    });
    let frame = Frame::parse(&text("progress", own)).unwrap();
    assert_eq!(
        frame.to_text(),
        r#"{"schema":"run_v1","kind":"progress","event_id":3,"stream_id":"s","server_timestamp":"2026-01-05T08:00:00.000000Z","conversation_id":"c","phase":"p","fraction":0.25,"total":4}"#
    );
}

#[test]
fn a_null_output_is_an_output_and_an_absent_one_is_not() {
    let own =
        json!({ "output_index": 0, "item_id": "i", "tool_call_id": "t", "tool_type": "mcp", "output": null });
    let frame = Frame::parse(&text("tool.output", own.clone())).unwrap();
    assert!(frame.to_text().ends_with(r#""output":null}"#));
    let mut own = own;
    own.as_object_mut().unwrap().remove("output");
    assert_eq!(refused("tool.output", own), ("output".to_owned(), "FRAME_FIELD_MISSING"));
}

#[test]
fn a_strategy_nobody_knows_is_a_compaction() {
    let frame =
        Frame::parse(&text("memory.checkpoint", json!({ "checkpoint": { "strategy": "fold" } }))).unwrap();
    let Body::MemoryCheckpoint(checkpoint) = frame.body else { panic!("a checkpoint") };
    assert_eq!(checkpoint.strategy, MemoryStrategy::Compact);
}

#[test]
fn the_contract_has_23_public_kinds_and_ten_of_runs() {
    assert_eq!(KINDS.len(), 33);
    let mut sorted = KINDS.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), 33);
}

proptest! {
    #[test]
    fn a_frame_survives_writing_and_reading(fraction in 0.0..=1.0_f64, message in ".*", seq in 1..u64::MAX, micros in 0..4_000_000_000_000_000_i64) {
        let origin = Origin { schema: Schema::RunV1, stream_id: "s".to_owned(), conversation_id: "c".to_owned() };
        let at = chrono::DateTime::from_timestamp_micros(micros).unwrap();
        let progress = Progress { phase: message.clone(), fraction, done: Some(seq), total: None, message: Some(message) };
        let frame = origin.frame(seq, at, progress);
        let text = frame.to_text();
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(&Frame::parse(&text).unwrap(), &frame);
        prop_assert_eq!(Frame::parse(&text).unwrap().to_text(), text);
    }
}
