//! The frames this domain speaks in: tool cards for what is computed, messages for what it means.

use frames::{
    CallStatus, Draft, FunctionTool, Item, Level, OutputItemAdded, OutputItemDone, RefusalDelta, RefusalDone,
    RunNotice, Tool, ToolOutput, ToolStatus, ToolType, Workflow,
};
pub(crate) use runs::tell::{message, phase, progress};
use runs::tell::{message_begins, message_ends};
use runs::{RunContext, Stop};
use serde_json::{Map, Value};

/// A tool card: one thing that is computed, from its announcement to its output.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    item: Item,
    name: String,
    workflow: Option<Workflow>,
}

const CALL: &str = "function_call";

impl Card {
    /// A card of the run itself.
    pub(crate) fn root(id: &str, name: impl Into<String>) -> Self {
        Self { item: Item::new(0, id), name: name.into(), workflow: None }
    }

    /// A card of one of several branches that work side by side; its id names the branch's response.
    pub(crate) fn branch(group: &str, index: usize, id: String, name: impl Into<String>) -> Self {
        let branch_index = index as u64;
        let workflow = Workflow {
            parallel_group: Some(group.to_owned()),
            branch_index: Some(branch_index),
            ..Workflow::default()
        };
        Self { item: Item::new(branch_index, id), name: name.into(), workflow: Some(workflow) }
    }

    /// It will be computed.
    pub(crate) async fn announce(&self, cx: &RunContext) -> Result<(), Stop> {
        let added = OutputItemAdded {
            item: self.item.clone(),
            item_type: CALL.to_owned(),
            role: None,
            status: Some("queued".to_owned()),
        };
        self.emit(cx, added).await
    }

    /// It is being computed, from this.
    pub(crate) async fn start(&self, cx: &RunContext, arguments: Map<String, Value>) -> Result<(), Stop> {
        self.status(cx, CallStatus::InProgress, Some(arguments)).await
    }

    /// It gave this.
    pub(crate) async fn complete(&self, cx: &RunContext, output: Value) -> Result<(), Stop> {
        self.end(cx, CallStatus::Completed, output).await
    }

    /// It gave nothing, and this is why.
    pub(crate) async fn fail(&self, cx: &RunContext, output: Value) -> Result<(), Stop> {
        self.end(cx, CallStatus::Failed, output).await
    }

    async fn end(&self, cx: &RunContext, status: CallStatus, output: Value) -> Result<(), Stop> {
        let output = ToolOutput {
            item: self.item.clone(),
            tool_call_id: self.item.item_id.clone(),
            tool_type: ToolType::Function,
            output,
        };
        self.emit(cx, output).await?;
        self.status(cx, status, None).await?;
        let done = OutputItemDone {
            item: self.item.clone(),
            item_type: CALL.to_owned(),
            role: None,
            status: Some(status.as_str().to_owned()),
        };
        self.emit(cx, done).await
    }

    async fn status(
        &self,
        cx: &RunContext,
        status: CallStatus,
        arguments_json: Option<Map<String, Value>>,
    ) -> Result<(), Stop> {
        let tool = Tool::Function(FunctionTool {
            tool_call_id: self.item.item_id.clone(),
            status,
            name: self.name.clone(),
            arguments_text: None,
            arguments_json,
            output: None,
        });
        self.emit(cx, ToolStatus { item: self.item.clone(), tool }).await
    }

    async fn emit(&self, cx: &RunContext, body: impl Into<Draft>) -> Result<(), Stop> {
        let draft = body.into();
        match &self.workflow {
            Some(workflow) => cx.emit(draft.response(&self.item.item_id).workflow(workflow.clone())).await,
            None => cx.emit(draft).await,
        }
    }
}

/// A line that matters to whoever watches, with a stable code.
pub(crate) async fn notice(cx: &RunContext, code: &str, message: &str) -> Result<(), Stop> {
    let (code, message) = (code.to_owned(), message.to_owned());
    cx.emit(RunNotice { level: Level::Info, code, message, data: None }).await
}

/// A refusal: the question was understood and has no honest answer.
pub(crate) async fn refusal(cx: &RunContext, id: &str, output_index: usize, text: &str) -> Result<(), Stop> {
    let item = Item::new(output_index as u64, id);
    message_begins(cx, &item).await?;
    let delta = RefusalDelta { item: item.clone(), content_index: 0, delta: text.to_owned() };
    cx.emit(delta).await?;
    let whole = RefusalDone { item: item.clone(), content_index: 0, refusal_text: text.to_owned() };
    cx.emit(whole).await?;
    message_ends(cx, item).await
}
