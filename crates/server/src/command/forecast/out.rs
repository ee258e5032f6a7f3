//! Forecasts to a file: whole or not at all.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use client::Client;
use kernel::RunId;
use wire::model_selection::{ForecastSeriesQuery, SeriesForecast};

use crate::exit::{Exit, Failed};

/// The levels of the intervals: columns that are there also where no series has any.
const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];

/// Series on a page of the API.
const PAGE: u32 = 200;

/// Where forecasts are written, and how.
pub(super) struct Out<'a> {
    path: &'a Path,
    is_parquet: bool,
}

impl<'a> Out<'a> {
    /// A file by its name.
    pub(super) fn of(path: &'a Path) -> anyhow::Result<Self> {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        match extension.to_str() {
            Some("parquet") => Ok(Self { path, is_parquet: true }),
            Some("csv") => Ok(Self { path, is_parquet: false }),
            _ => Err(Failed::new(Exit::Usage, "--out must name a file that ends in .csv or .parquet").into()),
        }
    }

    /// Writes the forecasts of a run. The file has its name only when all of it is there.
    pub(super) async fn write(&self, client: &Client, run: RunId) -> anyhow::Result<()> {
        let bytes = if self.is_parquet { parquet(client, run).await? } else { csv(&all(client, run).await?) };
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".unfinished");
        let unfinished = self.path.with_file_name(name);
        let written =
            std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, self.path));
        if written.is_err() {
            // What is left of it says less than the error.
            let _ = std::fs::remove_file(&unfinished);
        }
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Every series of a forecast.
pub(super) async fn all(client: &Client, run: RunId) -> anyhow::Result<Vec<SeriesForecast>> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let query = ForecastSeriesQuery { limit: Some(PAGE), cursor };
        let page = client.forecast_series(run, &query).await?;
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

async fn parquet(client: &Client, run: RunId) -> anyhow::Result<Vec<u8>> {
    let detail = client.run(run).await?;
    let artifact = detail.artifacts.iter().find(|artifact| artifact.name == "forecasts");
    let artifact = artifact.with_context(|| format!("run {run} has no artifact `forecasts`"))?;
    Ok(client.artifact_content(artifact.artifact_id).await?.into())
}

/// One row per series and step, with the bounds of each level.
fn csv(series: &[SeriesForecast]) -> Vec<u8> {
    let mut text = "series,date,forecast".to_owned();
    for level in LEVELS {
        let _ = write!(text, ",lower_{0:.0},upper_{0:.0}", 100.0 * level);
    }
    text.push_str(",models\n");
    for one in series {
        let (name, models) = (quoted(&one.name), quoted(&models(one)));
        for (step, (date, point)) in one.dates.iter().zip(&one.points).enumerate() {
            let _ = write!(text, "{name},{date},{point}");
            for at in 0..LEVELS.len() {
                match one.intervals.get(at) {
                    Some(interval) => {
                        let _ = write!(text, ",{},{}", interval.lower[step], interval.upper[step]);
                    }
                    None => text.push_str(",,"),
                }
            }
            let _ = writeln!(text, ",{models}");
        }
    }
    text.into_bytes()
}

/// What a forecast is made of, as `ets 60 % + ces 40 %`.
pub(super) fn models(one: &SeriesForecast) -> String {
    let part = |weight: &wire::model_selection::ModelWeight| match one.weights.len() {
        1 => weight.model_type.clone(),
        _ => format!("{} {:.0} %", weight.model_type, 100.0 * weight.weight),
    };
    one.weights.iter().map(part).collect::<Vec<_>>().join(" + ")
}

/// A cell of a CSV file. One that a spreadsheet would take for a formula is led by an apostrophe.
fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        for (text, expected) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("-x", "'-x"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
