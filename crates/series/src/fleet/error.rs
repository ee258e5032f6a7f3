//! Columns that are no fleet.

use kernel::{Class, Fault, FieldError};

use crate::series::SeriesError;

/// Input that is no fleet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FleetError {
    /// One of the series is no series.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// No series at all.
    #[error("there are no series")]
    Empty,
    /// One name twice.
    #[error("there are two series named `{name}`; give each a name of its own")]
    DuplicateName {
        /// The repeated name.
        name: String,
    },
    /// Columns that must be equally long are not.
    #[error("{column} has {found} entries, and {expected} are described")]
    Misaligned {
        /// Entries the other columns call for.
        expected: usize,
        /// The column.
        column: &'static str,
        /// Its entries.
        found: usize,
    },
    /// A series unlike the first one.
    #[error("series `{name}` has a {differs} the fleet cannot hold; all its series share one")]
    Mixed {
        /// The series.
        name: String,
        /// What differs.
        differs: &'static str,
    },
    /// [`Gaps::Omit`](wire::model_selection::Gaps::Omit): dates are counted, not stored.
    #[error("a fleet has a row for every date, so gaps cannot be omitted; choose zero, missing or refuse")]
    Omit,
    /// Too many series.
    #[error("there are more than {limit} series")]
    TooManySeries {
        /// The most there may be.
        limit: usize,
    },
    /// Too many rows, given or after filling the calendar.
    #[error("the series have more than {limit} rows together, every date between first and last counted")]
    TooManyRows {
        /// The most there may be.
        limit: usize,
    },
}

impl Fault for FleetError {
    fn class(&self) -> Class {
        match self {
            Self::Series(error) => error.class(),
            Self::TooManySeries { .. } | Self::TooManyRows { .. } => Class::TooLarge,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Series(error) => error.code(),
            Self::Empty => "FLEET_EMPTY",
            Self::DuplicateName { .. } => "FLEET_DUPLICATE_NAME",
            Self::Misaligned { .. } => "FLEET_MISALIGNED",
            Self::Mixed { .. } => "FLEET_MIXED",
            Self::Omit => "FLEET_GAPS_OMITTED",
            Self::TooManySeries { .. } => "FLEET_TOO_MANY_SERIES",
            Self::TooManyRows { .. } => "FLEET_TOO_MANY_ROWS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Series(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}
