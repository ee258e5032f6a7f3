//! Files of series.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Output;

/// A file of series, and what it does not say itself.
#[derive(Debug, Args)]
pub(crate) struct SeriesFile {
    /// A file of series: CSV and its kin, Excel or ODS, Parquet, Arrow, `.tsf`, or gzip or zip of those. Long (a row
    /// per date), wide (a column per series) or turned (a row per series); `assay data inspect` shows how it is read.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How to read a file, where it leaves something open.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "How to read the file")]
pub(crate) struct Reading {
    /// The columns that name a series.
    #[arg(long = "id", value_delimiter = ',', value_name = "COLUMN")]
    pub(crate) ids: Vec<String>,
    /// The column of dates.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) date: Option<String>,
    /// The column of values.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) value: Option<String>,
    /// Columns that are known beforehand (prices, promotions), also for the dates to forecast: rows with them and without a value.
    #[arg(long, value_delimiter = ',', value_name = "COLUMN")]
    pub(crate) known: Vec<String>,
    /// How dates are written, as in `DD/MM/YYYY`.
    #[arg(long, value_name = "FORM")]
    pub(crate) date_format: Option<String>,
    /// The decimal mark: `point` or `comma`.
    #[arg(long, value_name = "MARK")]
    pub(crate) decimal: Option<String>,
    /// What separates the cells of a text: one character, or `tab`.
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) separator: Option<String>,
    /// The sheet of a workbook.
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// How far apart the dates are (`daily`, `business_daily`, `weekly`, `monthly`, `quarterly`, `yearly`, `hourly`,
    /// `every_15_minutes`, `every_2_weeks`, `4-4-5`, …), or `each` if every series has a frequency of its own.
    #[arg(long)]
    pub(crate) frequency: Option<String>,
    /// The first date of lists of values that have none, or the date of period 0.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) start: Option<String>,
    /// Whose clock the times show, where they do not say it themselves, as in `Europe/Berlin`: makes hours that clocks skip or
    /// show twice regular.
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Every column of numbers is a series.
    #[arg(long)]
    pub(crate) wide: bool,
    /// Add the values of one date up.
    #[arg(long)]
    pub(crate) sum_duplicates: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    /// Say how a file is read: columns, dates, numbers, what is dropped and what is assumed. Nothing is stored.
    Inspect(Inspect),
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) series: SeriesFile,
    #[command(flatten)]
    pub(crate) output: Output,
}
