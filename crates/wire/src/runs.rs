//! Runs: whatever the system was asked to do.

mod conversation;
mod detail;
mod item;
mod operate;
mod replay;
mod reproduction;
mod retention;
mod verification;

pub use conversation::{Conversation, ConversationPage, Open};
pub use detail::{
    Attempt, AttemptOutcome, Decision, Detail, Input, InputSource, Ledger, Program, Question, TimelineEntry,
};
pub use item::{Fault, Item, Kinds, ListQuery, Page, Status, WaitsFor};
pub use operate::{Abandon, Accepted, Answer, Decide, Fork, ImportQuery};
pub use replay::{Cut, Cuts, Replay, ReplayItem, ReplayQuery, ReplayStreamQuery, Truncate};
pub use reproduction::{ReproducedArtifact, Reproduction, ReproductionVerdict, ValueDifference};
pub use retention::{
    Garbage, GarbageRequest, GoingRun, KindAge, ReceiptId, Removed, RemovedArtifact, Retention,
    RetentionRequest, StayingRun, UnusedObject,
};
pub use verification::{Verification, VerifiedPart};
