//! A file of any of the usual kinds to a table of cells, as it comes out of a spreadsheet, a database or another program.
//!
//! Pure functions from bytes. What a file is, is told by its first bytes and never by its name; its encoding, separator and
//! header are found, and what was found is handed back as [`Facts`], so that it can be shown as assumed. Whatever the bytes
//! are, the result is a [`Source`] or a [`SourceError`], never a panic and never more memory than the limits allow. What a
//! column means is for others to say.

mod build;
mod delimited;
mod error;
mod facts;
mod guard;
mod guess;
mod header;
mod kind;
mod sheet;
mod text;
mod tsf;
mod unpack;
mod words;

use bytes::Bytes;

pub use self::error::SourceError;
pub(crate) use self::facts::{Facts, Limits, Packed, Stated};
pub(crate) use self::kind::Kind;
pub(crate) use self::text::Encoding;
pub(crate) use self::tsf::Tsf;
use super::table::{self, Table};

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Source {
    /// A table of words.
    Table(Table, Facts),
    /// Series of a file that has nothing else.
    Tsf(Tsf, Facts),
    /// Parquet or Arrow, unpacked, which have readers of their own.
    Columnar(Kind, Bytes, Facts),
}

/// Reads a file of whatever kind it is.
pub(crate) fn tables(bytes: &Bytes, stated: &Stated) -> Result<Source, SourceError> {
    let (bytes, mut facts) = unpack::all(bytes, stated.limits.unpacked)?;
    let kind = facts.kind;
    check_statable(kind, stated)?;
    facts.has_stated_encoding = stated.encoding.is_some();
    match kind {
        Kind::Parquet | Kind::ArrowFile | Kind::ArrowStream => Ok(Source::Columnar(kind, bytes, facts)),
        Kind::Xlsx | Kind::Xlsb | Kind::Xls | Kind::Ods => {
            let table = sheet::read(&bytes, kind, stated, &mut facts)?;
            Ok(Source::Table(table, facts))
        }
        Kind::Tsf => {
            let (text, encoding) = text::decode(&bytes, stated.encoding)?;
            facts.encoding = Some(encoding);
            Ok(Source::Tsf(tsf::read(&text, stated.limits)?, facts))
        }
        // What is packed has been unpacked or refused above.
        Kind::Text | Kind::Gzip | Kind::Zip => {
            let (text, encoding) = text::decode(&bytes, stated.encoding)?;
            facts.encoding = Some(encoding);
            let table = delimited::read(&text, stated, &mut facts)?;
            Ok(Source::Table(table, facts))
        }
    }
}

/// Refuses a statement that a file of this kind has no use for, rather than to do nothing about it.
fn check_statable(kind: Kind, stated: &Stated) -> Result<(), SourceError> {
    let not_statable = |field, wanted| Err(SourceError::NotStatable { field, wanted, kind });
    let is_workbook = matches!(kind, Kind::Xlsx | Kind::Xlsb | Kind::Xls | Kind::Ods);
    if stated.separator.is_some() && kind != Kind::Text {
        return not_statable("separator", "CSV text");
    }
    if stated.encoding.is_some() && !matches!(kind, Kind::Text | Kind::Tsf) {
        return not_statable("encoding", "text");
    }
    if stated.sheet.is_some() && !is_workbook {
        return not_statable("sheet", "workbooks");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
