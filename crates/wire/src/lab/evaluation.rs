//! Candidates judged each alone, and cohorts judged as a whole.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    CalcuttaId, CandidateId, CohortId, EntryId, LabEstimate, LabRun, LeaderboardRow, SnapshotId,
    SyntheticCalcuttaId,
};
use crate::runs::Status;

/// Candidates, each alone against the entries of a simulation, over the same tournaments: what to compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::EvaluationRequest)]
pub struct EvaluationRequest {
    /// The succeeded simulation whose auction and tournaments are used.
    #[schema(value_type = uuid::Uuid)]
    pub simulation_run_id: RunId,
    /// The candidates.
    #[schema(value_type = Vec<uuid::Uuid>, min_items = 1, max_items = 100)]
    pub candidate_ids: Vec<CandidateId>,
}

/// An evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Evaluation)]
pub struct Evaluation {
    /// Its run.
    pub run: LabRun,
    /// What it gave, once it has succeeded.
    pub result: Option<EvaluationResult>,
}

/// What candidates come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::EvaluationResult)]
pub struct EvaluationResult {
    /// Simulations that were played.
    pub total_simulations: u64,
    /// The candidates, the best mean normalised payout first.
    pub candidates: Vec<CandidatePerformance>,
}

/// What one candidate comes to when it alone joins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CandidatePerformance)]
pub struct CandidatePerformance {
    /// The candidate.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
    /// Its row, among all entries of the auction.
    pub row: LeaderboardRow,
    /// How much more of the first prize it is paid on average than the candidate that was named first, compared tournament
    /// by tournament; of that one itself nothing, without error.
    pub difference_to_first: LabEstimate,
}

/// The simulations of a cohort: what to compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::BatchRequest)]
pub struct BatchRequest {
    /// The cohort.
    #[schema(value_type = uuid::Uuid)]
    pub cohort_id: CohortId,
    /// The synthetic calcuttas, each with its snapshot as it is now.
    #[schema(value_type = Vec<uuid::Uuid>, min_items = 1, max_items = 200)]
    pub synthetic_calcutta_ids: Vec<SyntheticCalcuttaId>,
}

kernel::words! {
    /// How the members of a batch stand together: `running` while one is not ended; then `succeeded` if all have
    /// succeeded, `failed` if none has, and `partial` otherwise.
    #[derive(ToSchema)]
    #[schema(as = lab::BatchStatus)]
    pub enum BatchStatus {
        /// One is not ended.
        Running = "running",
        /// All have succeeded.
        Succeeded = "succeeded",
        /// Some have, some have not.
        Partial = "partial",
        /// None has.
        Failed = "failed",
    }
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Batch)]
pub struct Batch {
    /// Its run.
    pub run: LabRun,
    /// How its members stand together.
    pub batch_status: BatchStatus,
    /// What it gave, once it has ended.
    pub result: Option<BatchResult>,
}

/// What the members of a batch came to, in the order they were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BatchResult)]
pub struct BatchResult {
    /// The members.
    pub members: Vec<BatchMember>,
    /// Mean of the highlighted entries' mean normalised payouts over the succeeded members that highlight one; `null`
    /// where none does.
    pub mean_normalized_payout: Option<f64>,
}

/// One member of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BatchMember)]
pub struct BatchMember {
    /// The synthetic calcutta.
    #[schema(value_type = uuid::Uuid)]
    pub synthetic_calcutta_id: SyntheticCalcuttaId,
    /// Its auction.
    #[schema(value_type = uuid::Uuid)]
    pub calcutta_id: CalcuttaId,
    /// The snapshot that was judged.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// Its simulation.
    #[schema(value_type = uuid::Uuid)]
    pub simulation_run_id: RunId,
    /// How that ended.
    pub status: Status,
    /// Why it failed.
    pub error: Option<crate::runs::Fault>,
    /// The highlighted entry; `null` where none is.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub highlighted_entry_id: Option<EntryId>,
    /// What the highlighted entry came to.
    pub highlighted: Option<LeaderboardRow>,
}
