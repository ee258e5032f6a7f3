//! Datasets out of Parquet and Arrow files, beside the CSV that `retail` reads itself.
//!
//! It stands here because the columns are read by `forecast` and stored by `retail`, which do not know each other.

use std::fmt;

use bytes::Bytes;
use chrono::NaiveDate;
use kernel::{Class, Clock, Fault, FieldError, WriteDb};
use retail::csv::{ImportedSeries, MAX_NAME_CHARS, MAX_ROWS, MAX_SERIES};
use retail::dataset::{self, Dataset, ImportError, Upload};
use series::columnar::{ColumnarError, Columns, Limits, read_arrow, read_parquet};
use series::{Fleet, Frequency};

/// The format of a columnar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC, a file (Feather) or a stream.
    Arrow,
}

/// How to read a columnar file.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Its format.
    pub format: Format,
    /// How far apart the dates are; lists of values must be told.
    pub frequency: Option<Frequency>,
    /// The first date of lists without one, or the date of period 0.
    pub start: Option<NaiveDate>,
}

/// A columnar file that was not imported; nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes are no series.
    #[error(transparent)]
    Table(#[from] ColumnarError),
    /// The dataset cannot be stored.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// One row is no series.
    #[error("series `{name}` has only one row; a series needs at least two")]
    OneRow {
        /// The series.
        name: String,
    },
    /// Only missing values.
    #[error("series `{name}` has no value at all")]
    NoValue {
        /// The series.
        name: String,
    },
    /// No name, or too long a one.
    #[error("a series is named `{name}…`; a name has 1 to {MAX_NAME_CHARS} characters")]
    BadName {
        /// Its beginning.
        name: String,
    },
}

impl Fault for TableError {
    fn class(&self) -> Class {
        match self {
            Self::Table(error) => error.class(),
            Self::Import(error) => error.class(),
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Table(error) => error.code(),
            Self::Import(error) => error.code(),
            Self::OneRow { .. } => "TABLE_SERIES_TOO_SHORT",
            Self::NoValue { .. } => "TABLE_SERIES_WITHOUT_VALUES",
            Self::BadName { .. } => "TABLE_SERIES_NAME",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Table(error) => error.fields(),
            Self::Import(error) => error.fields(),
            Self::OneRow { name } | Self::NoValue { name } | Self::BadName { name } => {
                vec![FieldError::new(name.clone(), self.to_string())]
            }
        }
    }
}

impl fmt::Display for Reading {
    /// What is stated of the calendar; nothing if the file says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency = self.frequency.map(|frequency| frequency.to_string());
        let start = self.start.map(|start| format!("from {start}"));
        f.write_str(&frequency.into_iter().chain(start).collect::<Vec<_>>().join(" "))
    }
}

/// Stores the series of a columnar file, all of them or none. A date without a row is a missing value.
pub async fn import(
    write: &WriteDb,
    clock: &dyn Clock,
    upload: Upload<'_>,
    reading: Reading,
) -> Result<Dataset, TableError> {
    dataset::import(write, clock, upload, move |bytes| series(bytes, reading)).await
}

fn series(bytes: &Bytes, reading: Reading) -> Result<Vec<ImportedSeries>, TableError> {
    let Reading { format, frequency, start } = reading;
    let limits = Limits { rows: MAX_ROWS, series: MAX_SERIES };
    let columns = Columns { frequency, start, limits, ..Columns::default() };
    let fleet = match format {
        Format::Parquet => read_parquet(bytes, &columns)?,
        Format::Arrow => read_arrow(bytes, &columns)?,
    };
    (0..fleet.len()).map(|series_idx| one(&fleet, series_idx)).collect()
}

/// What `retail` promises of an imported series.
fn one(fleet: &Fleet, series_idx: usize) -> Result<ImportedSeries, TableError> {
    let (name, values) = (fleet.name(series_idx).to_owned(), fleet.values(series_idx));
    if name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(TableError::BadName { name: name.chars().take(20).collect() });
    }
    if values.len() < 2 {
        return Err(TableError::OneRow { name });
    }
    if values.iter().all(|value| value.is_nan()) {
        return Err(TableError::NoValue { name });
    }
    Ok(ImportedSeries { name, dates: fleet.dates(series_idx).collect(), values: values.to_vec() })
}
