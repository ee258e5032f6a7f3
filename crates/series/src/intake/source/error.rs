//! Files that are no table.

use std::error::Error;

use kernel::{Class, Fault, FieldError, counted};

use super::kind::{Foreign, Kind};
use super::tsf::TsfProblem;
use crate::outside::{listed, short};

/// Lines that are named in an error; all are counted.
pub(super) const MAX_LINES: usize = 20;

/// A file that gives no table. Nothing of it is used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Known, but not a table or not one that is read.
    #[error("this is {foreign}, which is not read; {}", foreign.advice())]
    Foreign {
        /// What it is.
        foreign: Foreign,
    },
    /// Damaged, cut off, or not of this kind after all.
    #[error("the bytes cannot be read as {kind}; the file may be damaged or cut off")]
    Unreadable {
        /// What they were read as.
        kind: Kind,
        /// What its decoder says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Nobody can read it without the password.
    #[error("the file is protected by a password; save it without one")]
    Password,
    /// An archive without a file.
    #[error("the zip archive holds no file")]
    EmptyArchive,
    /// An archive of which nobody knows which file is meant.
    #[error("the zip archive holds {}: {}; unpack it and choose one", counted(members.len(), "file", "files"), listed(members))]
    SeveralMembers {
        /// The files in it.
        members: Vec<String>,
    },
    /// An archive in an archive in an archive.
    #[error("the file is packed more than twice; unpack it")]
    PackedTooDeep,
    /// A field of the request that a file of this kind has no use for.
    #[error("{field} is for {wanted}, and this is {kind}")]
    NotStatable {
        /// The field.
        field: &'static str,
        /// What it would be for.
        wanted: &'static str,
        /// What the file is.
        kind: Kind,
    },
    /// A character that cannot separate cells.
    #[error(
        "cells cannot be separated by `{}`; state one character such as `,`, `;`, a tab or `|`",
        short(text)
    )]
    BadSeparator {
        /// What was stated.
        text: String,
    },
    /// Too many bytes after unpacking.
    #[error("unpacked, the file has more than {limit} bytes; split it")]
    TooLarge {
        /// The most that are taken.
        limit: u64,
    },
    /// Too many bytes after unpacking for a file that small.
    #[error("unpacked, the file is more than {ratio} times as large, which no table is; unpack it")]
    Bomb {
        /// The most that is taken.
        ratio: u64,
    },
    /// Too many rows.
    #[error("the file has more than {limit} rows; split it")]
    TooManyRows {
        /// The most that are taken.
        limit: usize,
    },
    /// Too many columns.
    #[error(
        "line {line} has {found} columns, and at most {limit} are read; leave out the ones that are not needed"
    )]
    TooManyColumns {
        /// Where they are.
        line: u64,
        /// How many there are.
        found: usize,
        /// The most that are taken.
        limit: usize,
    },
    /// Too many rows for so many columns.
    #[error("the file has more than {limit} cells; split it or leave out columns that are not needed")]
    TooManyCells {
        /// The most that are taken.
        limit: usize,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Names and nothing below them.
    #[error("there are no rows below the header on line {line}")]
    NoRows {
        /// Where the header is.
        line: u64,
    },
    /// A text with a NUL.
    #[error("line {line} has a NUL character, so this is no text; save the table as CSV in UTF-8")]
    Nul {
        /// The first such line.
        line: u64,
    },
    /// A text that is not what its mark says.
    #[error(
        "line {line} is not {encoding}, which the beginning of the file speaks for; save the file as UTF-8"
    )]
    Encoding {
        /// The first line that is not.
        line: u64,
        /// What it was read as.
        encoding: &'static str,
    },
    /// A text that is not in the encoding somebody stated.
    #[error("line {line} is not {encoding}, which was stated")]
    StatedEncoding {
        /// The first line that is not.
        line: u64,
        /// What was stated.
        encoding: &'static str,
    },
    /// A text that is no UTF-8 and could be of several others.
    #[error(
        "line {line} is not UTF-8 and could be {}; state the encoding, or save the file as UTF-8",
        could_be(readings)
    )]
    UnknownEncoding {
        /// The first line that is not.
        line: u64,
        /// What it could be, with a word as it would read.
        readings: Vec<(&'static str, String)>,
    },
    /// A quote that nobody closes.
    #[error(
        "the quote that opens on line {line} is never closed; close it, or double it if it belongs to the text"
    )]
    UnclosedQuote {
        /// Where it opens.
        line: u64,
    },
    /// Rows with more cells than there are columns.
    #[error("{}", ragged(lines, *count, *columns))]
    Ragged {
        /// The first of them and their cells.
        lines: Vec<(u64, usize)>,
        /// How many there are.
        count: u64,
        /// The columns.
        columns: usize,
    },
    /// A sheet that is not there.
    #[error("there is no sheet `{}`; the sheets are {}", short(wanted), listed(sheets))]
    UnknownSheet {
        /// The name asked for.
        wanted: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// A workbook of which nobody knows which sheet is meant.
    #[error("{} hold series: {}; say which", counted(sheets.len(), "sheet", "sheets"), listed(sheets))]
    SeveralSheets {
        /// The sheets.
        sheets: Vec<String>,
    },
    /// A workbook without a table.
    #[error("no sheet holds a table; the sheets are {}", listed(sheets))]
    NoTable {
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// A workbook that was written by a program that cannot calculate.
    #[error(
        "column `{}` holds formulas without their results; open the workbook in a spreadsheet program and save it again",
        short(column)
    )]
    WithoutResults {
        /// The first such column.
        column: String,
    },
    /// A line of a `.tsf` file that cannot be used.
    #[error("line {line}: {problem}")]
    Tsf {
        /// The line.
        line: u64,
        /// What is wrong with it.
        problem: TsfProblem,
    },
}

impl SourceError {
    pub(super) fn unreadable(kind: Kind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreadable { kind, source: source.into() }
    }
}

impl From<Foreign> for SourceError {
    fn from(foreign: Foreign) -> Self {
        if foreign == Foreign::PROTECTED { Self::Password } else { Self::Foreign { foreign } }
    }
}

impl Fault for SourceError {
    fn class(&self) -> Class {
        match self {
            Self::TooLarge { .. }
            | Self::Bomb { .. }
            | Self::TooManyRows { .. }
            | Self::TooManyColumns { .. }
            | Self::TooManyCells { .. } => Class::TooLarge,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "TABLE_FOREIGN",
            Self::Unreadable { .. } => "TABLE_UNREADABLE",
            Self::Password => "TABLE_PASSWORD",
            Self::EmptyArchive | Self::SeveralMembers { .. } | Self::PackedTooDeep => "TABLE_ARCHIVE",
            Self::NotStatable { .. } => "TABLE_NOT_STATABLE",
            Self::BadSeparator { .. } => "TABLE_BAD_SEPARATOR",
            Self::TooLarge { .. } | Self::Bomb { .. } => "TABLE_TOO_LARGE",
            Self::TooManyRows { .. } => "TABLE_TOO_MANY_ROWS",
            Self::TooManyColumns { .. } => "TABLE_TOO_MANY_COLUMNS",
            Self::TooManyCells { .. } => "TABLE_TOO_MANY_CELLS",
            Self::Empty | Self::NoRows { .. } | Self::NoTable { .. } => "TABLE_EMPTY",
            Self::Nul { .. } | Self::Encoding { .. } | Self::StatedEncoding { .. } => "TABLE_NOT_TEXT",
            Self::UnclosedQuote { .. } => "TABLE_UNCLOSED_QUOTE",
            Self::Ragged { .. } => "TABLE_RAGGED",
            Self::UnknownSheet { .. } => "TABLE_UNKNOWN_SHEET",
            Self::SeveralSheets { .. } | Self::UnknownEncoding { .. } => "TABLE_AMBIGUOUS",
            Self::WithoutResults { .. } => "TABLE_WITHOUT_RESULTS",
            Self::Tsf { .. } => "TABLE_BAD_TSF",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let on_line = |line: u64, message: String| vec![FieldError::new(format!("line {line}"), message)];
        match self {
            Self::Ragged { lines, columns, .. } => lines.iter().map(|line| extra(*line, *columns)).collect(),
            Self::NotStatable { field, wanted, kind } => {
                vec![FieldError::new(*field, format!("is for {wanted}, and this is {kind}"))]
            }
            Self::UnknownEncoding { readings, .. } => {
                vec![FieldError::new("encoding", format!("is needed: {}", could_be(readings)))]
            }
            Self::StatedEncoding { .. } => vec![FieldError::new("encoding", self.to_string())],
            Self::BadSeparator { .. } => vec![FieldError::new("separator", self.to_string())],
            Self::SeveralSheets { sheets } => {
                vec![FieldError::new("sheet", format!("is needed: {}", listed(sheets)))]
            }
            Self::UnknownSheet { .. } => vec![FieldError::new("sheet", self.to_string())],
            Self::WithoutResults { column } => vec![FieldError::new(column.clone(), self.to_string())],
            Self::Tsf { line, problem } => on_line(*line, problem.to_string()),
            Self::NoRows { line }
            | Self::Nul { line }
            | Self::Encoding { line, .. }
            | Self::UnclosedQuote { line }
            | Self::TooManyColumns { line, .. } => on_line(*line, self.to_string()),
            _ => Vec::new(),
        }
    }
}

/// `windows-1251 (`Москва`) or GBK (`挺耨忄`)`.
fn could_be(readings: &[(&'static str, String)]) -> String {
    let each: Vec<String> = readings.iter().map(|(label, word)| format!("{label} (`{word}`)")).collect();
    match each.as_slice() {
        [] => "any other".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn extra((line, cells): (u64, usize), columns: usize) -> FieldError {
    FieldError::new(format!("line {line}"), too_many(cells, columns))
}

fn too_many(cells: usize, columns: usize) -> String {
    format!(
        "{}, but the table has {}",
        counted(cells, "cell", "cells"),
        counted(columns, "column", "columns")
    )
}

fn ragged(lines: &[(u64, usize)], count: u64, columns: usize) -> String {
    let first = lines.first().map(|&(line, cells)| format!("line {line}: {}", too_many(cells, columns)));
    let first = first.unwrap_or_default();
    match count {
        1 => first,
        _ => format!("{count} lines have cells beyond the last column; the first: {first}"),
    }
}
