//! Series from CSV text, without a database: a pure function from bytes to series or to everything that is wrong.
//!
//! The header is `series,date,value` or `date,value`, in any order and case. A date is `YYYY-MM-DD`, a value a finite
//! number; an empty value cell is a missing value. The text is UTF-8, with or without a byte order mark. Rows may
//! come in any order. Every problem names its line, counted as an editor counts them.

mod cell;
mod columns;
mod error;
mod rows;
mod text;

use series::DatedSeries;
use series::columnar::Limits;

pub use self::error::{CsvError, Problem, ProblemKind};

/// How many problems are told in full.
pub const MAX_PROBLEMS: usize = 20;
/// The name of the one series of a file without a `series` column.
pub const ONLY_SERIES: &str = "series";

/// Reads the series of a CSV text, in the order in which they first appear.
pub fn parse(bytes: &[u8], limits: Limits) -> Result<Vec<DatedSeries>, CsvError> {
    let text = text::decode(bytes)?;
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = ::csv::StringRecord::new();
    if !read(&mut reader, &mut record) {
        return Err(CsvError::Empty);
    }
    let columns = columns::Columns::of(&record)?;
    let mut rows = rows::Rows::new(limits);
    while read(&mut reader, &mut record) {
        rows.add(line_of(text, &record), &record, &columns)?;
    }
    rows.finish()
}

fn read(reader: &mut ::csv::Reader<&[u8]>, record: &mut ::csv::StringRecord) -> bool {
    reader.read_record(record).expect("records of any length from UTF-8 text in memory can be read")
}

/// The reader's position is where it began to look, which is before any empty lines.
fn line_of(text: &str, record: &::csv::StringRecord) -> u64 {
    let position = record.position().expect("a record that was read has a position");
    let rest = usize::try_from(position.byte())
        .ok()
        .and_then(|from| text.as_bytes().get(from..))
        .unwrap_or_default();
    let skipped =
        rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|&&byte| byte == b'\n').count();
    position.line() + skipped as u64
}

#[cfg(test)]
mod tests;
