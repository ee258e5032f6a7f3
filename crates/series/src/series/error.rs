//! Input that is no series.

use kernel::{Class, Fault, FieldError, counted};
use wire::Moment;

use crate::calendar::Frequency;

/// Input that is no series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// No rows, or none with a value under [`Gaps::Omit`](wire::model_selection::Gaps::Omit).
    #[error("series `{name}` has no values")]
    Empty {
        /// The series.
        name: String,
    },
    /// One date twice.
    #[error("series `{name}` has {date} more than once; keep one row per date")]
    Duplicate {
        /// The series.
        name: String,
        /// The repeated date.
        date: Moment,
    },
    /// A date off the grid.
    #[error("series `{name}`: {date} does not fit {expected} dates; state the frequency or correct the date")]
    Irregular {
        /// The series.
        name: String,
        /// The first date that does not fit.
        date: Moment,
        /// The grid the other dates are on.
        expected: Frequency,
    },
    /// A hole under [`Gaps::Refuse`](wire::model_selection::Gaps::Refuse).
    #[error(
        "series `{name}` has no value for {date}; add it or choose what a gap means (omit, zero, missing)"
    )]
    Gap {
        /// The series.
        name: String,
        /// The first date without a value.
        date: Moment,
    },
    /// An infinite value.
    #[error("series `{name}` has an infinite value on {date}")]
    Infinite {
        /// The series.
        name: String,
        /// Where.
        date: Moment,
    },
    /// A date outside the years 1 to 9999.
    #[error("series `{name}`: {date} is outside the years 1 to 9999")]
    DateOutOfRange {
        /// The series.
        name: String,
        /// The date.
        date: Moment,
    },
    /// Filling the calendar would make the series too long.
    #[error("series `{name}` would have more than {limit} {frequency} rows between its first and last date")]
    TooLong {
        /// The series.
        name: String,
        /// The grid.
        frequency: Frequency,
        /// The most rows a series may have.
        limit: usize,
    },
    /// Two columns that must be equally long are not.
    #[error("series `{name}` has {} but {column} has {found}", counted(*rows, "row", "rows"))]
    Misaligned {
        /// The series.
        name: String,
        /// Rows of the series.
        rows: usize,
        /// The column.
        column: &'static str,
        /// Its rows.
        found: usize,
    },
}

impl Fault for SeriesError {
    fn class(&self) -> Class {
        match self {
            Self::TooLong { .. } => Class::TooLarge,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "SERIES_EMPTY",
            Self::Duplicate { .. } => "SERIES_DUPLICATE_DATE",
            Self::Irregular { .. } => "SERIES_IRREGULAR_DATE",
            Self::Gap { .. } => "SERIES_GAP",
            Self::Infinite { .. } => "SERIES_INFINITE_VALUE",
            Self::DateOutOfRange { .. } => "SERIES_DATE_OUT_OF_RANGE",
            Self::TooLong { .. } => "SERIES_TOO_LONG",
            Self::Misaligned { .. } => "SERIES_MISALIGNED",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::Infinite { date, .. } | Self::Gap { date, .. } => format!("values.{date}"),
            Self::Duplicate { date, .. }
            | Self::Irregular { date, .. }
            | Self::DateOutOfRange { date, .. } => {
                format!("dates.{date}")
            }
            Self::Misaligned { column, .. } => (*column).to_owned(),
            Self::Empty { .. } | Self::TooLong { .. } => "values".to_owned(),
        };
        vec![FieldError::new(field, self.to_string())]
    }
}
