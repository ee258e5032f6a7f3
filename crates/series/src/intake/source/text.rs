//! Bytes to text.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::SourceError;
use super::guess::{self, Guess};

/// How the bytes of a text stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As almost everything is today.
    Utf8,
    /// Two bytes a character, the low one first, as Excel's "Unicode text".
    Utf16Le,
    /// Two bytes a character, the high one first.
    Utf16Be,
    /// One byte a character, of the west of Europe. Assumed of what reads as words of it.
    Windows1252,
    /// Another one, which somebody stated.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// As people call it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
            Self::Other(other) => other.name(),
        }
    }

    /// The encoding that is called so on the web, in any case: `windows-1251`, `shift_jis`, `latin1`.
    pub(crate) fn labelled(label: &str) -> Option<Self> {
        let found = encoding_rs::Encoding::for_label_no_replacement(label.trim().as_bytes())?;
        Some(match found {
            found if found == UTF_8 => Self::Utf8,
            found if found == UTF_16LE => Self::Utf16Le,
            found if found == UTF_16BE => Self::Utf16Be,
            found if found == WINDOWS_1252 => Self::Windows1252,
            other => Self::Other(other),
        })
    }

    fn decoder(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
            Self::Other(other) => other,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much is looked at to tell UTF-16 by its NULs.
const BEGINNING: usize = 4096;
/// In a table of UTF-16, separators, digits and line ends have a NUL beside them: at least every so many characters.
const CHARS_PER_NUL: usize = 8;

/// The text without its byte order mark, and how it was decoded: as stated, or as its bytes say.
pub(super) fn decode(
    bytes: &[u8],
    stated: Option<Encoding>,
) -> Result<(Cow<'_, str>, Encoding), SourceError> {
    let (text, encoding) = match stated {
        Some(stated) => (as_stated(bytes, stated)?, stated),
        None => found(bytes)?,
    };
    // A text that DOS ended has this mark of its end.
    let end = text.trim_end_matches('\u{1A}').len();
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    };
    match text.find('\0') {
        Some(at) => Err(SourceError::Nul { line: line_at(text.as_bytes(), at) }),
        None => Ok((text, encoding)),
    }
}

/// The text as its bytes say.
fn found(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), SourceError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8_or_1252(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Encoding::Utf16Le),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Encoding::Utf16Be),
        _ => match utf16_by_nuls(bytes) {
            Some(encoding) => utf16(bytes, encoding),
            None => utf8_or_1252(bytes),
        },
    }
}

/// A text whose encoding somebody knows, without the mark that it may begin with.
fn as_stated(bytes: &[u8], stated: Encoding) -> Result<Cow<'_, str>, SourceError> {
    let (text, is_broken) = stated.decoder().decode_with_bom_removal(bytes);
    if is_broken {
        let at = text.find('\u{FFFD}').unwrap_or(text.len());
        let line = line_at(text.as_bytes(), at);
        return Err(SourceError::StatedEncoding { line, encoding: stated.as_str() });
    }
    Ok(text)
}

/// UTF-8, or words of the west of Europe in Windows-1252; what could be something else is asked.
fn utf8_or_1252(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), SourceError> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), Encoding::Utf8));
    }
    match guess::of(bytes) {
        Guess::Western => Ok((WINDOWS_1252.decode_without_bom_handling(bytes).0, Encoding::Windows1252)),
        Guess::OneOf { at, readings } => {
            Err(SourceError::UnknownEncoding { line: line_at(bytes, at), readings })
        }
    }
}

fn utf16(bytes: &[u8], encoding: Encoding) -> Result<(Cow<'_, str>, Encoding), SourceError> {
    let decoder = if encoding == Encoding::Utf16Le { UTF_16LE } else { UTF_16BE };
    let (text, is_broken) = decoder.decode_without_bom_handling(bytes);
    if is_broken {
        let at = text.find('\u{FFFD}').unwrap_or(text.len());
        return Err(SourceError::Encoding {
            line: line_at(text.as_bytes(), at),
            encoding: encoding.as_str(),
        });
    }
    Ok((text, encoding))
}

/// Which half of the characters is NUL, if one often is and the other never.
fn utf16_by_nuls(bytes: &[u8]) -> Option<Encoding> {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    let nuls = |odd: usize| beginning.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let enough = (beginning.len() / 2).div_ceil(CHARS_PER_NUL).max(1);
    match (nuls(0), nuls(1)) {
        (0, high) if high >= enough => Some(Encoding::Utf16Le),
        (high, 0) if high >= enough => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// The line of a byte, counted from 1; ends of lines are LF, CR LF or CR.
fn line_at(bytes: &[u8], at: usize) -> u64 {
    let ends = bytes[..at].iter().enumerate().filter(|&(place, &byte)| {
        byte == b'\n' || byte == b'\r' && bytes.get(place + 1).is_some_and(|next| *next != b'\n')
    });
    1 + ends.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn the_usual_encodings_are_told_apart() {
        let check = |bytes: &[u8], expected: &str, encoding| {
            let (text, found) = decode(bytes, None).unwrap();
            assert_eq!((text.as_ref(), found), (expected, encoding), "{bytes:?}");
        };
        let text = "datum;größe\n1;2\n";
        check(text.as_bytes(), text, Encoding::Utf8);
        check(&[b"\xEF\xBB\xBF", text.as_bytes()].concat(), text, Encoding::Utf8);
        check(b"datum;gr\xF6\xDFe\n1;2\n\x1A", text, Encoding::Windows1252);
        check(b"price\n\x80 5\n", "price\n€ 5\n", Encoding::Windows1252);
        check(&utf16(text, u16::to_le_bytes), text, Encoding::Utf16Le);
        check(&utf16(text, u16::to_be_bytes), text, Encoding::Utf16Be);
        let marked = format!("\u{FEFF}{text}");
        check(&utf16(&marked, u16::to_le_bytes), text, Encoding::Utf16Le);
        check(&utf16(&marked, u16::to_be_bytes), text, Encoding::Utf16Be);
        check(&utf16("дата;число\n1;2\n", u16::to_le_bytes), "дата;число\n1;2\n", Encoding::Utf16Le);
        check(b"", "", Encoding::Utf8);
    }

    #[test]
    fn what_is_stated_is_read_so_or_refused() {
        let (text, _, _) = encoding_rs::WINDOWS_1251.encode("\u{433}ород;число\nМосква;2\n");
        let stated = Encoding::labelled("Windows-1251").unwrap();
        let (read, encoding) = decode(&text, Some(stated)).unwrap();
        assert_eq!((read.lines().nth(1), encoding.as_str()), (Some("Москва;2"), "windows-1251"));
        let error = decode(b"1\ngr\xf6\xdfe\n", Encoding::labelled("UTF8")).unwrap_err().to_string();
        assert_eq!(error, "line 2 is not UTF-8, which was stated");
        assert_eq!(Encoding::labelled("latin1"), Some(Encoding::Windows1252));
        assert_eq!(Encoding::labelled("nonsense"), None);
    }

    #[test]
    fn what_is_no_text_is_named_with_its_line() {
        let check = |bytes: &[u8], line: u64| {
            let error = decode(bytes, None).unwrap_err().to_string();
            assert!(error.starts_with(&format!("line {line} ")), "{error}");
        };
        check(b"a,b\r\n1,\0\n\0\0", 2);
        check(b"a\rb\r\0 some more text without a NUL", 3);
        check(&[&b"\xFF\xFE"[..], &utf16("a\nb", u16::to_le_bytes), &[0]].concat(), 2);
        check(&[&b"\xFF\xFEa\0\n\0"[..], &[0x00, 0xD8], b"a\0"].concat(), 2);
    }
}
