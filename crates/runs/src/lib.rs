//! Everything a user starts is a run: queued, claimed by one worker under a lease, executed, and ended exactly once.
//!
//! Guarantees: one writer per run (lease, heartbeat, fencing token that every append and the end check); the end is
//! one transaction (outcome rows, `metrics` artifact, terminal frame, state); a crash at any point leaves a run that
//! the sweep requeues or closes. It knows no HTTP and no domain.
//!
//! What others do is a run too, *open* and then *closed*, and executed nowhere here: see [`foreign`].

mod attempt_end;
mod context;
mod conversation;
mod decision;
mod detail;
mod dispatch;
mod emitter;
mod engine;
mod error;
mod export;
mod kind;
mod objects;
mod query;
mod removed;
mod reproduction;
mod run;
mod shard;
mod shard_result;
mod state;
mod submission;
mod table;
mod transcripts;
mod verify;

pub mod tell;

pub use context::{Park, Question, RunContext, Stop};
pub use conversation::{
    AtOpen, CutError, Cutting, NoPlace, Place, Told, ToldPage, cut_after, cuts, find as find_conversation,
    list as conversations, open as open_conversation, replay as replay_conversation,
    truncate as truncate_conversation,
};
pub use detail::detail;
pub use dispatch::{Dispatch, DispatchError, EmbeddedDispatch, Shard};
pub use engine::{Config, Engine, EngineBuilder, RetainError, Submit, foreign};
pub use error::{CancelError, DecideError, OperateError, SubmitError};
pub use export::{CloudEvents, ExportError, Family, Spans, lineage};
pub use kind::{Completion, End, Ending, Failure, OutcomeCheck, Record, RunKind};
pub use objects::Objects;
pub use query::{Filter, Listed, artifact, artifacts, attempts, find, inputs, is_retired, list};
pub use removed::removed;
pub use reproduction::ReproductionError;
pub use run::{Artifact, Input, Program, Run};
pub use shard::{Results, ShardEvent, ShardKind};
pub use state::{Event, IllegalTransition, RunState};
pub use submission::Submission;
pub use transcripts::{Compared, Comparing, Position, State, TranscriptError, Transcripts};
pub use verify::{InputCheck, Verifier, VerifyError};
