//! What can be wrong with a CSV text.

use std::fmt;

use chrono::NaiveDate;
use kernel::{Class, Fault, FieldError, counted};

use crate::MAX_SERIES_NAME_CHARS;

/// A text that is no series. Nothing of it is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// Nothing in it.
    #[error("the file is empty; its first line must be `date,value` or `series,date,value`")]
    Empty,
    /// A header and nothing below it.
    #[error("the file has a header but no rows")]
    NoRows,
    /// Not UTF-8.
    #[error("line {line} is not UTF-8 text ({looks_like}); save the file as UTF-8")]
    Encoding {
        /// The first line that is not.
        line: u64,
        /// What it may be.
        looks_like: Encoding,
    },
    /// A column that means nothing to us.
    #[error(
        "line 1: column {number} is `{name}`; the columns are `date`, `value` and optionally `series`, separated by commas"
    )]
    UnknownColumn {
        /// Which column, from 1.
        number: usize,
        /// Its name.
        name: String,
    },
    /// A column twice.
    #[error("line 1: the column `{name}` is there more than once")]
    RepeatedColumn {
        /// Its name.
        name: String,
    },
    /// A column that is needed.
    #[error("line 1: the column `{name}` is missing; the header must be `date,value` or `series,date,value`")]
    MissingColumn {
        /// Its name.
        name: &'static str,
    },
    /// Too many rows.
    #[error("the file has more than {limit} rows; split it")]
    TooManyRows {
        /// The most that are taken.
        limit: usize,
    },
    /// Too many series.
    #[error("the file has more than {limit} series; split it")]
    TooManySeries {
        /// The most that are taken.
        limit: usize,
    },
    /// Rows that cannot be used.
    #[error("{}", summary(problems, *count))]
    Lines {
        /// The first of them, by line.
        problems: Vec<Problem>,
        /// How many there are.
        count: u64,
    },
}

fn summary(problems: &[Problem], count: u64) -> String {
    let first = problems.first().map(Problem::to_string).unwrap_or_default();
    match count {
        1 => first,
        _ => format!("{count} lines cannot be used; the first: {first}"),
    }
}

/// What a text that is not UTF-8 may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Two bytes per character.
    Utf16,
    /// One byte per character, such as Latin-1 or Windows-1252.
    SingleByte,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "it looks like UTF-16",
            Self::SingleByte => "it may be Latin-1 or Windows-1252",
        })
    }
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Problem {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// More or fewer cells than the header.
    #[error("{}, but the header has {expected}", counted(*found, "cell", "cells"))]
    Cells {
        /// Cells of the line.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// No name.
    #[error("the series cell is empty")]
    MissingSeries,
    /// A name that is too long.
    #[error("the series name `{name}` has more than {MAX_SERIES_NAME_CHARS} characters")]
    LongSeries {
        /// Its beginning.
        name: String,
    },
    /// No date.
    #[error("the date cell is empty")]
    MissingDate,
    /// No such date.
    #[error("`{text}` is not a date; write YYYY-MM-DD")]
    BadDate {
        /// What is there.
        text: String,
    },
    /// No number.
    #[error("`{text}` is not a number; leave the cell empty for a missing value")]
    NotANumber {
        /// What is there.
        text: String,
    },
    /// A number without an end.
    #[error("`{text}` is not a finite number; leave the cell empty for a missing value")]
    NotFinite {
        /// What is there.
        text: String,
    },
    /// A date twice.
    #[error("series `{series}` has {date} on line {other_line} already; keep one of them")]
    DuplicateDate {
        /// The series.
        series: String,
        /// The date.
        date: NaiveDate,
        /// The line that came first.
        other_line: u64,
    },
    /// One row is no series.
    #[error("series `{series}` has only this row; a series needs at least two")]
    OneRow {
        /// The series.
        series: String,
    },
    /// Only missing values.
    #[error("series `{series}` begins here and has no value at all")]
    NoValue {
        /// The series.
        series: String,
    },
}

impl CsvError {
    /// What is wrong with a line, under its number, which the message does not say again.
    fn on_line(&self, line: u64) -> FieldError {
        let (field, text) = (format!("line {line}"), self.to_string());
        let message = text.strip_prefix(&field).map(|rest| rest.trim_start_matches([':', ' ']).to_owned());
        FieldError::new(field, message.unwrap_or(text))
    }
}

/// The beginning of a text from outside, fit for a message.
pub(super) fn short(text: &str) -> String {
    const LIMIT: usize = 40;
    let mut shown: String =
        text.chars().take(LIMIT).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(LIMIT).is_some() {
        shown.push('…');
    }
    shown
}

impl Fault for CsvError {
    fn class(&self) -> Class {
        match self {
            Self::TooManyRows { .. } | Self::TooManySeries { .. } => Class::TooLarge,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "CSV_EMPTY",
            Self::NoRows => "CSV_NO_ROWS",
            Self::Encoding { .. } => "CSV_ENCODING",
            Self::UnknownColumn { .. } | Self::RepeatedColumn { .. } | Self::MissingColumn { .. } => {
                "CSV_HEADER"
            }
            Self::TooManyRows { .. } | Self::TooManySeries { .. } => "CSV_TOO_LARGE",
            Self::Lines { .. } => "CSV_LINES",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Lines { problems, .. } => problems
                .iter()
                .map(|problem| FieldError::new(format!("line {}", problem.line), problem.kind.to_string()))
                .collect(),
            Self::Encoding { line, .. } => vec![self.on_line(*line)],
            Self::UnknownColumn { .. } | Self::RepeatedColumn { .. } | Self::MissingColumn { .. } => {
                vec![self.on_line(1)]
            }
            _ => Vec::new(),
        }
    }
}
