//! Submitting a training: check it, load and pin its series, and hand it to the engine.

use kernel::{FieldError, RunId, Seed, Tenant};
use runs::Submit;
use series::Series;
use wire::model_selection::TrainingRequest;

use super::error::SubmitError;
use super::kind::Training;
use super::request::{Question, Reads, Spec};
use crate::comparison::{Asked, model_for};
use crate::panel::{self, Panel, observed};
use crate::source::Source;
use crate::{Selector, Submission};

/// The seed of every model that draws random numbers, so that training twice gives the same model.
const SEED: Seed = Seed(42);

impl Selector {
    /// Submits a training; it is queued and durable when this returns.
    pub async fn submit_training(
        &self,
        tenant: Tenant,
        submission: Submission<TrainingRequest>,
    ) -> Result<RunId, SubmitError> {
        let request = submission.request;
        let reads = Question(&request).check().map_err(|fields| SubmitError::Invalid { fields })?;
        let turn = self.turns.take().await;
        let (source, series) = self.load_for_training(tenant, &request, reads).await?;
        long_enough(&request, &series)?;
        let title = request
            .title
            .clone()
            .unwrap_or_else(|| format!("train {} on {}", request.model_type, series.name()));
        let series_name = series.name().to_owned();
        let (_, bytes) = Panel { series: vec![series] }.into_bytes().await;
        let stored = self.store.put(bytes).await?;
        drop(turn);
        let feature_frame = Question(&request).feature_frame();
        let spec = Spec {
            source,
            input: stored.digest,
            series_name,
            model_type: request.model_type,
            params: request.params,
            season_length: request.season_length,
            feature_frame,
            horizon: request.forecast_horizon,
        };
        let submit = Submit {
            conversation_id: request.conversation_id,
            parent: submission.parent,
            priority: request.priority.unwrap_or_default(),
            idempotency_key: submission.idempotency_key,
            inputs: panel::run_inputs(&spec.source, spec.input),
            ..Submit::new(title, SEED, spec)
        };
        Ok(self.engine.submit::<Training>(tenant, submit).await?)
    }

    async fn load_for_training(
        &self,
        tenant: Tenant,
        request: &TrainingRequest,
        reads: Reads,
    ) -> Result<(Source, Series), SubmitError> {
        let read = &self.reader.db;
        match reads {
            Reads::Pair { pair, window } => {
                let series = panel::load_pair(read, tenant, pair, window, request.gaps).await?;
                Ok((Source::Pair { pair, window }, series))
            }
            Reads::Dataset { dataset_id, series } => {
                let found = panel::load_one(self.reader.datasets(), tenant, dataset_id, series, request.gaps);
                let (digest, series) = found.await?.ok_or_else(several)?;
                Ok((Source::Dataset { dataset_id, digest }, series))
            }
        }
    }
}

fn several() -> SubmitError {
    let message = "is required: the data set has more than one series";
    SubmitError::Invalid { fields: vec![FieldError::new("series", message)] }
}

fn long_enough(request: &TrainingRequest, series: &Series) -> Result<(), SubmitError> {
    let asked = Asked {
        model_type: &request.model_type,
        params: &request.params,
        season_length: request.season_length,
        feature_frame: &Question(request).feature_frame(),
    };
    let model = model_for(&asked, series.frequency())
        .map_err(|error| SubmitError::Invalid { fields: kernel::Fault::fields(&error) })?;
    let (needed, found) = (model.minimum_history(), observed(series));
    if found >= needed {
        return Ok(());
    }
    let (model_type, series) = (request.model_type.clone(), series.name().to_owned());
    Err(SubmitError::TooShort { model_type, series, needed, found })
}
