//! Cohorts, and the synthetic calcuttas in them: auctions that candidates join.

use chrono::{DateTime, Utc};
use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    AttachmentId, CalcuttaId, CandidateId, CohortId, Combination, EntryId, Payout, Rules, ScoringRule,
    SnapshotId, StateId, SyntheticCalcuttaId,
};

/// A cohort to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::CohortRequest)]
pub struct CohortRequest {
    /// Its name, unique among cohorts.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub description: Option<String>,
    /// Simulations of each synthetic calcutta.
    #[schema(minimum = 2, maximum = 10_000_000_000_u64)]
    pub n_sims: u64,
    /// The seed of all of them.
    #[schema(minimum = 1, format = "uint64")]
    pub seed: u64,
}

/// A cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Cohort)]
pub struct Cohort {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub cohort_id: CohortId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Simulations of each synthetic calcutta.
    pub n_sims: u64,
    /// The seed of all of them.
    #[schema(format = "uint64")]
    pub seed: u64,
    /// The models of an automatic cohort; `null` for one that a person made.
    pub auto: Option<Combination>,
    /// How many synthetic calcuttas it has.
    pub synthetic_calcutta_count: u32,
    /// How often it was changed; its entity tag.
    pub version: u32,
    /// When it was kept.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// The automatic cohorts: one for each combination of models that are not deprecated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CohortSync)]
pub struct CohortSync {
    /// How many were not there before.
    pub created: u32,
    /// All of them, in the order of the catalogue.
    pub cohorts: Vec<Cohort>,
}

/// A page of cohorts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CohortPage)]
pub struct CohortPage {
    /// The cohorts.
    pub items: Vec<Cohort>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A change of a cohort; what is left out stays. Runs that were made before keep what they were made with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::ChangeCohort)]
pub struct ChangeCohort {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// What it is for; an empty text says nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub description: Option<String>,
    /// Simulations of each synthetic calcutta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 2, maximum = 10_000_000_000_u64)]
    pub n_sims: Option<u64>,
    /// The seed of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, format = "uint64")]
    pub seed: Option<u64>,
}

/// An auction to put into a cohort. Everything it is judged by is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SyntheticCalcuttaRequest)]
pub struct SyntheticCalcuttaRequest {
    /// The cohort.
    #[schema(value_type = uuid::Uuid)]
    pub cohort_id: CohortId,
    /// The snapshot of an auction that candidates join.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// The state of play every simulation begins at.
    #[schema(value_type = uuid::Uuid)]
    pub state_id: StateId,
    /// Who beats whom.
    #[schema(value_type = uuid::Uuid)]
    pub game_outcome_run_id: RunId,
    /// What there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000)]
    pub notes: Option<String>,
}

/// An auction of a cohort with its candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SyntheticCalcutta)]
pub struct SyntheticCalcutta {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub synthetic_calcutta_id: SyntheticCalcuttaId,
    /// The cohort.
    #[schema(value_type = uuid::Uuid)]
    pub cohort_id: CohortId,
    /// The auction.
    #[schema(value_type = uuid::Uuid)]
    pub calcutta_id: CalcuttaId,
    /// The auction with the candidates as they are attached now; runs name the one they were made with.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// The state of play every simulation begins at.
    #[schema(value_type = uuid::Uuid)]
    pub state_id: StateId,
    /// Who beats whom.
    #[schema(value_type = uuid::Uuid)]
    pub game_outcome_run_id: RunId,
    /// The entry whose figures stand for it; `null` where none does.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub highlighted_entry_id: Option<EntryId>,
    /// What there is to say of it.
    pub notes: Option<String>,
    /// Its candidates, in the order they were attached.
    pub attachments: Vec<Attachment>,
    /// How often it was changed; its entity tag.
    pub version: u32,
    /// When it was kept.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A candidate that is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Attachment)]
pub struct Attachment {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub attachment_id: AttachmentId,
    /// The candidate.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
    /// The entry it is in the snapshots of the synthetic calcutta.
    #[schema(value_type = uuid::Uuid)]
    pub entry_id: EntryId,
}

/// A candidate to attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::Attach)]
pub struct Attach {
    /// The synthetic calcutta.
    #[schema(value_type = uuid::Uuid)]
    pub synthetic_calcutta_id: SyntheticCalcuttaId,
    /// The candidate, whose bids must keep the auction's rules.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
}

/// A change of a synthetic calcutta; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::ChangeSyntheticCalcutta)]
pub struct ChangeSyntheticCalcutta {
    /// The entry whose figures stand for it, one of its snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub highlighted_entry_id: Option<EntryId>,
    /// What there is to say of it; an empty text says nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub notes: Option<String>,
}

/// A page of synthetic calcuttas, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SyntheticCalcuttaPage)]
pub struct SyntheticCalcuttaPage {
    /// The synthetic calcuttas.
    pub items: Vec<SyntheticCalcutta>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which synthetic calcuttas to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSynthetic {
    /// Only those of this cohort.
    #[param(value_type = Option<uuid::Uuid>)]
    pub cohort_id: Option<CohortId>,
    /// Only those of this auction.
    #[param(value_type = Option<uuid::Uuid>)]
    pub calcutta_id: Option<CalcuttaId>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// Other rules of a synthetic calcutta, all of them: they make another snapshot, with the same entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SyntheticRules)]
pub struct SyntheticRules {
    /// What every entry may bid.
    pub rules: Rules,
    /// Points for steps.
    #[schema(min_items = 1)]
    pub scoring: Vec<ScoringRule>,
    /// What places are paid.
    #[schema(min_items = 1)]
    pub payouts: Vec<Payout>,
}
