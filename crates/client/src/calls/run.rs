//! Runs: whatever the system was asked to do.

use chrono::{DateTime, Utc};
use kernel::{ConversationId, Digest, RunId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Page;
use super::artifact::Artifact;
use crate::call::with_query;
use crate::{Client, Error};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// It waits for a decision, a moment or the runs that it started.
    Waiting,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Ended because it was asked to.
    Cancelled,
}

impl RunStatus {
    /// Whether it will never change again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// A run as it stands in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunItem {
    /// Its id.
    pub run_id: RunId,
    /// What sort of work it is.
    pub kind: String,
    /// Where it stands.
    pub status: RunStatus,
    /// What it is called.
    pub title: Option<String>,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
    /// When it was first worked on.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How often it was begun.
    pub attempt: u32,
    /// What it waits for while it waits.
    pub waits_for: Option<String>,
    /// What it belongs to.
    pub conversation_id: ConversationId,
    /// The run that started it.
    pub parent_run_id: Option<RunId>,
    /// Higher ones are taken first.
    pub priority: i32,
    /// No further attempt is made; somebody should look.
    pub is_dead_letter: bool,
    /// How many frames it has.
    pub frames: u64,
    /// Why it failed.
    pub error: Option<RunFault>,
}

/// Why a run or an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFault {
    /// A stable code.
    pub code: String,
    /// What went wrong.
    pub message: String,
}

/// Everything about a run but its frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunDetail {
    /// As in the list.
    #[serde(flatten)]
    pub item: RunItem,
    /// What was asked for.
    pub spec: Value,
    /// The seed of its randomness.
    pub seed: u64,
    /// The program that took it.
    pub program: Program,
    /// The run at the top of its family.
    pub root_run_id: RunId,
    /// When it goes on at the latest, while it waits.
    pub wakes_at: Option<DateTime<Utc>>,
    /// What it has asked a person.
    pub questions: Vec<Question>,
    /// Each beginning of it.
    pub attempts: Vec<Attempt>,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// What it was made from.
    pub inputs: Vec<RunInput>,
    /// What it left behind.
    pub artifacts: Vec<Artifact>,
    /// The end of its chain of frames.
    pub ledger: LedgerHead,
    /// The run it repeats.
    pub retry_of: Option<RunId>,
}

/// Which program a run was submitted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// The commit it was built from.
    pub commit: Option<String>,
}

/// Something a run asks a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its name in the run.
    pub name: String,
    /// What is asked.
    pub title: String,
    /// What depends on it.
    pub detail: Option<String>,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// When it lapses.
    pub expires_at: Option<DateTime<Utc>>,
    /// The answer.
    pub decision: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// An answer to a run's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// The question.
    pub name: String,
    /// The answer.
    pub decision: Answer,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub conversation_id: ConversationId,
    /// For people.
    pub title: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// A run that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Accepted {
    run_id: RunId,
}

/// One beginning of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// 1, 2, …
    pub number: u32,
    /// Who worked on it.
    pub worker: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Why it failed.
    pub error: Option<RunFault>,
}

/// One entry of a run's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: String,
}

/// One thing a run was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInput {
    /// What it is to the run.
    pub role: String,
    /// Where it lives.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// The digest of what it was.
    pub digest: Digest,
}

/// The end of a run's chain of frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHead {
    /// How many frames there are.
    pub seq: u64,
    /// The chain's digest after the last.
    pub head: Digest,
    /// Whether the last is the terminal one.
    pub is_closed: bool,
}

/// What verification of a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The run.
    pub run_id: RunId,
    /// Whether nothing speaks against it.
    pub verified: bool,
    /// How many frames, from the first on, are proven.
    pub frames: u64,
    /// How many of them were removed under retention and are proven by their digests alone.
    pub pruned: u64,
    /// The digest the chain has now.
    pub head: Digest,
    /// Whether the run has ended.
    pub is_closed: bool,
    /// The first frame that is not what it was.
    pub first_bad_seq: Option<u64>,
    /// How it differs.
    pub reason: Option<String>,
    /// What was looked at besides, part by part.
    pub parts: Vec<VerifiedPart>,
}

/// A part of a run that was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedPart {
    /// Which.
    pub part: String,
    /// Whether everything fits.
    pub verified: bool,
    /// How many frames, rows or objects were compared.
    pub checked: u64,
    /// What does not fit.
    pub problems: Vec<String>,
}

/// Which runs to list.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only those that stand here.
    pub status: Option<RunStatus>,
    /// Only those that belong to this.
    pub conversation_id: Option<ConversationId>,
    /// Only those that this one has started.
    pub parent_run_id: Option<RunId>,
    /// Only dead letters, or only others.
    pub is_dead_letter: Option<bool>,
}

impl Client {
    /// `GET /api/runs`: one page, newest first, and the cursor of the next.
    pub async fn runs(
        &self,
        filter: &RunFilter,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<(Vec<RunItem>, Option<String>), Error> {
        let status = filter.status.map(|status| serde_json::to_value(status).expect("a status is a word"));
        let query = [
            ("limit", Some(limit.to_string())),
            ("cursor", cursor.map(str::to_owned)),
            ("kind", filter.kind.clone()),
            ("status", status.and_then(|status| status.as_str().map(str::to_owned))),
            ("conversation_id", filter.conversation_id.map(|id| id.to_string())),
            ("parent_run_id", filter.parent_run_id.map(|id| id.to_string())),
            ("is_dead_letter", filter.is_dead_letter.map(|is_dead_letter| is_dead_letter.to_string())),
        ];
        let page: Page<RunItem> = self.get(&with_query("/api/runs", &query)).await?;
        Ok((page.items, page.next_cursor))
    }

    /// `GET /api/runs/{id}`.
    pub async fn run(&self, run: RunId) -> Result<RunDetail, Error> {
        self.get(&format!("/api/runs/{run}")).await
    }

    /// `DELETE /api/runs/{id}`: asks for the end and waits for it.
    pub async fn cancel(&self, run: RunId) -> Result<RunDetail, Error> {
        self.delete(&format!("/api/runs/{run}"), None::<&Value>).await
    }

    /// `POST /api/runs/{id}/decisions`: answers a question, once.
    pub async fn decide(&self, run: RunId, answer: &Decide) -> Result<RunDetail, Error> {
        self.post(&format!("/api/runs/{run}/decisions"), answer).await
    }

    /// `POST /api/runs/{id}/requeue`: the same spec as a new run.
    pub async fn requeue(&self, run: RunId) -> Result<RunId, Error> {
        let accepted: Accepted = self.post(&format!("/api/runs/{run}/requeue"), &()).await?;
        Ok(accepted.run_id)
    }

    /// `POST /api/runs/{id}/abandon`: gives up a run that no worker holds.
    pub async fn abandon(&self, run: RunId, reason: &str) -> Result<RunDetail, Error> {
        #[derive(Serialize)]
        struct Abandon<'a> {
            reason: &'a str,
        }
        self.post(&format!("/api/runs/{run}/abandon"), &Abandon { reason }).await
    }

    /// `POST /api/conversations`.
    pub async fn open_conversation(&self, title: &str) -> Result<Conversation, Error> {
        #[derive(Serialize)]
        struct Open<'a> {
            title: &'a str,
        }
        self.post("/api/conversations", &Open { title }).await
    }

    /// `GET /api/conversations/{id}`.
    pub async fn conversation(&self, id: ConversationId) -> Result<Conversation, Error> {
        self.get(&format!("/api/conversations/{id}")).await
    }

    /// `GET /api/conversations`: one page, newest first, and the cursor of the next.
    pub async fn conversations(
        &self,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<(Vec<Conversation>, Option<String>), Error> {
        let query = [("limit", Some(limit.to_string())), ("cursor", cursor.map(str::to_owned))];
        let page: Page<Conversation> = self.get(&with_query("/api/conversations", &query)).await?;
        Ok((page.items, page.next_cursor))
    }

    /// `GET /api/runs/{id}/verify`.
    pub async fn verify(&self, run: RunId) -> Result<Verification, Error> {
        self.get(&format!("/api/runs/{run}/verify")).await
    }
}
