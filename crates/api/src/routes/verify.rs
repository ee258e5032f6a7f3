//! Proving a run: its frames by their chain, and everything else that is stored of it by its frames.

use axum::Json;
use axum::extract::State;
use kernel::{Digest, RunId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::Id;
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};

/// What verification of a run found.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Verification)]
pub(crate) struct Verification {
    #[schema(value_type = uuid::Uuid)]
    run_id: RunId,
    /// Whether nothing speaks against the run.
    verified: bool,
    /// How many frames, from the first on, are proven.
    frames: u64,
    /// How many of them were removed under retention and are proven by their digests alone.
    pruned: u64,
    /// The stored head of the chain: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    head: Digest,
    /// Whether the terminal frame is written.
    is_closed: bool,
    /// The first frame that is wrong, missing or too many.
    first_bad_seq: Option<u64>,
    /// What is wrong with it.
    reason: Option<String>,
    /// Each part that was looked at: `frames`, `run` (its row, attempts and decisions), `inputs`, `artifacts` with their
    /// bytes, and `outcome`, the rows that the run has written.
    parts: Vec<VerifiedPart>,
}

/// A part of a run that was looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::VerifiedPart)]
pub(crate) struct VerifiedPart {
    part: &'static str,
    /// Whether everything fits.
    verified: bool,
    /// How many frames, rows or objects were compared.
    checked: u64,
    /// What does not fit, each in a sentence.
    problems: Vec<String>,
}

impl From<runs::Part> for VerifiedPart {
    fn from(part: runs::Part) -> Self {
        let runs::Part { name, checked, problems } = part;
        Self { part: name, verified: problems.is_empty(), checked, problems }
    }
}

/// Verifies a run: recomputes the chain of its frames, and compares its rows, its inputs, its artifacts' bytes and its
/// outcome with what the frames say.
#[utoipa::path(get, path = "/runs/{run_id}/verify", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "What was found", body = Verification), NotFound, Invalid, Refused))]
pub(crate) async fn verify(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Verification>, Problem> {
    let report = reads.verifier().verify(tenant, id).await?;
    Ok(Json(Verification {
        run_id: id,
        verified: report.is_verified(),
        frames: report.frames.frames,
        pruned: report.frames.pruned,
        head: report.frames.head,
        is_closed: report.frames.is_closed,
        first_bad_seq: report.frames.first_bad_seq,
        reason: report.frames.reason.clone(),
        parts: report.parts.into_iter().map(VerifiedPart::from).collect(),
    }))
}
