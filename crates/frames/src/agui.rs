//! What an agent says in events of AG-UI, as frames of `public_sse_v1`.
//!
//! An [`Adapter`] takes the events of one run in order and makes the frames of each: a message, a tool call and
//! reasoning become items, a step is where in a workflow its frames lie, an agent within the run is a scope. The same
//! events at the same times always make the same frames, so where the adapter stands can be found again from the events.
//!
//! An event without a frame (state, snapshots, activities, raw and custom ones) is told of by a notice on the next
//! frame, which says as which value of its stream it can be read. An event that the protocol does not have, or that does
//! not follow from those before it, is refused.

mod end;
mod error;
mod event;
mod item;
mod piece;
mod say;
mod text;
mod tool;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};

use crate::body::{Lifecycle, LifecycleStatus};
use crate::envelope::{Notice, NoticeType, Origin, Schema, Scope};
use crate::frame::Frame;
use event::{Event, Head};
use item::{Items, Kept, Unsaid};

pub use error::EventError;

/// Makes frames of the events of one run.
#[derive(Debug, Clone)]
pub struct Adapter {
    origin: Origin,
    /// The number of the last frame.
    frames: u64,
    /// How many events came.
    events: u64,
    /// The run, as its agent calls it.
    run: Option<String>,
    steps: Vec<String>,
    /// Agents within the run, by the ids of their work.
    agents: BTreeMap<String, Scope>,
    items: Items,
    next_index: u64,
    /// What is made of pieces at the moment, and by whom.
    piece: Option<(String, Option<String>)>,
    /// The reasoning that is open, by the agent within the run; the run's own is under nothing.
    reasoning_of: BTreeMap<Option<String>, String>,
    unsaid: Unsaid,
    noted: Vec<Notice>,
    answer: Kept,
    reasoning: Kept,
    is_ended: bool,
    /// Of the event that is taken: its type, when it was said, by whom, and what is made of it.
    event_type: String,
    at: DateTime<Utc>,
    by: Option<String>,
    scope: Option<Scope>,
    said: Vec<Frame>,
}

impl Adapter {
    /// For the first event of a run whose frames are to be of this stream.
    pub fn new(stream_id: impl Into<String>) -> Self {
        let stream_id = stream_id.into();
        let origin = Origin { schema: Schema::PublicSseV1, conversation_id: stream_id.clone(), stream_id };
        Self {
            origin,
            frames: 0,
            events: 0,
            run: None,
            steps: Vec::new(),
            agents: BTreeMap::new(),
            items: BTreeMap::new(),
            next_index: 0,
            piece: None,
            reasoning_of: BTreeMap::new(),
            unsaid: Unsaid::default(),
            noted: Vec::new(),
            answer: Kept::default(),
            reasoning: Kept::default(),
            is_ended: false,
            event_type: String::new(),
            at: DateTime::UNIX_EPOCH,
            by: None,
            scope: None,
            said: Vec::new(),
        }
    }

    /// The frames of the next event, which came at this time. After a refusal the adapter is of no more use.
    pub fn take(&mut self, event: &str, at: DateTime<Utc>) -> Result<Vec<Frame>, EventError> {
        let (head, event) = Event::read(event)?;
        self.follows(&head, &event)?;
        self.at = said_at(head.timestamp).unwrap_or(at);
        self.scope = head.subagent_run_id.as_ref().map(|id| self.scope_of(id));
        self.by = head.subagent_run_id;
        self.event_type = head.event_type;
        if event.has_frame() && !event.is_chunk() {
            self.end_piece()?;
        }
        self.turn(event)?;
        self.events += 1;
        Ok(std::mem::take(&mut self.said))
    }

    /// Says on the next frame what was taken out of the events before they came here.
    pub fn note(&mut self, notices: impl IntoIterator<Item = Notice>) {
        let of_event = |notice: Notice| Notice { path: format!("ag_ui.{}", notice.path), ..notice };
        self.noted.extend(notices.into_iter().map(of_event));
    }

    /// Whether the run has ended.
    pub const fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Goes on after this frame, which is what the record of the run ends with.
    pub const fn go_on_after(&mut self, event_id: u64) {
        self.frames = event_id;
    }

    fn follows(&self, head: &Head, event: &Event) -> Result<(), EventError> {
        let event_type = || head.event_type.clone();
        if self.is_ended {
            return Err(EventError::AfterEnd { event_type: event_type() });
        }
        match (event, &self.run) {
            (Event::RunStarted { .. }, Some(_)) => Err(EventError::StartedTwice),
            (Event::RunStarted { .. } | Event::RunError { .. }, _) | (_, Some(_)) => Ok(()),
            (_, None) => Err(EventError::NotStarted { event_type: event_type() }),
        }
    }

    /// An agent within the run works in the call that began it, or else under the id of its work.
    fn scope_of(&self, id: &str) -> Scope {
        let unnamed = || Scope { tool_call_id: id.to_owned(), tool_name: None, agent: None };
        self.agents.get(id).cloned().unwrap_or_else(unnamed)
    }

    fn turn(&mut self, event: Event) -> Result<(), EventError> {
        match event {
            Event::RunStarted { thread_id, run_id, input } => {
                return self.start(&thread_id, run_id, input.is_some());
            }
            Event::RunFinished { result, outcome, usage } => {
                self.finish(result, outcome.as_ref(), usage.as_deref());
            }
            Event::RunError { message, code, usage } => self.fail(message, code, usage.is_some()),
            Event::StepStarted { step_name } => {
                self.steps.push(step_name);
                self.say(Lifecycle { status: LifecycleStatus::InProgress, reason: None });
            }
            Event::StepFinished { step_name } => return self.end_step(&step_name),
            Event::SubagentStarted { subagent_run_id, name, parent_tool_call_id } => {
                self.enter(subagent_run_id, name, parent_tool_call_id);
            }
            Event::SubagentFinished {} => {
                self.say(Lifecycle { status: LifecycleStatus::Completed, reason: None });
            }
            Event::SubagentError { message } => {
                self.say(Lifecycle { status: LifecycleStatus::Failed, reason: Some(message) });
            }
            other if other.has_frame() => return self.turn_item(other),
            _ => self.unsaid.note(&self.event_type, self.events),
        }
        Ok(())
    }

    fn start(&mut self, thread: &str, run: String, has_input: bool) -> Result<(), EventError> {
        if thread.is_empty() {
            let message = "`threadId` must not be empty".to_owned();
            return Err(EventError::Unreadable { event_type: self.event_type.clone(), message });
        }
        thread.clone_into(&mut self.origin.conversation_id);
        self.run = Some(run);
        let input = has_input.then(|| Notice {
            notice_type: NoticeType::Redacted,
            path: "ag_ui.input".to_owned(),
            message: "what the agent was given is in no frame; the stream has it".to_owned(),
        });
        let status = Lifecycle { status: LifecycleStatus::InProgress, reason: None };
        self.say_noting(status, input.into_iter().collect());
        Ok(())
    }

    fn end_step(&mut self, step: &str) -> Result<(), EventError> {
        let at = self.steps.iter().rposition(|open| open == step).ok_or_else(|| self.not_open(step))?;
        // Its end is of the step itself, whatever began within it and is still open.
        let within = self.steps.split_off(at + 1);
        self.say(Lifecycle { status: LifecycleStatus::Completed, reason: None });
        self.steps.pop();
        self.steps.extend(within);
        Ok(())
    }

    fn enter(&mut self, id: String, name: String, call: Option<String>) {
        let tool_call_id = call.unwrap_or_else(|| id.clone());
        let scope = Scope { tool_call_id, tool_name: None, agent: Some(name) };
        self.scope = Some(scope.clone());
        self.agents.insert(id, scope);
        self.say(Lifecycle { status: LifecycleStatus::InProgress, reason: None });
    }

    fn not_open(&self, id: &str) -> EventError {
        EventError::NotOpen { event_type: self.event_type.clone(), id: id.to_owned() }
    }
}

/// When an event was said. A year that RFC 3339 cannot write is none.
fn said_at(timestamp_ms: Option<i64>) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp_millis(timestamp_ms?)?;
    (1970..=9999).contains(&at.year()).then_some(at)
}

#[cfg(test)]
mod tests;
