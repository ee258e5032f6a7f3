//! Rows to the columns of a table.

use super::delimited::scan::Row;
use super::error::{MAX_LINES, SourceError};
use super::facts::Limits;
use super::header::{Header, Name, unnamed};
use super::table::{Cells, Column, Lines, Table, Word};
use super::words::Dictionary;

/// What to do with text right of the last column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// A separator too many or a quote too few in a text: the rest of the row cannot be trusted either.
    Refuse,
    /// A column without a name, as notes beside a table on a sheet.
    Add,
}

/// Takes row after row.
pub(super) struct Builder {
    names: Vec<Name>,
    columns: Vec<Dictionary>,
    rows: usize,
    lines: Option<Lines>,
    limits: Limits,
    beyond: Beyond,
    /// Rows of more than one cell of which none has text.
    pub(super) empty_rows: u64,
    /// Rows with fewer cells than there are columns.
    pub(super) short_rows: u64,
    ragged: Vec<(u64, usize)>,
    ragged_count: u64,
}

impl Builder {
    /// A table of the columns a header names.
    pub(super) fn new(header: &Header, limits: Limits, beyond: Beyond) -> Result<Self, SourceError> {
        let (found, limit) = (header.names.len(), limits.columns);
        if found > limit {
            return Err(SourceError::TooManyColumns { line: header.line.unwrap_or(1), found, limit });
        }
        Ok(Self {
            names: header.names.clone(),
            columns: header.names.iter().map(|_| Dictionary::new()).collect(),
            rows: 0,
            lines: None,
            // A row of a column is numbered with 32 bits.
            limits: Limits { rows: limits.rows.min(u32::MAX as usize - 1), ..limits },
            beyond,
            empty_rows: 0,
            short_rows: 0,
            ragged: Vec::new(),
            ragged_count: 0,
        })
    }

    /// The next row.
    pub(super) fn push(&mut self, row: &Row, text: &[u8]) -> Result<(), SourceError> {
        let width = self.columns.len();
        if row.is_blank() {
            self.empty_rows += u64::from(row.len() > 1);
            return Ok(());
        }
        if row.len() != width && !self.fits(row)? {
            return Ok(());
        }
        self.check_room()?;
        for (at, column) in self.columns.iter_mut().enumerate() {
            column.push(if at < row.len() { row.cell(at, text) } else { b"" });
        }
        match &mut self.lines {
            Some(lines) => lines.note(self.rows, row.line),
            none => *none = Some(Lines::from(row.line)),
        }
        self.rows += 1;
        Ok(())
    }

    /// Whether a row of another width can be taken, for which columns are added if they may be.
    fn fits(&mut self, row: &Row) -> Result<bool, SourceError> {
        let (width, extent) = (self.columns.len(), row.extent());
        if row.len() < width {
            self.short_rows += u64::from(self.beyond == Beyond::Refuse);
        } else if extent > width && self.beyond == Beyond::Add {
            self.widen(extent, row.line)?;
        } else if extent > width {
            self.ragged_count += 1;
            if self.ragged.len() < MAX_LINES {
                self.ragged.push((row.line, row.len()));
            }
            return Ok(false);
        }
        Ok(true)
    }

    fn check_room(&self) -> Result<(), SourceError> {
        let limits = self.limits;
        if self.rows >= limits.rows {
            return Err(SourceError::TooManyRows { limit: limits.rows });
        }
        if (self.rows + 1).saturating_mul(self.columns.len()) > limits.cells {
            return Err(SourceError::TooManyCells { limit: limits.cells });
        }
        Ok(())
    }

    fn widen(&mut self, width: usize, line: u64) -> Result<(), SourceError> {
        let limits = self.limits;
        if width > limits.columns {
            return Err(SourceError::TooManyColumns { line, found: width, limit: limits.columns });
        }
        if self.rows.saturating_mul(width) > limits.cells {
            return Err(SourceError::TooManyCells { limit: limits.cells });
        }
        for place in self.columns.len()..width {
            let mut column = Dictionary::new();
            (0..self.rows).for_each(|_| column.push(b""));
            self.columns.push(column);
            self.names.push(unnamed(place + 1));
        }
        Ok(())
    }

    /// Whether a column of some name has had no text so far.
    pub(super) fn is_blank(&self, place: usize) -> bool {
        self.columns.get(place).is_none_or(Dictionary::is_blank)
    }

    /// What a column is called, if there is one at this place.
    pub(super) fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(|name| name.text.as_str())
    }

    /// The table without columns that have neither a name nor text.
    pub(super) fn finish(
        self,
        header: &Header,
        to_words: impl Fn(Dictionary) -> (Vec<Word>, Vec<u32>),
    ) -> Result<Table, SourceError> {
        if self.ragged_count > 0 {
            let (lines, count, columns) = (self.ragged, self.ragged_count, self.columns.len());
            return Err(SourceError::Ragged { lines, count, columns });
        }
        let Some(lines) = self.lines else {
            return Err(header.line.map_or(SourceError::Empty, |line| SourceError::NoRows { line }));
        };
        let columns = self.names.into_iter().zip(self.columns);
        let columns = columns.filter(|(name, words)| name.is_given || !words.is_blank());
        let columns = columns.map(|(name, words)| {
            let (words, of_row) = to_words(words);
            Column { name: name.text, cells: Cells::Words { words, of_row } }
        });
        Ok(Table { columns: columns.collect(), rows: self.rows, lines })
    }
}
