//! Reading trainings, from their run and its artifacts.

use kernel::{RunId, Tenant};
use runs::{Artifact, Run, RunState};
use wire::model_selection::Trained;

use super::bundle::Bundle;
use super::kind::Training;
use crate::reader::{course, spec_of};
use crate::{ReadError, Reader};

impl Reader {
    /// A training with everything known of it.
    pub async fn training(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<wire::model_selection::Training, ReadError> {
        let run = self.run_of::<Training>(tenant, id).await?;
        let spec = spec_of::<Training>(&run)?;
        let model = self.bundle(&run).await?.map(|(artifact, bundle)| trained(&artifact, bundle));
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
            course: course(run),
        })
    }

    /// The model of a succeeded training, and its artifact.
    pub(crate) async fn bundle(&self, run: &Run) -> Result<Option<(Artifact, Bundle)>, ReadError> {
        if run.state != RunState::Succeeded {
            return Ok(None);
        }
        let Some(artifact) = self.artifact(run, "model").await? else { return Ok(None) };
        let bundle = self.content(run, &artifact).await?;
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
