//! How much memory a workbook would take, told before its decoder reserves it.
//!
//! The decoder reserves what a damaged or malicious workbook declares, and a program that has none left ends. Only cells
//! are counted here; whether the workbook is sound, the decoder finds out itself.

mod compound;
mod ods;
mod xls;

use std::io::BufReader;

use bytes::Bytes;

use crate::intake::source::error::SourceError;
use crate::intake::source::facts::Limits;
use crate::intake::source::guard::guarded;
use crate::intake::source::kind::Kind;
use crate::intake::source::unpack::{self, Archive};

/// Cells of all sheets together, gaps between them included, of a workbook that is decoded as a whole: at about thirty
/// bytes each, and twice, two gigabytes.
const MAX_CELLS: u64 = 32 << 20;
/// Bytes at the beginning of the shared texts in which their number is declared.
const DECLARATION: u64 = 1024;

/// Refuses a workbook that would take too much.
pub(super) fn check(bytes: &Bytes, kind: Kind, limits: Limits) -> Result<(), SourceError> {
    let cells = if kind == Kind::Xls {
        xls::cells(bytes).map_err(|text| SourceError::unreadable(kind, text))?
    } else {
        let (mut archive, names) = unpack::open(bytes)?;
        unpack::check_size(&mut archive, kind, bytes.len(), limits.unpacked)?;
        check_shared_texts(&mut archive, &names, kind)?;
        if kind == Kind::Ods { cells_of_ods(&mut archive, &names)? } else { 0 }
    };
    if cells > MAX_CELLS {
        return Err(SourceError::TooManyCells { limit: usize::try_from(MAX_CELLS).unwrap_or(usize::MAX) });
    }
    Ok(())
}

fn cells_of_ods(archive: &mut Archive, names: &[String]) -> Result<u64, SourceError> {
    let Some(at) = names.iter().position(|name| name == "content.xml") else { return Ok(0) };
    guarded(Kind::Ods, || {
        ods::cells(BufReader::new(archive.by_index(at)?)).map_err(zip::result::ZipError::Io)
    })
}

/// Refuses shared texts that say they are more than there are bytes for.
fn check_shared_texts(archive: &mut Archive, names: &[String], kind: Kind) -> Result<(), SourceError> {
    for (at, name) in names.iter().enumerate() {
        if !name.to_ascii_lowercase().ends_with("sharedstrings.xml") {
            continue;
        }
        let begin = guarded(kind, || unpack::beginning(archive, at, DECLARATION))?;
        let size = guarded(kind, || archive.by_index_raw(at).map(|file| file.size()))?;
        // Every text takes some bytes; the number is a hint, which writers get wrong by a little.
        if declared_texts(&begin) > size {
            return Err(SourceError::unreadable(kind, "it declares more texts than it can have"));
        }
    }
    Ok(())
}

/// The number behind `uniqueCount`; zero if there is none.
fn declared_texts(begin: &[u8]) -> u64 {
    const WORD: &[u8] = b"uniqueCount";
    let begin: Vec<u8> = begin.iter().copied().filter(|&byte| byte != 0).collect();
    let after =
        begin.windows(WORD.len()).position(|window| window == WORD).map(|at| &begin[at + WORD.len()..]);
    let digits = after.into_iter().flatten().skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>');
    digits
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_shared_texts_is_read_off_their_beginning() {
        assert_eq!(declared_texts(b"<?xml?><sst count=\"9\" uniqueCount=\"12\"><si>"), 12);
        assert_eq!(declared_texts(b"<sst uniqueCount = '99999999999999999999999999'>"), u64::MAX);
        assert_eq!(declared_texts(b"<sst uniqueCount=\"\"><si>5"), 0);
        assert_eq!(declared_texts(b"<sst><si>"), 0);
        let wide: Vec<u8> = "uniqueCount=\"7\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(declared_texts(&wide), 7);
    }
}
