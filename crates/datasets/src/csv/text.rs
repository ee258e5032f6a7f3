//! Bytes to text.

use super::error::{self, CsvError};

const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF16_MARKS: [&[u8]; 2] = [&[0xFF, 0xFE], &[0xFE, 0xFF]];

/// The text without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, CsvError> {
    if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(CsvError::Encoding { line: 1, looks_like: error::Encoding::Utf16 });
    }
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    // UTF-16 without a mark is valid UTF-8 full of NULs, which no text has.
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(CsvError::Encoding { line: line_at(bytes, at), looks_like: error::Encoding::Utf16 });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| CsvError::Encoding {
        line: line_at(bytes, error.valid_up_to()),
        looks_like: error::Encoding::SingleByte,
    })?;
    if text.trim().is_empty() { Err(CsvError::Empty) } else { Ok(text) }
}

fn line_at(bytes: &[u8], at: usize) -> u64 {
    bytes[..at].split(|&byte| byte == b'\n').count() as u64
}
