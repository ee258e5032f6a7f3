//! Where the messages of an Arrow IPC file or stream are, by the Arrow columnar format, "IPC streaming format" and "IPC
//! file format".

use std::sync::Arc;

use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::read_footer_length;
use arrow_ipc::{Block, Message, MetadataVersion, root_as_footer, root_as_message};
use arrow_schema::{ArrowError, Schema, SchemaRef};

const FILE_MARK: &[u8] = b"ARROW1";
/// The length of the footer and the mark again.
const FILE_END: usize = 10;
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// The schema of a file or stream and where its dictionaries and batches are, all of them within the bytes.
pub(super) struct Frames {
    pub(super) schema: SchemaRef,
    pub(super) version: MetadataVersion,
    pub(super) blocks: Vec<Block>,
}

impl Frames {
    pub(super) fn of(bytes: &[u8]) -> Result<Self, ArrowError> {
        let frames = if bytes.starts_with(FILE_MARK) { of_file(bytes) } else { of_stream(bytes) }?;
        for block in &frames.blocks {
            let (from, length) = place(block)?;
            if from.checked_add(length).is_none_or(|end| end > bytes.len()) {
                return Err(broken("a message reaches past the end"));
            }
        }
        Ok(frames)
    }
}

/// By the footer.
fn of_file(bytes: &[u8]) -> Result<Frames, ArrowError> {
    let end: &[u8; FILE_END] = bytes.last_chunk().ok_or_else(|| broken("there is no footer"))?;
    let footer_length = read_footer_length(*end)?;
    let from = bytes.len().checked_sub(FILE_END + footer_length);
    let from = from.ok_or_else(|| broken("the footer is longer than the file"))?;
    let footer = root_as_footer(&bytes[from..bytes.len() - FILE_END]);
    let footer = footer.map_err(|error| broken(&format!("the footer: {error}")))?;
    let schema = footer.schema().ok_or_else(|| broken("there is no schema"))?;
    let schema = Arc::new(schema_of(schema)?);
    let dictionaries = footer.dictionaries().into_iter().flatten();
    let blocks = dictionaries.chain(footer.recordBatches().into_iter().flatten()).copied().collect();
    Ok(Frames { schema, version: footer.version(), blocks })
}

fn schema_of(schema: arrow_ipc::Schema<'_>) -> Result<Schema, ArrowError> {
    if !schema.endianness().equals_to_target_endianness() {
        return Err(broken("the numbers are of the other byte order"));
    }
    try_fb_to_schema(schema)
}

/// Message after message.
fn of_stream(bytes: &[u8]) -> Result<Frames, ArrowError> {
    let mut found: Option<Frames> = None;
    let mut from = 0;
    while let Some(block) = next_block(bytes, from)? {
        let (_, length) = place(&block)?;
        let frame = bytes.get(from..from.saturating_add(length));
        let frame = frame.ok_or_else(|| broken("the stream is cut off"))?;
        if let Some(frames) = &mut found {
            frames.blocks.push(block);
        } else {
            let message = message(frame, &block)?;
            let schema = message.header_as_schema().ok_or_else(|| broken("there is no schema"))?;
            let schema = Arc::new(schema_of(schema)?);
            found = Some(Frames { schema, version: message.version(), blocks: Vec::new() });
        }
        from += length;
    }
    found.ok_or_else(|| broken("there is no schema"))
}

/// The message at a position; none at the end of the stream, marked or not.
fn next_block(bytes: &[u8], from: usize) -> Result<Option<Block>, ArrowError> {
    let rest = &bytes[from..];
    let number = |at: usize| rest.get(at..at + 4).and_then(|four| four.first_chunk::<4>()).copied();
    let (prefix, length) = match number(0) {
        None if rest.is_empty() => return Ok(None),
        None => return Err(broken("the stream is cut off")),
        Some(CONTINUATION) => (8, number(4).ok_or_else(|| broken("the stream is cut off"))?),
        Some(length) => (4, length),
    };
    let length = i32::from_le_bytes(length);
    if length == 0 {
        return Ok(None);
    }
    let metadata_length = length.checked_add(prefix).filter(|_| length > 0);
    let metadata_length = metadata_length.ok_or_else(|| broken("a message has no length"))?;
    let offset = i64::try_from(from).map_err(|_| broken("the stream is too long"))?;
    let header_only = Block::new(offset, metadata_length, 0);
    let body_length = message(rest, &header_only)?.bodyLength();
    Ok(Some(Block::new(offset, metadata_length, body_length)))
}

/// Where a block begins and how long it is.
pub(super) fn place(block: &Block) -> Result<(usize, usize), ArrowError> {
    let length = block.bodyLength().checked_add(i64::from(block.metaDataLength()));
    let from = usize::try_from(block.offset());
    let length = length.and_then(|length| usize::try_from(length).ok());
    match (from, length) {
        (Ok(from), Some(length)) if block.bodyLength() >= 0 && block.metaDataLength() >= 8 => {
            Ok((from, length))
        }
        _ => Err(broken("a message has no place")),
    }
}

/// The message at the beginning of a frame.
pub(super) fn message<'a>(frame: &'a [u8], block: &Block) -> Result<Message<'a>, ArrowError> {
    let length = usize::try_from(block.metaDataLength()).map_err(|_| broken("a message has no length"))?;
    let metadata = frame.get(..length).ok_or_else(|| broken("a message is cut off"))?;
    let prefix = if metadata.starts_with(&CONTINUATION) { 8 } else { 4 };
    let metadata = metadata.get(prefix..).ok_or_else(|| broken("a message is cut off"))?;
    root_as_message(metadata).map_err(|error| broken(&format!("a message: {error}")))
}

/// The most bytes a compressed buffer of a block says it has when it is not compressed.
pub(super) fn largest_buffer(bytes: &[u8], block: &Block) -> Result<u64, ArrowError> {
    let (from, length) = place(block)?;
    let frame = &bytes[from..from + length];
    let message = message(frame, block)?;
    let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
    let Some(batch) = message.header_as_record_batch().or(dictionary) else { return Ok(0) };
    if batch.compression().is_none() {
        return Ok(0);
    }
    let body = &frame[usize::try_from(block.metaDataLength()).unwrap_or(frame.len())..];
    let mut largest = 0;
    for buffer in batch.buffers().into_iter().flatten() {
        let from = usize::try_from(buffer.offset()).map_err(|_| broken("a buffer has no place"))?;
        if let Some(size) = body.get(from..).and_then(|rest| rest.first_chunk::<8>()) {
            // Minus one stands for a buffer that is not compressed; the decoder refuses other negative sizes.
            largest = largest.max(u64::try_from(i64::from_le_bytes(*size)).unwrap_or(0));
        }
    }
    Ok(largest)
}

fn broken(what: &str) -> ArrowError {
    ArrowError::IpcError(what.to_owned())
}
