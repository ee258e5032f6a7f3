//! Submitting a forecast: check it, load and pin its series, and hand it to the engine.

use bytes::Bytes;
use kernel::{FieldError, RunId, Seed, Tenant};
use runs::Submit;
use series::columnar::{Compression, write_fleet};
use series::{Fleet, Series};
use wire::model_selection::{ExcludedSeries, FleetForecastRequest};

use super::error::SubmitError;
use super::kind::{FleetForecast, Spec};
use super::request::check;
use crate::blocking::off_the_runtime;
use crate::panel::{self, Imported};
use crate::source::Source;
use crate::{Selector, Submission};

/// A forecast draws no random numbers; the models that do take this seed.
const SEED: Seed = Seed(42);
/// Fewer values are no history.
const LEAST_VALUES: usize = 3;
/// So many unusable series are told in a refusal.
const TOLD: usize = 20;

impl Selector {
    /// Submits a forecast; it is queued and durable when this returns. Its series are read once, here.
    pub async fn submit_fleet_forecast(
        &self,
        tenant: Tenant,
        submission: Submission<FleetForecastRequest>,
    ) -> Result<RunId, SubmitError> {
        let request = submission.request;
        check(&request).map_err(|fields| SubmitError::Invalid { fields })?;
        let turn = self.turns.take().await;
        let needs = (request.gaps, LEAST_VALUES);
        let chosen =
            panel::choose(&self.reader.db, tenant, request.dataset_id, request.series.clone(), needs).await?;
        let source = Source::Dataset { dataset_id: request.dataset_id, digest: chosen.digest };
        let loaded = panel::load_chosen(&self.reader.db, tenant, chosen).await?;
        let Pinned { fleet, bytes, excluded } = off_the_runtime(move |_| pin(loaded)).await?;
        let stored = self.store.put(bytes).await?;
        drop(turn);
        let spec = Spec {
            source,
            dataset_id: request.dataset_id,
            fleet: stored.digest,
            frequency: fleet.frequency(),
            series_total: fleet.len(),
            excluded_series: excluded,
            horizon: request.horizon,
            models: request.models,
            season_length: request.season_length,
            gaps: request.gaps,
        };
        let submit = Submit {
            conversation_id: request.conversation_id,
            parent: submission.parent,
            priority: request.priority.unwrap_or_default(),
            idempotency_key: submission.idempotency_key,
            inputs: panel::run_inputs(&spec.source, spec.fleet),
            ..Submit::new(request.title.unwrap_or_else(|| title(&spec, &fleet)), SEED, spec)
        };
        Ok(self.engine.submit::<FleetForecast>(tenant, submit).await?)
    }
}

struct Pinned {
    fleet: Fleet,
    bytes: Bytes,
    excluded: Vec<ExcludedSeries>,
}

/// The usable series as one fleet in columns, and why the others are not in it.
fn pin(loaded: Vec<Imported>) -> Result<Pinned, SubmitError> {
    let (mut usable, mut excluded) = (Vec::new(), Vec::new());
    for (name, series) in loaded {
        match series.map_err(|error| error.to_string()).and_then(usable_series) {
            Ok(series) => usable.push(series),
            Err(reason) => excluded.push(ExcludedSeries { name, reason }),
        }
    }
    if usable.is_empty() {
        let fields = excluded.into_iter().take(TOLD).map(|one| FieldError::new(one.name, one.reason));
        return Err(SubmitError::Unusable { fields: fields.collect() });
    }
    let fleet = Fleet::from_series(&usable).map_err(SubmitError::Fleet)?;
    let bytes = write_fleet(&fleet, Compression::Zstd)?.into();
    Ok(Pinned { fleet, bytes, excluded })
}

fn usable_series(series: Series) -> Result<Series, String> {
    match panel::observed(&series) {
        0..LEAST_VALUES => Err(format!("fewer than {LEAST_VALUES} values are no history")),
        _ => Ok(series),
    }
}

fn title(spec: &Spec, fleet: &Fleet) -> String {
    let steps = if spec.horizon == 1 { "1 step".to_owned() } else { format!("{} steps", spec.horizon) };
    match fleet.names() {
        [only] => format!("forecast of {only}, {steps}"),
        many => format!("forecast of {} series, {steps}", many.len()),
    }
}
