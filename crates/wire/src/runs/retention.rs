//! Letting go of what old runs left behind.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::id! {
    /// The receipt of what was let go of one run: what, why and when.
    ReceiptId
}

/// How old the runs of one kind may become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = runs::KindAge)]
pub struct KindAge {
    /// The kind.
    pub kind: String,
    /// Only runs that ended so many days ago.
    #[schema(maximum = 36_500)]
    pub older_than_days: u32,
}

/// Of which runs to let go. Without `apply` nothing changes: the answer says what would go and why the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = runs::RetentionRequest)]
pub struct RetentionRequest {
    /// Only runs that ended so many days ago, of every kind that `ages` does not name. Without it the other kinds stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 36_500)]
    pub older_than_days: Option<u32>,
    /// Kinds with an age of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 100)]
    pub ages: Vec<KindAge>,
    /// Only this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Keep so many of each kind, the newest, whatever their age.
    #[serde(default)]
    #[schema(required = false, maximum = 1_000_000)]
    pub keep: u32,
    /// Whether to do it.
    #[serde(default)]
    #[schema(required = false)]
    pub apply: bool,
    /// Why; it stands in the receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: Option<String>,
}

/// What goes and what stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Retention)]
pub struct Retention {
    /// Whether it was done.
    pub is_applied: bool,
    /// No run that ended later was looked at, whatever its kind.
    #[serde(with = "crate::time")]
    pub ended_before: DateTime<Utc>,
    /// What goes, the oldest first. A run keeps its row, its inputs, its attempts, its `metrics` and the last of its
    /// frames; of the others the digests stay, so that the chain is proven still.
    pub going: Vec<GoingRun>,
    /// What is as old and stays, the oldest first.
    pub staying: Vec<StayingRun>,
    /// More runs are as old: another 1000 come with the next request.
    pub is_cut: bool,
    /// Stored objects that nothing refers to then.
    pub objects: u64,
    /// Their bytes.
    pub object_bytes: u64,
    /// Of those, the ones that are left where they are: while a run is queued or executes, because it may come to the same
    /// bytes, and for an hour after somebody has stored the same bytes, because what for may not be recorded yet. The next
    /// retention takes them.
    pub objects_left: u64,
    /// Stored results of pieces of work that nobody has used since; they only save time.
    pub shard_results: u64,
    /// Their bytes.
    pub shard_result_bytes: u64,
}

/// Which bytes to collect: objects that nothing names, and stored results of pieces of work beyond a size. Without `apply`
/// nothing changes: the answer says what would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = runs::GarbageRequest)]
pub struct GarbageRequest {
    /// Only objects that nobody has stored for so many hours; 24 where it is left out. Those that were stored since the
    /// oldest run began that has not ended stay as well.
    #[serde(default = "GarbageRequest::grace_hours")]
    #[schema(required = false, minimum = 1, maximum = 87_600)]
    pub grace_hours: u32,
    /// The least recently used stored results go until the rest has no more bytes than this. Without it they all stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64", minimum = 0)]
    pub max_shard_bytes: Option<u64>,
    /// Whether to do it.
    #[serde(default)]
    #[schema(required = false)]
    pub apply: bool,
    /// Why; it stands in the receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: Option<String>,
}

impl GarbageRequest {
    const fn grace_hours() -> u32 {
        24
    }
}

/// What is stored, and what of it is garbage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Garbage)]
pub struct Garbage {
    /// Whether it was done.
    pub is_applied: bool,
    /// Objects that somebody has stored later stay.
    #[serde(with = "crate::time")]
    pub unused_since: DateTime<Utc>,
    /// Objects that nothing names: those that went, or would go. No more than 10,000 at once.
    pub objects: Vec<UnusedObject>,
    /// Their bytes.
    #[schema(format = "uint64", minimum = 0)]
    pub object_bytes: u64,
    /// More objects are as unused; the same request takes the next.
    pub is_cut: bool,
    /// Objects that stay.
    #[schema(format = "uint64", minimum = 0)]
    pub objects_kept: u64,
    /// Their bytes.
    #[schema(format = "uint64", minimum = 0)]
    pub object_bytes_kept: u64,
    /// Stored results of pieces of work that go.
    #[schema(format = "uint64", minimum = 0)]
    pub shard_results: u64,
    /// Their bytes.
    #[schema(format = "uint64", minimum = 0)]
    pub shard_result_bytes: u64,
    /// Those that stay. Those that a run may still use which has not ended are among them, whatever their size.
    #[schema(format = "uint64", minimum = 0)]
    pub shard_results_kept: u64,
    /// Their bytes.
    #[schema(format = "uint64", minimum = 0)]
    pub shard_result_bytes_kept: u64,
    /// The receipts of what went.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub receipt_ids: Vec<ReceiptId>,
}

/// An object that nothing names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::UnusedObject)]
pub struct UnusedObject {
    /// The digest of its bytes.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// How many they are.
    #[schema(format = "uint64", minimum = 0)]
    pub size_bytes: u64,
}

/// A run that is let go of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::GoingRun)]
pub struct GoingRun {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// When it ended.
    #[serde(with = "crate::time")]
    pub ended_at: DateTime<Utc>,
    /// Artifacts that go: all but its `metrics`.
    pub artifacts: u64,
    /// Their bytes. Another run may have left the same ones, which stay then.
    pub artifact_bytes: u64,
    /// Frames it has.
    pub frames: u64,
    /// The receipt; `null` where nothing was done.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub receipt_id: Option<ReceiptId>,
}

/// A run that stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::StayingRun)]
pub struct StayingRun {
    /// The run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// When it ended.
    #[serde(with = "crate::time")]
    pub ended_at: DateTime<Utc>,
    /// Why it stays.
    pub reason: String,
}

/// What retention has removed of a run that had ended, as its receipt says. The run keeps its row, its inputs, its attempts,
/// its `metrics` and the last of its frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Removed)]
pub struct Removed {
    /// The receipt.
    #[schema(value_type = uuid::Uuid)]
    pub receipt_id: ReceiptId,
    /// Why.
    pub reason: String,
    /// When.
    #[serde(with = "crate::time")]
    pub removed_at: DateTime<Utc>,
    /// The artifacts that were removed; their digests say what bytes a run of the same spec must leave.
    pub artifacts: Vec<RemovedArtifact>,
}

/// An artifact that retention has removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::RemovedArtifact)]
pub struct RemovedArtifact {
    /// What it was called.
    pub name: String,
    /// The digest of its bytes.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// How many they were.
    pub size_bytes: u64,
}
