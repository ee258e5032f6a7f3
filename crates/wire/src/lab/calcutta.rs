//! Calcuttas: sealed auctions of a tournament's teams, and their snapshots.

use chrono::{DateTime, Utc};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CalcuttaId, CandidateId, EntryId, SnapshotId, TournamentId};

/// What every entry may bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = lab::Rules)]
pub struct Rules {
    /// Points each entry has; they need not be spent.
    #[schema(minimum = 1, maximum = 1_000_000, default = 100, required = false)]
    pub budget_points: u32,
    /// Fewest teams an entry bids on.
    #[schema(minimum = 1, default = 3, required = false)]
    pub min_teams: u32,
    /// Most teams an entry bids on.
    #[schema(minimum = 1, default = 10, required = false)]
    pub max_teams: u32,
    /// Least bid on a team.
    #[schema(minimum = 1, default = 1, required = false)]
    pub min_bid: u32,
    /// Highest bid on a team.
    #[schema(minimum = 1, default = 50, required = false)]
    pub max_bid: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { budget_points: 100, min_teams: 3, max_teams: 10, min_bid: 1, max_bid: 50 }
    }
}

/// Points for reaching one step: a team has the sum of all up to its wins and byes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::ScoringRule)]
pub struct ScoringRule {
    /// The step, from 1: wins and byes together.
    #[schema(minimum = 1)]
    pub win_index: u32,
    /// Points for it.
    pub points_awarded: u32,
}

/// What a place is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::Payout)]
pub struct Payout {
    /// The place, from 1.
    #[schema(minimum = 1)]
    pub position: u32,
    /// Cents.
    pub amount_cents: u32,
}

/// A bid on one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::Bid)]
pub struct Bid {
    /// The team.
    pub team_id: String,
    /// Points bid.
    #[schema(minimum = 1)]
    pub bid_points: u32,
}

/// An entry to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::EntryRequest)]
pub struct EntryRequest {
    /// What people call it. Names need not differ.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Its bids.
    pub bids: Vec<Bid>,
}

/// An auction to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::CalcuttaRequest)]
pub struct CalcuttaRequest {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What every entry may bid; the usual rules when left out.
    #[serde(default)]
    #[schema(required = false)]
    pub rules: Rules,
    /// Points for steps; a step that is not named earns none.
    #[schema(min_items = 1)]
    pub scoring: Vec<ScoringRule>,
    /// What places are paid, the first one something.
    #[schema(min_items = 1)]
    pub payouts: Vec<Payout>,
    /// The entries in the order they came: of tied ones the latest gets the odd cent.
    #[schema(max_items = 500)]
    pub entries: Vec<EntryRequest>,
}

/// An auction in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CalcuttaItem)]
pub struct CalcuttaItem {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub calcutta_id: CalcuttaId,
    /// The tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// What people call it.
    pub name: String,
    /// The auction as it was imported.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// Entries of that snapshot.
    pub entry_count: u32,
    /// When it was kept.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A page of auctions, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CalcuttaPage)]
pub struct CalcuttaPage {
    /// The auctions.
    pub items: Vec<CalcuttaItem>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which auctions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCalcuttas {
    /// Only those of this tournament.
    #[param(value_type = Option<uuid::Uuid>)]
    pub tournament_id: Option<TournamentId>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// An auction with all its snapshots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Calcutta)]
pub struct Calcutta {
    /// As in the list.
    #[serde(flatten)]
    pub item: CalcuttaItem,
    /// Its snapshots, oldest first.
    pub snapshots: Vec<SnapshotItem>,
}

kernel::words! {
    /// Why a snapshot was made.
    #[derive(ToSchema)]
    #[schema(as = lab::SnapshotKind)]
    pub enum SnapshotKind {
        /// The auction as it was imported.
        AsIs = "as_is",
        /// An edit of another snapshot.
        Variant = "variant",
        /// A synthetic calcutta with its candidates.
        SyntheticCalcutta = "synthetic_calcutta",
    }
}

/// A snapshot in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SnapshotItem)]
pub struct SnapshotItem {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// The auction.
    #[schema(value_type = uuid::Uuid)]
    pub calcutta_id: CalcuttaId,
    /// The tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// Why it was made.
    pub snapshot_type: SnapshotKind,
    /// The snapshot it was made from; `null` for an import.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub base_snapshot_id: Option<SnapshotId>,
    /// What somebody said of it.
    pub description: Option<String>,
    /// How many entries.
    pub entry_count: u32,
    /// SHA-256 of its content, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// When it was made.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// Everything an auction is scored by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SnapshotContent)]
pub struct SnapshotContent {
    /// What every entry may bid.
    pub rules: Rules,
    /// Points for steps.
    pub scoring: Vec<ScoringRule>,
    /// What places are paid.
    pub payouts: Vec<Payout>,
    /// The entries in the order they came.
    pub entries: Vec<Entry>,
}

/// An entry of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Entry)]
pub struct Entry {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
    /// What people called it then.
    pub display_name: String,
    /// The candidate it came from; `null` for a person's.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub candidate_id: Option<CandidateId>,
    /// Its bids in the order of the field.
    pub bids: Vec<Bid>,
}

/// A snapshot with its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Snapshot)]
pub struct Snapshot {
    /// As in the list.
    #[serde(flatten)]
    pub item: SnapshotItem,
    /// What is in it.
    pub content: SnapshotContent,
}

/// An edit of a snapshot, which makes another. What is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SnapshotRequest)]
pub struct SnapshotRequest {
    /// The snapshot it is made from.
    #[schema(value_type = uuid::Uuid)]
    pub base_snapshot_id: SnapshotId,
    /// What there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub description: Option<String>,
    /// Other rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Other points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Vec<ScoringRule>>,
    /// Other payouts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payouts: Option<Vec<Payout>>,
    /// Entries that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<uuid::Uuid>, required = false)]
    pub without_entry_ids: Vec<EntryId>,
}
