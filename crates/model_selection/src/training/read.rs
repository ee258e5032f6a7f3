//! Reading trainings, from their run and its artifacts.

use artifacts::StoreError;
use kernel::{Class, Fault, RunId, Tenant};
use runs::{Artifact, Run, RunKind, RunState};
use sea_orm::DbErr;
use wire::model_selection::Trained;

use super::bundle::Bundle;
use super::kind::Training;
use super::request::Spec;
use crate::Reader;
use crate::blocking::off_the_runtime;

/// A training that cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such training for this tenant.
    #[error("training {0} does not exist")]
    NotFound(RunId),
    /// Its artifact cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its artifact or spec was written by a version this one does not understand.
    #[error("the {what} of training {run} is not readable by this version")]
    Unreadable {
        /// The training.
        run: RunId,
        /// What was to be read.
        what: &'static str,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for ReadError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
            Self::Unreadable { .. } => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "NOT_FOUND",
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
            Self::Unreadable { .. } => "INTERNAL_ERROR",
        }
    }
}

impl Reader {
    /// A training with everything known of it.
    pub async fn training(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<wire::model_selection::Training, ReadError> {
        let run = self.training_run(tenant, id).await?.ok_or(ReadError::NotFound(id))?;
        let spec: Spec = serde_json::from_str(&run.spec).map_err(|source| ReadError::Unreadable {
            run: id,
            what: "spec",
            source,
        })?;
        let model = self.bundle(&run).await?.map(|(artifact, bundle)| trained(&artifact, bundle));
        let (error_code, error_message) = run.problem.map(|problem| (problem.code, problem.message)).unzip();
        Ok(wire::model_selection::Training {
            run_id: id,
            status: run.state.into(),
            series_name: spec.series_name,
            model_type: spec.model_type,
            params: spec.params,
            feature_frame_version: spec.feature_frame.version,
            feature_groups: spec.feature_frame.groups,
            forecast_horizon: spec.horizon,
            model,
            error_code,
            error_message,
            created_at: run.created_at,
            started_at: run.started_at,
            completed_at: run.ended_at,
        })
    }

    pub(crate) async fn training_run(&self, tenant: Tenant, id: RunId) -> Result<Option<Run>, DbErr> {
        let run = runs::find(&self.db, tenant, id).await?;
        Ok(run.filter(|run| run.kind == <Training as RunKind>::NAME))
    }

    /// The model of a succeeded training, and its artifact.
    pub(crate) async fn bundle(&self, run: &Run) -> Result<Option<(Artifact, Bundle)>, ReadError> {
        if run.state != RunState::Succeeded {
            return Ok(None);
        }
        let artifacts = runs::artifacts(&self.db, run).await?;
        let Some(artifact) = artifacts.into_iter().find(|artifact| artifact.name == "model") else {
            return Ok(None);
        };
        let bytes = self.store.get(&artifact.digest).await?;
        let unreadable = |source| ReadError::Unreadable { run: run.id, what: "model", source };
        let bundle = off_the_runtime(move |_| serde_json::from_slice(&bytes)).await.map_err(unreadable)?;
        Ok(Some((artifact, bundle)))
    }
}

fn trained(artifact: &Artifact, bundle: Bundle) -> Trained {
    Trained {
        artifact_id: artifact.id,
        config_hash: bundle.config_hash,
        window_start: bundle.window_start,
        window_end: bundle.window_end,
        n_observations: bundle.n_observations,
        forecast: bundle.forecast,
        forecast_reason: bundle.forecast_reason,
        holdout: bundle.holdout,
    }
}
