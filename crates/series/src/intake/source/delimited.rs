//! Text with something between its cells.

pub(super) mod scan;
mod separator;

use self::scan::{Row, Scanner, Unclosed};
use super::build::{Beyond, Builder};
use super::error::SourceError;
use super::facts::{Facts, Stated};
use super::header::{self, Header, SAMPLE_ROWS, SampleRow};
use super::table::{Table, Word};
use super::words::Dictionary;

impl From<Unclosed> for SourceError {
    fn from(Unclosed { line }: Unclosed) -> Self {
        Self::UnclosedQuote { line }
    }
}

/// Reads a text, and notes in the facts what was found out about it.
pub(super) fn read(text: &str, stated: &Stated, facts: &mut Facts) -> Result<Table, SourceError> {
    if text.trim().is_empty() {
        return Err(SourceError::Empty);
    }
    let declared = separator::declared(text);
    let begin = declared.map_or(0, |declared| declared.length);
    let separator = match stated.separator {
        Some(separator) => Some(separator::checked(separator)?),
        None => declared.map_or_else(|| separator::find(&text[begin..]), |declared| Some(declared.separator)),
    };
    let scanner = || Scanner::new(text.as_bytes(), separator).from(begin, 1 + u64::from(begin > 0));
    let sample = sample(scanner(), text.as_bytes())?;
    if sample.is_empty() {
        return Err(SourceError::Empty);
    }
    let (header, renamed) = header::find(&sample);
    let mut builder = Builder::new(&header, stated.limits, Beyond::Refuse)?;
    push_all(scanner(), text.as_bytes(), (&header, &sample), &mut builder)?;
    facts.separator = separator.filter(|_| header.names.len() > 1);
    facts.header_line = header.line;
    facts.has_two_headers = header.is_stacked;
    facts.title_lines = header.titles as u64;
    facts.renamed = renamed;
    (facts.empty_rows, facts.short_rows) = (builder.empty_rows, builder.short_rows);
    builder.finish(&header, words)
}

/// The first rows with text.
fn sample(mut scanner: Scanner<'_>, text: &[u8]) -> Result<Vec<SampleRow>, SourceError> {
    let (mut row, mut rows) = (Row::default(), Vec::new());
    while rows.len() < SAMPLE_ROWS && scanner.next(&mut row)? {
        if !row.is_blank() {
            let cells = (0..row.len()).map(|at| word(row.cell(at, text))).collect();
            rows.push(SampleRow { line: row.line, cells });
        }
    }
    Ok(rows)
}

/// Takes the rows of data.
fn push_all(
    mut scanner: Scanner<'_>,
    text: &[u8],
    (header, sample): (&Header, &[SampleRow]),
    builder: &mut Builder,
) -> Result<(), SourceError> {
    let above = match header.line {
        Some(line) => line,
        None => sample[header.first_row].line - 1,
    };
    let mut row = Row::default();
    while scanner.next(&mut row)? {
        if row.line > above {
            builder.push(&row, text)?;
        }
    }
    Ok(())
}

fn word(cell: &[u8]) -> Word {
    Word::Text(String::from_utf8_lossy(cell).into_owned())
}

fn words(dictionary: Dictionary) -> (Vec<Word>, Vec<u32>) {
    dictionary.finish(word)
}

/// The cells of all records with text, to compare them with those of another reader.
#[cfg(test)]
pub(super) fn records(text: &str, separator: u8) -> Result<Vec<Vec<String>>, SourceError> {
    let mut scanner = Scanner::new(text.as_bytes(), Some(separator));
    let (mut row, mut records) = (Row::default(), Vec::new());
    while scanner.next(&mut row)? {
        if !row.is_blank() {
            let cell = |at| String::from_utf8_lossy(row.cell(at, text.as_bytes())).into_owned();
            records.push((0..row.len()).map(cell).collect());
        }
    }
    Ok(records)
}
