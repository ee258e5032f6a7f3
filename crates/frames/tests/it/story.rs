//! Streams for tests, told frame by frame, with a time that advances by half a second each.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use frames::*;
use kernel::RunId;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(crate) const RUN: RunId = RunId(Uuid::from_u128(0x019a_a1b2_c3d4_7e5f_8a9b_0c1d_2e3f_4a5b));

/// A stream that grows.
pub(crate) struct Story {
    origin: Origin,
    pub(crate) frames: Vec<Frame>,
}

impl Story {
    pub(crate) fn of_run() -> Self {
        Self { origin: Origin::of_run(RUN, "c_1"), frames: Vec::new() }
    }

    pub(crate) fn of_chat() -> Self {
        Self::of_public("chat_1")
    }

    pub(crate) fn of_workflow() -> Self {
        Self::of_public("workflow_1")
    }

    fn of_public(stream: &str) -> Self {
        let origin = Origin {
            schema: Schema::PublicSseV1,
            stream_id: stream.to_owned(),
            conversation_id: "c_1".to_owned(),
        };
        Self { origin, frames: Vec::new() }
    }

    pub(crate) fn say(&mut self, draft: impl Into<Draft>) -> &mut Self {
        let seq = self.frames.len() as u64 + 1;
        self.frames.push(self.origin.frame(seq, at(seq), draft));
        self
    }

    pub(crate) fn transcript(&self) -> Value {
        transcript(&self.frames)
    }
}

pub(crate) fn transcript<'a>(frames: impl IntoIterator<Item = &'a Frame>) -> Value {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(frame);
    }
    json!(transcript)
}

/// The time of the frame with this number: 2026-01-05 08:00 UTC and half a second per frame.
pub(crate) fn at(seq: u64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_600_000_000 + 500 * i64::try_from(seq).unwrap()).unwrap()
}

pub(crate) fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[expect(clippy::unnecessary_wraps, reason = "it fills optional fields")]
pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("an object") };
    map
}

pub(crate) fn digest(of: &str) -> String {
    kernel::Digest::of(of).to_string()
}

/// An attempt begins: the first one on worker a, the next on b.
pub(crate) fn attempt(attempt: u32) -> AttemptStarted {
    let worker = if attempt == 1 { "worker-a" } else { "worker-b" };
    AttemptStarted { attempt, worker: worker.to_owned(), started_at: None, before_digest: None }
}

pub(crate) fn lifecycle(status: LifecycleStatus) -> Body {
    Lifecycle { status, reason: None }.into()
}

pub(crate) fn added(item: &Item, item_type: &str) -> Body {
    let role = (item_type == "message").then(|| "assistant".to_owned());
    OutputItemAdded { item: item.clone(), item_type: item_type.to_owned(), role, status: text("in_progress") }
        .into()
}

pub(crate) fn done(item: &Item, item_type: &str) -> Body {
    let role = (item_type == "message").then(|| "assistant".to_owned());
    OutputItemDone { item: item.clone(), item_type: item_type.to_owned(), role, status: text("completed") }
        .into()
}

pub(crate) fn delta(item: &Item, content_index: u64, delta: &str) -> Body {
    MessageDelta { item: item.clone(), content_index, delta: delta.to_owned() }.into()
}

pub(crate) fn cites(item: &Item, content_index: u64, citation: impl Into<Citation>) -> Body {
    MessageCitation { item: item.clone(), content_index, citation: citation.into() }.into()
}

pub(crate) fn tool(item: &Item, tool: impl Into<Tool>) -> Body {
    ToolStatus { item: item.clone(), tool: tool.into() }.into()
}

pub(crate) fn function(call: &str, status: CallStatus) -> FunctionTool {
    FunctionTool {
        tool_call_id: call.to_owned(),
        status,
        name: "backtest".to_owned(),
        arguments_text: None,
        arguments_json: None,
        output: None,
    }
}

pub(crate) fn mcp(call: &str, status: McpStatus) -> McpTool {
    McpTool {
        tool_call_id: call.to_owned(),
        status,
        tool_name: "prices.change".to_owned(),
        server_label: text("prices"),
        arguments_text: None,
        arguments_json: None,
        output: None,
    }
}

pub(crate) fn approval(item: &Item, call: &str, approved: bool) -> ToolApproval {
    ToolApproval {
        item: item.clone(),
        tool_call_id: call.to_owned(),
        tool_name: "prices.change".to_owned(),
        server_label: text("prices"),
        approval_request_id: text("ask_1"),
        approved,
        reason: (!approved).then(|| "not on a Friday".to_owned()),
    }
}

pub(crate) fn output(item: &Item, call: &str, tool_type: ToolType, output: Value) -> Body {
    ToolOutput { item: item.clone(), tool_call_id: call.to_owned(), tool_type, output }.into()
}

pub(crate) fn branch(branch_index: u64) -> Workflow {
    Workflow {
        workflow_key: text("race"),
        stage_name: text("candidates"),
        step_name: text(&format!("candidate_{branch_index}")),
        parallel_group: text("candidates"),
        branch_index: Some(branch_index),
        ..Workflow::default()
    }
}

pub(crate) fn scope(call: &str) -> Scope {
    Scope { tool_call_id: call.to_owned(), tool_name: text("ask_analyst"), agent: text("analyst") }
}

pub(crate) fn end(status: FinalStatus, response_text: &str) -> Body {
    Final { response_text: text(response_text), ..Final::new(status) }.into()
}
