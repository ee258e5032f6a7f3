//! Frames about a tool call, and the pieces of fields too large for one frame.

use serde_json::{Map, Value};

use super::tool::{Tool, ToolType};
use crate::object::{object, words};

words! {
    /// The tools that are called with arguments.
    pub enum CallType {
        /// A function of ours.
        Function = "function",
        /// A tool of a remote server.
        Mcp = "mcp",
        /// Another agent.
        Agent = "agent",
    }
}

impl From<CallType> for ToolType {
    fn from(call: CallType) -> Self {
        match call {
            CallType::Function => Self::Function,
            CallType::Mcp => Self::Mcp,
            CallType::Agent => Self::Agent,
        }
    }
}

object! {
    /// How a tool call stands.
    pub struct ToolStatus: item {
        /// The call.
        tool: Tool,
    }
}

object! {
    /// More of a call's arguments.
    pub struct ToolArgumentsDelta: item {
        /// The call.
        tool_call_id: String,
        /// Which tool.
        tool_type: CallType,
        /// The tool's name.
        tool_name: String,
        /// The text to append.
        delta: String,
    }
}

object! {
    /// The authoritative arguments of a call.
    pub struct ToolArgumentsDone: item {
        /// The call.
        tool_call_id: String,
        /// Which tool.
        tool_type: CallType,
        /// The tool's name.
        tool_name: String,
        /// The text that replaces what was streamed.
        arguments_text: String,
        /// The arguments, if they are an object.
        arguments_json: Option<Map<String, Value>>,
    }
}

object! {
    /// More of the code a call runs.
    pub struct ToolCodeDelta: item {
        /// The call.
        tool_call_id: String,
        /// The text to append.
        delta: String,
    }
}

object! {
    /// The authoritative code a call runs.
    pub struct ToolCodeDone: item {
        /// The call.
        tool_call_id: String,
        /// The text that replaces what was streamed.
        code: String,
    }
}

object! {
    /// What a call returned.
    pub struct ToolOutput: item {
        /// The call.
        tool_call_id: String,
        /// Which tool.
        tool_type: ToolType,
        /// Any JSON; here `null` is a value.
        output: Value,
    }
}

object! {
    /// Whether the call of a remote tool may go on.
    pub struct ToolApproval: item, "tool_type" = "mcp" {
        /// The call.
        tool_call_id: String,
        /// The tool's name.
        tool_name: String,
        /// The server.
        server_label: Option<String>,
        /// The question that is answered.
        approval_request_id: Option<String>,
        /// The answer.
        approved: bool,
        /// Why.
        reason: Option<String>,
    }
}

words! {
    /// What a large field belongs to.
    pub enum EntityKind {
        /// A tool call.
        ToolCall = "tool_call",
        /// A message.
        Message = "message",
    }
}

words! {
    /// How a piece is written.
    pub enum Encoding {
        /// Bytes.
        Base64 = "base64",
        /// Text.
        Utf8 = "utf8",
    }
}

object! {
    /// The large field.
    #[derive(Eq, PartialOrd, Ord)]
    pub struct ChunkTarget {
        /// What it belongs to.
        entity_kind: EntityKind,
        /// Which of them.
        entity_id: String,
        /// The field's name.
        field: String,
        /// Which of several.
        part_index: Option<u64>,
    }
}

object! {
    /// A piece of a large field.
    pub struct ChunkDelta: item {
        /// The field.
        target: ChunkTarget,
        /// How the piece is written; text if absent.
        encoding: Option<Encoding>,
        /// Which piece, from 0.
        chunk_index: u64,
        /// The piece.
        data: String,
    }
}

object! {
    /// A large field is complete.
    pub struct ChunkDone: item {
        /// The field.
        target: ChunkTarget,
    }
}
