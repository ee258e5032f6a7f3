//! Workbooks: a sheet to a table.

mod book;
mod room;
mod word;

use std::ops::ControlFlow;

use bytes::Bytes;

use self::book::Book;
use super::build::{Beyond, Builder};
use super::delimited::scan::Row;
use super::error::SourceError;
use super::facts::{Facts, Limits, Stated};
use super::header::{self, Header, SAMPLE_ROWS, SampleRow};
use super::kind::Kind;
use super::table::Table;
use super::words::Dictionary;

/// Reads a sheet of a workbook, and notes in the facts what was found out about it.
pub(super) fn read(
    bytes: &Bytes,
    kind: Kind,
    stated: &Stated,
    facts: &mut Facts,
) -> Result<Table, SourceError> {
    let mut book = Book::open(bytes, kind, stated.limits)?;
    let tables = tables(&mut book)?;
    let sheet = match &stated.sheet {
        Some(wanted) => named(&book, wanted)?,
        None => the_one(&mut book, &tables, stated)?,
    };
    let mut reading = Reading::new(stated.limits);
    let mut refused = None;
    book.each_row(&sheet, &mut |row| match reading.take(row) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            refused = Some(error);
            ControlFlow::Break(())
        }
    })?;
    if let Some(error) = refused {
        return Err(error);
    }
    facts.other_sheets = tables.into_iter().filter(|other| *other != sheet).collect();
    facts.sheet = Some(sheet);
    reading.finish(&book, facts)
}

/// The only sheet with a table, or the only one whose table holds series; the first if none does, which is told of it then.
fn the_one(book: &mut Book, tables: &[String], stated: &Stated) -> Result<String, SourceError> {
    let Some(first) = tables.first() else {
        return Err(SourceError::NoTable { sheets: book.all_sheets() });
    };
    let Some(holds_series) = stated.holds_series.filter(|_| tables.len() > 1) else {
        return Ok(first.clone());
    };
    let is_of_series =
        |sheet: &&String| beginning(book, sheet, stated.limits).is_some_and(|table| holds_series(&table));
    let of_series: Vec<String> = tables.iter().filter(is_of_series).cloned().collect();
    match of_series.as_slice() {
        [] => Ok(first.clone()),
        [only] => Ok(only.clone()),
        _ => Err(SourceError::SeveralSheets { sheets: of_series }),
    }
}

/// The first rows of a sheet as a table.
fn beginning(book: &mut Book, sheet: &str, limits: Limits) -> Option<Table> {
    let (mut reading, mut rows) = (Reading::new(limits), 0);
    let taken = book.each_row(sheet, &mut |row| {
        rows += 1;
        if rows > SAMPLE_ROWS || reading.take(row).is_err() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    taken.ok()?;
    reading.finish(book, &mut Facts::of(Kind::Xlsx)).ok()
}

/// The sheet of this name as written, or else in any case.
fn named(book: &Book, wanted: &str) -> Result<String, SourceError> {
    let sheets = book.all_sheets();
    let exact = sheets.iter().find(|name| *name == wanted);
    let found =
        exact.or_else(|| sheets.iter().find(|name| name.to_lowercase() == wanted.trim().to_lowercase()));
    found
        .cloned()
        .ok_or_else(|| SourceError::UnknownSheet { wanted: wanted.to_owned(), sheets: sheets.clone() })
}

/// The visible sheets that hold a table: two rows of two cells, or, if there is none, two rows. A sheet that cannot be
/// read matters only if there is no other.
fn tables(book: &mut Book) -> Result<Vec<String>, SourceError> {
    let (mut of_columns, mut of_one, mut unreadable) = (Vec::new(), Vec::new(), None);
    for sheet in book.visible_sheets() {
        let (mut rows, mut wide_rows, mut seen) = (0, 0, 0);
        let result = book.each_row(&sheet, &mut |row| {
            let filled = (0..row.len()).filter(|&at| !row.cell(at, b"").is_empty()).count();
            rows += usize::from(filled > 0);
            wide_rows += usize::from(filled > 1);
            seen += 1;
            if wide_rows > 1 || seen >= SAMPLE_ROWS {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        match result {
            Err(error) => unreadable = unreadable.or(Some(error)),
            Ok(()) if wide_rows > 1 => of_columns.push(sheet),
            Ok(()) if rows > 1 => of_one.push(sheet),
            Ok(()) => {}
        }
    }
    match unreadable {
        Some(error) if of_columns.is_empty() && of_one.is_empty() => Err(error),
        _ => Ok(if of_columns.is_empty() { of_one } else { of_columns }),
    }
}

/// A sheet that is being read: first the rows in which the header is looked for, then the others.
enum Reading {
    Sample(Vec<SampleRow>, Limits),
    Rows(Box<Begun>),
}

/// A sheet whose header is known.
struct Begun {
    header: Header,
    renamed: Vec<super::facts::Renamed>,
    builder: Builder,
}

impl Reading {
    fn new(limits: Limits) -> Self {
        Self::Sample(Vec::new(), limits)
    }

    fn take(&mut self, row: &Row) -> Result<(), SourceError> {
        match self {
            Self::Rows(begun) => begun.builder.push(row, b""),
            Self::Sample(..) if row.is_blank() => Ok(()),
            Self::Sample(sample, limits) => {
                let cells = (0..row.extent()).map(|at| word::decoded(row.cell(at, b""))).collect();
                sample.push(SampleRow { line: row.line, cells });
                if sample.len() == SAMPLE_ROWS {
                    *self = Self::Rows(Box::new(Begun::new(sample, *limits)?));
                }
                Ok(())
            }
        }
    }

    fn finish(self, book: &Book, facts: &mut Facts) -> Result<Table, SourceError> {
        let begun = match self {
            Self::Rows(begun) => *begun,
            Self::Sample(sample, _) if sample.is_empty() => return Err(SourceError::Empty),
            Self::Sample(sample, limits) => Begun::new(&sample, limits)?,
        };
        let Begun { header, renamed, builder } = begun;
        facts.header_line = header.line;
        facts.has_two_headers = header.is_stacked;
        facts.title_lines = header.titles as u64;
        facts.empty_rows = builder.empty_rows;
        facts.renamed = renamed;
        let blank = book.unresolved.iter().filter(|&&place| builder.is_blank(place));
        let blank = blank.filter_map(|&place| builder.name(place).map(str::to_owned));
        facts.without_results = blank.collect();
        match builder.finish(&header, words) {
            Err(SourceError::NoRows { .. }) if !facts.without_results.is_empty() => {
                Err(SourceError::WithoutResults { column: facts.without_results.swap_remove(0) })
            }
            result => result,
        }
    }
}

impl Begun {
    fn new(sample: &[SampleRow], limits: Limits) -> Result<Self, SourceError> {
        let (header, renamed) = header::find(sample);
        let mut builder = Builder::new(&header, limits, Beyond::Add)?;
        let mut row = Row::default();
        for one in &sample[header.first_row..] {
            row.clear(one.line);
            one.cells.iter().for_each(|cell| word::push(cell, &mut row));
            builder.push(&row, b"")?;
        }
        Ok(Self { header, renamed, builder })
    }
}

fn words(dictionary: Dictionary) -> (Vec<super::table::Word>, Vec<u32>) {
    dictionary.finish(word::decoded)
}
