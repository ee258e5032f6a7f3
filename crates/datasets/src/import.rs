//! Files of series to data sets.

use std::fmt;

use artifacts::Store;
use bytes::Bytes;
use chrono::NaiveDate;
use kernel::{Clock, Digest, Tenant, WriteDb};
use series::columnar::{Columns, Limits, read_arrow, read_parquet, write_dataset};
use series::{DatedSeries, Fleet, Frequency};
use wire::datasets::{Dataset, DatasetId};

use crate::blocking::off_the_runtime;
use crate::error::ImportError;
use crate::{MAX_NAME_CHARS, MAX_SERIES_NAME_CHARS, csv, store};

/// The most bytes of a file.
pub const MAX_BYTES: usize = 512 * 1024 * 1024;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text: see [`crate::csv`].
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC, a file (Feather) or a stream.
    Arrow,
}

/// How to read a file: what its bytes do not say and whoever sends them does. Other dates make other series of the
/// same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Its format.
    pub format: Format,
    /// How far apart the dates are; lists of values must be told.
    pub frequency: Option<Frequency>,
    /// The first date of lists without one, or the date of period 0.
    pub start: Option<NaiveDate>,
}

/// A file somebody sends.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// Whose data set it becomes.
    pub tenant: Tenant,
    /// What to call it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a Bytes,
    /// How to read it.
    pub reading: Reading,
}

impl Reading {
    /// CSV says everything itself.
    pub const CSV: Self = Self { format: Format::Csv, frequency: None, start: None };
}

impl fmt::Display for Reading {
    /// What is stated of the calendar; nothing if the file says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency = self.frequency.map(|frequency| frequency.to_string());
        let start = self.start.map(|start| format!("from {start}"));
        f.write_str(&frequency.into_iter().chain(start).collect::<Vec<_>>().join(" "))
    }
}

/// Stores the series of a file, all of them or none. Reading happens off the runtime.
pub async fn import(
    write: &WriteDb,
    store: &Store,
    clock: &dyn Clock,
    upload: Upload<'_>,
) -> Result<Dataset, ImportError> {
    let name = checked_name(upload.name)?;
    let (bytes, reading) = (upload.bytes.clone(), upload.reading);
    let (digest, content, series) = off_the_runtime(move || {
        let (content, series) = write_dataset(&read(&bytes, reading)?)?;
        Ok::<_, ImportError>((Digest::of(&bytes), Bytes::from(content), series))
    })
    .await?;
    let item = Dataset {
        dataset_id: DatasetId::new(clock),
        name,
        digest,
        size_bytes: upload.bytes.len() as u64,
        series_count: series.len() as u64,
        point_count: series.iter().map(|one| one.points).sum(),
        created_at: clock.now(),
    };
    let content = store.put(content).await?;
    let made = store::Made { tenant: upload.tenant, reading: reading.to_string(), content, item };
    store::store(write, clock, made).await
}

fn checked_name(name: &str) -> Result<String, ImportError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ImportError::InvalidName);
    }
    Ok(name.to_owned())
}

/// The series of a file. Of a columnar one, a date without a row is a missing value.
fn read(bytes: &Bytes, reading: Reading) -> Result<Vec<DatedSeries>, ImportError> {
    let Reading { format, frequency, start } = reading;
    let columns = Columns { frequency, start, ..Columns::default() };
    let fleet = match format {
        Format::Csv if frequency.is_some() => return Err(ImportError::Stated { field: "frequency" }),
        Format::Csv if start.is_some() => return Err(ImportError::Stated { field: "start" }),
        Format::Csv => return Ok(csv::parse(bytes, Limits::default())?),
        Format::Parquet => read_parquet(bytes, &columns)?,
        Format::Arrow => read_arrow(bytes, &columns)?,
    };
    (0..fleet.len()).map(|series_idx| one(&fleet, series_idx)).collect()
}

/// What is promised of an imported series.
fn one(fleet: &Fleet, series_idx: usize) -> Result<DatedSeries, ImportError> {
    let (name, values) = (fleet.name(series_idx).to_owned(), fleet.values(series_idx));
    if name.trim().is_empty() || name.chars().count() > MAX_SERIES_NAME_CHARS {
        return Err(ImportError::BadName { name: name.chars().take(20).collect() });
    }
    if values.len() < 2 {
        return Err(ImportError::OneRow { name });
    }
    if values.iter().all(|value| value.is_nan()) {
        return Err(ImportError::NoValue { name });
    }
    Ok(DatedSeries { name, dates: fleet.dates(series_idx).collect(), values: values.to_vec() })
}
