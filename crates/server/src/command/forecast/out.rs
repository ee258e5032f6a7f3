//! Forecasts to a file: whole or not at all.

use std::fmt::Write as _;
use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use client::Client;
use kernel::{RunId, exact_figure, figure};
use wire::model_selection::{FleetForecast, ForecastSeriesQuery, Interval, SeriesForecast};

use super::xlsx;
use crate::exit::{Exit, Failed};
use crate::umask;

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
            Some("xlsx") => Format::Xlsx,
            _ => return refused("--out must name a file that ends in .csv, .parquet or .xlsx"),
        };
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
            Format::Csv => csv(&all(client, run).await?),
            Format::Parquet => artifact(client, run, "forecasts").await?,
            Format::Xlsx => {
                let result = forecast.result.as_ref().context("the forecast has no result")?;
                xlsx::workbook(run, result, &all(client, run).await?)
                    .with_context(|| format!("cannot make the workbook {}", self.path.display()))?
            }
        };
        replace(self.path, &bytes).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Refuses the file that is forecast, under whatever name: it would be gone.
pub(super) fn is_another(path: &Path, input: &Path, flag: &str) -> anyhow::Result<()> {
    if is_same_file(path, input) {
        let message =
            format!("{flag} names the file that is forecast, and would replace it; name another one");
        return Err(Failed::new(Exit::Usage, message).into());
    }
    Ok(())
}

/// Whether two names lead to one file, through links of either kind.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    place(one).is_some_and(|found| place(other) == Some(found))
}

/// Puts bytes under a name. A link stays one, and leads to the new bytes; who may read them stays as it was.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mode = fs::metadata(&path).map_or_else(|_| umask::of_named_file(), |found| found.mode() & 0o777);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = path.with_file_name(name);
    // Only what nobody has is made, so that no file of this name is lost.
    let mut file = File::create_new(&unfinished)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.set_permissions(Permissions::from_mode(mode)))
        .and_then(|()| fs::rename(&unfinished, &path));
    if written.is_err() {
        // What is left of it says less than the error.
        let _ = fs::remove_file(&unfinished);
    }
    written
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

async fn artifact(client: &Client, run: RunId, name: &str) -> anyhow::Result<Vec<u8>> {
    let detail = client.run(run).await?;
    let artifact = detail.artifacts.iter().find(|artifact| artifact.name == name);
    let artifact = artifact.with_context(|| format!("run {run} has no artifact `{name}`"))?;
    Ok(client.artifact_content(artifact.artifact_id).await?.into())
}

/// Writes an artifact of a run to a file, whole or not at all.
pub(super) async fn artifact_to(client: &Client, run: RunId, name: &str, path: &Path) -> anyhow::Result<()> {
    let bytes = artifact(client, run, name).await?;
    replace(path, &bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// One row per series and step, with the bounds of each level: columns that are there also where no series has any.
fn csv(series: &[SeriesForecast]) -> Vec<u8> {
    let mut text = "series,date,forecast".to_owned();
    for level in Interval::USUAL_LEVELS {
        let _ = write!(text, ",lower_{0:.0},upper_{0:.0}", 100.0 * level);
    }
    text.push_str(",models\n");
    for one in series {
        let (name, models) = (quoted(&one.name), quoted(&models(one)));
        for (step, (date, point)) in one.dates.iter().zip(&one.points).enumerate() {
            let _ = write!(text, "{name},{date},{}", exact_figure(*point));
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
    text.into_bytes()
}

/// What a forecast is made of, as `ets 60 % + ces 40 %`.
pub(super) fn models(one: &SeriesForecast) -> String {
    let part = |weight: &wire::model_selection::ModelWeight| match one.weights.len() {
        1 => weight.model_type.clone(),
        _ => format!("{} {} %", weight.model_type, figure(100.0 * weight.weight, 0)),
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
