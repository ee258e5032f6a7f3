//! Upstream runs: named by id, checked for kind, success and match, and pinned by the digest of what they left behind.

use kernel::{Digest, RunId, Tenant};
use runs::{Input, Run, RunState};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wire::artifacts::ArtifactId;
use wire::lab::{LabKind, ListLabRuns};
use wire::runs::InputSource;

use crate::document;
use crate::error::LabError;
use crate::lineage::gone;
use crate::reader::Reader;
use crate::table::run;

/// The artifact of an upstream run, as a spec pins it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Upstream {
    /// The run.
    pub(crate) run_id: RunId,
    /// What it left behind.
    pub(crate) artifact_id: ArtifactId,
    /// The digest of that.
    pub(crate) digest: Digest,
}

impl Upstream {
    /// As an input of a run.
    pub(crate) fn input(&self, role: &str) -> Input {
        let source_id = self.artifact_id.to_string();
        Input { role: role.to_owned(), source: InputSource::Artifact, source_id, digest: self.digest }
    }
}

/// The artifact that holds what a kind of run gives.
pub(crate) const fn artifact_name(kind: LabKind) -> &'static str {
    match kind {
        LabKind::GameOutcome => "game_outcomes",
        LabKind::MarketShare => "market_shares",
        LabKind::StrategyGeneration => "entry_bids",
        LabKind::Simulation => "leaderboard",
        LabKind::Evaluation => "evaluation",
        LabKind::Batch => "batch",
    }
}

/// Choices that a refusal names.
const CHOICES: usize = 10;

impl Reader {
    /// A run that a request names in `field`: of this kind, succeeded, with what it left behind. `near` says on what the
    /// choices of a refusal must stand.
    pub(crate) async fn upstream(
        &self,
        tenant: Tenant,
        (field, kind): (&'static str, LabKind),
        id: RunId,
        near: ListLabRuns,
    ) -> Result<(Upstream, Run, run::Model), LabError> {
        let problem = match self.run_and_row(tenant, id).await? {
            None => "is no run of the lab".to_owned(),
            Some((_, row)) if row.run_kind != kind.as_str() => {
                format!("is a run of {}, not of {kind}", row.run_kind)
            }
            Some((run, _)) if run.state != RunState::Succeeded => {
                format!("has not succeeded; it is {}", run.state)
            }
            Some((run, row)) => {
                let artifacts = runs::artifacts(&self.db, &run).await?;
                let found = artifacts.into_iter().find(|artifact| artifact.name == artifact_name(kind));
                if let Some(artifact) = found {
                    let upstream = Upstream { run_id: id, artifact_id: artifact.id, digest: artifact.digest };
                    return Ok((upstream, run, row));
                }
                match self.removed(id).await? {
                    Some(removed) => format!("has succeeded, but {}", gone(&removed)),
                    None => "has left nothing behind".to_owned(),
                }
            }
        };
        let choices = self.succeeded(tenant, kind, near).await?;
        let choices = choices.into_iter().map(|item| item.run_id).take(CHOICES).collect();
        Err(LabError::Upstream { field, run: id, problem, choices })
    }

    /// What a run of the lab has left behind, if it has.
    pub(crate) async fn result<T: DeserializeOwned>(
        &self,
        run: &Run,
        kind: LabKind,
    ) -> Result<Option<T>, LabError> {
        self.left(run, artifact_name(kind)).await
    }

    /// An artifact of a run, if it has one of this name.
    pub(crate) async fn left<T: DeserializeOwned>(
        &self,
        run: &Run,
        name: &str,
    ) -> Result<Option<T>, LabError> {
        let artifacts = runs::artifacts(&self.db, run).await?;
        match artifacts.into_iter().find(|artifact| artifact.name == name) {
            Some(artifact) => Ok(Some(document::get(&self.store, name, &artifact.digest).await?)),
            None => Ok(None),
        }
    }
}

/// What a run was asked for.
pub(crate) fn spec_of<S: DeserializeOwned>(run: &Run) -> Result<S, LabError> {
    serde_json::from_str(&run.spec).map_err(|error| LabError::unreadable("spec", error))
}
