//! Events of items, and items that are made of pieces: those begin with their first piece, and end with whatever else
//! comes.

use super::event::Event;
use super::item::What;
use super::{Adapter, EventError};

/// The id of reasoning that has none.
const UNNAMED: &str = "thinking";

impl Adapter {
    pub(super) fn turn_item(&mut self, event: Event) -> Result<(), EventError> {
        match event {
            Event::TextMessageStart { message_id, role } => self.start_message(&message_id, role),
            Event::TextMessageContent { message_id, delta } => self.add_text(&message_id, delta),
            Event::TextMessageEnd { message_id } => self.end_message(&message_id),
            Event::ToolCallStart { tool_call_id, tool_call_name } => {
                self.start_call(&tool_call_id, tool_call_name)
            }
            Event::ToolCallArgs { tool_call_id, delta } => self.add_arguments(&tool_call_id, delta),
            Event::ToolCallEnd { tool_call_id } => self.end_call(&tool_call_id),
            Event::ToolCallResult { tool_call_id, content } => self.end_with(&tool_call_id, content),
            Event::ReasoningStart { message_id } => self.start_reasoning(message_id),
            Event::ThinkingStart {} => self.start_reasoning(self.unnamed()),
            Event::ReasoningMessageStart { message_id } => self.start_part(message_id),
            Event::ThinkingTextMessageStart {} => self.start_part(self.unnamed()),
            Event::ReasoningMessageContent { delta } | Event::ThinkingTextMessageContent { delta } => {
                self.add_reasoning(delta)
            }
            Event::ReasoningMessageEnd {} | Event::ThinkingTextMessageEnd {} => self.end_part(),
            Event::ReasoningEnd {} | Event::ThinkingEnd {} => self.end_reasoning(),
            other => self.turn_piece(other),
        }
    }

    fn turn_piece(&mut self, event: Event) -> Result<(), EventError> {
        let (id, begin, delta): (_, Option<Begin>, _) = match event {
            Event::TextMessageChunk { message_id, role, delta } => {
                (message_id, Some(Begin::Message { role }), delta)
            }
            Event::ToolCallChunk { tool_call_id, tool_call_name, delta } => {
                (tool_call_id, tool_call_name.map(|name| Begin::Call { name }), delta)
            }
            Event::ReasoningMessageChunk { message_id, delta } => (message_id, Some(Begin::Reasoning), delta),
            _ => return Ok(()),
        };
        let known = self.piece.as_ref().map(|(known, _)| known.clone());
        if known.is_some() && id.is_some() && id != known {
            self.end_piece()?;
        }
        let known = self.piece.as_ref().map(|(known, _)| known.clone());
        let id = id
            .or_else(|| known.clone())
            .ok_or_else(|| self.unreadable("the first chunk names what it is of"))?;
        if known.is_none() {
            let begin =
                begin.ok_or_else(|| self.unreadable("the first chunk of a call has a `toolCallName`"))?;
            self.begin_piece(&id, begin)?;
            self.piece = Some((id.clone(), self.by.clone()));
        }
        match delta.filter(|delta| !delta.is_empty()) {
            Some(delta) => self.add_piece(&id, delta),
            None => Ok(()),
        }
    }

    fn begin_piece(&mut self, id: &str, begin: Begin) -> Result<(), EventError> {
        match begin {
            Begin::Message { role } => self.start_message(id, role),
            Begin::Call { name } => self.start_call(id, name),
            Begin::Reasoning => self.start_part(id.to_owned()),
        }
    }

    fn add_piece(&mut self, id: &str, delta: String) -> Result<(), EventError> {
        match self.items.get(id).map(|open| &open.what) {
            Some(What::Call(_)) => self.add_arguments(id, delta),
            Some(What::Message | What::Unsaid) => self.add_text(id, delta),
            // A part of reasoning that began before has the id of that.
            Some(What::Reasoning(_)) | None => self.add_reasoning(delta),
        }
    }

    /// Ends what is made of pieces, if something is.
    pub(super) fn end_piece(&mut self) -> Result<(), EventError> {
        let Some((id, by)) = self.piece.take() else { return Ok(()) };
        // It ends as what it is of, whoever says what comes next.
        let scope = by.as_ref().map(|by| self.scope_of(by));
        let (scope, by) = (std::mem::replace(&mut self.scope, scope), std::mem::replace(&mut self.by, by));
        match self.items.get(&id).map(|open| &open.what) {
            Some(What::Call(_)) => self.end_call(&id)?,
            Some(What::Message | What::Unsaid) => self.end_message(&id)?,
            Some(What::Reasoning(_)) | None => self.end_part()?,
        }
        (self.scope, self.by) = (scope, by);
        Ok(())
    }

    /// No two things that are open have it.
    fn unnamed(&self) -> String {
        format!("{UNNAMED}_{}", self.events)
    }

    fn unreadable(&self, message: &str) -> EventError {
        EventError::Unreadable { event_type: self.event_type.clone(), message: message.to_owned() }
    }
}

/// What the first piece begins.
enum Begin {
    Message { role: Option<String> },
    Call { name: String },
    Reasoning,
}
