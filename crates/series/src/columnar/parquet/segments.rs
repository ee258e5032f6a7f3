//! A long table piece by piece: all rows of a series are in one piece.

mod scattered;

use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader};
use arrow_array::RecordBatch;
use bytes::Bytes;

use self::scattered::Scattered;
use super::{FORMAT, ROWS_PER_BATCH, checked, open};
use crate::columnar::Columns;
use crate::columnar::arrays::Ids;
use crate::columnar::cells::Gathered;
use crate::columnar::choose::Column;
use crate::columnar::decode::{Wanted, guarded};
use crate::columnar::error::ColumnarError;
use crate::columnar::lists::{part, write_name};
use crate::intake::table::{Lines, Table};

/// A table of cells that is not read as a whole.
pub(crate) struct Segments<'a> {
    bytes: &'a Bytes,
    columns: &'a Columns,
    file: ArrowReaderMetadata,
    wanted: Wanted,
    rows: usize,
    /// Rows of a piece, about.
    at_once: usize,
}

/// How pieces are found.
pub(crate) enum Pieces {
    /// The rows of a series follow each other.
    InOrder(Box<InOrder>),
    /// They do not.
    Scattered(Scattered),
}

/// A file that is decoded once, from its first row to its last.
pub(crate) struct InOrder {
    batches: ParquetRecordBatchReader,
    /// Rows of the pieces before.
    given: usize,
    /// Rows that are decoded and belong to the next piece.
    waiting: Option<RecordBatch>,
}

impl<'a> Segments<'a> {
    /// The table of a file, in pieces of about so many rows; none of lists, and of a table that is hardly larger than one.
    pub(crate) fn open(
        bytes: &'a Bytes,
        columns: &'a Columns,
        at_once: usize,
    ) -> Result<Option<Self>, ColumnarError> {
        let (file, wanted) = checked(bytes, columns)?;
        let rows = usize::try_from(file.metadata().file_metadata().num_rows()).unwrap_or(0);
        let is_large = matches!(wanted, Wanted::Cells(_)) && rows >= 2 * at_once;
        Ok(is_large.then_some(Self { bytes, columns, file, wanted, rows, at_once }))
    }

    /// The first rows, which the pieces have too.
    pub(crate) fn first_rows(&self) -> Result<Table, ColumnarError> {
        let (mut batches, mut gathered) = (self.batches()?, self.gathered());
        while gathered.rows() < self.at_once
            && let Some(batch) = next(&mut batches)?
        {
            gathered.add(&batch)?;
        }
        gathered.finish(Lines::from(1))
    }

    /// Pieces of a file in which the rows of a series follow each other.
    pub(crate) fn in_order(&self) -> Result<Pieces, ColumnarError> {
        Ok(Pieces::InOrder(Box::new(InOrder { batches: self.batches()?, given: 0, waiting: None })))
    }

    /// Pieces of a file in which the rows of the series that these columns name are anywhere.
    pub(crate) fn scattered(&self, ids: &[usize]) -> Result<Pieces, ColumnarError> {
        Scattered::of(self, ids).map(Pieces::Scattered)
    }

    /// The next piece, of series that these columns name.
    pub(crate) fn next(&self, pieces: &mut Pieces, ids: &[usize]) -> Result<Option<Table>, ColumnarError> {
        match pieces {
            Pieces::InOrder(pieces) => self.next_in_order(pieces, ids),
            Pieces::Scattered(pieces) => pieces.next(self),
        }
    }

    fn next_in_order(&self, pieces: &mut InOrder, ids: &[usize]) -> Result<Option<Table>, ColumnarError> {
        let InOrder { batches, given, waiting } = pieces;
        let mut gathered = self.gathered();
        while let Some(batch) = waiting.take().map_or_else(|| next(batches), |batch| Ok(Some(batch)))? {
            match self.cut(*given, gathered.rows(), &batch, ids)? {
                Some(row) => {
                    gathered.add(&batch.slice(0, row))?;
                    *waiting = Some(batch.slice(row, batch.num_rows() - row));
                    break;
                }
                None => gathered.add(&batch)?,
            }
        }
        if gathered.rows() == 0 {
            return Ok(None);
        }
        let line = *given as u64 + 1;
        *given += gathered.rows();
        gathered.finish(Lines::from(line)).map(Some)
    }

    /// The row of a batch with which the next piece begins, if this one has enough and what is left is not too little for
    /// another.
    fn cut(
        &self,
        given: usize,
        held: usize,
        batch: &RecordBatch,
        ids: &[usize],
    ) -> Result<Option<usize>, ColumnarError> {
        let rows = held + batch.num_rows();
        if rows < self.at_once || 2 * self.rows.saturating_sub(given + rows) < self.at_once {
            return Ok(None);
        }
        let columns = self.named(ids);
        Ok(begin_of_last(&ids_of(batch, &columns, given + held)?, batch.num_rows()))
    }

    fn batches(&self) -> Result<ParquetRecordBatchReader, ColumnarError> {
        open(self.bytes, &self.file, &self.wanted, ROWS_PER_BATCH.min(self.at_once))
    }

    fn gathered(&self) -> Gathered {
        Gathered::new(self.file.schema(), self.columns.limits)
    }

    fn named(&self, ids: &[usize]) -> Vec<Column> {
        let positions = self.wanted.positions();
        let name = |at: usize| self.file.schema().field(positions[at]).name().clone();
        ids.iter().map(|&at| Column { name: name(at), at }).collect()
    }
}

fn next(batches: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>, ColumnarError> {
    guarded(FORMAT, || batches.next().transpose())
}

/// What names the series of the rows of a batch.
fn ids_of<'a>(
    batch: &'a RecordBatch,
    columns: &'a [Column],
    rows_before: usize,
) -> Result<Vec<Ids<'a>>, ColumnarError> {
    columns.iter().map(|column| part(batch, column, rows_before as u64).ids()).collect()
}

/// The first row of the last series, unless all rows are of it.
fn begin_of_last(ids: &[Ids<'_>], rows: usize) -> Option<usize> {
    let name = |row: usize| {
        let mut name = String::new();
        write_name(ids, row, &mut name);
        name
    };
    let last = name(rows.checked_sub(1)?);
    (0..rows - 1).rev().find(|&row| name(row) != last).map(|row| row + 1)
}
