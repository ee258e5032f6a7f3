//! Datasets: imported series.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kernel::id! {
    /// An imported dataset.
    DatasetId
}

/// An imported dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::Dataset)]
pub struct Dataset {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub dataset_id: DatasetId,
    /// Its name; two datasets may share it.
    pub name: String,
    /// SHA-256 of the uploaded bytes, 64 hex digits.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// How many bytes were uploaded.
    pub size_bytes: u64,
    /// How many series it has.
    pub series_count: u64,
    /// How many dates they have together.
    pub point_count: u64,
    /// When it was imported.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A series without its points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::Series)]
pub struct SeriesSummary {
    /// Its name.
    pub name: String,
    /// How many dates it has.
    pub points: u64,
    /// How many of them have a value.
    pub values: u64,
    /// The first one.
    pub first_date: NaiveDate,
    /// The last one.
    pub last_date: NaiveDate,
    /// How far apart they are.
    pub frequency: Frequency,
    /// The first date that is not where the others would have it; `null` where there is none.
    pub off_grid_date: Option<NaiveDate>,
}

kernel::words! {
    /// The usual distance of a series' dates. A few of them may be missing.
    #[derive(ToSchema)]
    #[schema(as = datasets::Frequency)]
    pub enum Frequency {
        /// Days.
        Daily = "daily",
        /// Weeks.
        Weekly = "weekly",
        /// Months: one day of the month, or the last one.
        Monthly = "monthly",
        /// Every third month.
        Quarterly = "quarterly",
        /// Every twelfth month.
        Yearly = "yearly",
        /// None of these.
        Irregular = "irregular",
    }
}

/// A page of datasets, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::Page)]
pub struct DatasetPage {
    /// The datasets.
    pub items: Vec<Dataset>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which series of a dataset to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SeriesQuery {
    /// Series on a page.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Only those whose names have this part, in either case.
    #[param(min_length = 1, max_length = 200)]
    pub name_contains: Option<String>,
}

/// A page of series, in the order of the upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::SeriesPage)]
pub struct SeriesPage {
    /// The series.
    pub items: Vec<SeriesSummary>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What to call a file, and how to read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// 1 to 100 characters.
    #[param(min_length = 1, max_length = 100)]
    pub name: String,
    /// Parquet and Arrow: how far apart the dates are (`daily`, `weekly`, `monthly`, `quarterly`, `yearly`), if not as
    /// the dates say. Lists of values have no dates and need it.
    pub frequency: Option<String>,
    /// Parquet and Arrow: the first date of lists without one, or the date of period 0.
    pub start: Option<NaiveDate>,
}

/// The types of the files that can be imported.
pub mod media_type {
    /// Text: `series,date,value` or `date,value`.
    pub const CSV: &str = "text/csv";
    /// A Parquet file.
    pub const PARQUET: &str = "application/vnd.apache.parquet";
    /// A file of Arrow.
    pub const ARROW_FILE: &str = "application/vnd.apache.arrow.file";
    /// A stream of Arrow.
    pub const ARROW_STREAM: &str = "application/vnd.apache.arrow.stream";
}
