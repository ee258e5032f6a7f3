//! What is true of every frame that passes the door.

use frames::door::{ARGUMENTS_TEXT_CHARS, CHUNK_CHARS, admit};
use frames::*;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::story::*;
use crate::world;

/// Texts that are made of what secrets are made of, so that they meet, overlap and are cut at any place.
fn text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "sk-",
        "0123456789abcdef",
        "AKIA",
        "IOSFODNN7EXAMPLE",
        "eyJhbGciOi",
        ".",
        "-----BEGIN ",
        "PRIVATE KEY-----",
        "-----END ",
        "://",
        "u:",
        "p@h",
        "Bearer ",
        "password",
        "token",
        "api_key",
        "=",
        ":",
        "\"",
        "\\\"",
        "'",
        "\\",
        " ",
        "\n",
        ";",
        "{",
        "}",
        ",",
        "<redacted>",
        "<",
        "ü",
        "🌧",
        "x",
        "{\"password\":\"",
        "\"}",
        "max_tokens",
        "A=",
        "${",
    ]);
    let long = (vec(parts.clone(), 0..24), prop::option::weighted(0.2, 1990..8_010_usize)).prop_map(
        |(parts, long)| {
            let text = parts.concat();
            long.map_or_else(|| text.clone(), |length| "🌧".repeat(length) + &text)
        },
    );
    prop_oneof![9 => vec(parts, 0..24).prop_map(|parts| parts.concat()), 1 => long]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![text().prop_map(Value::from), any::<u32>().prop_map(Value::from), Just(Value::Null)];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

fn body() -> impl Strategy<Value = Body> {
    let arguments = prop_oneof![text(), value().prop_map(|value| value.to_string())];
    (0..10_usize, text(), value(), arguments).prop_map(|(kind, text, value, arguments)| {
        let item = Item::new(0, "sk-0123456789abcdef0123");
        let call = "call".to_owned();
        let target = ChunkTarget {
            entity_kind: EntityKind::Message,
            entity_id: "i".to_owned(),
            field: "text".to_owned(),
            part_index: None,
        };
        match kind {
            0 => delta(&item, 0, &text),
            1 => output(&item, &call, ToolType::Function, value),
            2 => Final {
                response_text: Some(text),
                structured_output: Some(value).filter(|value| !value.is_null()),
                ..Final::new(FinalStatus::Completed)
            }
            .into(),
            3 => ToolArgumentsDone {
                item,
                tool_call_id: call,
                tool_type: CallType::Function,
                tool_name: text,
                arguments_text: arguments,
                arguments_json: value.as_object().cloned(),
            }
            .into(),
            4 => ToolCodeDone { item, tool_call_id: call, code: text }.into(),
            5 => ChunkDelta { item, target, encoding: None, chunk_index: 0, data: text }.into(),
            6 => tool(
                &item,
                FileSearch {
                    tool_call_id: call,
                    status: SearchStatus::Completed,
                    queries: Some(vec![text.clone()]),
                    results: Some(vec![
                        FileResult {
                            file_id: text.clone(),
                            filename: None,
                            score: None,
                            vector_store_id: None,
                            attributes: value.as_object().cloned(),
                            text: Some(text),
                        };
                        12
                    ]),
                },
            ),
            7 => tool(
                &item,
                FunctionTool {
                    arguments_text: Some(arguments),
                    output: Some(value).filter(|value| !value.is_null()),
                    ..function(&call, CallStatus::Completed)
                },
            ),
            8 => RunNotice {
                level: Level::Info,
                code: text.clone(),
                message: text,
                data: value.as_object().cloned(),
            }
            .into(),
            _ => ToolApproval { reason: Some(text), ..approval(&item, &call, true) }.into(),
        }
    })
}

fn frame(body: Body) -> Frame {
    let mut story = Story::of_run();
    story.say(body);
    story.frames.remove(0)
}

/// Every text of a JSON value.
fn texts(value: &Value, of: &mut Vec<String>) {
    match value {
        Value::String(text) => of.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, of)),
        Value::Object(object) => object.values().for_each(|value| texts(value, of)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_frame_that_has_passed_passes_unchanged_and_stays_a_frame(body in body()) {
        let frame = frame(body);
        let admitted = admit(frame.clone());
        prop_assert_eq!(&admit(admitted.clone()), &admitted);
        prop_assert_eq!(admitted.check().is_ok(), frame.check().is_ok());
        prop_assert_eq!(&Frame::parse(&admitted.to_text()).unwrap(), &admitted);
    }

    #[test]
    fn a_frame_is_as_it_was_or_says_that_it_is_not(body in body()) {
        let frame = frame(body);
        let mut admitted = admit(frame.clone());
        let is_same = admitted.body == frame.body;
        prop_assert_eq!(admitted.envelope.notices.is_empty(), is_same);
        admitted.envelope.notices.clear();
        prop_assert_eq!(&admitted.envelope, &frame.envelope);
        prop_assert_eq!(admitted.body.item(), frame.body.item());
        prop_assert_eq!(admitted.kind(), frame.kind());
    }

    #[test]
    fn no_password_of_an_address_and_no_marked_key_is_left_in_any_text(
        before in text(), after in text(), value in value(),
    ) {
        let secrets = ["sk-0123456789abcdefQQQ", "postgres://app:QQQ@db"];
        for secret in secrets {
            let told = json!({ "rows": [format!("{before} {secret} {after}"), value.clone()] });
            let admitted = admit(frame(output(&Item::new(0, "i"), "c", ToolType::Function, told)));
            let mut found = Vec::new();
            texts(&json!(admitted)["output"], &mut found);
            prop_assert!(found.iter().all(|text| !text.contains("QQQ")), "{:?}", found);
        }
    }
}

#[test]
fn random_streams_of_ids_and_words_pass_as_they_are() {
    for kind in 0..world::KINDS {
        let place = world::Place { branch: Some(1), response: Some(0), nested: Some(1) };
        let ids = world::Ids { slot: 1, id: 1, index: 1, call: 1 };
        let mut story = Story::of_run();
        story.say(world::draft(kind, &ids, "word", &place));
        assert_eq!(admit(story.frames[0].clone()), story.frames[0]);
    }
}

#[test]
fn a_text_is_cut_between_characters_and_never_within_a_pair_of_surrogates() {
    let long = "🌧".repeat(ARGUMENTS_TEXT_CHARS + 1);
    let said = ToolArgumentsDone {
        item: Item::new(0, "i"),
        tool_call_id: "c".to_owned(),
        tool_type: CallType::Mcp,
        tool_name: "t".to_owned(),
        arguments_text: long,
        arguments_json: None,
    };
    let Body::ToolArgumentsDone(admitted) = admit(frame(said.into())).body else { panic!() };
    assert_eq!(admitted.arguments_text.encode_utf16().count(), 2 * ARGUMENTS_TEXT_CHARS);
    assert!(CHUNK_CHARS.is_multiple_of(4), "a piece of base64 can be read alone");
}
