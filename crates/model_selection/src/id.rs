//! The ids of this domain.

use kernel::{Hasher, RunId};
use wire::model_selection::CandidateId;

/// The id of a run's candidate at this place. Derived, so that a second attempt of the run names its candidates
/// as the first did.
pub fn candidate_id(run: RunId, ordinal: usize) -> CandidateId {
    let digest = Hasher::default()
        .chain("assay.candidate.v1\0")
        .chain(run.0.as_bytes())
        .chain((ordinal as u64).to_be_bytes())
        .finish();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    // Version 8: an id whose bits the application chooses (RFC 9562).
    CandidateId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
