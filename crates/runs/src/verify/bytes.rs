//! What a run was given and what it left, down to the bytes.

use std::collections::BTreeSet;

use artifacts::Checked;
use kernel::{Digest, RunId, Tenant};
use sea_orm::DbErr;
use wire::runs::{InputSource, VerifiedPart};

use super::differences::Differences;
use super::stored::finding;
use super::told::Told;
use super::{Verifier, VerifyError, given, stored};
use crate::query;
use crate::run::{Artifact, Input, Run};

impl Verifier {
    pub(super) async fn inputs(
        &self,
        tenant: Tenant,
        id: RunId,
        told: &Told,
    ) -> Result<VerifiedPart, VerifyError> {
        let found = stored::rows::<_, Input>(&self.db, query::input_rows(id), "run_input").await?;
        let mut differences = Differences { problems: found.problems, ..Differences::default() };
        given::inputs(&mut differences, &found.rows, told);
        given::sources(&mut differences, &found.rows);
        for (_, input) in &found.rows {
            let problem = match self.input(tenant, input).await {
                Ok(problem) => problem,
                Err(error) => Some(finding(error)?),
            };
            let Some(problem) = problem else { continue };
            let (role, source) = (&input.role, &input.source_id);
            if self.is_let_go(&input.digest).await? {
                differences.not_covered(
                    true,
                    format!("input `{role}` ({source}), which was let go under retention"),
                );
            } else {
                differences.problems.push(format!("input `{role}` ({source}): {problem}"));
            }
        }
        Ok(differences.into_part("inputs", found.rows.len()))
    }

    async fn input(&self, tenant: Tenant, input: &Input) -> Result<Option<String>, DbErr> {
        if let Some(check) = self.sources.get(&input.source) {
            return check.check(tenant, &input.source_id, input.digest).await;
        }
        match input.source {
            InputSource::Snapshot | InputSource::Artifact => Ok(self.bytes(&input.digest).await),
            InputSource::Run => {
                let id = input.source_id.parse().ok();
                let run = match id {
                    Some(id) => query::find(&self.db, tenant, id).await?,
                    None => None,
                };
                Ok(match run {
                    None => Some("the run is gone".to_owned()),
                    Some(run) if run.spec_digest != input.digest => {
                        Some("the run has another spec".to_owned())
                    }
                    Some(_) => None,
                })
            }
            InputSource::Dataset | InputSource::Model => {
                Ok(Some("this program cannot look at such a source".to_owned()))
            }
        }
    }

    pub(super) async fn artifacts(
        &self,
        id: RunId,
        run: Option<&Run>,
        told: &Told,
    ) -> Result<VerifiedPart, VerifyError> {
        let found = stored::rows::<_, Artifact>(&self.db, query::artifact_rows(id), "run_artifact").await?;
        let artifacts: Vec<Artifact> = found.rows.into_iter().map(|(_, artifact)| artifact).collect();
        let mut differences = Differences {
            problems: found.problems,
            is_unordered: told.was_set_back,
            ..Differences::default()
        };
        let mut let_go = BTreeSet::new();
        for said in &told.artifacts {
            if let Ok(digest) = said.what.digest.parse()
                && query::is_released(self.db.conn(), "artifact", Digest::as_bytes(&digest)).await?
            {
                let_go.insert(said.what.artifact_id.clone());
            }
        }
        given::artifacts(&mut differences, &artifacts, told, &let_go);
        let has_ended = run.is_some_and(|run| run.state.is_terminal());
        differences.say(has_ended && !artifacts.iter().any(|artifact| artifact.name == "metrics"), || {
            "the run has ended without its metrics".to_owned()
        });
        for artifact in &artifacts {
            differences.problems.extend(self.artifact(artifact).await);
        }
        Ok(differences.into_part("artifacts", artifacts.len()))
    }

    pub(super) async fn artifact(&self, artifact: &Artifact) -> Option<String> {
        let problem = self.bytes(&artifact.digest).await?;
        Some(format!("artifact `{}`: {problem}", artifact.name))
    }

    /// Whether a receipt of retention names these bytes, and they are gone.
    async fn is_let_go(&self, digest: &Digest) -> Result<bool, DbErr> {
        let is_gone = matches!(self.store.size(digest).await, Ok(None));
        Ok(is_gone && query::is_released(self.db.conn(), "artifact", digest.as_bytes()).await?)
    }

    /// What is wrong with the bytes of an object.
    async fn bytes(&self, digest: &Digest) -> Option<String> {
        match self.store.check(digest).await {
            Ok(Checked::Ok) => None,
            Ok(Checked::Missing) => Some(format!("its bytes {digest} are gone")),
            Ok(Checked::Tampered { found }) => {
                Some(format!("its bytes were changed: they have the digest {found}, not {digest}"))
            }
            Err(error) => Some(format!("its bytes cannot be read: {error}")),
        }
    }
}
