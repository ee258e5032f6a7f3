//! What can be known of a forecast.

use bytes::Bytes;
use kernel::{RunId, Tenant};
use runs::{Artifact, Run, RunKind, RunState};
use sea_orm::DbErr;
use wire::model_selection::{FleetResult, SeriesForecast};

use super::choice::TOLD;
use super::kind::{FleetForecast, Spec};
use crate::blocking::off_the_runtime;
use crate::reader::{course, spec_of};
use crate::{ReadError, Reader};

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
        let run = self.run_of::<FleetForecast>(tenant, id).await?;
        let spec = spec_of::<FleetForecast>(&run)?;
        let result: Option<FleetResult> = match self.result(&run, "forecast").await? {
            Some(artifact) => Some(self.content(&run, &artifact).await?),
            None => None,
        };
        let unlearned = result.as_ref().map_or(0, |result| spec.series_total - result.series_forecast);
        let also = result.iter().flat_map(|result| result.unlearned_series.iter().cloned());
        let excluded_series: Vec<_> = spec.excluded_series.into_iter().chain(also).take(TOLD).collect();
        Ok(wire::model_selection::FleetForecast {
            run_id: id,
            status: run.state.into(),
            dataset_id: spec.dataset_id,
            horizon: spec.horizon,
            series_total: spec.series_total,
            excluded_series,
            excluded_total: spec.excluded_total + unlearned,
            other_frequencies: spec.other_frequencies.into_iter().map(Into::into).collect(),
            champion: spec.champion,
            result,
            course: course(run),
        })
    }

    /// The artifact that holds what a forecast decided, and what the forecast was asked for.
    pub(super) async fn decision(&self, tenant: Tenant, id: RunId) -> Result<(Artifact, Spec), ReadError> {
        let run = self.run_of::<FleetForecast>(tenant, id).await?;
        let no_result = ReadError::NoResult { kind: FleetForecast::NAME, run: id };
        let artifact = self.result(&run, "decision").await?.ok_or(no_result)?;
        self.store.vouch(&artifact.digest).await?;
        Ok((artifact, spec_of::<FleetForecast>(&run)?))
    }

    /// Up to `limit` forecasts from a place in the artifact on. A place that begins no line is an error.
    pub async fn fleet_forecast_series(
        &self,
        tenant: Tenant,
        id: RunId,
        from: u64,
        limit: usize,
    ) -> Result<SeriesPage, ReadError> {
        let run = self.run_of::<FleetForecast>(tenant, id).await?;
        let no_result = ReadError::NoResult { kind: FleetForecast::NAME, run: id };
        let artifact = self.result(&run, "series").await?.ok_or(no_result)?;
        let frequency = spec_of::<FleetForecast>(&run)?.frequency;
        let dated = move |one: SeriesForecast| SeriesForecast {
            history_dates: frequency.dates_before(&one.dates, one.history.len()),
            ..one
        };
        let lines = self.lines(&artifact, from, limit).await?;
        let read = lines.len() as u64;
        let parse = move || -> Result<Vec<SeriesForecast>, serde_json::Error> {
            lines
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .map(|line| serde_json::from_slice(line).map(dated))
                .collect()
        };
        let unreadable = |source| ReadError::unreadable(&run, "series", source);
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

    /// An artifact of a forecast that succeeded.
    async fn result(&self, run: &Run, name: &str) -> Result<Option<Artifact>, DbErr> {
        match run.state {
            RunState::Succeeded => self.artifact(run, name).await,
            _ => Ok(None),
        }
    }
}
