//! Runs, and the conversations they belong to.

use bytes::Bytes;
use kernel::{ConversationId, RunId};
use wire::ledger::media_type;
use wire::page::PageQuery;
use wire::runs::{
    Abandon, Accepted, Conversation, ConversationPage, Cut, Cuts, Decide, Detail, Fork, Garbage,
    GarbageRequest, ImportQuery, Kinds, Ledger, ListQuery, Open, Page, Replay, ReplayQuery, Reproduction,
    Retention, RetentionRequest, Truncate, Verification,
};

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// The kinds of runs there are.
    run_kinds() = GET "/run-kinds" => Kinds;

    /// A page of runs, newest first.
    runs() = GET "/runs" ? ListQuery => Page;

    /// A run.
    run(run: RunId) = GET "/runs/{run_id}" => Detail;

    /// Asks a run to stop, and waits for its end.
    cancel(run: RunId) = DELETE "/runs/{run_id}" => Detail;

    /// Answers a question of a run, once.
    decide(run: RunId) = POST "/runs/{run_id}/decisions", Decide => Detail;

    /// Submits the same spec as a new run.
    requeue(run: RunId) = POST "/runs/{run_id}/requeue" => Accepted;

    /// Executes a run that succeeded again, as a new run.
    reproduce(run: RunId) = POST "/runs/{run_id}/reproduce" => Accepted;

    /// Compares a run that reproduces another with the other.
    reproduction(run: RunId) = GET "/runs/{run_id}/reproduction" => Reproduction;

    /// Gives up a run that no worker holds.
    abandon(run: RunId) = POST "/runs/{run_id}/abandon", Abandon => Detail;

    /// Opens a run that begins as this one did.
    fork_run(run: RunId) = POST "/runs/{run_id}/fork", Fork => Detail;

    /// Lets go of what old runs left behind, or says what would go.
    retain() = POST "/runs/retention", RetentionRequest => Retention;

    /// Collects garbage, or says what of the store is.
    collect() = POST "/runs/retention/garbage", GarbageRequest => Garbage;

    /// Verifies everything that is stored of a run.
    verify(run: RunId) = GET "/runs/{run_id}/verify" => Verification;

    /// Opens a conversation.
    open_conversation() = POST "/conversations", Open => Conversation;

    /// A page of conversations, newest first.
    conversations() = GET "/conversations" ? PageQuery => ConversationPage;

    /// A conversation.
    conversation(conversation: ConversationId) = GET "/conversations/{conversation_id}" => Conversation;

    /// A page of a conversation's frames, run after run.
    conversation_replay(conversation: ConversationId) =
        GET "/conversations/{conversation_id}/replay/events" ? ReplayQuery => Replay;

    /// Leaves out what there is of a conversation from a frame on.
    truncate_conversation(conversation: ConversationId) =
        POST "/conversations/{conversation_id}/truncate", Truncate => Cut;

    /// Every cut of a conversation.
    conversation_cuts(conversation: ConversationId) = GET "/conversations/{conversation_id}/cuts" => Cuts;
}

pub(super) const STREAM: Operation =
    Operation { method: "GET", path: "/conversations/{conversation_id}/replay/stream" };

pub(super) const IMPORT: Operation = Operation { method: "POST", path: "/runs/import" };

pub(super) const EXTEND: Operation = Operation { method: "POST", path: "/runs/{run_id}/frames" };

impl Client {
    /// Adds frames to a fork, one a line.
    pub async fn extend_run(&self, run: RunId, frames: Bytes) -> Result<Ledger, Error> {
        self.call(Call::new(EXTEND).at(&run).sending(media_type::NDJSON, frames)).await
    }

    /// Keeps a run that was recorded elsewhere; the same record again is the same run.
    pub async fn import_run(&self, query: &ImportQuery, bundle: Bytes) -> Result<Detail, Error> {
        self.call(Call::new(IMPORT).asking(query).sending(media_type::NDJSON, bundle)).await
    }
}
