//! Rows of a table out of the bytes that hold them.

mod cell;
mod pieces;

use std::ops::Range;
use std::str::FromStr;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use arrow_array::RecordBatch;
use bytes::Bytes;

pub use self::cell::FromCell;
use self::pieces::Pieces;
use super::Layout;
use crate::columnar::decode::guarded;
use crate::columnar::error::ColumnarError;

const FORMAT: &str = "a table of results";
/// The last bytes of a Parquet file: how long the description before them is, and the format's mark.
const TAIL: u64 = 8;
/// Rows that are decoded at once.
const ROWS_PER_BATCH: usize = 1024;

/// What a table says of itself. Its rows are read from the bytes that it names.
#[derive(Debug, Clone)]
pub struct Table {
    file: ArrowReaderMetadata,
    size_bytes: u64,
}

impl Table {
    /// Where the last bytes of a table lie, by which [`Self::description`] finds its description.
    pub const fn tail(size_bytes: u64) -> Range<u64> {
        size_bytes.saturating_sub(TAIL)..size_bytes
    }

    /// Where a table of this size describes itself, by its last bytes.
    pub fn description(size_bytes: u64, tail: &[u8]) -> Result<Range<u64>, ColumnarError> {
        let length = match tail {
            &[a, b, c, d, b'P', b'A', b'R', b'1'] => u64::from(u32::from_le_bytes([a, b, c, d])),
            _ => return Err(damaged("it does not end like one")),
        };
        let start = size_bytes.checked_sub(TAIL + length);
        start.map(|start| start..size_bytes).ok_or_else(|| damaged("it is cut off"))
    }

    /// The table of a layout that these bytes describe.
    pub fn open(layout: &Layout, size_bytes: u64, description: Bytes) -> Result<Self, ColumnarError> {
        let from = size_bytes.saturating_sub(description.len() as u64);
        let pieces = Pieces::new(size_bytes, vec![(from, description)]);
        let file = guarded(FORMAT, || ArrowReaderMetadata::load(&pieces, ArrowReaderOptions::new()))?;
        let pairs = file.metadata().file_metadata().key_value_metadata().into_iter().flatten();
        let version = pairs.filter(|pair| pair.key == layout.name).find_map(|pair| pair.value.as_deref());
        let is_known = |are_times| file.schema().fields() == layout.schema(are_times).fields();
        if version != Some(layout.version) || !(is_known(false) || is_known(true)) {
            return Err(damaged("it has another layout"));
        }
        Ok(Self { file, size_bytes })
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        usize::try_from(self.file.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// The bytes that hold these columns of the groups in which these rows lie, which ascend.
    pub fn bytes_of(
        &self,
        columns: &[&str],
        rows: &[Range<usize>],
    ) -> Result<Vec<Range<u64>>, ColumnarError> {
        let mask = self.mask(columns);
        let mut found: Vec<Range<u64>> = Vec::new();
        for (group, _) in self.groups(rows)? {
            for (leaf, column) in self.file.metadata().row_group(group).columns().iter().enumerate() {
                if mask.leaf_included(leaf) {
                    // It panics where an offset is negative.
                    let (from, len) = guarded(FORMAT, || Ok::<_, ColumnarError>(column.byte_range()))?;
                    let end = from.checked_add(len).filter(|end| *end <= self.size_bytes);
                    let end = end.ok_or_else(|| damaged("it is cut off"))?;
                    match found.last_mut() {
                        Some(last) if last.end == from => last.end = end,
                        _ => found.push(from..end),
                    }
                }
            }
        }
        Ok(found)
    }

    /// These columns of these rows, which ascend, from the bytes that [`Self::bytes_of`] names, each with its place.
    pub fn read(
        &self,
        columns: &[&str],
        rows: &[Range<usize>],
        bytes: Vec<(u64, Bytes)>,
    ) -> Result<Rows, ColumnarError> {
        let groups = self.groups(rows)?;
        let selection = selection(&groups, rows);
        let pieces = Pieces::new(self.size_bytes, bytes);
        let batches = guarded(FORMAT, || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(pieces, self.file.clone());
            let builder = builder.with_row_groups(groups.into_iter().map(|(group, _)| group).collect());
            let builder = builder.with_projection(self.mask(columns)).with_row_selection(selection);
            builder.with_batch_size(ROWS_PER_BATCH).build()?.collect::<Result<Vec<_>, _>>()
        })?;
        let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if found != rows.iter().map(ExactSizeIterator::len).sum::<usize>() {
            return Err(damaged("it has fewer rows than it should"));
        }
        Ok(Rows(batches))
    }

    fn mask(&self, columns: &[&str]) -> ProjectionMask {
        let schema = self.file.metadata().file_metadata().schema_descr();
        ProjectionMask::roots(
            schema,
            (0..schema.root_schema().get_fields().len())
                .filter(|&at| columns.contains(&schema.root_schema().get_fields()[at].name())),
        )
    }

    /// The groups in which rows lie, and the rows of each.
    fn groups(&self, rows: &[Range<usize>]) -> Result<Vec<(usize, Range<usize>)>, ColumnarError> {
        if rows.last().is_some_and(|last| last.end > self.rows()) {
            return Err(damaged("it has fewer rows than it should"));
        }
        let mut from = 0;
        let groups = self.file.metadata().row_groups().iter().enumerate().map(|(group, described)| {
            let end = from + usize::try_from(described.num_rows()).unwrap_or(0);
            let held = from..end;
            from = end;
            (group, held)
        });
        let has_some = |(_, held): &(usize, Range<usize>)| {
            rows.iter().any(|asked| asked.start < held.end && held.start < asked.end)
        };
        Ok(groups.filter(has_some).collect())
    }
}

/// Runs of rows that are read, and of rows that are not, over the rows of these groups.
fn selection(groups: &[(usize, Range<usize>)], rows: &[Range<usize>]) -> RowSelection {
    let mut selectors = Vec::new();
    for (_, held) in groups {
        let mut next = held.start;
        for asked in rows {
            let (from, end) = (asked.start.max(held.start), asked.end.min(held.end));
            if from < end {
                selectors.push(RowSelector::skip(from - next));
                selectors.push(RowSelector::select(end - from));
                next = end;
            }
        }
        selectors.push(RowSelector::skip(held.end - next));
    }
    RowSelection::from(selectors)
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
