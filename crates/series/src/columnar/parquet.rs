//! Parquet to a fleet.

mod declared;
mod thrift;

use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::file::metadata::ParquetMetaData;
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;

use super::choose::Chosen;
use super::decode::{Table, guarded, has_lists, header, is_text};
use super::error::ColumnarError;
use super::{Columns, Limits};
use crate::fleet::{Fleet, FleetError};

const FORMAT: &str = "Parquet";
/// Rows decoded at once: enough to make the cost of a batch small, few enough to keep the batch in the cache.
const ROWS_PER_BATCH: usize = 32 * 1024;
/// The same for lists, which are some hundred values each.
const LISTS_PER_BATCH: usize = 256;

/// Reads a Parquet file of either layout, uncompressed or compressed with Snappy or Zstandard.
pub fn read_parquet(bytes: &Bytes, columns: &Columns) -> Result<Fleet, ColumnarError> {
    declared::check_footer(bytes)?;
    let options = ArrowReaderOptions::new();
    let file = guarded(FORMAT, || ArrowReaderMetadata::load(bytes, options))?;
    let schema = Arc::clone(file.schema());
    let chosen = Chosen::of(columns, &header(&schema))?;
    let lists = has_lists(&schema, &chosen);
    check_size(file.metadata(), &chosen, lists, columns.limits)?;
    let leaves = file.metadata().file_metadata().schema_descr();
    let positions = chosen.positions();
    let is_read = |leaf| positions.contains(&leaves.get_column_root_idx(leaf));
    declared::check_pages(bytes, file.metadata(), is_read)?;
    let mut table = Table::new(columns, chosen.clone(), &schema)?;
    let mut batches = open(bytes, &file, &chosen, lists)?;
    while let Some(batch) = guarded(FORMAT, || batches.next().transpose())? {
        table.add(&batch)?;
    }
    table.finish()
}

/// Refuses a file that declares too much.
fn check_size(
    file: &ParquetMetaData,
    chosen: &Chosen,
    lists: bool,
    limits: Limits,
) -> Result<(), ColumnarError> {
    let schema = file.file_metadata().schema_descr();
    let leaves =
        (0..schema.num_columns()).filter(|&leaf| schema.get_column_root_idx(leaf) == chosen.value.at);
    let mut values: i64 = file.file_metadata().num_rows();
    for leaf in leaves {
        let groups = file.row_groups().iter().filter_map(|group| group.columns().get(leaf));
        values = values.max(groups.fold(0, |sum, column| sum.saturating_add(column.num_values())));
    }
    // A negative count is a damaged one.
    if usize::try_from(values).map_or(true, |values| values > limits.rows) {
        return Err(FleetError::TooManyRows { limit: limits.rows }.into());
    }
    let series = usize::try_from(file.file_metadata().num_rows()).unwrap_or(usize::MAX);
    if lists && series > limits.series {
        return Err(FleetError::TooManySeries { limit: limits.series }.into());
    }
    Ok(())
}

/// The batches of the chosen columns. Texts of a long table come as dictionaries, so that equal ones are read once.
fn open(
    bytes: &Bytes,
    file: &ArrowReaderMetadata,
    chosen: &Chosen,
    lists: bool,
) -> Result<ParquetRecordBatchReader, ColumnarError> {
    let positions = chosen.positions();
    let keys: Vec<usize> = chosen.ids.iter().chain(&chosen.date).map(|column| column.at).collect();
    let field = |(at, field): (usize, &Arc<Field>)| {
        if lists || !keys.contains(&at) || !is_text(field.data_type()) {
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
            .with_batch_size(if lists { LISTS_PER_BATCH } else { ROWS_PER_BATCH })
            .build()
    })
}
