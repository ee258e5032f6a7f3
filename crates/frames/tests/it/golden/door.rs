//! Frames that passed the door: secrets are replaced, long texts are cut, and what was cut follows in pieces.

use frames::door::{Carried, admit, carry, redact};
use frames::*;
use serde_json::json;

use crate::story::*;

pub(super) fn story() -> Story {
    let mut story = Story::of_run();
    let (first, second) = (Item::new(0, "mcp_1"), Item::new(1, "fc_1"));
    let asked = r#"{"headers":{"Authorization":"Bearer of bad news","accept":"*"},"max_tokens":4096}"#;
    let admitted: Vec<Body> = vec![
        added(&first, "mcp_call"),
        ToolArgumentsDone {
            item: first.clone(),
            tool_call_id: "mcp_1".to_owned(),
            tool_type: CallType::Mcp,
            tool_name: "prices.change".to_owned(),
            arguments_text: asked.to_owned(),
            arguments_json: serde_json::from_str(asked).unwrap(),
        }
        .into(),
        approval(&first, "mcp_1", true).into(),
        output(
            &first,
            "mcp_1",
            ToolType::Mcp,
            json!({ "rows": [{ "x-api-key": "k" }], "url": "postgres://u:pw@db/x" }),
        ),
        searched(),
        ToolCodeDelta {
            item: Item::new(2, "ci_1"),
            tool_call_id: "ci_1".to_owned(),
            delta: "key = \"sk-0123456789abcdef0123\"\n".to_owned(),
        }
        .into(),
        delta(&Item::new(3, "msg_1"), 0, "It is ghp_0123456789abcdefghij0123, for all to read."),
    ];
    for body in admitted {
        tell(&mut story, body, |frame| vec![admit(frame)]);
    }
    let long = "no rain ".repeat(1_010);
    tell(&mut story, output(&second, "call_1", ToolType::Function, json!(long)), carried);
    tell(&mut story, end(FinalStatus::Completed, "password = \"hunter2\" was in the file"), |frame| {
        vec![admit(frame)]
    });
    story
}

fn searched() -> Body {
    let result = |n: usize| FileResult {
        file_id: format!("file_{n}"),
        filename: None,
        score: Some(1.0 / (n as f64 + 1.0)),
        vector_store_id: None,
        attributes: None,
        text: text("found"),
    };
    let search = FileSearch {
        tool_call_id: "fs_1".to_owned(),
        status: SearchStatus::Completed,
        queries: None,
        results: Some((0..12).map(result).collect()),
    };
    tool(&Item::new(4, "fs_1"), search)
}

fn carried(frame: Frame) -> Vec<Frame> {
    match carry(redact(frame), 1 << 20) {
        Carried::Several(frames) => frames,
        Carried::One(frame) | Carried::TooLarge(frame) => vec![frame],
    }
}

fn tell(story: &mut Story, body: Body, pass: impl Fn(Frame) -> Vec<Frame>) {
    story.say(body);
    let told = story.frames.pop().unwrap();
    for mut frame in pass(told) {
        let seq = story.frames.len() as u64 + 1;
        frame.envelope.event_id = seq;
        frame.envelope.server_timestamp = at(seq);
        story.frames.push(frame);
    }
}
