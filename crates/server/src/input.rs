//! Files that a command is given.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use bytes::Bytes;
use client::Client;
use kernel::counted;
use wire::datasets::{Dataset, ImportQuery, Report};

use crate::cli::SeriesFile;
use crate::exit::{Exit, Failed};
use crate::flags::{Flags, listed_by_the_flags};
use crate::plain::plain;

/// No route takes a larger file, so there is no use in reading one.
const MAX_BYTES: u64 = 1 << 30;

/// The whole of a regular file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Bytes> {
    let (file, size_bytes) = open(path)?;
    // One byte more than there is, so that its end is seen without growing.
    let room = usize::try_from(size_bytes.min(MAX_BYTES)).unwrap_or(0) + 1;
    let mut bytes = Vec::with_capacity(room);
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refused(path, "it is larger than 1 GiB").into());
    }
    Ok(bytes.into())
}

/// A regular file and its size. Anything else (a pipe, a device, a directory) may have no end and is refused before
/// it is opened, because the opening of a pipe already waits for its other side.
pub(crate) fn open(path: &Path) -> anyhow::Result<(File, u64)> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        return Err(refused(path, "it is no regular file; save it to one first").into());
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok((file, about.len()))
}

pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failed {
    let exit = if error.kind() == ErrorKind::NotFound { Exit::NotFound } else { Exit::Usage };
    Failed::new(exit, format!("cannot read {}: {error}", path.display()))
}

fn refused(path: &Path, why: &str) -> Failed {
    Failed::new(Exit::Usage, format!("cannot read {}: {why}", path.display()))
}

/// What the fields of an import are called by every command that reads a file.
const FLAGS: Flags = &[
    ("date_format", "--date-format"),
    ("date", "--date"),
    ("decimal", "--decimal"),
    ("encoding", "--encoding"),
    ("frequency", "--frequency"),
    ("holidays", "--holidays"),
    ("ids", "--id"),
    ("known", "--known"),
    ("past", "--past"),
    ("separator", "--separator"),
    ("sheet", "--sheet"),
    ("start", "--start"),
    ("sum_duplicates", "--sum-duplicates"),
    ("time_zone", "--time-zone"),
    ("value", "--value"),
    ("wide", "--wide"),
];
/// So many series that were left out are named.
const TOLD: usize = 5;

/// The data set of a file of series. How it was read is told, before anything is made of it.
pub(crate) async fn import(client: &Client, series: &SeriesFile, file: Bytes) -> anyhow::Result<Dataset> {
    let imported = client.import_dataset(&query(series)?, file).await;
    let dataset = imported.map_err(|error| listed_by_the_flags(error, FLAGS))?;
    let report = client.dataset_report(dataset.dataset_id).await?;
    tell(&mut std::io::stderr().lock(), &series.file, &report)?;
    Ok(dataset)
}

/// How a file would be read.
pub(crate) async fn inspect(client: &Client, series: &SeriesFile, file: Bytes) -> anyhow::Result<Report> {
    let report = client.inspect_dataset(&query(series)?, file).await;
    Ok(report.map_err(|error| listed_by_the_flags(error, FLAGS))?.report)
}

fn query(series: &SeriesFile) -> anyhow::Result<ImportQuery> {
    let name = series.file.file_name().map_or_else(|| "series".into(), |name| name.to_string_lossy());
    let reading = &series.reading;
    let start = reading.start.as_deref().map(str::parse).transpose();
    let list = |names: &[String]| (!names.is_empty()).then(|| names.join(","));
    Ok(ImportQuery {
        name: name.into_owned(),
        ids: list(&reading.ids),
        date: reading.date.clone(),
        value: reading.value.clone(),
        known: list(&reading.known),
        past: list(&reading.past),
        date_format: reading.date_format.clone(),
        decimal: reading.decimal.clone(),
        separator: reading.separator.clone(),
        encoding: reading.encoding.clone(),
        sheet: reading.sheet.clone(),
        frequency: reading.frequency.clone(),
        start: start.map_err(|_| {
            Failed::new(Exit::Usage, "--start must be a date such as 2026-01-31 or 2026-01-31T06:00:00")
        })?,
        wide: reading.wide.then_some(true),
        time_zone: reading.time_zone.clone(),
        sum_duplicates: reading.sum_duplicates.then_some(true),
        holidays: reading.holidays.clone(),
    })
}

/// How a file was read, in a few lines, if there is anything to say of it.
fn tell(out: &mut impl Write, file: &Path, report: &Report) -> std::io::Result<()> {
    let marks = marks(report);
    if marks.is_empty() && report.notes.is_empty() && report.left_out.is_empty() {
        return Ok(());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    writeln!(out, "{}: {}", plain(&name), plain(&summary(report)))?;
    if !marks.is_empty() {
        writeln!(out, "  Read with {}.", plain(&marks.join(", ")))?;
    }
    for note in &report.notes {
        writeln!(out, "  {}", plain(note))?;
    }
    for one in report.left_out.iter().take(TOLD) {
        writeln!(out, "  {} was left out: {}", plain(&one.name), plain(&one.reason))?;
    }
    let more = report.left_out_total.saturating_sub(TOLD as u64);
    if more > 0 {
        writeln!(out, "  {}", counted(more, "more series was left out", "more series were left out"))?;
    }
    Ok(())
}

/// What was found of how dates and numbers are written, where it is not the usual way and another would be another file.
fn marks(report: &Report) -> Vec<String> {
    let found = |what: &str, found: &Option<String>, usual: &[&str]| {
        let found = found.as_deref().filter(|word| !usual.contains(word))?;
        Some(format!("{what} `{found}`"))
    };
    let marks = [
        found("dates as", &report.date_format, &["YYYY-MM-DD", "YYYY-MM", "YYYY"]),
        found("the decimal mark", &report.decimal, &["."]),
        found("the separator", &report.separator, &[","]),
    ];
    marks.into_iter().flatten().collect()
}

/// One line on what there is: `CSV text, 2 series, 120 values, monthly, 2018-01-01 to 2022-12-01`.
pub(crate) fn summary(report: &Report) -> String {
    let frequency =
        report.frequency.map_or_else(|| "each with its own frequency".to_owned(), |word| word.to_string());
    let missing = match report.missing_dates {
        0 => String::new(),
        some => format!(", {} without a value", counted(some, "date", "dates")),
    };
    format!(
        "{}, {} series, {}{missing}, {frequency}, {} to {}",
        report.kind,
        report.series,
        counted(report.values, "value", "values"),
        report.first_date,
        report.last_date
    )
}
