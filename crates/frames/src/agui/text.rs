//! Messages and reasoning.

use super::item::{Kept, Open, Reasoning, What};
use super::{Adapter, EventError};
use crate::body::{Item, MessageDelta, ReasoningDelta, ReasoningPartAdded, ReasoningPartDone};

/// Roles whose text is what an agent was told: no frame shows it.
const TOLD: [&str; 2] = ["developer", "system"];

impl Adapter {
    pub(super) fn start_message(&mut self, id: &str, role: Option<String>) -> Result<(), EventError> {
        let role = role.unwrap_or_else(|| "assistant".to_owned());
        if TOLD.contains(&role.as_str()) {
            self.unsaid.note(&self.event_type, self.events);
            return self.open(id, "message", None, What::Unsaid);
        }
        if role == "assistant" && self.scope.is_none() {
            self.answer = Kept::default();
        }
        self.open(id, "message", Some(role), What::Message)
    }

    pub(super) fn add_text(&mut self, id: &str, delta: String) -> Result<(), EventError> {
        match self.items.get(id) {
            Some(Open { what: What::Unsaid, .. }) => self.unsaid.note(&self.event_type, self.events),
            Some(Open { what: What::Message, item, scope }) => {
                let item = item.clone();
                if scope.is_none() {
                    self.answer.push(&delta);
                }
                self.say(MessageDelta { item, content_index: 0, delta });
            }
            _ => return Err(self.not_open(id)),
        }
        Ok(())
    }

    pub(super) fn end_message(&mut self, id: &str) -> Result<(), EventError> {
        match self.items.remove(id) {
            Some(Open { what: What::Unsaid, .. }) => self.unsaid.note(&self.event_type, self.events),
            Some(Open { what: What::Message, item, .. }) => self.close(item, "message", "completed"),
            _ => return Err(self.not_open(id)),
        }
        Ok(())
    }

    pub(super) fn start_reasoning(&mut self, id: String) -> Result<(), EventError> {
        self.open(&id, "reasoning", None, What::Reasoning(Reasoning::default()))?;
        self.reasoning_of.insert(self.by.clone(), id);
        Ok(())
    }

    pub(super) fn start_part(&mut self, id: String) -> Result<(), EventError> {
        if !self.reasoning_of.contains_key(&self.by) {
            let reasoning = Reasoning { is_of_one: true, ..Reasoning::default() };
            self.open(&id, "reasoning", None, What::Reasoning(reasoning))?;
            self.reasoning_of.insert(self.by.clone(), id.clone());
        }
        let event_type = self.event_type.clone();
        let (item, reasoning) = self.open_reasoning()?;
        if reasoning.part.is_some() {
            return Err(EventError::OpenAlready { event_type, id });
        }
        reasoning.part = Some(Kept::default());
        reasoning.parts += 1;
        let summary_index = reasoning.parts - 1;
        self.say(ReasoningPartAdded { item, summary_index, text: None });
        Ok(())
    }

    pub(super) fn add_reasoning(&mut self, delta: String) -> Result<(), EventError> {
        let not_open = self.not_open("reasoning");
        let is_own = self.scope.is_none();
        let (item, reasoning) = self.open_reasoning()?;
        let part = reasoning.part.as_mut().ok_or(not_open)?;
        part.push(&delta);
        let summary_index = Some(reasoning.parts - 1);
        if is_own {
            self.reasoning.push(&delta);
        }
        self.say(ReasoningDelta { item, summary_index, delta });
        Ok(())
    }

    pub(super) fn end_part(&mut self) -> Result<(), EventError> {
        let not_open = self.not_open("reasoning");
        let (item, reasoning) = self.open_reasoning()?;
        let part = reasoning.part.take().ok_or(not_open)?;
        let (summary_index, is_of_one) = (reasoning.parts - 1, reasoning.is_of_one);
        let notices = part.notices("text");
        self.say_noting(ReasoningPartDone { item, summary_index, text: part.text }, notices);
        if is_of_one { self.end_reasoning() } else { Ok(()) }
    }

    pub(super) fn end_reasoning(&mut self) -> Result<(), EventError> {
        let id = self.reasoning_of.remove(&self.by).ok_or_else(|| self.not_open("reasoning"))?;
        let open = self.items.remove(&id).ok_or_else(|| self.not_open(&id))?;
        self.close(open.item, "reasoning", "completed");
        Ok(())
    }

    fn open_reasoning(&mut self) -> Result<(Item, &mut Reasoning), EventError> {
        let not_open = self.not_open("reasoning");
        let open = self.reasoning_of.get(&self.by).and_then(|id| self.items.get_mut(id));
        match open {
            Some(Open { item, what: What::Reasoning(reasoning), .. }) => Ok((item.clone(), reasoning)),
            _ => Err(not_open),
        }
    }
}
