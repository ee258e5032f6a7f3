//! What a frame says: the closed union of 33 kinds, 23 of `public_sse_v1` and ten of `run_v1`.

mod end;
mod message;
mod response;
mod run;
mod tool;
mod tool_frame;

use serde::ser::SerializeMap;
use serde_json::Value;

use crate::envelope::{Envelope, Schema};
use crate::error::{Broken, Rule};
use crate::object::{Fields, Object, Reader, description, object};
use crate::schemas::{Schemas, Shape};

pub use end::{Attachment, ErrorSource, Final, FinalStatus, StreamError, Usage};
pub use message::{
    Citation, ContainerFileCitation, FileCitation, MessageCitation, MessageDelta, ReasoningDelta,
    ReasoningPartAdded, ReasoningPartDone, RefusalDelta, RefusalDone, UrlCitation,
};
pub use response::{
    AgentUpdated, Checkpoint, Lifecycle, LifecycleStatus, MemoryStrategy, OutputItemAdded, OutputItemDone,
};
pub use run::{
    ApprovalDecided, ApprovalRequested, ArtifactCreated, AttemptStarted, Decision, Level, PhaseStarted,
    Progress, RunInput, RunNotice, RunOpened, StepCompleted, StepStarted, StepStatus,
};
pub use tool::{
    AgentTool, CallStatus, CodeInterpreter, CodeStatus, ContainerMode, FileResult, FileSearch, FunctionTool,
    ImageGeneration, ImageStatus, McpStatus, McpTool, SearchStatus, Tool, ToolType, WebSearch,
};
pub use tool_frame::{
    CallType, ChunkDelta, ChunkDone, ChunkTarget, Encoding, EntityKind, ToolApproval, ToolArgumentsDelta,
    ToolArgumentsDone, ToolCodeDelta, ToolCodeDone, ToolOutput, ToolStatus,
};

object! {
    /// The output item a frame belongs to.
    #[derive(Eq)]
    pub struct Item {
        /// The slot in the response's output; rows are shown in this order.
        output_index: u64,
        /// The stable identity.
        item_id: String,
    }
}

impl Item {
    /// An item.
    pub fn new(output_index: u64, item_id: impl Into<String>) -> Self {
        Self { output_index, item_id: item_id.into() }
    }
}

/// Declares the union: variant, object, kind, and the key its object stands under when it has one.
macro_rules! kinds {
    ($($(#[$($meta:tt)*])* $schema:ident $variant:ident($object:ty) = $kind:literal $(in $key:literal)?,)*) => {
        /// What a frame says.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Body {
            $($(#[$($meta)*])* $variant($object),)*
        }

        /// Every kind, in the contract's order.
        pub const KINDS: &[&str] = &[$($kind),*];

        impl Body {
            /// The kind, as on the wire.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $kind,)*
                }
            }

            /// The first schema that knows the kind.
            pub const fn schema(&self) -> Schema {
                match self {
                    $(Self::$variant(_) => Schema::$schema,)*
                }
            }

            pub(crate) fn take(kind: &str, from: &mut Reader) -> Result<Self, Broken> {
                match kind {
                    $($kind => kinds!(@take $object, from $(, $key)?).map(Self::$variant),)*
                    _ => {
                        let rule = Rule::UnknownWord { found: kind.to_owned(), allowed: "the known kinds".to_owned() };
                        Err(Broken::at("kind", rule))
                    }
                }
            }

            pub(crate) fn put<M: SerializeMap>(&self, into: &mut M) -> Result<(), M::Error> {
                match self {
                    $(Self::$variant(object) => kinds!(@put object, into $(, $key)?),)*
                }
            }

            /// Every kind and its schema: a whole frame, closed.
            pub(crate) fn schemas(schemas: &mut Schemas) -> Vec<(&'static str, Value)> {
                vec![$(
                    ($kind, schemas.refer(concat!(stringify!($variant), "Frame"), |schemas| {
                        let mut shape = Shape::default();
                        Envelope::fields(Schema::$schema, $kind, &mut shape, schemas);
                        kinds!(@fields $object, shape, schemas $(, $key)?);
                        shape.close(description!($([$($meta)*])*))
                    })),
                )*]
            }
        }

        $(
            impl From<$object> for Body {
                fn from(object: $object) -> Self {
                    Self::$variant(object)
                }
            }
        )*
    };
    (@take $object:ty, $from:ident) => { <$object as Object>::take($from) };
    (@take $object:ty, $from:ident, $key:literal) => { $from.take::<$object>($key) };
    (@fields $object:ty, $shape:ident, $schemas:ident) => { <$object>::fields(&mut $shape, $schemas) };
    (@fields $object:ty, $shape:ident, $schemas:ident, $key:literal) => {
        $shape.field::<$object>($key, <$object>::DESCRIPTION, $schemas)
    };
    (@put $object:ident, $into:ident) => { Object::put($object, $into) };
    (@put $object:ident, $into:ident, $key:literal) => { $into.serialize_entry($key, $object) };
}

kinds! {
    /// How a response stands.
    PublicSseV1 Lifecycle(Lifecycle) = "lifecycle",
    /// The model's memory was compacted; a marker only.
    PublicSseV1 MemoryCheckpoint(Checkpoint) = "memory.checkpoint" in "checkpoint",
    /// Another agent took over.
    PublicSseV1 AgentUpdated(AgentUpdated) = "agent.updated",
    /// An output item begins.
    PublicSseV1 OutputItemAdded(OutputItemAdded) = "output_item.added",
    /// An output item is complete.
    PublicSseV1 OutputItemDone(OutputItemDone) = "output_item.done",
    /// More text of a message.
    PublicSseV1 MessageDelta(MessageDelta) = "message.delta",
    /// A source of a message.
    PublicSseV1 MessageCitation(MessageCitation) = "message.citation",
    /// A part of a reasoning summary begins.
    PublicSseV1 ReasoningPartAdded(ReasoningPartAdded) = "reasoning_summary.part.added",
    /// More text of a reasoning summary.
    PublicSseV1 ReasoningDelta(ReasoningDelta) = "reasoning_summary.delta",
    /// The authoritative text of a part of a reasoning summary.
    PublicSseV1 ReasoningPartDone(ReasoningPartDone) = "reasoning_summary.part.done",
    /// More text of a refusal.
    PublicSseV1 RefusalDelta(RefusalDelta) = "refusal.delta",
    /// The authoritative text of a refusal.
    PublicSseV1 RefusalDone(RefusalDone) = "refusal.done",
    /// How a tool call stands.
    PublicSseV1 ToolStatus(ToolStatus) = "tool.status",
    /// More of a call's arguments.
    PublicSseV1 ToolArgumentsDelta(ToolArgumentsDelta) = "tool.arguments.delta",
    /// The authoritative arguments of a call.
    PublicSseV1 ToolArgumentsDone(ToolArgumentsDone) = "tool.arguments.done",
    /// More of the code a call runs.
    PublicSseV1 ToolCodeDelta(ToolCodeDelta) = "tool.code.delta",
    /// The authoritative code a call runs.
    PublicSseV1 ToolCodeDone(ToolCodeDone) = "tool.code.done",
    /// What a call returned.
    PublicSseV1 ToolOutput(ToolOutput) = "tool.output",
    /// Whether a call may go on.
    PublicSseV1 ToolApproval(ToolApproval) = "tool.approval",
    /// A piece of a large field.
    PublicSseV1 ChunkDelta(ChunkDelta) = "chunk.delta",
    /// A large field is complete.
    PublicSseV1 ChunkDone(ChunkDone) = "chunk.done",
    /// Terminal: the stream broke.
    PublicSseV1 Error(StreamError) = "error" in "error",
    /// Terminal: the stream ended as it should, or was refused, cancelled or failed in an orderly way.
    PublicSseV1 Final(Final) = "final" in "final",
    /// What the run is.
    RunV1 RunOpened(RunOpened) = "run.opened",
    /// An execution of the run begins.
    RunV1 AttemptStarted(AttemptStarted) = "attempt.started",
    /// A phase begins.
    RunV1 PhaseStarted(PhaseStarted) = "phase.started",
    /// A step begins.
    RunV1 StepStarted(StepStarted) = "step.started",
    /// A step ended, or (status `running`) said something on the way.
    RunV1 StepCompleted(StepCompleted) = "step.completed",
    /// How far a phase is.
    RunV1 Progress(Progress) = "progress",
    /// An artifact exists.
    RunV1 ArtifactCreated(ArtifactCreated) = "artifact.created",
    /// Somebody has to decide.
    RunV1 ApprovalRequested(ApprovalRequested) = "approval.requested",
    /// Somebody, or the deadline, decided.
    RunV1 ApprovalDecided(ApprovalDecided) = "approval.decided",
    /// Something worth saying.
    RunV1 Notice(RunNotice) = "notice",
}

impl Body {
    /// Whether it ends its stream.
    pub const fn is_terminal(&self) -> bool {
        matches!(self, Self::Error(_) | Self::Final(_))
    }

    /// The output item it belongs to, if it belongs to one.
    pub const fn item(&self) -> Option<&Item> {
        Some(match self {
            Self::OutputItemAdded(body) => &body.item,
            Self::OutputItemDone(body) => &body.item,
            Self::MessageDelta(body) => &body.item,
            Self::MessageCitation(body) => &body.item,
            Self::ReasoningPartAdded(body) => &body.item,
            Self::ReasoningDelta(body) => &body.item,
            Self::ReasoningPartDone(body) => &body.item,
            Self::RefusalDelta(body) => &body.item,
            Self::RefusalDone(body) => &body.item,
            Self::ToolStatus(body) => &body.item,
            Self::ToolArgumentsDelta(body) => &body.item,
            Self::ToolArgumentsDone(body) => &body.item,
            Self::ToolCodeDelta(body) => &body.item,
            Self::ToolCodeDone(body) => &body.item,
            Self::ToolOutput(body) => &body.item,
            Self::ToolApproval(body) => &body.item,
            Self::ChunkDelta(body) => &body.item,
            Self::ChunkDone(body) => &body.item,
            _ => return None,
        })
    }
}
