//! Bytes that are no table of series.

use std::error::Error;
use std::fmt;

use kernel::{Class, Fault, FieldError};

use crate::fleet::FleetError;
use crate::outside::listed;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It names the series.
    Id,
    /// It holds dates, periods or first dates.
    Date,
    /// It holds values or lists of values.
    Value,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "id",
            Self::Date => "date",
            Self::Value => "value",
        })
    }
}

/// A table that gives no fleet.
#[derive(Debug, thiserror::Error)]
pub enum ColumnarError {
    /// The rows are no fleet: a duplicate or irregular date, an infinite value, too much of something.
    #[error(transparent)]
    Fleet(#[from] FleetError),
    /// Damaged, cut off, or not of this format at all.
    #[error("the bytes cannot be read as {format}; the file may be damaged, cut off or of another format")]
    Unreadable {
        /// The format they were read as.
        format: &'static str,
        /// What its decoder says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A table without rows.
    #[error("the table has no rows")]
    NoRows,
    /// A column is not there.
    #[error("there is no {role} column `{wanted}`; the columns are {}", listed(columns))]
    MissingColumn {
        /// What it would be for.
        role: Role,
        /// The name asked for, or the names tried.
        wanted: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A column holds something else.
    #[error("the {role} column `{column}` holds {found}, which is not read as {role}")]
    WrongType {
        /// What it would be for.
        role: Role,
        /// The column.
        column: String,
        /// The type it has.
        found: String,
    },
    /// A cell cannot be used.
    #[error("row {row}, column `{column}`: {problem}")]
    Cell {
        /// The column.
        column: String,
        /// The row, counted from 1 without a header.
        row: u64,
        /// What is wrong.
        problem: CellProblem,
    },
    /// Lists or whole numbers say nothing of the calendar.
    #[error("column `{column}` has no dates; state {}", missing.join(" and "))]
    NoCalendar {
        /// The column.
        column: String,
        /// The fields of [`Columns`](super::Columns) that are needed and not given.
        missing: Vec<&'static str>,
    },
}

/// Why a cell cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CellProblem {
    /// An id or a date is missing.
    #[error("the cell is empty")]
    Empty,
    /// Not a date.
    #[error("`{text}` is not a date; write YYYY-MM-DD")]
    NotADate {
        /// The cell, shortened.
        text: String,
    },
    /// A moment within a day.
    #[error(
        "`{text}` is a time within a day, and the dates are days; state a frequency that has times, such as hourly"
    )]
    WithinDay {
        /// The cell.
        text: String,
    },
    /// A date outside the years 1 to 9999, or a negative period.
    #[error("`{text}` is outside the years 1 to 9999")]
    OutOfRange {
        /// The cell.
        text: String,
    },
}

impl Fault for ColumnarError {
    fn class(&self) -> Class {
        match self {
            Self::Fleet(error) => error.class(),
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Fleet(error) => error.code(),
            Self::Unreadable { .. } => "TABLE_UNREADABLE",
            Self::NoRows => "TABLE_EMPTY",
            Self::MissingColumn { .. } => "TABLE_MISSING_COLUMN",
            Self::WrongType { .. } => "TABLE_WRONG_TYPE",
            Self::Cell { .. } => "TABLE_BAD_CELL",
            Self::NoCalendar { .. } => "TABLE_WITHOUT_CALENDAR",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Fleet(error) => error.fields(),
            Self::Cell { row, .. } => {
                vec![FieldError::new(format!("row {row}"), self.to_string())]
            }
            Self::MissingColumn { wanted: column, .. } | Self::WrongType { column, .. } => {
                vec![FieldError::new(column.clone(), self.to_string())]
            }
            Self::NoCalendar { column, missing } => {
                let needed = |field: &&'static str| {
                    FieldError::new(*field, format!("is needed: column `{column}` has no dates"))
                };
                missing.iter().map(needed).collect()
            }
            Self::Unreadable { .. } | Self::NoRows => Vec::new(),
        }
    }
}

impl ColumnarError {
    pub(super) fn unreadable(format: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreadable { format, source: source.into() }
    }
}
