//! Datasets: imported series.

use chrono::{DateTime, Utc};
use kernel::Digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::frequency::{Step, UnknownFrequency};
use crate::moment::Moment;

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
    pub first_date: Moment,
    /// The last one.
    pub last_date: Moment,
    /// How far apart they are.
    pub frequency: Frequency,
    /// The first date that is not where the others would have it; `null` where there is none.
    pub off_grid_date: Option<Moment>,
    /// How many dates after the last value the file says something of: prices, promotions, events.
    pub planned: u64,
}

/// The usual distance of a series' dates. A few of them may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// Every date is so far from the one before.
    Regular(Step),
    /// On no regular grid.
    Irregular,
}

impl Frequency {
    /// Days.
    pub const DAILY: Self = Self::Regular(Step::DAILY);
    /// Weeks.
    pub const WEEKLY: Self = Self::Regular(Step::WEEKLY);
    /// Months: one day of the month, or the last one.
    pub const MONTHLY: Self = Self::Regular(Step::MONTHLY);
    /// Every third month.
    pub const QUARTERLY: Self = Self::Regular(Step::QUARTERLY);
    /// Every twelfth month.
    pub const YEARLY: Self = Self::Regular(Step::YEARLY);

    /// The step of regular dates.
    pub const fn step(self) -> Option<Step> {
        match self {
            Self::Regular(step) => Some(step),
            Self::Irregular => None,
        }
    }
}

/// What dates on no grid are called.
const IRREGULAR: &str = "irregular";

impl std::fmt::Display for Frequency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Regular(step) => step.fmt(f),
            Self::Irregular => f.write_str(IRREGULAR),
        }
    }
}

impl std::str::FromStr for Frequency {
    type Err = UnknownFrequency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == IRREGULAR { Ok(Self::Irregular) } else { text.parse().map(Self::Regular) }
    }
}

impl Serialize for Frequency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Frequency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl ToSchema for Frequency {
    fn name() -> std::borrow::Cow<'static, str> {
        "datasets.Frequency".into()
    }
}

impl PartialSchema for Frequency {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some(format!(
            "The usual distance of a series' dates; a few of them may be missing. One of {}, or `{IRREGULAR}` of dates on no grid. A \
             calendar of whole weeks whose year begins elsewhere than about the first of February says so: `4-4-5_from_12-29`.",
            Step::words()
        )))
        .into()
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

/// What to call a file, and how to read it where it does not say so itself. What is left out is found in the file, and the
/// report says how; what does not apply to the file is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// 1 to 100 characters.
    #[param(min_length = 1, max_length = 100)]
    pub name: String,
    /// The columns that name a series, separated by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<String>,
    /// The column of dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The column of values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Columns that are known beforehand, such as prices and promotions, separated by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Columns that are known only up to the last value, such as stock and orders, separated by commas: models of all series
    /// together read them as they were a horizon and a row before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<String>,
    /// How dates are written: `DD/MM/YYYY`, `MM/DD/YYYY`, `YYYY-MM-DD`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
    /// The decimal mark: `point` or `comma`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// What separates the cells of a text: one character, or `tab`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// How the bytes of a text stand for characters, where nothing in it says so, by the label of the web: `windows-1250`,
    /// `windows-1251`, `shift_jis`, `gbk`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How far apart the dates are (`daily`, `business_daily`, `weekly`, `monthly`, `quarterly`, `yearly`, `hourly`,
    /// `every_15_minutes`, `every_2_weeks`, `4-4-5`, …), or `each` if every series has a frequency of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// The first date of lists without one, or the date of period 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Moment>,
    /// Whose clock the times show, where they do not say it themselves: `Europe/Berlin`, `+01:00`. They become times of UTC,
    /// which are regular where clocks change; times that are one hour of every day there become days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// `true` if every column of numbers is a series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wide: Option<bool>,
    /// `true` if the values of one date are added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_duplicates: Option<bool>,
    /// The country whose public holidays are known beforehand, by its code of two letters (ISO 3166): `DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<String>,
}

/// What was read of a file, and what was assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::Report)]
pub struct Report {
    /// What the file is, in words.
    pub kind: String,
    /// How its series lie.
    pub layout: Layout,
    /// The columns from left to right, and what each is for; of a wide table the first ones.
    pub columns: Vec<ReportColumn>,
    /// How many columns there are.
    pub columns_total: u64,
    /// What separates the cells of a text.
    pub separator: Option<String>,
    /// How the bytes of a text stand for characters.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The decimal mark, where a number has one.
    pub decimal: Option<String>,
    /// How dates are written.
    pub date_format: Option<String>,
    /// How far apart the dates are; `null` if each series has a frequency of its own.
    pub frequency: Option<Frequency>,
    /// Rows that were read.
    pub rows: u64,
    /// Series that can be used.
    pub series: u64,
    /// Their values.
    pub values: u64,
    /// Dates between the first and the last of each series that have no value.
    pub missing_dates: u64,
    /// The first date of all.
    pub first_date: Moment,
    /// The last one.
    pub last_date: Moment,
    /// The first series that cannot be used, with the reason.
    pub left_out: Vec<LeftOut>,
    /// How many there are of those.
    pub left_out_total: u64,
    /// What was found, dropped or assumed, a sentence each.
    pub notes: Vec<String>,
}

/// What was read of a file, with some of its series to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::Inspection)]
pub struct Inspection {
    /// What was read, and what was assumed.
    #[serde(flatten)]
    pub report: Report,
    /// Up to twelve of the series, from all over the file.
    pub sketches: Vec<Sketch>,
}

/// A series to look at: its last rows, on its grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = datasets::Sketch)]
pub struct Sketch {
    /// Its name.
    pub name: String,
    /// How far apart its dates are.
    pub frequency: Frequency,
    /// How many rows it has in all.
    pub rows: u64,
    /// The dates of the last ones.
    #[schema(max_items = 1000)]
    pub dates: Vec<Moment>,
    /// One value per date; `null` where it is missing.
    #[schema(max_items = 1000)]
    pub values: Vec<Option<f64>>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::ReportColumn)]
pub struct ReportColumn {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: ColumnRole,
}

/// A series that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = datasets::LeftOut)]
pub struct LeftOut {
    /// Its name, shortened.
    pub name: String,
    /// Why.
    pub reason: String,
}

kernel::words! {
    /// How series lie in a file.
    #[derive(ToSchema)]
    #[schema(as = datasets::Layout)]
    pub enum Layout {
        /// One row per series and date.
        Long = "long",
        /// One row per date, and a column per series.
        Columns = "columns",
        /// One row per series, and a column per date.
        Rows = "rows",
        /// One row per series, whose values are a list.
        Lists = "lists",
    }
}

kernel::words! {
    /// What a column is for.
    #[derive(ToSchema)]
    #[schema(as = datasets::ColumnRole)]
    pub enum ColumnRole {
        /// It names the series.
        Id = "id",
        /// It holds the dates, or is called by one.
        Date = "date",
        /// It holds the values.
        Value = "value",
        /// It is a series.
        Series = "series",
        /// It is known beforehand.
        Known = "known",
        /// It is known only up to the last value.
        Past = "past",
        /// It groups the series.
        Group = "group",
        /// It is not read.
        Unread = "unread",
    }
}

/// The types of the files that can be imported. What a file is, its bytes say.
pub mod media_type {
    /// Any file.
    pub const ANY: &str = "application/octet-stream";
    /// Text.
    pub const CSV: &str = "text/csv";
    /// A Parquet file.
    pub const PARQUET: &str = "application/vnd.apache.parquet";
    /// A file of Arrow.
    pub const ARROW_FILE: &str = "application/vnd.apache.arrow.file";
    /// A stream of Arrow.
    pub const ARROW_STREAM: &str = "application/vnd.apache.arrow.stream";
}
