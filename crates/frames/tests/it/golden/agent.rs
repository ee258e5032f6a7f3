//! An agent that is called like a tool: what it says and the tools it calls lie inside its call.

use frames::*;
use serde_json::json;

use crate::story::*;

const CALL: &str = "call_analyst";

pub(super) fn story() -> Story {
    let mut story = Story::of_chat();
    let mut said = |body: Body| {
        story.say(Draft::from(body).response("resp_1").agent("planner"));
    };
    said(lifecycle(LifecycleStatus::InProgress));
    let item = Item::new(0, "fc_analyst");
    said(added(&item, "function_call"));
    said(tool(&item, status(CallStatus::InProgress)));
    let asked = r#"{"question":"what sells in the rain?"}"#;
    for delta in [&asked[..12], &asked[12..]] {
        said(
            ToolArgumentsDelta {
                item: item.clone(),
                tool_call_id: CALL.to_owned(),
                tool_type: CallType::Agent,
                tool_name: "ask_analyst".to_owned(),
                delta: delta.to_owned(),
            }
            .into(),
        );
    }
    said(
        ToolArgumentsDone {
            item: item.clone(),
            tool_call_id: CALL.to_owned(),
            tool_type: CallType::Agent,
            tool_name: "ask_analyst".to_owned(),
            arguments_text: asked.to_owned(),
            arguments_json: Some(object(json!({ "question": "what sells in the rain?" }))),
        }
        .into(),
    );
    for body in inside() {
        story.say(Draft::from(body).response("resp_1").agent("analyst").scope(scope(CALL)));
    }
    let answer = Item::new(1, "msg_1");
    for body in [
        output(&item, CALL, ToolType::Agent, json!("Umbrellas do.")),
        tool(&item, status(CallStatus::Completed)),
        done(&item, "function_call"),
        added(&answer, "message"),
        delta(&answer, 0, "In the rain, umbrellas sell."),
        done(&answer, "message"),
        lifecycle(LifecycleStatus::Completed),
        end(FinalStatus::Completed, "In the rain, umbrellas sell."),
    ] {
        story.say(Draft::from(body).response("resp_1").agent("planner"));
    }
    story
}

fn status(status: CallStatus) -> AgentTool {
    AgentTool {
        tool_call_id: CALL.to_owned(),
        status,
        name: "ask_analyst".to_owned(),
        agent: text("analyst"),
    }
}

/// What the agent does within the call: it calls a tool of its own and answers.
fn inside() -> Vec<Body> {
    let (lookup, message) = (Item::new(0, "fc_sales"), Item::new(1, "msg_inner"));
    let known = FunctionTool {
        output: Some(json!({ "umbrella": 90 })),
        ..function("call_sales", CallStatus::Completed)
    };
    vec![
        lifecycle(LifecycleStatus::InProgress),
        added(&lookup, "function_call"),
        tool(&lookup, function("call_sales", CallStatus::InProgress)),
        output(&lookup, "call_sales", ToolType::Function, json!({ "umbrella": 90 })),
        tool(&lookup, known),
        done(&lookup, "function_call"),
        added(&message, "message"),
        delta(&message, 0, "Umbrellas "),
        delta(&message, 0, "do."),
        done(&message, "message"),
    ]
}
