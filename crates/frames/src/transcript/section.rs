//! One response, or one nested agent run: its items, tool calls, handovers and memory checkpoints.

use serde::Serialize;

use super::card::Sighting;
use super::cards::Cards;
use super::chunk::Chunks;
use super::item::Items;
use super::{Stamp, Time};
use crate::body::{AgentUpdated, Body, Checkpoint, Lifecycle, LifecycleStatus};
use crate::envelope::{Branch, Workflow};
use crate::frame::Frame;

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Section {
    response_id: Option<String>,
    branch: Option<Branch>,
    workflow: Option<Workflow>,
    agent: Option<String>,
    lifecycle: Option<State>,
    first_event_id: Option<u64>,
    last_event_id: Option<u64>,
    items: Items,
    tools: Cards,
    agent_updates: Vec<Handover>,
    checkpoints: Vec<Marker>,
    chunks: Chunks,
}

#[derive(Debug, Clone, Serialize)]
struct State {
    status: LifecycleStatus,
    reason: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Handover {
    event_id: u64,
    at: Time,
    from_agent: Option<String>,
    to_agent: String,
    handoff_index: Option<u64>,
}

#[derive(Debug, Clone, Serialize)]
struct Marker {
    id: String,
    event_id: u64,
    at: Time,
    checkpoint: Checkpoint,
}

impl Section {
    pub(super) fn new(branch: Option<Branch>, response: Option<&str>) -> Self {
        Self { branch, response_id: response.map(str::to_owned), ..Self::default() }
    }

    pub(super) fn name(&mut self, response: &str) {
        self.response_id = Some(response.to_owned());
    }

    pub(super) const fn is_unnamed(&self) -> bool {
        self.response_id.is_none()
    }

    /// Takes a frame of this section. A scoped one belongs to the agent run nested in a tool call.
    pub(super) fn apply(&mut self, frame: &Frame, stamp: Stamp) {
        self.seen(stamp);
        let envelope = &frame.envelope;
        if let Some(workflow) = &envelope.workflow {
            self.workflow = Some(workflow.clone());
        }
        if let Some(scope) = &envelope.scope {
            let nested = self.tools.nested(scope, stamp);
            nested.response_id.clone_from(&envelope.response_id);
            nested.seen(stamp);
            nested.set_agent(envelope.agent.as_ref().or(scope.agent.as_ref()));
            nested.body(frame, stamp);
        } else {
            self.set_agent(envelope.agent.as_ref());
            self.body(frame, stamp);
        }
    }

    /// Appends what the end knows of the reasoning beyond what was streamed.
    pub(super) fn reconcile(&mut self, summary: &str) {
        self.items.reconcile(summary);
    }

    fn seen(&mut self, stamp: Stamp) {
        self.first_event_id.get_or_insert(stamp.event_id);
        self.last_event_id = Some(stamp.event_id);
    }

    fn set_agent(&mut self, agent: Option<&String>) {
        if let Some(agent) = agent {
            self.agent = Some(agent.clone());
        }
    }

    fn body(&mut self, frame: &Frame, stamp: Stamp) {
        let body = &frame.body;
        if let Some(item) = body.item() {
            self.items.register(item, stamp);
        }
        if let Some(sighting) = Sighting::of(body) {
            for (item_id, tool_call_id) in self.tools.see(sighting, stamp) {
                self.items.bind(&item_id, &tool_call_id);
            }
        }
        match body {
            Body::Lifecycle(Lifecycle { status, reason }) => {
                self.lifecycle = Some(State { status: *status, reason: reason.clone() });
            }
            Body::AgentUpdated(update) => self.hand_over(update, stamp),
            Body::MemoryCheckpoint(checkpoint) => {
                self.checkpoints.push(Marker::new(&frame.envelope.stream_id, checkpoint, stamp));
            }
            Body::ChunkDelta(delta) => self.chunks.delta(delta),
            Body::ChunkDone(done) => self.chunks.done(done),
            _ => self.items.apply(body),
        }
    }

    fn hand_over(&mut self, update: &AgentUpdated, stamp: Stamp) {
        self.agent = Some(update.to_agent.clone());
        self.agent_updates.push(Handover {
            event_id: stamp.event_id,
            at: stamp.at,
            from_agent: update.from_agent.clone(),
            to_agent: update.to_agent.clone(),
            handoff_index: update.handoff_index,
        });
    }
}

impl Marker {
    fn new(stream_id: &str, checkpoint: &Checkpoint, stamp: Stamp) -> Self {
        Self {
            id: format!("memory-checkpoint-{stream_id}-{}", stamp.event_id),
            event_id: stamp.event_id,
            at: stamp.at,
            checkpoint: checkpoint.clone(),
        }
    }
}
