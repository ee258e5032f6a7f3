//! Rows of a table out of the bytes that hold them.

mod cell;

use std::ops::Range;
use std::str::FromStr;

use arrow_array::RecordBatch;
use bytes::Bytes;

pub use self::cell::FromCell;
use super::Layout;
use crate::columnar::described::Described;
use crate::columnar::error::ColumnarError;

const FORMAT: &str = "a table of results";

/// What a table says of itself. Its rows are read from the bytes that it names.
#[derive(Debug, Clone)]
pub struct Table(Described);

impl Table {
    /// The table of a layout that these last bytes of it describe.
    pub fn open(layout: &Layout, size_bytes: u64, description: Bytes) -> Result<Self, ColumnarError> {
        let file = Described::load(FORMAT, size_bytes, description)?;
        let is_known = |are_times| file.schema().fields() == layout.schema(are_times).fields();
        if file.says(layout.name) != Some(layout.version) || !(is_known(false) || is_known(true)) {
            return Err(damaged("it has another layout"));
        }
        Ok(Self(file))
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.0.rows()
    }

    /// The bytes that hold these columns of the groups in which these rows lie, which ascend.
    pub fn bytes_of(
        &self,
        columns: &[&str],
        rows: &[Range<usize>],
    ) -> Result<Vec<Range<u64>>, ColumnarError> {
        self.0.bytes_of(&|name| columns.contains(&name), rows)
    }

    /// These columns of these rows, which ascend, from the bytes that [`Self::bytes_of`] names, each with its place.
    pub fn read(
        &self,
        columns: &[&str],
        rows: &[Range<usize>],
        bytes: Vec<(u64, Bytes)>,
    ) -> Result<Rows, ColumnarError> {
        let mut batches = Vec::new();
        self.0.each_batch(&|name| columns.contains(&name), rows, bytes, |batch| {
            batches.push(batch);
            Ok(())
        })?;
        Ok(Rows(batches))
    }
}

/// Rows that were read.
#[derive(Debug, Clone)]
pub struct Rows(Vec<RecordBatch>);

impl Rows {
    /// The rows in their order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.0.iter().flat_map(|batch| (0..batch.num_rows()).map(move |at| Row { batch, at }))
    }
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    batch: &'a RecordBatch,
    at: usize,
}

impl<'a> Row<'a> {
    /// The cell under a column. A column that was not read, or holds something else, is an error.
    pub fn cell<T: FromCell<'a>>(&self, column: &str) -> Result<T, ColumnarError> {
        let cells = self.batch.column_by_name(column);
        let cell = cells.and_then(|cells| T::from_cell(cells.as_ref(), self.at));
        cell.ok_or_else(|| damaged("a cell is absent or of another kind"))
    }

    /// The value that a text stands for.
    pub fn parsed<T: FromStr>(&self, column: &str) -> Result<T, ColumnarError> {
        self.cell::<&str>(column)?.parse().map_err(|_| damaged("a text stands for nothing"))
    }
}

fn damaged(why: &'static str) -> ColumnarError {
    ColumnarError::unreadable(FORMAT, why)
}
