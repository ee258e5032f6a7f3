//! Candidates: bids that may join an auction.

use chrono::{DateTime, Utc};
use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Bid, CandidateId, TournamentId};

kernel::words! {
    /// Where a candidate's bids come from.
    #[derive(ToSchema)]
    #[schema(as = lab::CandidateSource)]
    pub enum CandidateSource {
        /// A person typed them.
        Manual = "manual",
        /// A strategy of the lab made them.
        Strategy = "strategy",
        /// A strategy from outside the lab made them.
        Uploaded = "uploaded",
    }
}

/// A candidate to keep: either `strategy_generation_run_id`, or `tournament_id` and `bids`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::CandidateRequest)]
pub struct CandidateRequest {
    /// What people call it. Names need not differ.
    #[schema(min_length = 1, max_length = 100)]
    pub display_name: String,
    /// Where its bids come from.
    pub source_kind: CandidateSource,
    /// The succeeded strategy whose bids it takes; keeping one twice gives the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub strategy_generation_run_id: Option<RunId>,
    /// The tournament whose teams are bid on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub tournament_id: Option<TournamentId>,
    /// The bids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 256)]
    pub bids: Option<Vec<Bid>>,
}

/// A candidate. Its bids never change; its name may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Candidate)]
pub struct Candidate {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
    /// What people call it.
    pub display_name: String,
    /// Where its bids come from.
    pub source_kind: CandidateSource,
    /// The tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// The strategy that made its bids; `null` where none of the lab did.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub strategy_generation_run_id: Option<RunId>,
    /// Its bids, in the order of the field.
    pub bids: Vec<Bid>,
    /// How often it was changed; its entity tag.
    pub version: u32,
    /// When it was kept.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// Another name for a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::ChangeCandidate)]
pub struct ChangeCandidate {
    /// The name.
    #[schema(min_length = 1, max_length = 100)]
    pub display_name: String,
}

/// A page of candidates, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CandidatePage)]
pub struct CandidatePage {
    /// The candidates.
    pub items: Vec<Candidate>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which candidates to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCandidates {
    /// Only those of this tournament.
    #[param(value_type = Option<uuid::Uuid>)]
    pub tournament_id: Option<TournamentId>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}
