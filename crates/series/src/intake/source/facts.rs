//! What is said about a file, and what was found out about it.

use super::kind::Kind;
use super::table::Table;
use super::text::Encoding;

/// What the caller says, which is not guessed then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stated {
    /// What stands between the cells of a text.
    pub(crate) separator: Option<u8>,
    /// How the bytes of a text stand for characters.
    pub(crate) encoding: Option<Encoding>,
    /// The sheet of a workbook.
    pub(crate) sheet: Option<String>,
    /// How much to read at most.
    pub(crate) limits: Limits,
    /// Whether the beginning of a table is one of series, to choose among the sheets of a workbook.
    pub(crate) holds_series: Option<fn(&Table) -> bool>,
}

/// How much to read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Rows below the header.
    pub(crate) rows: usize,
    /// Columns.
    pub(crate) columns: usize,
    /// Rows times columns: short rows of a wide table take as much memory as full ones.
    pub(crate) cells: usize,
    /// Bytes of an archive or a workbook once it is unpacked.
    pub(crate) unpacked: u64,
}

impl Default for Limits {
    /// Rows as of a fleet, columns as of a spreadsheet, and memory of a few gigabytes.
    fn default() -> Self {
        let rows = crate::fleet::MAX_FLEET_ROWS;
        Self { rows, columns: 1 << 14, cells: 8 * rows, unpacked: 2 << 30 }
    }
}

/// What was found out about a file, all of which is an assumption the caller may want to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What it is, once unpacked.
    pub(crate) kind: Kind,
    /// What it was packed in; the outer one if there are two.
    pub(crate) packed: Option<Packed>,
    /// The file inside a zip archive that was read.
    pub(crate) member: Option<String>,
    /// How a text was decoded.
    pub(crate) encoding: Option<Encoding>,
    /// Whether somebody said how.
    pub(crate) has_stated_encoding: bool,
    /// What stands between the cells of a text; none if it has one column.
    pub(crate) separator: Option<u8>,
    /// The line or the row of the sheet with the names; none if there are no names.
    pub(crate) header_line: Option<u64>,
    /// Whether the line above it names the columns too, as years over months do.
    pub(crate) has_two_headers: bool,
    /// Lines with text above the header, or above the first row if there is none.
    pub(crate) title_lines: u64,
    /// Lines without any text below it, which are no rows.
    pub(crate) empty_rows: u64,
    /// Rows of a text that had fewer cells than the header; the last ones are taken for empty.
    pub(crate) short_rows: u64,
    /// Columns whose names were there before.
    pub(crate) renamed: Vec<Renamed>,
    /// Columns of a workbook in which there are formulas and no results, which only a spreadsheet program calculates.
    pub(crate) without_results: Vec<String>,
    /// The sheet that was read.
    pub(crate) sheet: Option<String>,
    /// Other sheets that hold a table.
    pub(crate) other_sheets: Vec<String>,
}

/// What a file was packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packed {
    /// Gzip.
    Gzip,
    /// A zip archive.
    Zip,
}

/// A column that shares its name with one to its left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Renamed {
    /// As in the file.
    pub(crate) from: String,
    /// As in the table.
    pub(crate) to: String,
}

impl Facts {
    /// Of a file about which only its kind is known.
    pub(crate) const fn of(kind: Kind) -> Self {
        Self {
            kind,
            packed: None,
            member: None,
            encoding: None,
            has_stated_encoding: false,
            separator: None,
            header_line: None,
            has_two_headers: false,
            title_lines: 0,
            empty_rows: 0,
            short_rows: 0,
            renamed: Vec::new(),
            without_results: Vec::new(),
            sheet: None,
            other_sheets: Vec::new(),
        }
    }
}
