//! Arrow IPC, the file (Feather version 2) and the stream, to a fleet or to cells.
//!
//! Messages are found and measured here and only then given to the decoder, because the readers that come with it
//! reserve memory for whatever length a damaged message declares, and a program that has none left ends.

mod frames;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, MessageHeader};
use arrow_schema::ArrowError;
use bytes::Bytes;

use self::frames::Frames;
use super::Columns;
use super::decode::{Read, Taking, Wanted, guarded};
use super::error::ColumnarError;
use crate::fleet::FleetError;

const FORMAT: &str = "Arrow IPC";

/// Reads an Arrow IPC file or stream of either layout, uncompressed or compressed with LZ4 or Zstandard.
pub(crate) fn read_arrow(bytes: &Bytes, columns: &Columns) -> Result<Read, ColumnarError> {
    let frames = guarded(FORMAT, || Frames::of(bytes))?;
    let wanted = Wanted::of(columns, &frames.schema);
    let mut decoder =
        FileDecoder::new(frames.schema.clone(), frames.version).with_projection(wanted.positions());
    let mut taking = Taking::new(columns, wanted, &frames.schema)?;
    let whole = Buffer::from(bytes.clone());
    for block in &frames.blocks {
        let largest = guarded(FORMAT, || frames::largest_buffer(bytes, block))?;
        if largest > columns.limits.bytes_of_a_column() {
            return Err(FleetError::TooManyRows { limit: columns.limits.rows }.into());
        }
        if let Some(batch) = guarded(FORMAT, || decode(&mut decoder, block, &whole))? {
            taking.add(&batch)?;
        }
    }
    taking.finish()
}

/// The batch in a block; none if it holds a dictionary, which the decoder keeps.
fn decode(
    decoder: &mut FileDecoder,
    block: &Block,
    whole: &Buffer,
) -> Result<Option<RecordBatch>, ArrowError> {
    let (from, length) = frames::place(block)?;
    let frame = whole.slice_with_length(from, length);
    if frames::message(&frame, block)?.header_type() == MessageHeader::DictionaryBatch {
        decoder.read_dictionary(block, &frame)?;
        return Ok(None);
    }
    decoder.read_record_batch(block, &frame)
}
