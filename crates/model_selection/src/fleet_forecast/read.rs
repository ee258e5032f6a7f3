//! What can be known of a forecast.

use bytes::Bytes;
use kernel::{RunId, Tenant};
use runs::{Artifact, Run, RunKind, RunState};
use wire::model_selection::{FleetResult, SeriesForecast};

use super::error::ReadError;
use super::kind::{FleetForecast, Spec};
use crate::Reader;
use crate::blocking::off_the_runtime;

/// What is read of the series at once; a page ends with it.
const PIECE: u64 = 1 << 20;

/// Forecasts in the order of the data set, and where the next ones begin.
#[derive(Debug)]
pub struct SeriesPage {
    /// The forecasts.
    pub items: Vec<SeriesForecast>,
    /// Where the next page begins, in bytes of the artifact; `None` on the last.
    pub next: Option<u64>,
}

impl Reader {
    /// A forecast with everything known of it but the series themselves.
    pub async fn fleet_forecast(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<wire::model_selection::FleetForecast, ReadError> {
        let run = self.fleet_forecast_run(tenant, id).await?;
        let unreadable = |what| move |source| ReadError::Unreadable { run: id, what, source };
        let spec: Spec = serde_json::from_str(&run.spec).map_err(unreadable("spec"))?;
        let result = match self.artifact_named(&run, "forecast").await? {
            None => None,
            Some(artifact) => {
                let bytes = self.store.get(&artifact.digest).await?;
                Some(serde_json::from_slice::<FleetResult>(&bytes).map_err(unreadable("result"))?)
            }
        };
        let (error_code, error_message) = run.problem.map(|problem| (problem.code, problem.message)).unzip();
        Ok(wire::model_selection::FleetForecast {
            run_id: id,
            status: run.state.into(),
            dataset_id: spec.dataset_id,
            horizon: spec.horizon,
            series_total: spec.series_total,
            excluded_series: spec.excluded_series,
            excluded_total: spec.excluded_total,
            result,
            error_code,
            error_message,
            created_at: run.created_at,
            started_at: run.started_at,
            completed_at: run.ended_at,
        })
    }

    /// Up to `limit` forecasts from a place in the artifact on. A place that begins no line is an error.
    pub async fn fleet_forecast_series(
        &self,
        tenant: Tenant,
        id: RunId,
        from: u64,
        limit: usize,
    ) -> Result<SeriesPage, ReadError> {
        let run = self.fleet_forecast_run(tenant, id).await?;
        let artifact = self.artifact_named(&run, "series").await?.ok_or(ReadError::NoResult(id))?;
        let lines = self.lines(&artifact, from, limit).await?;
        let read = lines.len() as u64;
        let parse = move || -> Result<Vec<SeriesForecast>, serde_json::Error> {
            lines
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .map(serde_json::from_slice)
                .collect()
        };
        let unreadable = |source| ReadError::Unreadable { run: id, what: "series", source };
        let items = off_the_runtime(move |_| parse()).await.map_err(unreadable)?;
        let end = from + read;
        Ok(SeriesPage { items, next: (end < artifact.size_bytes).then_some(end) })
    }

    /// Up to `limit` whole lines from a place on: as many as fit a piece, and one at least.
    async fn lines(&self, artifact: &Artifact, from: u64, limit: usize) -> Result<Bytes, ReadError> {
        self.store.vouch(&artifact.digest).await?;
        let (mut piece, from) = (PIECE, from.min(artifact.size_bytes));
        loop {
            let end = (from + piece).min(artifact.size_bytes);
            let bytes = self.store.get_range(&artifact.digest, from..end).await?;
            let ends = bytes
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
                .take(limit)
                .map(|(at, _)| at + 1);
            match ends.last() {
                Some(whole) => return Ok(bytes.slice(..whole)),
                None if end == artifact.size_bytes => return Ok(bytes),
                // A line longer than a piece.
                None => piece *= 2,
            }
        }
    }

    async fn fleet_forecast_run(&self, tenant: Tenant, id: RunId) -> Result<Run, ReadError> {
        let run = runs::find(&self.db, tenant, id).await?;
        run.filter(|run| run.kind == <FleetForecast as RunKind>::NAME).ok_or(ReadError::NotFound(id))
    }

    async fn artifact_named(&self, run: &Run, name: &str) -> Result<Option<Artifact>, ReadError> {
        if run.state != RunState::Succeeded {
            return Ok(None);
        }
        let artifacts = runs::artifacts(&self.db, run).await?;
        Ok(artifacts.into_iter().find(|artifact| artifact.name == name))
    }
}
