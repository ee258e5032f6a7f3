//! Tool calls.

use serde_json::Value;

use super::item::{Call, Kept, Open, What};
use super::{Adapter, EventError};
use crate::body::{
    CallStatus, CallType, FunctionTool, Item, Tool, ToolArgumentsDelta, ToolArgumentsDone, ToolOutput,
    ToolStatus, ToolType,
};

/// What a call is named that began in another run, which alone knows its name.
const UNNAMED: &str = "tool";

impl Adapter {
    pub(super) fn start_call(&mut self, id: &str, name: String) -> Result<(), EventError> {
        let call = Call { name: name.clone(), arguments: Kept::default(), is_called: false };
        self.open(id, "function_call", None, What::Call(call))?;
        let item = self.items.get(id).map(|open| open.item.clone()).ok_or_else(|| self.not_open(id))?;
        self.say_status(item, id, name, CallStatus::InProgress);
        Ok(())
    }

    pub(super) fn add_arguments(&mut self, id: &str, delta: String) -> Result<(), EventError> {
        let (item, call) = self.open_call(id)?;
        call.arguments.push(&delta);
        let tool_name = call.name.clone();
        let (tool_call_id, tool_type) = (id.to_owned(), CallType::Function);
        self.say(ToolArgumentsDelta { item, tool_call_id, tool_type, tool_name, delta });
        Ok(())
    }

    pub(super) fn end_call(&mut self, id: &str) -> Result<(), EventError> {
        let (item, call) = self.open_call(id)?;
        call.is_called = true;
        let arguments = std::mem::take(&mut call.arguments);
        let tool_name = call.name.clone();
        let notices = arguments.notices("arguments_text");
        let arguments_json = serde_json::from_str(&arguments.text).ok();
        let done = ToolArgumentsDone {
            item,
            tool_call_id: id.to_owned(),
            tool_type: CallType::Function,
            tool_name,
            arguments_text: arguments.text,
            arguments_json,
        };
        self.say_noting(done, notices);
        Ok(())
    }

    /// What a call returned. A call of an earlier run is shown from here on: what a person was asked for comes in the next.
    pub(super) fn end_with(&mut self, id: &str, content: Value) -> Result<(), EventError> {
        if !self.items.contains_key(id) {
            self.start_call(id, UNNAMED.to_owned())?;
        }
        let Some(Open { item, what: What::Call(call), .. }) = self.items.remove(id) else {
            return Err(self.not_open(id));
        };
        let (tool_call_id, tool_type) = (id.to_owned(), ToolType::Function);
        self.say(ToolOutput { item: item.clone(), tool_call_id, tool_type, output: output(content) });
        self.say_status(item.clone(), id, call.name, CallStatus::Completed);
        self.close(item, "function_call", "completed");
        Ok(())
    }

    fn say_status(&mut self, item: Item, id: &str, name: String, status: CallStatus) {
        let tool_call_id = id.to_owned();
        let (arguments_text, arguments_json, output) = (None, None, None);
        let tool = FunctionTool { tool_call_id, status, name, arguments_text, arguments_json, output };
        self.say(ToolStatus { item, tool: Tool::Function(tool) });
    }

    /// A call whose arguments may still come.
    fn open_call(&mut self, id: &str) -> Result<(Item, &mut Call), EventError> {
        let not_open = self.not_open(id);
        match self.items.get_mut(id) {
            Some(Open { item, what: What::Call(call), .. }) if !call.is_called => Ok((item.clone(), call)),
            _ => Err(not_open),
        }
    }
}

/// A result is a text. Where that is an object or a list in JSON, it is shown as one.
fn output(content: Value) -> Value {
    let parsed = content.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parsed.filter(|value| value.is_object() || value.is_array()).unwrap_or(content)
}
