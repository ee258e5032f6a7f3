//! Submitting a forecast: check it, decide from the index of its data set what is forecast, and hand it to the engine. No
//! point of a series is read here, so that a million series are submitted as quickly as one.

use kernel::{Digest, FieldError, RunId, Seed, Tenant, counted};
use runs::{Input, Submit};
use series::Frequency;
use wire::model_selection::{FleetForecastRequest, Gaps};
use wire::runs::InputSource;

use super::choice::{Choice, choose};
use super::error::SubmitError;
use super::kind::{FleetForecast, Spec};
use super::request::check;
use crate::blocking::off_the_runtime;
use crate::panel;
use crate::source::Source;
use crate::{Selector, Submission};

/// A forecast draws no random numbers; the models that do take this seed.
const SEED: Seed = Seed(42);
/// So many unusable series are told in a refusal.
const TOLD: usize = 20;

impl Selector {
    /// Submits a forecast; it is queued and durable when this returns.
    pub async fn submit_fleet_forecast(
        &self,
        tenant: Tenant,
        submission: Submission<FleetForecastRequest>,
    ) -> Result<RunId, SubmitError> {
        let request = submission.request;
        check(&request).map_err(|fields| SubmitError::Invalid { fields })?;
        let (dataset_id, gaps) = (request.dataset_id, request.gaps);
        let turn = self.turns.take().await;
        let pinned = self.reader.datasets().find(tenant, dataset_id).await.map_err(panel::LoadError::from)?;
        let (index, names) = (pinned.index.clone(), request.series.clone());
        let asked = asked(&request)?;
        let choice =
            off_the_runtime(move |_| choose(dataset_id, &index, names.as_deref(), gaps, asked)).await?;
        let given = self.given(tenant, &request).await?;
        drop(turn);
        let Choice { frequency, places, excluded, excluded_total, others } = choice;
        let (Some(frequency), Some(&first)) = (frequency, places.first()) else {
            let fields = excluded.into_iter().take(TOLD).map(|one| FieldError::new(one.name, one.reason));
            return Err(SubmitError::Unusable { fields: fields.collect() });
        };
        if let Some(given) = &given {
            given.check(frequency, gaps)?;
        }
        let spec = Spec {
            source: Source::Dataset { dataset_id, digest: pinned.item.digest },
            dataset_id,
            content: pinned.content,
            series: request.series,
            frequency,
            series_total: places.len(),
            excluded_series: excluded,
            excluded_total,
            other_frequencies: others.into_iter().collect(),
            horizon: request.horizon,
            models: request.models,
            champion: request.champion,
            decision: given.as_ref().map(|given| given.digest),
            season_length: request.season_length,
            folds: request.folds,
            gaps,
        };
        let submit = Submit {
            conversation_id: request.conversation_id,
            parent: submission.parent,
            priority: request.priority.unwrap_or_default(),
            idempotency_key: submission.idempotency_key,
            inputs: panel::run_inputs(&spec.source, spec.content)
                .into_iter()
                .chain(given.map(|given| given.input))
                .collect(),
            ..Submit::new(
                request.title.unwrap_or_else(|| title(&spec, &pinned.index[first].name)),
                SEED,
                spec,
            )
        };
        Ok(self.engine.submit::<FleetForecast>(tenant, submit).await?)
    }
}

/// The grid that is asked for, if one is.
fn asked(request: &FleetForecastRequest) -> Result<Option<Frequency>, SubmitError> {
    let Some(word) = request.frequency else { return Ok(None) };
    let refused = || {
        let fields = vec![FieldError::new("frequency", format!("must be a frequency, not `{word}`"))];
        SubmitError::Invalid { fields }
    };
    Frequency::of_word(word).map(Some).ok_or_else(refused)
}

/// A decision that is taken: where it is kept.
struct Taken {
    /// The field of the request that names it.
    field: &'static str,
    frequency: wire::datasets::Frequency,
    gaps: Gaps,
    digest: Digest,
    input: Input,
}

impl Taken {
    /// Whether it was made of series like these.
    fn check(&self, frequency: Frequency, gaps: Gaps) -> Result<(), SubmitError> {
        let mut fields = Vec::new();
        if self.frequency != frequency.into() {
            let message = format!("decides on {} series, and these are {frequency}", self.frequency);
            fields.push(FieldError::new(self.field, message));
        }
        if self.gaps != gaps {
            let message = format!("must be `{}`, as in the earlier forecast, not `{gaps}`", self.gaps);
            fields.push(FieldError::new("gaps", message));
        }
        if fields.is_empty() { Ok(()) } else { Err(SubmitError::Invalid { fields }) }
    }
}

impl Selector {
    /// The decision that a request names or brings along, kept as an object of the store.
    async fn given(
        &self,
        tenant: Tenant,
        request: &FleetForecastRequest,
    ) -> Result<Option<Taken>, SubmitError> {
        let input = |source, source_id: String, digest| Input {
            role: "decision".to_owned(),
            source,
            source_id,
            digest,
        };
        if let Some(run) = request.champion {
            let (artifact, earlier) =
                self.reader.decision(tenant, run).await.map_err(SubmitError::Champion)?;
            let (digest, id) = (artifact.digest, artifact.id.to_string());
            let input = input(InputSource::Artifact, id, digest);
            let (frequency, gaps) = (earlier.frequency.into(), earlier.gaps);
            return Ok(Some(Taken { field: "champion", frequency, gaps, digest, input }));
        }
        let Some(decision) = request.decision.clone() else { return Ok(None) };
        let (frequency, gaps) = (decision.frequency, decision.gaps);
        let bytes = off_the_runtime(move |_| serde_json::to_vec(&decision)).await?;
        let digest = self.store.put(bytes.into()).await?.digest;
        let input = input(InputSource::Snapshot, "decision".to_owned(), digest);
        Ok(Some(Taken { field: "decision", frequency, gaps, digest, input }))
    }
}

fn title(spec: &Spec, first: &str) -> String {
    let steps = spec.say(&counted(spec.horizon, "step", "steps"));
    match spec.series_total {
        1 => format!("forecast of {first}, {steps}"),
        many => format!("forecast of {many} series, {steps}"),
    }
}
