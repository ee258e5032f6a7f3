//! A workbook of one of four kinds, row by row.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Cursor;
use std::ops::ControlFlow;

use bytes::Bytes;
use calamine::{
    Data, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx,
    XlsxError,
};

use super::{room, word};
use crate::intake::source::delimited::scan::Row;
use crate::intake::source::error::SourceError;
use crate::intake::source::facts::Limits;
use crate::intake::source::guard::guarded;
use crate::intake::source::kind::Kind;

/// An open workbook.
pub(super) struct Book {
    kind: Kind,
    sheets: Sheets,
    /// Columns of the sheet read last in which formulas have no result.
    pub(super) unresolved: BTreeSet<usize>,
}

enum Sheets {
    Xlsx(Box<Xlsx<Cursor<Bytes>>>),
    Xlsb(Box<Xlsb<Cursor<Bytes>>>),
    Xls(Box<Xls<Cursor<Bytes>>>),
    Ods(Box<Ods<Cursor<Bytes>>>),
}

/// Takes row after row until it has enough.
type Take<'a> = dyn FnMut(&Row) -> ControlFlow<()> + 'a;

impl Book {
    /// Opens a workbook that is not too large.
    pub(super) fn open(bytes: &Bytes, kind: Kind, limits: Limits) -> Result<Self, SourceError> {
        room::check(bytes, kind, limits)?;
        let reader = || Cursor::new(bytes.clone());
        let sheets = match kind {
            Kind::Xlsx => opened(kind, || Xlsx::new(reader())).map(|book| Sheets::Xlsx(Box::new(book))),
            Kind::Xlsb => opened(kind, || Xlsb::new(reader())).map(|book| Sheets::Xlsb(Box::new(book))),
            Kind::Ods => opened(kind, || Ods::new(reader())).map(|book| Sheets::Ods(Box::new(book))),
            _ => opened(kind, || Xls::new(reader())).map(|book| Sheets::Xls(Box::new(book))),
        };
        Ok(Self { kind, sheets: sheets?, unresolved: BTreeSet::new() })
    }

    /// The sheets that a person sees, in their order.
    pub(super) fn visible_sheets(&self) -> Vec<String> {
        self.sheets_that(|visible| visible == SheetVisible::Visible)
    }

    /// All sheets of cells.
    pub(super) fn all_sheets(&self) -> Vec<String> {
        self.sheets_that(|_| true)
    }

    fn sheets_that(&self, is_wanted: impl Fn(SheetVisible) -> bool) -> Vec<String> {
        let sheets = match &self.sheets {
            Sheets::Xlsx(book) => book.sheets_metadata(),
            Sheets::Xlsb(book) => book.sheets_metadata(),
            Sheets::Xls(book) => book.sheets_metadata(),
            Sheets::Ods(book) => book.sheets_metadata(),
        };
        let sheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets.filter(|sheet| is_wanted(sheet.visible)).map(|sheet| sheet.name.clone()).collect()
    }

    /// Hands over the rows of a sheet that have cells, with blank ones for those left out before others.
    pub(super) fn each_row(&mut self, sheet: &str, take: &mut Take<'_>) -> Result<(), SourceError> {
        let kind = self.kind;
        let unresolved = &mut self.unresolved;
        unresolved.clear();
        match &mut self.sheets {
            Sheets::Xlsx(book) => {
                guarded(kind, || each_of_xlsx(book, sheet, unresolved, take).map_err(Box::new))
            }
            Sheets::Xlsb(book) => guarded(kind, || each_of_xlsb(book, sheet, take).map_err(Box::new)),
            Sheets::Xls(book) => {
                let range = guarded(kind, || book.worksheet_range(sheet))?;
                each_of(&range, take);
                Ok(())
            }
            Sheets::Ods(book) => {
                let range = guarded(kind, || book.worksheet_range(sheet))?;
                each_of(&range, take);
                Ok(())
            }
        }
    }
}

/// The workbook, or that it has a password, or why it cannot be read.
fn opened<T, E: IsPassword>(kind: Kind, open: impl FnOnce() -> Result<T, E>) -> Result<T, SourceError> {
    let mut has_password = false;
    let result = guarded(kind, || open().inspect_err(|error| has_password = error.is_password()));
    if has_password { Err(SourceError::Password) } else { result }
}

trait IsPassword: Error + Send + Sync + 'static {
    fn is_password(&self) -> bool;
}

impl IsPassword for XlsxError {
    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

impl IsPassword for XlsbError {
    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

impl IsPassword for XlsError {
    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

impl IsPassword for OdsError {
    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

fn each_of_xlsx(
    book: &mut Xlsx<Cursor<Bytes>>,
    sheet: &str,
    unresolved: &mut BTreeSet<usize>,
    take: &mut Take<'_>,
) -> Result<(), XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let mut rows = Rows::new(take);
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        let place = cell.pos.1 as usize;
        if cell.formula.is_some() && cell.value == calamine::DataRef::Empty {
            unresolved.insert(place);
        }
        let flow = rows.at(cell.pos).ok_or(XlsxError::Unexpected("cells in another order"))?;
        if flow.is_break() {
            return Ok(());
        }
        word::push_ref(&cell.value, &mut rows.row);
    }
    let _ = rows.end();
    Ok(())
}

fn each_of_xlsb(book: &mut Xlsb<Cursor<Bytes>>, sheet: &str, take: &mut Take<'_>) -> Result<(), XlsbError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let mut rows = Rows::new(take);
    while let Some(cell) = reader.next_cell()? {
        let flow =
            rows.at(cell.get_position()).ok_or(XlsbError::Io(std::io::ErrorKind::InvalidData.into()))?;
        if flow.is_break() {
            return Ok(());
        }
        word::push_ref(cell.get_value(), &mut rows.row);
    }
    let _ = rows.end();
    Ok(())
}

fn each_of(range: &Range<Data>, take: &mut Take<'_>) {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut row = Row::default();
    for (line, cells) in (u64::from(first_row) + 1..).zip(range.rows()) {
        row.clear(line);
        (0..first_column).for_each(|_| row.push_own(b""));
        for cell in cells {
            word::push_data(cell, &mut row);
        }
        row.trim_end();
        if take(&row).is_break() {
            return;
        }
    }
}

/// Cells to rows.
struct Rows<'a, 'b> {
    row: Row,
    take: &'a mut Take<'b>,
}

/// Columns a sheet can have.
const MAX_COLUMNS: usize = 1 << 14;

impl<'a, 'b> Rows<'a, 'b> {
    fn new(take: &'a mut Take<'b>) -> Self {
        Self { row: Row::default(), take }
    }

    /// Makes the row ready for the cell at a position, after handing over the one before if it is in another; nothing if
    /// the position lies behind.
    fn at(&mut self, (row, column): (u32, u32)) -> Option<ControlFlow<()>> {
        let (line, column) = (u64::from(row) + 1, column as usize);
        let mut flow = ControlFlow::Continue(());
        if line != self.row.line {
            if line < self.row.line {
                return None;
            }
            flow = self.end();
            self.row.clear(line);
        }
        if column < self.row.len() || column >= MAX_COLUMNS {
            return None;
        }
        while self.row.len() < column {
            self.row.push_own(b"");
        }
        Some(flow)
    }

    /// Hands over the last row.
    fn end(&mut self) -> ControlFlow<()> {
        if self.row.line == 0 {
            return ControlFlow::Continue(());
        }
        self.row.trim_end();
        (self.take)(&self.row)
    }
}
