//! What every frame carries beside its body: the stream, the number, the time, and where in the work it belongs.

use chrono::{DateTime, Utc};
use kernel::RunId;
use serde::Serialize;

use crate::body::Body;
use crate::frame::Frame;
use crate::object::{object, words};

words! {
    /// The contract a stream follows.
    pub enum Schema {
        /// The public contract of 23 kinds.
        PublicSseV1 = "public_sse_v1",
        /// Our superset: the same kinds and ten more.
        RunV1 = "run_v1",
    }
}

words! {
    /// What was done to a field.
    pub enum NoticeType {
        /// A value was replaced because it may be a secret.
        Redacted = "redacted",
        /// A text or list was cut.
        Truncated = "truncated",
    }
}

/// The envelope of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The contract of the stream; constant in it.
    pub schema: Schema,
    /// The number in the stream, from 1 without gaps.
    pub event_id: u64,
    /// The stream; constant in it.
    pub stream_id: String,
    /// When the frame was written.
    pub server_timestamp: DateTime<Utc>,
    /// The conversation; constant in the stream.
    pub conversation_id: String,
    /// The response it belongs to, once there is one; frames of one branch share it.
    pub response_id: Option<String>,
    /// The active agent.
    pub agent: Option<String>,
    /// Where in a workflow it happened.
    pub workflow: Option<Workflow>,
    /// The tool call it is nested in; absent at the root.
    pub scope: Option<Scope>,
    /// The provider's own number; does not decrease within a response.
    pub provider_sequence_number: Option<u64>,
    /// What was left out of the body. Nothing is left out silently.
    pub notices: Vec<Notice>,
}

object! {
    /// Where in a workflow a frame happened.
    #[derive(Default)]
    pub struct Workflow {
        /// Which workflow.
        workflow_key: Option<String>,
        /// Which run of it.
        workflow_run_id: Option<String>,
        /// The stage.
        stage_name: Option<String>,
        /// The step.
        step_name: Option<String>,
        /// The agent of the step.
        step_agent: Option<String>,
        /// The group of branches that run side by side.
        parallel_group: Option<String>,
        /// Which branch of the group, from 0.
        branch_index: Option<u64>,
    }
}

object! {
    /// The tool call whose nested agent run a frame belongs to.
    pub struct Scope, "type" = "agent_tool" {
        /// The call.
        tool_call_id: String,
        /// The tool's name.
        tool_name: Option<String>,
        /// The nested agent.
        agent: Option<String>,
    }
}

object! {
    /// Something that was left out of a frame.
    pub struct Notice {
        /// What was done.
        notice_type: NoticeType = "type",
        /// Where, dotted and for people.
        path: String,
        /// Why.
        message: String,
    }
}

/// A branch of parallel work: frames of different branches never mix, whatever response they name.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Branch {
    /// The stage the branches belong to.
    pub stage_name: Option<String>,
    /// The group of branches.
    pub parallel_group: Option<String>,
    /// Which branch of the group, from 0.
    pub branch_index: Option<u64>,
}

impl Envelope {
    /// The branch of parallel work it belongs to; `None` where nothing runs in parallel.
    pub fn branch(&self) -> Option<Branch> {
        let workflow = self.workflow.as_ref()?;
        if workflow.parallel_group.is_none() && workflow.branch_index.is_none() {
            return None;
        }
        Some(Branch {
            stage_name: workflow.stage_name.clone(),
            parallel_group: workflow.parallel_group.clone(),
            branch_index: workflow.branch_index,
        })
    }
}

/// What all frames of one stream share; a producer keeps one and numbers its drafts with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The contract.
    pub schema: Schema,
    /// The stream.
    pub stream_id: String,
    /// The conversation.
    pub conversation_id: String,
}

impl Origin {
    /// The stream of a run: `run_` and the run's id as 32 hex digits.
    pub fn of_run(run: RunId, conversation_id: impl Into<String>) -> Self {
        let stream_id = format!("run_{}", run.0.simple());
        Self { schema: Schema::RunV1, stream_id, conversation_id: conversation_id.into() }
    }

    /// The draft as the frame with this number.
    pub fn frame(&self, event_id: u64, at: DateTime<Utc>, draft: impl Into<Draft>) -> Frame {
        let draft = draft.into();
        let envelope = Envelope {
            schema: self.schema,
            event_id,
            stream_id: self.stream_id.clone(),
            server_timestamp: at,
            conversation_id: self.conversation_id.clone(),
            response_id: draft.response_id,
            agent: draft.agent,
            workflow: draft.workflow,
            scope: draft.scope,
            provider_sequence_number: None,
            notices: draft.notices,
        };
        Frame { envelope, body: draft.body }
    }
}

/// A frame before it has its number and time: the body and where it belongs. Any body is a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What it says.
    pub body: Body,
    /// The response it belongs to.
    pub response_id: Option<String>,
    /// The active agent.
    pub agent: Option<String>,
    /// Where in a workflow it happened.
    pub workflow: Option<Workflow>,
    /// The tool call it is nested in.
    pub scope: Option<Scope>,
    /// What was left out.
    pub notices: Vec<Notice>,
}

impl Draft {
    /// Puts it into a response.
    #[must_use]
    pub fn response(mut self, response_id: impl Into<String>) -> Self {
        self.response_id = Some(response_id.into());
        self
    }

    /// Names the agent.
    #[must_use]
    pub fn agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = Some(agent.into());
        self
    }

    /// Puts it into a workflow.
    #[must_use]
    pub fn workflow(mut self, workflow: Workflow) -> Self {
        self.workflow = Some(workflow);
        self
    }

    /// Nests it in a tool call.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Says what was left out.
    #[must_use]
    pub fn notice(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }
}

impl<T: Into<Body>> From<T> for Draft {
    fn from(body: T) -> Self {
        Self {
            body: body.into(),
            response_id: None,
            agent: None,
            workflow: None,
            scope: None,
            notices: Vec::new(),
        }
    }
}
