//! Parquet to a fleet or to cells.

mod declared;
mod fleets;
mod segments;
mod thrift;

use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::file::metadata::ParquetMetaData;
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;

pub(crate) use self::fleets::Fleets;
pub(crate) use self::segments::{Pieces, Segments};
use super::choose::Chosen;
use super::decode::{Read, Taking, Wanted, guarded, is_text};
use super::error::ColumnarError;
use super::{Columns, Limits};
use crate::fleet::FleetError;

const FORMAT: &str = "Parquet";
/// Rows decoded at once: enough to make the cost of a batch small, few enough to keep the batch in the cache.
const ROWS_PER_BATCH: usize = 32 * 1024;
/// The same for lists, which are some hundred values each.
const LISTS_PER_BATCH: usize = 256;

/// A row of cells counts as a value for each column, of which a table may have so many times as many as rows.
const CELLS_PER_ROW: usize = 16;

/// Reads a Parquet file of either layout, however it is compressed.
pub(crate) fn read_parquet(bytes: &Bytes, columns: &Columns) -> Result<Read, ColumnarError> {
    let (file, wanted) = checked(bytes, columns)?;
    let mut batches = open(bytes, &file, &wanted, rows_of_batch(&wanted))?;
    let mut taking = Taking::new(columns, wanted, file.schema())?;
    while let Some(batch) = guarded(FORMAT, || batches.next().transpose())? {
        taking.add(&batch)?;
    }
    taking.finish()
}

/// What a file says of itself, which is no more than may be read, and what of it is wanted.
fn checked(bytes: &Bytes, columns: &Columns) -> Result<(ArrowReaderMetadata, Wanted), ColumnarError> {
    declared::check_footer(bytes)?;
    let options = ArrowReaderOptions::new();
    let file = guarded(FORMAT, || ArrowReaderMetadata::load(bytes, options))?;
    let wanted = Wanted::of(columns, file.schema());
    check_size(file.metadata(), &wanted, columns.limits)?;
    let leaves = file.metadata().file_metadata().schema_descr();
    let positions = wanted.positions();
    let is_read = |leaf| positions.contains(&leaves.get_column_root_idx(leaf));
    declared::check_pages(bytes, file.metadata(), is_read)?;
    Ok((file, wanted))
}

fn rows_of_batch(wanted: &Wanted) -> usize {
    if matches!(wanted, Wanted::Lists(_)) { LISTS_PER_BATCH } else { ROWS_PER_BATCH }
}

/// Refuses a file that declares too much.
fn check_size(file: &ParquetMetaData, wanted: &Wanted, limits: Limits) -> Result<(), ColumnarError> {
    let rows = file.file_metadata().num_rows();
    let too_many_rows = || FleetError::TooManyRows { limit: limits.rows };
    // A negative count is a damaged one.
    let rows = usize::try_from(rows).map_err(|_| too_many_rows())?;
    let cells = match wanted {
        Wanted::Cells(positions) => rows.saturating_mul(positions.len().max(1)) / CELLS_PER_ROW,
        Wanted::Lists(chosen) => {
            if rows > limits.series {
                return Err(FleetError::TooManySeries { limit: limits.series }.into());
            }
            elements(file, chosen).ok_or_else(too_many_rows)?
        }
    };
    if cells.max(rows) > limits.rows { Err(too_many_rows().into()) } else { Ok(()) }
}

/// How many elements the lists of values have; `None` if the count is damaged.
fn elements(file: &ParquetMetaData, chosen: &Chosen) -> Option<usize> {
    let schema = file.file_metadata().schema_descr();
    let leaves =
        (0..schema.num_columns()).filter(|&leaf| schema.get_column_root_idx(leaf) == chosen.value.at);
    let of_leaf = |leaf: usize| {
        let groups = file.row_groups().iter().filter_map(|group| group.columns().get(leaf));
        groups.fold(0_i64, |sum: i64, column| sum.saturating_add(column.num_values()))
    };
    usize::try_from(leaves.map(of_leaf).max().unwrap_or(0)).ok()
}

/// The batches of what is wanted. Texts of cells come as dictionaries, so that equal ones are read once.
fn open(
    bytes: &Bytes,
    file: &ArrowReaderMetadata,
    wanted: &Wanted,
    rows_of_batch: usize,
) -> Result<ParquetRecordBatchReader, ColumnarError> {
    let positions = wanted.positions();
    let is_of_lists = matches!(wanted, Wanted::Lists(_));
    let field = |(at, field): (usize, &Arc<Field>)| {
        if is_of_lists || !positions.contains(&at) || !is_text(field.data_type()) {
            return Arc::clone(field);
        }
        let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        Arc::new(field.as_ref().clone().with_data_type(coded))
    };
    let fields: Vec<Arc<Field>> = file.schema().fields().iter().enumerate().map(field).collect();
    guarded(FORMAT, || {
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        let file = ArrowReaderMetadata::try_new(Arc::clone(file.metadata()), options)?;
        let mask = ProjectionMask::roots(file.metadata().file_metadata().schema_descr(), positions);
        ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), file)
            .with_projection(mask)
            .with_batch_size(rows_of_batch)
            .build()
    })
}
