//! Runs: whatever the system was asked to do.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
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
    /// What it belongs to.
    pub conversation_id: String,
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
    /// Its id.
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

/// What verification of a run's frames found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The run.
    pub run_id: RunId,
    /// Whether every frame is what it was.
    pub verified: bool,
    /// How many frames were read.
    pub frames: u64,
    /// The digest the chain has now.
    pub head: Digest,
    /// Whether the run has ended.
    pub is_closed: bool,
    /// The first frame that is not what it was.
    pub first_bad_seq: Option<u64>,
    /// How it differs.
    pub reason: Option<String>,
}

/// Which runs to list.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only those that stand here.
    pub status: Option<RunStatus>,
    /// Only those that belong to this.
    pub conversation_id: Option<String>,
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
            ("conversation_id", filter.conversation_id.clone()),
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

    /// `GET /api/runs/{id}/verify`.
    pub async fn verify(&self, run: RunId) -> Result<Verification, Error> {
        self.get(&format!("/api/runs/{run}/verify")).await
    }
}
