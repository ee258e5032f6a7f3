//! Arrow IPC, the file (Feather version 2) and the stream, to a fleet.

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, Schema};

use super::Columns;
use super::choose::Chosen;
use super::decode::{Table, guarded, header};
use super::error::ColumnarError;
use crate::fleet::Fleet;

const FORMAT: &str = "Arrow IPC";
const FILE_MARK: &[u8] = b"ARROW1";

/// Reads an Arrow IPC file or stream of either layout, uncompressed or compressed with LZ4 or Zstandard.
pub fn read_arrow(bytes: &[u8], columns: &Columns) -> Result<Fleet, ColumnarError> {
    if bytes.starts_with(FILE_MARK) {
        let open = |only| guarded(FORMAT, || FileReader::try_new(Cursor::new(bytes), only));
        let schema = open(None)?.schema();
        read(columns, &schema, |only| open(Some(only)))
    } else {
        let open = |only| guarded(FORMAT, || StreamReader::try_new(bytes, only));
        let schema = open(None)?.schema();
        read(columns, &schema, |only| open(Some(only)))
    }
}

fn read<R: Iterator<Item = Result<RecordBatch, ArrowError>>>(
    columns: &Columns,
    schema: &Schema,
    open: impl FnOnce(Vec<usize>) -> Result<R, ColumnarError>,
) -> Result<Fleet, ColumnarError> {
    let chosen = Chosen::of(columns, &header(schema))?;
    let mut batches = open(chosen.positions())?;
    let mut table = Table::new(columns, chosen, schema)?;
    while let Some(batch) = guarded(FORMAT, || batches.next().transpose())? {
        table.add(&batch)?;
    }
    table.finish()
}
