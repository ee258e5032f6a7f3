//! A run that was executed again, beside the one it was made from.

use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What came of executing a run again from its pinned inputs, without stored results of parts of its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::Reproduction)]
pub struct Reproduction {
    /// The run that was executed again.
    #[schema(value_type = uuid::Uuid)]
    pub of: RunId,
    /// The run that did it.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// What the comparison says.
    pub verdict: ReproductionVerdict,
    /// The same in a sentence.
    pub statement: String,
    /// The program that made the first run.
    pub program: String,
    /// The program that executed it again.
    pub program_again: String,
    /// Every artifact of either run, by name.
    pub artifacts: Vec<ReproducedArtifact>,
}

kernel::words! {
    /// Whether a run left the same bytes again.
    #[derive(ToSchema)]
    #[schema(as = runs::ReproductionVerdict)]
    pub enum ReproductionVerdict {
        /// It has not ended yet.
        Running = "running",
        /// Every artifact has the same bytes.
        Identical = "identical",
        /// Some artifact differs.
        Different = "different",
        /// It did not come to its end, so that nothing can be said.
        Unfinished = "unfinished",
    }
}

/// An artifact of both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::ReproducedArtifact)]
pub struct ReproducedArtifact {
    /// Its name.
    pub name: String,
    /// The digest of the first run's bytes: SHA-256, 64 hex digits. Absent where only the second run has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub digest: Option<Digest>,
    /// That of the second run's. Absent where only the first run has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub digest_again: Option<Digest>,
    /// The first value that differs; absent where the bytes are the same, or one of them is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<ValueDifference>,
}

/// A value that two artifacts have differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = runs::ValueDifference)]
pub struct ValueDifference {
    /// Where it stands: `$.ranking[3].mase` in JSON, `line 12, $.points[0]` in lines of it, `row 12, column forecast` in a
    /// table, `byte 12` otherwise.
    pub place: String,
    /// What the first run has.
    pub value: String,
    /// What the second run has.
    pub value_again: String,
}
