//! Forecasts to a file.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use bytes::Bytes;
use client::Client;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use kernel::{RunId, exact_figure, percents};
use wire::model_selection::{FleetForecast, ForecastSeriesQuery, Interval, ModelWeight, SeriesForecast};

use super::{svg, xlsx};
use crate::exit::{Exit, Failed};
use crate::file::{cell, check_writable, is_another, replace, replace_by};
use crate::names::Names;

/// Series on a page of the API.
const PAGE: u32 = 200;

/// Where forecasts are written, and how.
pub(super) struct Out<'a> {
    path: &'a Path,
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Parquet,
    Svg,
    Xlsx,
}

impl<'a> Out<'a> {
    /// A file by its name, which is not the one that is forecast.
    pub(super) fn of(path: &'a Path, input: &Path) -> anyhow::Result<Self> {
        let refused = |message: &str| Err(Failed::new(Exit::Usage, message).into());
        is_another(path, input, "--out")?;
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let format = match extension.to_str() {
            Some("csv") => Format::Csv,
            Some("parquet") => Format::Parquet,
            Some("svg") => Format::Svg,
            Some("xlsx") => Format::Xlsx,
            _ => return refused("--out must name a file that ends in .csv, .parquet, .xlsx or .svg"),
        };
        check_writable(path, "--out")?;
        Ok(Self { path, format })
    }

    /// Refuses more series than the file has room for, before they are forecast.
    pub(super) fn takes(&self, series: u64, horizon: usize) -> anyhow::Result<()> {
        match xlsx::obstacle(series, horizon).filter(|_| self.format == Format::Xlsx) {
            Some(message) => Err(Failed::new(Exit::Usage, message).into()),
            None => Ok(()),
        }
    }

    /// Writes the forecasts of a run that has some. The file has its name only when all of it is there.
    pub(super) async fn write(&self, client: &Client, forecast: &FleetForecast) -> anyhow::Result<()> {
        let run = forecast.run_id;
        let bytes = match self.format {
            Format::Csv => {
                let lines = pages(client, run).map_ok(|page| Bytes::from(lines(&page)));
                return replace_by(
                    self.path,
                    stream::iter([Ok(Bytes::from(columns().join(",") + "\n"))]).chain(lines),
                )
                .await;
            }
            Format::Parquet => return artifact_to(client, run, "forecasts", self.path).await,
            Format::Svg => {
                let result = forecast.result.as_ref().context("the forecast has no result")?;
                svg::picture(result, &all(client, run).await?, &Names::of(client).await?).into_bytes()
            }
            Format::Xlsx => {
                let result = forecast.result.as_ref().context("the forecast has no result")?;
                let names = Names::of(client).await?;
                xlsx::workbook(run, result, &all(client, run).await?, &names)
                    .with_context(|| format!("cannot make the workbook {}", self.path.display()))?
            }
        };
        replace(self.path, &bytes).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Every series of a forecast.
pub(super) async fn all(client: &Client, run: RunId) -> anyhow::Result<Vec<SeriesForecast>> {
    pages(client, run).try_concat().await
}

/// The series of a forecast, page by page.
fn pages(client: &Client, run: RunId) -> impl Stream<Item = anyhow::Result<Vec<SeriesForecast>>> {
    stream::try_unfold(Some(None), move |cursor| async move {
        let Some(cursor) = cursor else { return Ok(None) };
        let query = ForecastSeriesQuery { limit: Some(PAGE), cursor };
        let page = client.forecast_series(run, &query).await?;
        Ok(Some((page.items, page.next_cursor.map(Some))))
    })
}

/// Writes an artifact of a run to a file, whole or not at all.
pub(super) async fn artifact_to(client: &Client, run: RunId, name: &str, path: &Path) -> anyhow::Result<()> {
    let detail = client.run(run).await?;
    let artifact = detail.artifacts.iter().find(|artifact| artifact.name == name);
    let artifact = artifact.with_context(|| format!("run {run} has no artifact `{name}`"))?;
    replace_by(path, client.artifact_stream(artifact.artifact_id).await?).await
}

/// The columns of a file of forecasts: those of the artifact, and what each forecast is made of.
pub(super) fn columns() -> Vec<String> {
    let mut columns = series::columnar::outlook_columns(&Interval::USUAL_LEVELS);
    columns.push("models".to_owned());
    columns
}

/// One row per series and step, with the bounds of each level: columns that are there also where no series has any.
fn lines(series: &[SeriesForecast]) -> String {
    let mut text = String::new();
    for one in series {
        let (name, models) = (cell(&one.name), cell(&models(one, str::to_owned)));
        for (step, (date, point)) in one.dates.iter().zip(&one.points).enumerate() {
            let _ = write!(text, "{name},{},{date},{}", step + 1, exact_figure(*point));
            for at in 0..Interval::USUAL_LEVELS.len() {
                match one.intervals.get(at) {
                    Some(interval) => {
                        let (lower, upper) = (interval.lower[step], interval.upper[step]);
                        let _ = write!(text, ",{},{}", exact_figure(lower), exact_figure(upper));
                    }
                    None => text.push_str(",,"),
                }
            }
            let _ = writeln!(text, ",{models}");
        }
    }
    text
}

/// What a forecast is made of, as `ets 60 % + ces 40 %`, or with the models by other names.
pub(super) fn models(one: &SeriesForecast, name: impl Fn(&str) -> String) -> String {
    let shares: Vec<f64> = one.weights.iter().map(|weight| weight.weight).collect();
    let part = |(weight, share): (&ModelWeight, u64)| match one.weights.len() {
        1 => name(&weight.model_type),
        _ => format!("{} {share} %", name(&weight.model_type)),
    };
    one.weights.iter().zip(percents(&shares)).map(part).collect::<Vec<_>>().join(" + ")
}
