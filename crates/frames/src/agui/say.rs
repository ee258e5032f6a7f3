//! Saying something: a body becomes a frame.

use super::item::{MAX_OPEN, Open, What};
use super::{Adapter, EventError};
use crate::body::{Body, Item, OutputItemAdded, OutputItemDone};
use crate::envelope::{Draft, Notice, Workflow};

impl Adapter {
    pub(super) fn say(&mut self, body: impl Into<Body>) {
        self.say_noting(body, Vec::new());
    }

    /// Says something, and what was left out of it.
    pub(super) fn say_noting(&mut self, body: impl Into<Body>, notices: Vec<Notice>) {
        let body = body.into();
        // The end of a run is the run's own, and of no agent within it.
        let scope = self.scope.clone().filter(|_| !body.is_terminal());
        let step = self.steps.last().cloned();
        let mut draft = Draft::from(body);
        draft.response_id.clone_from(&self.run);
        draft.agent = scope.as_ref().and_then(|scope| scope.agent.clone());
        draft.workflow = step.map(|step| Workflow { step_name: Some(step), ..Workflow::default() });
        draft.scope = scope;
        draft.notices = std::mem::take(&mut self.noted);
        draft.notices.extend(self.unsaid.take());
        draft.notices.extend(notices);
        self.frames += 1;
        self.said.push(self.origin.frame(self.frames, self.at, draft));
    }

    /// Begins an item, and says so unless no frame is to show it.
    pub(super) fn open(
        &mut self,
        id: &str,
        item_type: &str,
        role: Option<String>,
        what: What,
    ) -> Result<(), EventError> {
        let event_type = || self.event_type.clone();
        if self.items.contains_key(id) {
            return Err(EventError::OpenAlready { event_type: event_type(), id: id.to_owned() });
        }
        if self.items.len() >= MAX_OPEN {
            return Err(EventError::TooMany { event_type: event_type(), limit: MAX_OPEN });
        }
        let item = Item::new(self.next_index, id);
        let is_said = !matches!(what, What::Unsaid);
        self.items.insert(id.to_owned(), Open { item: item.clone(), scope: self.scope.clone(), what });
        if is_said {
            self.next_index += 1;
            let status = Some("in_progress".to_owned());
            self.say(OutputItemAdded { item, item_type: item_type.to_owned(), role, status });
        }
        Ok(())
    }

    /// Ends an item that is no longer among those that are open.
    pub(super) fn close(&mut self, item: Item, item_type: &str, status: &str) {
        let (item_type, status) = (item_type.to_owned(), Some(status.to_owned()));
        self.say(OutputItemDone { item, item_type, role: None, status });
    }
}
