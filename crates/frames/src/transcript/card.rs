//! A tool call as one card, however many frames and items speak of it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::section::Section;
use super::{Stamp, Time};
use crate::body::{
    Body, CallStatus, ContainerMode, FileResult, Item, McpStatus, SearchStatus, Tool, ToolApproval, ToolType,
};
use crate::envelope::Scope;

/// How a call stands. It only rises: a late frame never takes back what was shown. An approval is a step on the way
/// and a denial is an end of its own, so that neither looks like success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CardStatus {
    Pending,
    Preparing,
    AwaitingApproval,
    Approved,
    Running,
    Completed,
    Failed,
    Denied,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Card {
    pub(super) tool_call_id: String,
    /// The items that show it; the first one is where it stands.
    pub(super) item_ids: Vec<String>,
    tool_type: ToolType,
    name: Option<String>,
    server_label: Option<String>,
    agent: Option<String>,
    status: CardStatus,
    arguments_text: Option<String>,
    arguments_json: Option<Map<String, Value>>,
    is_arguments_done: bool,
    code: Option<String>,
    is_code_done: bool,
    details: Details,
    has_output: bool,
    output: Value,
    approval: Option<Approval>,
    /// What the agent inside the call did.
    pub(super) nested: Option<Box<Section>>,
    pub(super) first_event_id: u64,
    last_event_id: u64,
    pub(super) started_at: Time,
    ended_at: Option<Time>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Details {
    query: Option<String>,
    sources: Option<Vec<String>>,
    queries: Option<Vec<String>>,
    results: Option<Vec<FileResult>>,
    container_id: Option<String>,
    container_mode: Option<ContainerMode>,
    revised_prompt: Option<String>,
    format: Option<String>,
    size: Option<String>,
    quality: Option<String>,
    background: Option<String>,
    partial_image_index: Option<u64>,
}

#[derive(Debug, Clone, Serialize)]
struct Approval {
    event_id: u64,
    approved: bool,
    approval_request_id: Option<String>,
    reason: Option<String>,
}

/// A frame that speaks of a tool call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sighting<'a> {
    pub(super) item: &'a Item,
    /// The call; a placeholder does not know it yet.
    pub(super) tool_call_id: Option<&'a str>,
    pub(super) tool_type: ToolType,
    body: &'a Body,
}

impl<'a> Sighting<'a> {
    pub(super) fn of(body: &'a Body) -> Option<Self> {
        let (tool_call_id, tool_type) = match body {
            Body::OutputItemAdded(added) => (None, placeholder(&added.item_type)?),
            Body::ToolStatus(body) => (Some(body.tool.tool_call_id()), body.tool.tool_type()),
            Body::ToolArgumentsDelta(body) => (Some(body.tool_call_id.as_str()), body.tool_type.into()),
            Body::ToolArgumentsDone(body) => (Some(body.tool_call_id.as_str()), body.tool_type.into()),
            Body::ToolCodeDelta(body) => (Some(body.tool_call_id.as_str()), ToolType::CodeInterpreter),
            Body::ToolCodeDone(body) => (Some(body.tool_call_id.as_str()), ToolType::CodeInterpreter),
            Body::ToolOutput(body) => (Some(body.tool_call_id.as_str()), body.tool_type),
            Body::ToolApproval(body) => (Some(body.tool_call_id.as_str()), ToolType::Mcp),
            _ => return None,
        };
        Some(Self { item: body.item()?, tool_call_id, tool_type, body })
    }
}

/// The tool an item of this type will show.
fn placeholder(item_type: &str) -> Option<ToolType> {
    Some(match item_type {
        "web_search_call" => ToolType::WebSearch,
        "file_search_call" => ToolType::FileSearch,
        "code_interpreter_call" => ToolType::CodeInterpreter,
        "image_generation_call" => ToolType::ImageGeneration,
        "mcp_call" => ToolType::Mcp,
        "function_call" | "custom_tool_call" => ToolType::Function,
        _ => return None,
    })
}

impl Card {
    pub(super) fn new(tool_call_id: &str, tool_type: ToolType, stamp: Stamp) -> Self {
        Self {
            tool_call_id: tool_call_id.to_owned(),
            item_ids: Vec::new(),
            tool_type,
            name: None,
            server_label: None,
            agent: None,
            status: CardStatus::Pending,
            arguments_text: None,
            arguments_json: None,
            is_arguments_done: false,
            code: None,
            is_code_done: false,
            details: Details::default(),
            has_output: false,
            output: Value::Null,
            approval: None,
            nested: None,
            first_event_id: stamp.event_id,
            last_event_id: stamp.event_id,
            started_at: stamp.at,
            ended_at: None,
        }
    }

    /// Takes what a frame says of the call. A value that is absent keeps what was known.
    pub(super) fn patch(&mut self, sighting: Sighting<'_>, stamp: Stamp) {
        self.last_event_id = stamp.event_id;
        if sighting.tool_call_id.is_some() {
            self.tool_type = sighting.tool_type;
        }
        match sighting.body {
            Body::ToolStatus(body) => self.tool(&body.tool, stamp),
            Body::ToolArgumentsDelta(body) => {
                self.name = Some(body.tool_name.clone());
                extend(&mut self.arguments_text, &body.delta, self.is_arguments_done);
                self.rise(CardStatus::Preparing, stamp);
            }
            Body::ToolArgumentsDone(body) => {
                self.name = Some(body.tool_name.clone());
                self.arguments_text = Some(body.arguments_text.clone());
                keep(&mut self.arguments_json, body.arguments_json.as_ref());
                self.is_arguments_done = true;
                self.rise(CardStatus::Preparing, stamp);
            }
            Body::ToolCodeDelta(body) => {
                extend(&mut self.code, &body.delta, self.is_code_done);
                self.rise(CardStatus::Preparing, stamp);
            }
            Body::ToolCodeDone(body) => {
                self.code = Some(body.code.clone());
                self.is_code_done = true;
                self.rise(CardStatus::Preparing, stamp);
            }
            Body::ToolOutput(body) => {
                self.set_output(&body.output);
                self.rise(CardStatus::Completed, stamp);
            }
            Body::ToolApproval(body) => self.decide(body, stamp),
            _ => {}
        }
    }

    /// Takes what a frame of the nested agent run says of the call.
    pub(super) fn enclose(&mut self, scope: &Scope, stamp: Stamp) -> &mut Section {
        self.last_event_id = stamp.event_id;
        if self.name.is_none() {
            self.name.clone_from(&scope.tool_name);
        }
        if self.agent.is_none() {
            self.agent.clone_from(&scope.agent);
        }
        self.rise(CardStatus::Running, stamp);
        self.nested.get_or_insert_default()
    }

    fn tool(&mut self, tool: &Tool, stamp: Stamp) {
        let details = &mut self.details;
        match tool {
            Tool::WebSearch(tool) => {
                keep(&mut details.query, tool.query.as_ref());
                keep(&mut details.sources, tool.sources.as_ref());
            }
            Tool::FileSearch(tool) => {
                keep(&mut details.queries, tool.queries.as_ref());
                keep(&mut details.results, tool.results.as_ref());
            }
            Tool::CodeInterpreter(tool) => {
                keep(&mut details.container_id, tool.container_id.as_ref());
                keep(&mut details.container_mode, tool.container_mode.as_ref());
            }
            Tool::ImageGeneration(tool) => {
                keep(&mut details.revised_prompt, tool.revised_prompt.as_ref());
                keep(&mut details.format, tool.format.as_ref());
                keep(&mut details.size, tool.size.as_ref());
                keep(&mut details.quality, tool.quality.as_ref());
                keep(&mut details.background, tool.background.as_ref());
                keep(&mut details.partial_image_index, tool.partial_image_index.as_ref());
            }
            Tool::Function(tool) => {
                self.name = Some(tool.name.clone());
                self.call(tool.arguments_text.as_ref(), tool.arguments_json.as_ref(), tool.output.as_ref());
            }
            Tool::Mcp(tool) => {
                self.name = Some(tool.tool_name.clone());
                keep(&mut self.server_label, tool.server_label.as_ref());
                self.call(tool.arguments_text.as_ref(), tool.arguments_json.as_ref(), tool.output.as_ref());
            }
            Tool::Agent(tool) => {
                self.name = Some(tool.name.clone());
                keep(&mut self.agent, tool.agent.as_ref());
            }
        }
        self.rise(status(tool), stamp);
    }

    fn call(&mut self, text: Option<&String>, json: Option<&Map<String, Value>>, output: Option<&Value>) {
        keep(&mut self.arguments_text, text);
        keep(&mut self.arguments_json, json);
        if let Some(output) = output {
            self.set_output(output);
        }
    }

    fn set_output(&mut self, output: &Value) {
        self.has_output = true;
        self.output = output.clone();
    }

    fn decide(&mut self, decision: &ToolApproval, stamp: Stamp) {
        self.name = Some(decision.tool_name.clone());
        keep(&mut self.server_label, decision.server_label.as_ref());
        self.approval = Some(Approval {
            event_id: stamp.event_id,
            approved: decision.approved,
            approval_request_id: decision.approval_request_id.clone(),
            reason: decision.reason.clone(),
        });
        self.rise(if decision.approved { CardStatus::Approved } else { CardStatus::Denied }, stamp);
    }

    fn rise(&mut self, status: CardStatus, stamp: Stamp) {
        if status > self.status {
            self.status = status;
        }
        if self.status >= CardStatus::Completed {
            self.ended_at.get_or_insert(stamp.at);
        }
    }
}

fn status(tool: &Tool) -> CardStatus {
    match tool {
        Tool::Mcp(tool) if tool.status == McpStatus::AwaitingApproval => CardStatus::AwaitingApproval,
        _ if tool.status() == SearchStatus::Completed.as_str() => CardStatus::Completed,
        _ if tool.status() == CallStatus::Failed.as_str() => CardStatus::Failed,
        _ => CardStatus::Running,
    }
}

fn keep<T: Clone>(known: &mut Option<T>, new: Option<&T>) {
    if new.is_some() {
        *known = new.cloned();
    }
}

/// Adds streamed text; what was declared complete stays.
fn extend(text: &mut Option<String>, delta: &str, is_done: bool) {
    if !is_done {
        text.get_or_insert_default().push_str(delta);
    }
}
