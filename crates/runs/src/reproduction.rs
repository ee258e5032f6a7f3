//! Reproduce: a run that succeeded is executed again from its pinned inputs, and what it leaves behind is compared.
//!
//! The new run is one like any other, with the first as its input `reproduces`. No stored result of a shard answers for it,
//! nor for the runs it starts. What was found is not stored: it follows from the artifacts of both runs, which never change.
//! Of a run that was let go of under retention the receipt has the digests still, which are enough to compare with.

mod difference;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Class, Digest, Fault, RunId, Tenant};
use sea_orm::DbErr;
use wire::runs::{InputSource, ReproducedArtifact, Reproduction, ReproductionVerdict as Verdict};

use self::difference::first_difference;
use crate::engine::{Engine, Submit, check_is_ours};
use crate::error::OperateError;
use crate::query;
use crate::removed::removed;
use crate::run::{Artifact, Input, Run};
use crate::state::RunState;
use crate::verify::Verifier;

/// The role of the run that is executed again.
const REPRODUCES: &str = "reproduces";

impl Engine {
    /// Submits the spec of a run that succeeded once more, as a run that takes no stored result for its own work. Of a run
    /// that is a reproduction itself, the first one is executed again.
    ///
    /// # Errors
    ///
    /// Fails if there is no such run, if it has not succeeded, or if it cannot be submitted. Whether this program still
    /// reads the spec of its kind, and whether its inputs are there still, shows when the new run is executed.
    pub async fn reproduce(
        &self,
        tenant: Tenant,
        run: RunId,
        idempotency_key: Option<String>,
    ) -> Result<RunId, OperateError> {
        let db = &self.verifier().db;
        let find = async |id| query::find(db, tenant, id).await?.ok_or(OperateError::NotFound(id));
        let mut first = find(run).await?;
        check_is_ours(&first)?;
        if let Some(of) = reproduces(&query::inputs(db, &first).await?) {
            first = find(of).await?;
        }
        if first.state != RunState::Succeeded {
            return Err(OperateError::NotSucceeded { run: first.id, state: first.state });
        }
        let mut inputs = query::inputs(db, &first).await?;
        inputs.push(Input {
            role: REPRODUCES.to_owned(),
            source: InputSource::Run,
            source_id: first.id.to_string(),
            digest: first.spec_digest,
        });
        let submit = Submit {
            conversation_id: Some(first.conversation_id),
            inputs,
            idempotency_key,
            priority: first.priority,
            ..Submit::new(first.title.clone(), first.seed, first.spec.clone())
        };
        Ok(self.submit_as(&first, tenant, submit).await?)
    }
}

/// The run that a run with these inputs executes again.
pub(crate) fn reproduces(inputs: &[Input]) -> Option<RunId> {
    let is_of_it = |input: &&Input| input.role == REPRODUCES && input.source == InputSource::Run;
    inputs.iter().find(is_of_it).and_then(|input| input.source_id.parse().ok())
}

/// Two runs were not compared.
#[derive(Debug, thiserror::Error)]
pub enum ReproductionError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// It executes no other run again.
    #[error("run {0} reproduces no other; `assay run reproduce {0}` makes a run that does")]
    None(RunId),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for ReproductionError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::None(_) => Class::Conflict,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "NOT_FOUND",
            Self::None(_) => "REPRODUCES_NO_RUN",
            Self::Db(error) => error.code(),
        }
    }
}

impl Verifier {
    /// Compares what a run left behind with what the run it reproduces did.
    ///
    /// # Errors
    ///
    /// Fails if there is no such run, if it reproduces none, or if the database does.
    pub async fn reproduction(&self, tenant: Tenant, id: RunId) -> Result<Reproduction, ReproductionError> {
        let find = async |id| query::find(&self.db, tenant, id).await?.ok_or(ReproductionError::NotFound(id));
        let again = find(id).await?;
        let of = reproduces(&query::inputs(&self.db, &again).await?).ok_or(ReproductionError::None(id))?;
        let first = find(of).await?;
        let artifacts = if again.state == RunState::Succeeded {
            let mut left = digests(query::artifacts(&self.db, &first).await?);
            if let Some(removed) = removed(&self.db, &[of]).await?.remove(&of) {
                left.extend(removed.artifacts.into_iter().map(|one| (one.name, one.digest)));
            }
            self.compared(left, query::artifacts(&self.db, &again).await?).await
        } else {
            Vec::new()
        };
        let verdict = verdict(&again, &artifacts);
        Ok(Reproduction {
            of,
            run_id: id,
            verdict,
            statement: statement(&again, verdict, &artifacts),
            program: first.program.to_string(),
            program_again: again.program.to_string(),
            artifacts,
        })
    }

    async fn compared(&self, first: Digests, again: Vec<Artifact>) -> Vec<ReproducedArtifact> {
        let media_types: BTreeMap<_, _> =
            again.iter().map(|one| (one.name.clone(), one.media_type.clone())).collect();
        let again = digests(again);
        let names: BTreeSet<&String> = first.keys().chain(again.keys()).collect();
        let mut compared = Vec::with_capacity(names.len());
        for name in names {
            let (digest, digest_again) = (first.get(name).copied(), again.get(name).copied());
            let difference = match (digest, digest_again) {
                (Some(one), Some(other)) if one != other => {
                    let bytes = (self.read(&one).await, self.read(&other).await);
                    first_difference(&media_types[name], bytes).await
                }
                _ => None,
            };
            compared.push(ReproducedArtifact { name: name.clone(), digest, digest_again, difference });
        }
        compared
    }

    /// The bytes of an object, or why there are none: what is damaged is a difference too.
    async fn read(&self, digest: &Digest) -> Result<bytes::Bytes, String> {
        self.store.get(digest).await.map_err(|error| error.to_string())
    }
}

/// What a run has left behind, by name.
type Digests = BTreeMap<String, Digest>;

fn digests(artifacts: Vec<Artifact>) -> Digests {
    artifacts.into_iter().map(|one| (one.name, one.digest)).collect()
}

fn is_same(artifact: &ReproducedArtifact) -> bool {
    artifact.digest == artifact.digest_again
}

fn verdict(again: &Run, artifacts: &[ReproducedArtifact]) -> Verdict {
    match again.state {
        RunState::Succeeded if artifacts.iter().all(is_same) => Verdict::Identical,
        RunState::Succeeded => Verdict::Different,
        RunState::Failed | RunState::Cancelled => Verdict::Unfinished,
        RunState::Queued | RunState::Running | RunState::Waiting => Verdict::Running,
    }
}

fn statement(again: &Run, verdict: Verdict, artifacts: &[ReproducedArtifact]) -> String {
    let all = kernel::counted(artifacts.len(), "artifact", "artifacts");
    match verdict {
        Verdict::Running => "It is not through yet.".to_owned(),
        Verdict::Unfinished => {
            format!("The second run is {}, so nothing can be said of the first.", again.state)
        }
        Verdict::Identical => {
            format!("Executed again without stored results, it left the same bytes: {all}.")
        }
        Verdict::Different => {
            let differing: Vec<&ReproducedArtifact> = artifacts.iter().filter(|one| !is_same(one)).collect();
            let names: Vec<&str> = differing.iter().map(|one| one.name.as_str()).collect();
            let place = differing.iter().find_map(|one| Some((&one.name, one.difference.as_ref()?)));
            let place = place.map_or_else(String::new, |(name, at)| {
                format!(" First, at {} of {name}, {} has become {}.", at.place, at.value, at.value_again)
            });
            format!("{} of {all} differ: {}.{place}", differing.len(), names.join(", "))
        }
    }
}
