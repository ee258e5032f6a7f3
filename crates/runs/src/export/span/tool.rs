//! What a frame says of a tool call.

use frames::{CallStatus, CodeStatus, ImageStatus, McpStatus, SearchStatus, Tool};

/// A tool call's id, its name, and how it ended if it has.
pub(super) fn told(tool: &Tool) -> (&str, &str, Option<bool>) {
    let call = |status: &CallStatus| match status {
        CallStatus::InProgress => None,
        CallStatus::Completed => Some(true),
        CallStatus::Failed => Some(false),
    };
    let search = |status: &SearchStatus| (*status == SearchStatus::Completed).then_some(true);
    match tool {
        Tool::WebSearch(tool) => (&tool.tool_call_id, "web_search", search(&tool.status)),
        Tool::FileSearch(tool) => (&tool.tool_call_id, "file_search", search(&tool.status)),
        Tool::CodeInterpreter(tool) => {
            (&tool.tool_call_id, "code_interpreter", (tool.status == CodeStatus::Completed).then_some(true))
        }
        Tool::ImageGeneration(tool) => {
            (&tool.tool_call_id, "image_generation", (tool.status == ImageStatus::Completed).then_some(true))
        }
        Tool::Function(tool) => (&tool.tool_call_id, &tool.name, call(&tool.status)),
        Tool::Agent(tool) => (&tool.tool_call_id, &tool.name, call(&tool.status)),
        Tool::Mcp(tool) => {
            let ended = match tool.status {
                McpStatus::AwaitingApproval | McpStatus::InProgress => None,
                McpStatus::Completed => Some(true),
                McpStatus::Failed => Some(false),
            };
            (&tool.tool_call_id, &tool.tool_name, ended)
        }
    }
}
