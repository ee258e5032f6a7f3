//! Tool calls: ids that become one card, approvals and denials, an agent inside a call with calls of its own, and
//! what was left out of frames.

use frames::*;
use serde_json::json;

use crate::story::*;

pub(super) fn story() -> Story {
    let mut story = Story::of_run();
    approved(&mut story);
    denied(&mut story);
    aliased(&mut story);
    nested(&mut story);
    story.say(end(FinalStatus::Completed, "done"));
    story
}

fn approved(story: &mut Story) {
    let item = Item::new(0, "mcp_item");
    story.say(added(&item, "mcp_call"));
    story.say(tool(&item, mcp("mcp_1", McpStatus::AwaitingApproval)));
    story.say(approval(&item, "mcp_1", true));
    story.say(tool(&item, mcp("mcp_1", McpStatus::InProgress)));
    let cut = Notice {
        notice_type: NoticeType::Truncated,
        path: "output.rows[3].text".to_owned(),
        message: "cut to 8000 characters".to_owned(),
    };
    let hidden = Notice {
        notice_type: NoticeType::Redacted,
        path: "output.token".to_owned(),
        message: "may be a secret".to_owned(),
    };
    let rows = json!({ "token": "<redacted>", "rows": [1, 2.5, null] });
    story.say(Draft::from(output(&item, "mcp_1", ToolType::Mcp, rows)).notice(cut).notice(hidden));
    let text = text(r#"{"sku":7}"#);
    let json = Some(object(json!({ "sku": 7 })));
    let known = McpTool { arguments_text: text, arguments_json: json, ..mcp("mcp_1", McpStatus::Completed) };
    story.say(tool(&item, known));
}

fn denied(story: &mut Story) {
    let item = Item::new(1, "mcp_2");
    story.say(tool(&item, mcp("mcp_2", McpStatus::AwaitingApproval)));
    story.say(approval(&item, "mcp_2", false));
    story.say(tool(&item, mcp("mcp_2", McpStatus::Failed)));
}

/// One call under three items, of which two were seen before the call had a name.
fn aliased(story: &mut Story) {
    let [first, second, third] =
        [(4, "fc_a"), (3, "fc_b"), (2, "fc_c")].map(|(slot, id)| Item::new(slot, id));
    story.say(added(&first, "function_call")).say(added(&second, "custom_tool_call"));
    story.say(ToolArgumentsDelta {
        item: third.clone(),
        tool_call_id: "call_1".to_owned(),
        tool_type: CallType::Function,
        tool_name: "backtest".to_owned(),
        delta: r#"{"folds":"#.to_owned(),
    });
    story.say(ToolArgumentsDone {
        item: first.clone(),
        tool_call_id: "call_1".to_owned(),
        tool_type: CallType::Function,
        tool_name: "backtest".to_owned(),
        arguments_text: r#"{"folds":3}"#.to_owned(),
        arguments_json: None,
    });
    story.say(output(&second, "call_1", ToolType::Function, json!(null)));
    story.say(tool(&first, function("call_1", CallStatus::Failed)));
    story.say(tool(&first, function("call_1", CallStatus::InProgress)));
}

fn nested(story: &mut Story) {
    let inside = |body: Body| Draft::from(body).scope(scope("agent_1"));
    let message = Item::new(0, "m");
    let call = Item::new(1, "fc_a");
    story.say(inside(delta(&message, 0, "Inside, ")));
    story.say(inside(tool(&call, function("call_1", CallStatus::InProgress))));
    story.say(inside(tool(&call, function("call_1", CallStatus::Completed))));
    story.say(inside(delta(&message, 0, "all is well.")).agent("analyst two"));
    story.say(inside(
        RefusalDelta { item: message.clone(), content_index: 1, delta: "But not".to_owned() }.into(),
    ));
    story.say(inside(done(&message, "message")));
    let item = Item::new(5, "agent_item");
    let agent = AgentTool {
        tool_call_id: "agent_1".to_owned(),
        status: CallStatus::Completed,
        name: "ask_analyst".to_owned(),
        agent: None,
    };
    story.say(added(&item, "function_call")).say(tool(&item, agent));
    story.say(output(&item, "agent_1", ToolType::Agent, json!("all is well.")));
}
