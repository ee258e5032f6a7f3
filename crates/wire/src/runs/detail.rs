//! Everything about one run but its frames.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{Fault, Item};
use crate::artifacts::Artifact;

/// Everything about a run but its frames.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Detail)]
pub struct Detail {
    /// As in the list.
    #[serde(flatten)]
    pub item: Item,
    /// What was asked for, as pinned at submit.
    #[schema(value_type = Object)]
    pub spec: Box<RawValue>,
    /// SHA-256 of `spec`, 64 hex digits.
    #[schema(value_type = String)]
    pub spec_digest: Digest,
    /// The seed of all its randomness.
    pub seed: u64,
    /// The program that took it.
    pub program: Program,
    /// The run at the top of its family; itself where no run started it.
    #[schema(value_type = uuid::Uuid)]
    pub root_run_id: RunId,
    /// When a waiting run goes on at the latest.
    #[serde(with = "crate::time::option")]
    pub wakes_at: Option<DateTime<Utc>>,
    /// What it has asked a person.
    pub questions: Vec<Question>,
    /// Each beginning of it.
    pub attempts: Vec<Attempt>,
    /// What the stored times say, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// What it was made from.
    pub inputs: Vec<Input>,
    /// What it left behind.
    pub artifacts: Vec<Artifact>,
    /// Where its frames stand.
    pub ledger: Ledger,
    /// The run it repeats.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub retry_of: Option<RunId>,
}

/// Which program a run was submitted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Program)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// The commit it was built from; `null` where it was built outside a checkout.
    pub commit: Option<String>,
}

/// Something a run asks a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Question)]
pub struct Question {
    /// Its name in the run.
    pub name: String,
    /// What is asked.
    pub title: String,
    /// What depends on it.
    pub detail: Option<String>,
    /// When it was asked.
    #[serde(with = "crate::time")]
    pub asked_at: DateTime<Utc>,
    /// When it lapses.
    #[serde(with = "crate::time::option")]
    pub expires_at: Option<DateTime<Utc>>,
    /// The answer; `null` while nobody has answered.
    pub decision: Option<Decision>,
    /// Why.
    pub reason: Option<String>,
}

kernel::words! {
    /// What became of a question.
    #[derive(ToSchema)]
    #[schema(as = runs::Decision)]
    pub enum Decision {
        /// Yes.
        Approved = "approved",
        /// No.
        Rejected = "rejected",
        /// It lapsed.
        TimedOut = "timed_out",
    }
}

/// One attempt at a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Attempt)]
pub struct Attempt {
    /// 1, 2, …
    pub number: u32,
    /// Who held the lease.
    pub worker: String,
    /// When it began.
    #[serde(with = "crate::time")]
    pub started_at: DateTime<Utc>,
    /// When it ended.
    #[serde(with = "crate::time::option")]
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended; `null` while it runs.
    pub outcome: Option<AttemptOutcome>,
    /// Why it failed.
    pub error: Option<Fault>,
}

kernel::words! {
    /// How an attempt ended.
    #[derive(ToSchema)]
    #[schema(as = runs::AttemptOutcome)]
    pub enum AttemptOutcome {
        /// The run succeeded.
        Succeeded = "succeeded",
        /// The run failed for good.
        Failed = "failed",
        /// The run was cancelled.
        Cancelled = "cancelled",
        /// It failed and the run was queued again.
        Retried = "retried",
        /// Its worker vanished.
        Lost = "lost",
        /// Its worker stopped cleanly and gave the run back.
        Released = "released",
    }
}

/// What happened to a run, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::TimelineEntry)]
pub struct TimelineEntry {
    /// When.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// What.
    pub event: String,
}

/// Something a run was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Input)]
pub struct Input {
    /// What it is to the run.
    pub role: String,
    /// Where it lives.
    pub source: InputSource,
    /// Its id there.
    pub id: String,
    /// What it was: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
}

kernel::words! {
    /// Where an input lives.
    #[derive(ToSchema)]
    #[schema(as = runs::InputSource)]
    pub enum InputSource {
        /// An imported data set.
        Dataset = "dataset",
        /// Another run's artifact.
        Artifact = "artifact",
        /// Another run as a whole, known by the digest of its spec.
        Run = "run",
        /// A registered model.
        Model = "model",
        /// Rows as they were at submit, kept as an object of the store.
        Snapshot = "snapshot",
    }
}

/// Where a run's ledger stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Ledger)]
pub struct Ledger {
    /// How many frames there are.
    pub seq: u64,
    /// The chain's digest after the last: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub head: Digest,
    /// Whether the last frame is the terminal one.
    pub is_closed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A flattened neighbour makes serde keep what it does not know yet; the spec must not go through that.
    #[test]
    fn a_spec_is_read_and_written_with_its_own_bytes() {
        let id = "019b8d2d-0000-7000-8000-000000000001";
        let digest = "0".repeat(64);
        let text = format!(
            r#"{{"run_id":"{id}","kind":"sleep","status":"running","title":"t","created_at":"2026-01-05T08:00:00.000000Z","started_at":null,"ended_at":null,"attempt":1,"waits_for":null,"conversation_id":"{id}","parent_run_id":null,"priority":0,"is_dead_letter":false,"frames":3,"error":null,"spec":{{"b":1.10,"a":[1e2]}},"spec_digest":"{digest}","seed":18446744073709551615,"program":{{"version":"0.1.0","commit":null}},"root_run_id":"{id}","wakes_at":null,"questions":[],"attempts":[],"timeline":[],"inputs":[],"artifacts":[],"ledger":{{"seq":3,"head":"{digest}","is_closed":false}},"retry_of":null}}"#
        );
        let detail: Detail = serde_json::from_str(&text).unwrap();
        assert_eq!(detail.spec.get(), r#"{"b":1.10,"a":[1e2]}"#);
        assert_eq!(serde_json::to_string(&detail).unwrap(), text);
    }
}
