//! What is streamed: bodies become pieces of frames, and frames become bodies again.
//!
//! JSON values are kept as they were written, but for line ends and tabs between their tokens, which a frame cannot
//! hold. Bytes are kept as text where they are text, so that a ledger can be read, and as base64 elsewhere.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::MAX_FRAME_BYTES;
use serde_json::value::RawValue;

use crate::Error;

/// The largest body of one append: as pieces it fits into one append of the ledger, whatever bytes it has.
pub const MAX_BODY_BYTES: usize = 2 << 20;

/// What a frame has beside its piece: the time, and the names of producer and order at their longest and with every
/// character escaped.
pub(crate) const ENVELOPE_BYTES: usize = 8 << 10;

/// The largest piece.
const MAX_PIECE_BYTES: usize = MAX_FRAME_BYTES - ENVELOPE_BYTES;

/// Bytes of a piece: as base64 it is a third larger.
const CUT_BYTES: usize = 512 << 10;

/// What a stream consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON values; an array that is appended is so many values.
    Json,
    /// Bytes without borders.
    Bytes,
}

impl Kind {
    /// The pieces of a body: members of a frame's object, such as `"json":[1,2]`.
    pub(crate) fn pieces(self, body: &[u8]) -> Result<Vec<String>, Error> {
        match self {
            Self::Json => pieces_of_values(values(body)?.into_iter().map(RawValue::get)),
            Self::Bytes => Ok(pieces_of_bytes(body)),
        }
    }
}

/// The JSON values of a body, an array's one by one.
fn values(body: &[u8]) -> Result<Vec<&RawValue>, Error> {
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
    if !whole.get().starts_with('[') {
        return Ok(vec![whole]);
    }
    serde_json::from_str(whole.get()).map_err(|error| not_json(&error))
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::wrong("body", format!("must be JSON: {error}"))
}

/// A value without what a frame cannot hold: between tokens control characters are white space, and within strings JSON
/// has none.
pub(crate) fn one_line(value: &str) -> Cow<'_, str> {
    if value.bytes().all(|byte| byte >= b' ') {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.replace(|c: char| c < ' ', ""))
}

/// The pieces of these values.
pub(crate) fn pieces_of_values<'a>(values: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Error> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for value in values {
        let value = one_line(value);
        if value.len() > MAX_PIECE_BYTES {
            return Err(Error::TooLarge { size_bytes: value.len(), limit_bytes: MAX_PIECE_BYTES });
        }
        if !piece.is_empty() && piece.len() + value.len() + 1 > MAX_PIECE_BYTES {
            pieces.push(format!("\"json\":[{}]", std::mem::take(&mut piece)));
        }
        if !piece.is_empty() {
            piece.push(',');
        }
        piece.push_str(&value);
    }
    if !piece.is_empty() {
        pieces.push(format!("\"json\":[{piece}]"));
    }
    Ok(pieces)
}

fn pieces_of_bytes(body: &[u8]) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut rest, is_text) = (body, str::from_utf8(body).is_ok());
    while !rest.is_empty() {
        let mut cut = rest.len().min(CUT_BYTES);
        while is_text && cut < rest.len() && rest[cut] & 0xC0 == 0x80 {
            cut -= 1;
        }
        let (head, tail) = rest.split_at(cut);
        pieces.push(piece_of_bytes(head));
        rest = tail;
    }
    pieces
}

/// As text where that is not longer than as base64.
fn piece_of_bytes(bytes: &[u8]) -> String {
    let text = str::from_utf8(bytes).ok().and_then(|text| serde_json::to_string(text).ok());
    match text.filter(|text| text.len() <= bytes.len().div_ceil(3) * 4 + 8) {
        Some(text) => format!("\"text\":{text}"),
        None => format!("\"base64\":\"{}\"", STANDARD.encode(bytes)),
    }
}

/// The beginning of what a frame holds, as a piece: so many values, or so many bytes. Nothing if it has not so many.
pub(crate) fn beginning(kind: Kind, content: &[u8], n: usize) -> Option<String> {
    match kind {
        Kind::Bytes => content.get(..n).map(piece_of_bytes),
        Kind::Json => {
            let array = [b"[", content, b"]"].concat();
            let values: Vec<&RawValue> = serde_json::from_slice(&array).ok()?;
            pieces_of_values(values.get(..n)?.iter().map(|value| value.get())).ok()?.pop()
        }
    }
}

/// The values of a piece, as they stand there.
pub(crate) fn values_of(piece: &str) -> Option<Vec<String>> {
    let array = piece.strip_prefix("\"json\":")?;
    let values: Vec<&RawValue> = serde_json::from_str(array).ok()?;
    Some(values.into_iter().map(|value| value.get().to_owned()).collect())
}

/// Adds a piece of JSON, which is an array, to values that are separated by commas.
pub(crate) fn push_values(into: &mut Vec<u8>, array: &RawValue) {
    let array = array.get().as_bytes();
    if !into.is_empty() {
        into.push(b',');
    }
    into.extend_from_slice(&array[1..array.len() - 1]);
}

/// Adds a piece of base64. Nothing if it is none.
pub(crate) fn push_base64(into: &mut Vec<u8>, text: &str) -> Option<()> {
    STANDARD.decode_vec(text, into).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(kind: Kind, body: &[u8]) -> Vec<String> {
        kind.pieces(body).unwrap()
    }

    #[test]
    fn an_array_is_so_many_values_and_values_stay_as_they_were_written() {
        for (body, piece) in [
            (r#"{"a": 1.10}"#, r#""json":[{"a": 1.10}]"#),
            ("[1,\n\t[2, 3],\"x\\n\"]", "\"json\":[1,[2, 3],\"x\\n\"]"),
            (" null ", r#""json":[null]"#),
            ("[[]]", r#""json":[[]]"#),
        ] {
            assert_eq!(pieces(Kind::Json, body.as_bytes()), [piece], "{body}");
        }
        assert_eq!(pieces(Kind::Json, b"[]"), [""; 0]);
        for bad in [&b""[..], b"{", b"[1,]", b"1 2", b"\xff", b"'a'"] {
            assert!(Kind::Json.pieces(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn text_stays_readable_and_other_bytes_are_base64() {
        assert_eq!(pieces(Kind::Bytes, "grün\n".as_bytes()), ["\"text\":\"grün\\n\""]);
        assert_eq!(pieces(Kind::Bytes, &[0xff, 0]), ["\"base64\":\"/wA=\""]);
        assert_eq!(pieces(Kind::Bytes, &[0; 30]), [format!("\"base64\":\"{}\"", STANDARD.encode([0; 30]))]);
    }

    #[test]
    fn a_large_body_is_cut_and_no_character_is() {
        let body = "ü".repeat(MAX_BODY_BYTES / 2 - 1) + "x";
        let pieces = pieces(Kind::Bytes, body.as_bytes());
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.starts_with("\"text\"")));
        let size: usize =
            Kind::Bytes.pieces(&vec![0xff; MAX_BODY_BYTES]).unwrap().iter().map(String::len).sum();
        assert!(size + 8 * ENVELOPE_BYTES <= ledger::MAX_APPEND_BYTES);
        let value = format!("\"{}\"", "x".repeat(MAX_PIECE_BYTES));
        assert!(matches!(Kind::Json.pieces(value.as_bytes()), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn a_beginning_has_as_many_as_asked_for_or_is_none() {
        assert_eq!(beginning(Kind::Json, b"1,{\"a\":2},3", 2).unwrap(), "\"json\":[1,{\"a\":2}]");
        assert_eq!(beginning(Kind::Bytes, b"hello", 5).unwrap(), "\"text\":\"hello\"");
        assert!(beginning(Kind::Json, b"1", 2).is_none() && beginning(Kind::Bytes, b"hello", 6).is_none());
    }
}
