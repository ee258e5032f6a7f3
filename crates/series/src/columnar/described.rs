//! A Parquet file that is read by groups of rows: what it says of itself, and from that the bytes that hold some of its rows.

mod pieces;

use std::ops::Range;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;

use self::pieces::Pieces;
use super::decode::guarded;
use super::error::ColumnarError;

/// The last bytes of a Parquet file: how long the description before them is, and the format's mark.
const TAIL: u64 = 8;
/// Rows that are decoded at once.
const ROWS_PER_BATCH: usize = 1024;

/// Where the last bytes of a file of this size lie, by which [`description`] finds what it says of itself.
pub const fn tail(size_bytes: u64) -> Range<u64> {
    size_bytes.saturating_sub(TAIL)..size_bytes
}

/// Where a file of this size describes itself, by its last bytes.
pub fn description(size_bytes: u64, tail: &[u8]) -> Result<Range<u64>, ColumnarError> {
    let damaged = |why| ColumnarError::unreadable("Parquet", why);
    let length = match tail {
        &[a, b, c, d, b'P', b'A', b'R', b'1'] => u64::from(u32::from_le_bytes([a, b, c, d])),
        _ => return Err(damaged("it does not end like a file of it")),
    };
    let start = size_bytes.checked_sub(TAIL + length);
    start.map(|start| start..size_bytes).ok_or_else(|| damaged("it is cut off"))
}

/// What a file says of itself. Its rows are read from the bytes that it names.
#[derive(Debug, Clone)]
pub(super) struct Described {
    file: ArrowReaderMetadata,
    size_bytes: u64,
    format: &'static str,
}

impl Described {
    /// By the last bytes of a file, which hold its description.
    pub(super) fn load(
        format: &'static str,
        size_bytes: u64,
        description: Bytes,
    ) -> Result<Self, ColumnarError> {
        let from = size_bytes.saturating_sub(description.len() as u64);
        let pieces = Pieces::new(size_bytes, vec![(from, description)]);
        let file = guarded(format, || ArrowReaderMetadata::load(&pieces, ArrowReaderOptions::new()))?;
        Ok(Self { file, size_bytes, format })
    }

    /// What it says under a key.
    pub(super) fn says(&self, key: &str) -> Option<&str> {
        let pairs = self.file.metadata().file_metadata().key_value_metadata().into_iter().flatten();
        pairs.filter(|pair| pair.key == key).find_map(|pair| pair.value.as_deref())
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        self.file.schema()
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.file.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// The rows of each group.
    pub(super) fn groups(&self) -> Vec<Range<usize>> {
        let mut from = 0;
        let groups = self.file.metadata().row_groups().iter().map(|group| {
            let held = from..from + usize::try_from(group.num_rows()).unwrap_or(0);
            from = held.end;
            held
        });
        groups.collect()
    }

    /// The bytes that hold these columns of the groups in which these rows lie, which ascend.
    pub(super) fn bytes_of(
        &self,
        is_asked: &impl Fn(&str) -> bool,
        rows: &[Range<usize>],
    ) -> Result<Vec<Range<u64>>, ColumnarError> {
        let mask = self.mask(is_asked);
        let mut found: Vec<Range<u64>> = Vec::new();
        for (group, _) in self.groups_of(rows)? {
            for (leaf, column) in self.file.metadata().row_group(group).columns().iter().enumerate() {
                if mask.leaf_included(leaf) {
                    // It panics where an offset is negative.
                    let (from, len) = guarded(self.format, || Ok::<_, ColumnarError>(column.byte_range()))?;
                    let end = from.checked_add(len).filter(|end| *end <= self.size_bytes);
                    let end = end.ok_or_else(|| self.damaged("it is cut off"))?;
                    match found.last_mut() {
                        Some(last) if last.end == from => last.end = end,
                        _ => found.push(from..end),
                    }
                }
            }
        }
        Ok(found)
    }

    /// Hands over batches of these columns of these rows, which ascend, from the bytes that [`Self::bytes_of`] names, each with
    /// its place.
    pub(super) fn each_batch(
        &self,
        is_asked: &impl Fn(&str) -> bool,
        rows: &[Range<usize>],
        bytes: Vec<(u64, Bytes)>,
        mut take: impl FnMut(RecordBatch) -> Result<(), ColumnarError>,
    ) -> Result<(), ColumnarError> {
        let groups = self.groups_of(rows)?;
        let selection = selection(&groups, rows);
        let pieces = Pieces::new(self.size_bytes, bytes);
        let mut batches = guarded(self.format, || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(pieces, self.file.clone());
            let builder = builder.with_row_groups(groups.into_iter().map(|(group, _)| group).collect());
            let builder = builder.with_projection(self.mask(is_asked)).with_row_selection(selection);
            builder.with_batch_size(ROWS_PER_BATCH).build()
        })?;
        let mut found = 0;
        while let Some(batch) = guarded(self.format, || batches.next().transpose())? {
            found += batch.num_rows();
            take(batch)?;
        }
        if found != rows.iter().map(ExactSizeIterator::len).sum::<usize>() {
            return Err(self.damaged("it has fewer rows than it should"));
        }
        Ok(())
    }

    pub(super) fn damaged(&self, why: &'static str) -> ColumnarError {
        ColumnarError::unreadable(self.format, why)
    }

    fn mask(&self, is_asked: &impl Fn(&str) -> bool) -> ProjectionMask {
        let schema = self.file.metadata().file_metadata().schema_descr();
        let fields = schema.root_schema().get_fields().iter().enumerate();
        ProjectionMask::roots(schema, fields.filter(|(_, field)| is_asked(field.name())).map(|(at, _)| at))
    }

    /// The groups in which rows lie, and the rows of each.
    fn groups_of(&self, rows: &[Range<usize>]) -> Result<Vec<(usize, Range<usize>)>, ColumnarError> {
        if rows.last().is_some_and(|last| last.end > self.rows()) {
            return Err(self.damaged("it has fewer rows than it should"));
        }
        let has_some = |(_, held): &(usize, Range<usize>)| {
            // The rows ascend: the first that ends behind the group's first row is the only one that can lie in it.
            let next = rows.partition_point(|asked| asked.end <= held.start);
            rows.get(next).is_some_and(|asked| asked.start < held.end)
        };
        Ok(self.groups().into_iter().enumerate().filter(has_some).collect())
    }
}

/// Runs of rows that are read, and of rows that are not, over the rows of these groups.
fn selection(groups: &[(usize, Range<usize>)], rows: &[Range<usize>]) -> RowSelection {
    let mut selectors = Vec::new();
    for (_, held) in groups {
        let mut next = held.start;
        let first = rows.partition_point(|asked| asked.end <= held.start);
        for asked in rows[first..].iter().take_while(|asked| asked.start < held.end) {
            let (from, end) = (asked.start.max(held.start), asked.end.min(held.end));
            selectors.push(RowSelector::skip(from - next));
            selectors.push(RowSelector::select(end - from));
            next = end;
        }
        selectors.push(RowSelector::skip(held.end - next));
    }
    RowSelection::from(selectors)
}
