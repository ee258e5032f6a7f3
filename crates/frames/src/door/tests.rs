use serde_json::{Value, json};

use super::*;
use crate::envelope::NoticeType;

fn frame(body: &Value) -> Frame {
    let mut frame = json!({
        "schema": "run_v1", "event_id": 1, "stream_id": "s", "conversation_id": "c",
        "server_timestamp": "2026-01-05T08:00:00Z",
    });
    let item = json!({ "output_index": 0, "item_id": "i" });
    let parts = if body["kind"] == "final" { vec![body] } else { vec![body, &item] };
    for part in parts {
        frame.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    Frame::parse(&frame.to_string()).unwrap()
}

/// The frame as JSON, and what its notices say: what was done, where.
fn admitted(body: &Value) -> (Value, Vec<String>) {
    let admitted = admit(frame(body));
    assert_eq!(admit(admitted.clone()), admitted, "a second time changes nothing");
    let notices = admitted.envelope.notices.iter();
    let notices = notices.map(|notice| format!("{} {}", notice.notice_type.as_str(), notice.path)).collect();
    (json!(admitted), notices)
}

fn text_of(text: &str) -> String {
    let (frame, notices) = admitted(&json!({ "kind": "message.delta", "content_index": 0, "delta": text }));
    let found = frame["delta"].as_str().unwrap().to_owned();
    assert_eq!(notices, if found == text { vec![] } else { vec!["redacted delta"] }, "{text}");
    found
}

#[test]
fn what_has_the_form_of_a_secret_is_replaced_in_any_text() {
    let cases = [
        ("use sk-proj-abcDEF0123456789xyz now", "use <redacted> now"),
        ("key AKIAIOSFODNN7EXAMPLE.", "key <redacted>."),
        ("ghp_0123456789abcdefghijABCDEFGHIJ", "<redacted>"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer <redacted>"),
        ("sent with bearer  AbCdEfGhIjKlMnOp123", "sent with bearer  <redacted>"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTJ4!", "<redacted>!"),
        ("postgres://app:s3cr@t@db:5432/x and so on", "postgres://app:<redacted>@db:5432/x and so on"),
        ("redis://:hunter2@cache", "redis://:<redacted>@cache"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----<redacted>-----END RSA PRIVATE KEY-----",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIBcut", "-----BEGIN PRIVATE KEY-----<redacted>"),
        ("client(api_key=\"wörd\", n=3)", "client(api_key=\"<redacted>\", n=3)"),
        ("{\"password\": \"a \\\" b\", \"n\": 1", "{\"password\": \"<redacted>\", \"n\": 1"),
        (
            "x = '{\\\"token\\\": \\\"abc\\\", \\\"n\\\": 1}'",
            "x = '{\\\"token\\\": \\\"<redacted>\\\", \\\"n\\\": 1}'",
        ),
        ("Server=db;Password=swordfish;Port=1", "Server=db;Password=<redacted>;Port=1"),
        ("export DB_PASSWORD=swordfish", "export DB_PASSWORD=<redacted>"),
        ("https://x.org/?access_token=abc123&page=2", "https://x.org/?access_token=<redacted>&page=2"),
        ("a sk-0123456789abcdefgh b sk-0123456789abcdefgh", "a <redacted> b <redacted>"),
    ];
    for (text, expected) in cases {
        assert_eq!(text_of(text), expected);
    }
}

#[test]
fn what_only_resembles_a_secret_stays() {
    let texts = [
        "",
        "The secret: be kind.",
        "password: required",
        "token = tokens[i]",
        "max_tokens=4096",
        "a task-force of sk-learn",
        "client(api_key=api_key)",
        "bearer tokens are short",
        "the Bearer of this letter",
        "http://host:80/a@b",
        "https://user@host/path",
        "see sk-learn-contributors-and-friends",
        "AKIA",
        "eyJ.eyJ.x",
        "password=\"\"",
        "api_key=\"${API_KEY}\"",
        "token: \"<your token>\"",
        "-----BEGIN CERTIFICATE-----\nMIIB",
        "-----BEGIN PRIVATE KEY-----",
        "secret",
        "secret=",
        "tokens: 123456789",
        "x:y@z",
        "://:@",
    ];
    for text in texts {
        assert_eq!(text_of(text), text);
    }
}

#[test]
fn a_value_goes_whole_for_the_name_it_has() {
    let output = json!({
        "headers": { "X-Api-Key": "k", "accept": "all" }, "rows": [{ "authorization": { "user": "u" } }],
        "max_tokens": 5, "token": 7, "access_token": "t", "password": 1234, "has password": true, "secret": null, "a.b": { "pwd": "p" },
        "apiKey": "",
    });
    let (frame, mut notices) = admitted(
        &json!({ "kind": "tool.output", "tool_call_id": "t", "tool_type": "function", "output": output }),
    );
    let expected = json!({
        "headers": { "X-Api-Key": "<redacted>", "accept": "all" }, "rows": [{ "authorization": "<redacted>" }],
        "max_tokens": 5, "token": 7, "access_token": "<redacted>", "password": "<redacted>", "has password": true,
        "secret": null, "a.b": { "pwd": "<redacted>" }, "apiKey": "",
    });
    assert_eq!(frame["output"], expected);
    notices.sort();
    let paths = [
        "output.access_token",
        "output.headers.X-Api-Key",
        "output.password",
        "output.rows[0].authorization",
        "output[\"a.b\"].pwd",
    ];
    assert_eq!(notices, paths.map(|path| format!("redacted {path}")));
}

#[test]
fn arguments_stay_json_where_they_are_json() {
    let body = |text: &str| {
        json!({ "kind": "tool.arguments.done", "tool_call_id": "t", "tool_type": "function", "tool_name": "f",
            "arguments_text": text, "arguments_json": { "q": "x".repeat(4_001) } })
    };
    let (frame, notices) = admitted(&body(r#"{ "b": 1, "token": "t", "a": "postgres://u:p@h" }"#));
    assert_eq!(frame["arguments_text"], r#"{"a":"postgres://u:<redacted>@h","b":1,"token":"<redacted>"}"#);
    assert_eq!(frame["arguments_json"]["q"].as_str().unwrap().len(), 4_000);
    assert_eq!(notices, ["redacted arguments_text", "truncated arguments_json.q"]);
    let spaced = r#"{ "b": [1.0, 2e3] }"#;
    assert_eq!(
        admitted(&body(spaced)).0["arguments_text"],
        spaced,
        "what has nothing to hide is not written anew"
    );
    let (frame, notices) = admitted(&body(&format!(r#"{{"password":"p","rest":"{}"#, "y".repeat(9_000))));
    let text = frame["arguments_text"].as_str().unwrap();
    assert!(text.starts_with(r#"{"password":"<redacted>","rest":"yy"#) && text.len() == 8_000, "{text:.60}");
    assert_eq!(
        notices,
        ["redacted arguments_text", "truncated arguments_text", "truncated arguments_json.q"]
    );
}

#[test]
fn texts_and_lists_are_cut_at_the_limits_of_the_contract() {
    let status = |tool: Value| json!({ "kind": "tool.status", "tool": tool });
    let long = |n: usize| "𝄞".repeat(n);
    let cases = [
        (
            status(json!({ "tool_type": "file_search", "tool_call_id": "t", "status": "completed",
                "results": vec![json!({ "file_id": "f", "text": long(2_001) }); 11] })),
            "/tool/results",
            "truncated tool.results",
            10,
        ),
        (
            status(json!({ "tool_type": "file_search", "tool_call_id": "t", "status": "completed",
                "results": [{ "file_id": "f", "text": long(2_001) }] })),
            "/tool/results/0/text",
            "truncated tool.results[0].text",
            2_000,
        ),
        (
            status(json!({ "tool_type": "web_search", "tool_call_id": "t", "status": "completed",
                "sources": vec!["https://x.org"; 51] })),
            "/tool/sources",
            "truncated tool.sources",
            50,
        ),
        (
            status(json!({ "tool_type": "mcp", "tool_call_id": "t", "status": "completed", "tool_name": "m",
                "output": [long(8_001)] })),
            "/tool/output/0",
            "truncated tool.output[0]",
            8_000,
        ),
        (
            json!({ "kind": "tool.approval", "tool_call_id": "t", "tool_type": "mcp", "tool_name": "m", "approved": true,
                "reason": long(2_001) }),
            "/reason",
            "truncated reason",
            2_000,
        ),
        (
            json!({ "kind": "chunk.delta", "chunk_index": 0, "data": "A".repeat(131_076), "encoding": "base64",
                "target": { "entity_kind": "message", "entity_id": "i", "field": "text" } }),
            "/data",
            "truncated data",
            131_072,
        ),
    ];
    for (body, pointer, notice, expected) in cases {
        let (frame, notices) = admitted(&body);
        let found = frame.pointer(pointer).unwrap();
        let size = found.as_array().map_or_else(|| found.as_str().unwrap().chars().count(), Vec::len);
        assert_eq!(size, expected, "{pointer}");
        assert!(notices.contains(&notice.to_owned()), "{notices:?}");
    }
}

#[test]
fn the_end_is_looked_at_as_a_whole_and_ids_are_not_looked_at() {
    let secret = "sk-0123456789abcdefgh";
    let end = json!({ "kind": "final", "response_id": secret, "final": {
        "status": "completed", "response_text": secret, "structured_output": { "client_secret": "x", "n": 1 },
        "attachments": [{ "object_id": secret, "filename": "f", "url": format!("https://x.org/?token={secret}") }],
    }});
    let (frame, notices) = admitted(&end);
    assert_eq!(frame["response_id"], secret);
    assert_eq!(frame["final"]["attachments"][0]["object_id"], secret);
    let paths = ["final.response_text", "final.structured_output.client_secret", "final.attachments[0].url"];
    assert_eq!(notices, paths.map(|path| format!("redacted {path}")));
}

#[test]
fn the_two_pieces_of_a_secret_are_each_taken_for_what_they_are() {
    // Honest about what is not found: the first piece is too short for the form, the second has no beginning.
    assert_eq!(text_of("sk-0123456"), "sk-0123456");
    assert_eq!(text_of("789abcdefgh"), "789abcdefgh");
    assert_eq!(text_of("postgres://app:s3"), "postgres://app:s3");
    assert_eq!(text_of("password: \"sword"), "password: \"<redacted>");
}

#[test]
fn a_thousand_secrets_do_not_make_a_thousand_notices() {
    let secrets: Vec<Value> = (0..1_000).map(|n| json!({ "password": n })).collect();
    let body =
        json!({ "kind": "tool.output", "tool_call_id": "t", "tool_type": "function", "output": secrets });
    let admitted = admit(frame(&body));
    assert_eq!(admitted.envelope.notices.len(), 101);
    let last = admitted.envelope.notices.last().unwrap();
    assert_eq!((last.notice_type, last.path.as_str()), (NoticeType::Redacted, ""));
    assert_eq!(last.message, "900 more places were redacted or cut");
}

#[test]
fn a_text_without_end_is_looked_at_in_one_pass() {
    let parts = [
        "://",
        "token:",
        "eyJ-",
        "sk-a-",
        "eyJa.",
        "-----BEGIN PRIVATE KEY-----<",
        "bearer ",
        "\"password\":\"<",
        "token=\\\\\"",
        "a:b@",
    ];
    // Looked at once per letter and place, one of these would not come to an end.
    for part in parts {
        text_of(&part.repeat((1 << 20) / part.len()));
    }
}

fn output(output: &Value) -> Frame {
    frame(&json!({ "kind": "tool.output", "tool_call_id": "t", "tool_type": "function", "output": output }))
}

/// What the pieces of a frame are put together to.
fn assembled(frames: &[Frame]) -> Value {
    let mut transcript = crate::Transcript::default();
    for frame in frames {
        frame.check().unwrap();
        transcript.apply(frame);
    }
    json!(transcript)["header"]["chunks"].clone()
}

#[test]
fn a_long_output_is_shown_in_part_and_follows_whole_in_pieces() {
    let long = "ü🌧".repeat(CHUNK_CHARS);
    let whole = redact(output(&json!(long)));
    let Carried::Several(frames) = carry(whole, 1 << 20) else { panic!("it follows") };
    let kinds: Vec<_> = frames.iter().map(Frame::kind).collect();
    assert_eq!(kinds, ["tool.output", "chunk.delta", "chunk.delta", "chunk.done"]);
    let notice = &frames[0].envelope.notices[0];
    assert!(notice.path == "output" && notice.message.ends_with("; the whole is in the pieces that follow"));
    let chunks = assembled(&frames);
    assert_eq!(
        (&chunks[0]["field"], &chunks[0]["data"], &chunks[0]["is_done"]),
        (&json!("output"), &json!(long), &json!(true))
    );
    assert!(frames.iter().all(|frame| frame.to_text().len() <= 1 << 20));
}

#[test]
fn a_large_value_follows_as_json_and_a_secret_in_it_does_not() {
    let rows = json!({ "rows": vec![1_234_567; 200_000], "token": "secret" });
    let Carried::Several(frames) = carry(redact(output(&rows)), 1 << 20) else { panic!("it follows") };
    assert!(frames.iter().all(|frame| frame.to_text().len() <= 1 << 20));
    let data = assembled(&frames)[0]["data"].as_str().unwrap().to_owned();
    let found: Value = serde_json::from_str(&data).unwrap();
    assert_eq!((&found["rows"], &found["token"]), (&rows["rows"], &json!(REDACTED)));
}

#[test]
fn streamed_text_is_streamed_in_portions_and_loses_nothing() {
    let long = "x".repeat(3 * CHUNK_CHARS + 1);
    let delta = frame(&json!({ "kind": "message.delta", "content_index": 0, "delta": long }));
    let Carried::Several(frames) = carry(delta, 1 << 20) else { panic!("it is portioned") };
    let told = frames.iter().map(|frame| json!(frame)["delta"].as_str().unwrap().to_owned());
    assert_eq!((frames.len(), told.collect::<String>()), (4, long));
}

#[test]
fn a_frame_within_its_limits_is_carried_as_it_is_and_another_by_the_caller() {
    let small = output(&json!("x"));
    assert_eq!(carry(small.clone(), 1 << 20), Carried::One(small));
    let end =
        json!({ "kind": "final", "final": { "status": "completed", "structured_output": vec![1; 1 << 20] } });
    assert_eq!(carry(frame(&end), 1 << 20), Carried::TooLarge(frame(&end)));
    let reason = json!({ "kind": "tool.approval", "tool_call_id": "t", "tool_type": "mcp", "tool_name": "m", "approved": true,
        "reason": "x".repeat(9_000) });
    let Carried::One(cut) = carry(frame(&reason), 1 << 20) else { panic!("nothing follows") };
    assert_eq!(cut.envelope.notices[0].message, "cut to the first 2000 of 9000 characters");
}
