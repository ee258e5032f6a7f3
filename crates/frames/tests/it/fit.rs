//! A frame of any size is made to fit, says what was left out, and is still a frame.

use std::collections::BTreeMap;

use frames::*;
use kernel::Fault;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::golden::all;
use crate::story::{RUN, Story, at, object};

const LIMIT: usize = 8192;

fn frame(body: impl Into<Body>) -> Frame {
    Origin::of_run(RUN, "c_1").frame(1, at(1), body.into())
}

fn notices(frame: &Frame) -> Vec<(&str, &str)> {
    frame.envelope.notices.iter().map(|notice| (notice.path.as_str(), notice.message.as_str())).collect()
}

fn end_of(structured_output: Value) -> Final {
    let response_text = Some("done".to_owned());
    let structured_output = Some(structured_output);
    Final { response_text, structured_output, ..Final::new(FinalStatus::Completed) }
}

/// A frame of every kind.
fn examples() -> Vec<Frame> {
    let goldens = all();
    let frames = goldens.iter().flat_map(|golden| &golden.lines).map(|line| Frame::parse(line).unwrap());
    let by_kind: BTreeMap<&str, Frame> = frames.map(|frame| (frame.kind(), frame)).collect();
    assert_eq!(by_kind.len(), KINDS.len());
    by_kind.into_values().collect()
}

/// The places of all texts in a value, as JSON pointers.
fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(items) => {
            (0..).zip(items).for_each(|(n, item): (usize, _)| texts(item, &format!("{at}/{n}"), found));
        }
        Value::Object(map) => map.iter().for_each(|(key, item)| texts(item, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

/// Frames of this one with one text made large, as far as the contract allows it there.
fn inflated(frame: &Frame, letter: char, letters: usize) -> Vec<(String, Frame)> {
    let value = serde_json::to_value(frame).unwrap();
    let mut places = Vec::new();
    texts(&value, "", &mut places);
    let inflate = |place: String| {
        let mut value = value.clone();
        *value.pointer_mut(&place).unwrap() = json!(letter.to_string().repeat(letters));
        Frame::parse(&value.to_string()).ok().map(|frame| (place, frame))
    };
    let is_large = |(_, frame): &(String, Frame)| frame.to_text().len() > LIMIT;
    places.into_iter().filter_map(inflate).filter(is_large).collect()
}

/// The identity of a stream, without which nothing can be written.
fn is_identity(place: &str) -> bool {
    let names = ["/stream_id", "/conversation_id", "/response_id", "/agent", "/workflow", "/scope"];
    names.iter().any(|name| place.starts_with(name))
}

#[test]
fn a_frame_that_fits_is_left_alone() {
    for frame in examples() {
        assert_eq!(frame.clone().fit(1 << 20, Some("x")).unwrap(), frame);
        let whole = frame.to_text().len() + 20 - frame.envelope.event_id.to_string().len();
        assert_eq!(frame.clone().fit(whole, None).unwrap(), frame, "the limit itself is no excess");
    }
}

#[test]
fn an_end_fits_whatever_a_user_sent() {
    let huge = "k".repeat(700_000);
    let key: Map<String, Value> = [(huge.clone(), json!(huge))].into_iter().collect();
    let message = huge.repeat(3);
    let bodies: [Body; 4] = [
        end_of(key.into()).into(),
        Final { refusal_text: Some(message.clone()), ..Final::new(FinalStatus::Refused) }.into(),
        StreamError { code: Some("X".to_owned()), message, source: ErrorSource::Server, is_retryable: false }
            .into(),
        Final {
            reasoning_summary_text: Some("\0".repeat(400_000)),
            attachments: vec![attachment(); 20_000],
            ..end_of(json!("\"".repeat(2_000_000)))
        }
        .into(),
    ];
    for body in bodies {
        let fitted = frame(body).fit(1 << 20, Some("artifact `metrics`")).unwrap();
        assert!(fitted.is_terminal() && fitted.to_text().len() <= 1 << 20);
        assert_eq!(Frame::parse(&fitted.to_text()).unwrap(), fitted);
        assert!(
            notices(&fitted).iter().all(|(_, said)| said.ends_with("; the whole is in artifact `metrics`"))
        );
    }
}

fn attachment() -> Attachment {
    Attachment {
        object_id: "o".to_owned(),
        filename: "f".repeat(100),
        mime_type: None,
        size_bytes: None,
        url: None,
        tool_call_id: None,
    }
}

#[test]
fn what_is_small_stays_whole_beside_what_is_cut() {
    let end = Final { response_text: Some("x".repeat(20_000)), ..end_of(json!({ "winner": "theta" })) };
    let fitted = frame(end).fit(LIMIT, None).unwrap();
    let Body::Final(end) = &fitted.body else { panic!("{fitted}") };
    assert_eq!(end.structured_output, Some(json!({ "winner": "theta" })));
    let text = end.response_text.as_ref().unwrap();
    assert!(text.ends_with("x…") && text.len() > LIMIT - 1000, "{}", text.len());
    let said = format!("cut to the first {} of 20000 bytes", text.len() - "…".len());
    assert_eq!(notices(&fitted), [("final.response_text", said.as_str())]);
}

#[test]
fn half_a_value_for_programs_is_never_written() {
    let fitted = frame(end_of(json!({ "rows": vec![1; 10_000] }))).fit(LIMIT, None).unwrap();
    let Body::Final(end) = &fitted.body else { panic!("{fitted}") };
    assert_eq!((&end.structured_output, end.response_text.as_deref()), (&None, Some("done")));
    assert_eq!(notices(&fitted), [("final.structured_output", "20010 bytes were left out")]);
    let output = ToolOutput {
        item: Item::new(0, "i"),
        tool_call_id: "c".to_owned(),
        tool_type: ToolType::Function,
        output: json!([["x".repeat(LIMIT)]]),
    };
    let Body::ToolOutput(output) = frame(output).fit(LIMIT, None).unwrap().body else { panic!() };
    assert_eq!(output.output, Value::Null);
    let notice = RunNotice {
        level: Level::Info,
        code: "C".to_owned(),
        message: "m".to_owned(),
        data: Some(object(json!({ "x".repeat(LIMIT): 1 }))),
    };
    let Body::Notice(notice) = frame(notice).fit(LIMIT, None).unwrap().body else { panic!() };
    assert_eq!((notice.message.as_str(), notice.data), ("m", None));
}

#[test]
fn a_run_with_very_many_inputs_opens() {
    let digest = kernel::Digest::ZERO.to_string();
    let input =
        RunInput { role: "series".to_owned(), source: None, id: "i".repeat(60), digest: digest.clone() };
    let opened = RunOpened {
        run_id: RUN.to_string(),
        run_kind: "k".to_owned(),
        run_kind_version: 1,
        seed: u64::MAX,
        spec_digest: digest,
        title: Some("t".repeat(2_000)),
        parent_run_id: None,
        program: None,
        inputs: vec![input; 1000],
        request_digest: None,
    };
    let fitted = frame(opened.clone()).fit(LIMIT, None).unwrap();
    let Body::RunOpened(found) = &fitted.body else { panic!("{fitted}") };
    assert_eq!((&found.title, found.seed), (&opened.title, opened.seed));
    let said = format!("{} of 1000 are here", found.inputs.len());
    assert_eq!(notices(&fitted), [("inputs", said.as_str())]);
    assert!(found.inputs.len() > 20);
}

#[test]
fn what_names_something_is_refused_and_not_cut() {
    let phase = "p".repeat(LIMIT);
    let body = Progress { phase, fraction: 0.5, done: None, total: None, message: Some("m".repeat(LIMIT)) };
    let refused = frame(body).fit(LIMIT, None).unwrap_err();
    assert_eq!((refused.kind, refused.limit_bytes, refused.code()), ("progress", LIMIT, "FRAME_TOO_LARGE"));
    assert!(refused.size_bytes > 2 * LIMIT, "{refused}");
}

#[test]
fn the_producers_own_notices_are_kept_as_far_as_they_fit() {
    let own = |n: usize| Notice {
        notice_type: NoticeType::Redacted,
        path: format!("p{n}"),
        message: "m".repeat(100),
    };
    let mut story = Story::of_run();
    let text = MessageDelta { item: Item::new(0, "i"), content_index: 0, delta: "d".repeat(LIMIT) };
    story.say(Draft::from(text).notice(own(1)));
    let fitted = story.frames.remove(0).fit(LIMIT, None).unwrap();
    assert_eq!(fitted.envelope.notices[0], own(1));
    assert_eq!(fitted.envelope.notices[1].path, "delta");
    let mut draft =
        Draft::from(PhaseStarted { phase: "p".to_owned(), phase_index: 1, phase_total: 1, title: None });
    draft.notices = (0..1000).map(own).collect();
    story.say(draft);
    let fitted = story.frames.remove(0).fit(LIMIT, None).unwrap();
    assert!(fitted.to_text().len() <= LIMIT);
    assert_eq!(fitted.envelope.notices.last().unwrap().path, "notices");
}

#[test]
fn any_text_of_any_kind_may_be_large() {
    for example in examples() {
        for (place, large) in inflated(&example, '"', LIMIT) {
            let ends = matches!(&example.body, Body::Final(_) | Body::Error(_) | Body::RunOpened(_));
            match large.fit(LIMIT, None) {
                Ok(fitted) => {
                    let text = fitted.to_text();
                    assert!(text.len() <= LIMIT, "{place} of {text}");
                    assert_eq!(Frame::parse(&text).unwrap(), fitted);
                    assert_eq!(fitted.kind(), example.kind());
                    assert!(fitted.envelope.notices.len() > example.envelope.notices.len(), "{text}");
                }
                Err(refused) => {
                    let is_name =
                        is_identity(&place) || !ends || ["/run_id", "/run_kind"].contains(&place.as_str());
                    assert!(is_name, "{place}: {refused}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_end_of_any_shape_fits_to_the_byte(
        texts in prop::collection::vec(prop::option::of("[a\"\\\\\u{0}\n\u{7f}ü🦀]{0,3000}"), 3),
        structured in prop::option::of("[a\"🦀]{0,3000}"),
        attachments in 0..60_usize,
        limit in 3000..12_000_usize,
    ) {
        let [response_text, reasoning_summary_text, refusal_text] = texts.try_into().unwrap();
        let end = Final {
            response_text,
            reasoning_summary_text,
            refusal_text,
            structured_output: structured.map(|text| json!({ "text": text })),
            attachments: vec![attachment(); attachments],
            ..Final::new(FinalStatus::Completed)
        };
        let mut whole = frame(end);
        whole.envelope.event_id = u64::MAX;
        let fitted = whole.clone().fit(limit, None).unwrap();
        let text = fitted.to_text();
        prop_assert!(text.len() <= limit);
        prop_assert_eq!(&Frame::parse(&text).unwrap(), &fitted);
        prop_assert_eq!(whole.to_text().len() <= limit, fitted == whole);
    }
}
