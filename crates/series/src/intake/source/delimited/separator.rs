//! What stands between the cells of a text.

use super::scan::{Row, Scanner};
use crate::intake::source::error::SourceError;

/// What is tried, the likelier first where two fit equally well.
const CANDIDATES: [u8; 4] = [b'\t', b';', b'|', b','];
/// Lines with text that are looked at.
const SAMPLE_LINES: usize = 200;
/// And bytes, because a line can be as long as the file.
const SAMPLE_BYTES: usize = 4 << 20;
/// One line in so many must have the same number of cells, or the text has one column.
const LINES_PER_FIT: usize = 3;

/// What a first line says that Excel reads and nobody shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) separator: u8,
    /// Bytes of the line.
    pub(super) length: usize,
}

/// A first line of `sep=;`, in quotes or not.
pub(super) fn declared(text: &str) -> Option<Declared> {
    let end = text.find(['\n', '\r'])?;
    let line = text[..end].trim_matches('"');
    let (word, separator) = line.split_at_checked("sep=".len())?;
    let &[separator] = separator.as_bytes() else { return None };
    let length = if text[end..].starts_with("\r\n") { end + 2 } else { end + 1 };
    let is_one = word.eq_ignore_ascii_case("sep=") && checked(separator).is_ok();
    is_one.then_some(Declared { separator, length })
}

/// Refuses what ends lines, quotes cells or stands in numbers and names.
pub(super) fn checked(separator: u8) -> Result<u8, SourceError> {
    let is_other =
        separator.is_ascii_alphanumeric() || matches!(separator, 0 | b'"' | b'\n' | b'\r' | b'.' | b'-');
    if separator.is_ascii() && !is_other {
        return Ok(separator);
    }
    Err(SourceError::BadSeparator { text: char::from(separator).to_string() })
}

/// The separator with which most lines have the same number of cells; none if the text has one column.
pub(super) fn find(text: &str) -> Option<u8> {
    let of = |quotes| CANDIDATES.iter().filter_map(move |&mark| Fit::of(text.as_bytes(), mark, quotes));
    let mut fits: Vec<Fit> = of(Quotes::Around).collect();
    if fits.is_empty() {
        fits = of(Quotes::Anywhere).collect();
    }
    let is_decimal = comma_is_decimal(text, fits.iter().any(|fit| fit.separator != b','));
    let fits = fits.into_iter().filter(|fit| fit.separator != b',' || !is_decimal);
    // Of equals the last is the greatest, so that the order is turned.
    let best = fits.rev().max_by_key(|fit| (fit.lines, fit.cells));
    best.map(|fit| fit.separator)
}

/// Where quotes stand in the lines that count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Around whole cells, as careful writers put them.
    Around,
    /// Also within, as that of inches.
    Anywhere,
}

/// How well a separator fits.
struct Fit {
    separator: u8,
    /// Lines with the usual number of cells.
    lines: usize,
    /// That number.
    cells: usize,
}

impl Fit {
    fn of(text: &[u8], separator: u8, quotes: Quotes) -> Option<Self> {
        let counts = cell_counts(text, separator, quotes);
        let total = counts.len();
        let mut counts: Vec<usize> = counts.into_iter().filter(|&cells| cells > 1).collect();
        counts.sort_unstable();
        let usual = counts.chunk_by(|a, b| a == b).max_by_key(|run| run.len())?;
        let (lines, cells) = (usual.len(), usual[0]);
        (lines * LINES_PER_FIT >= total).then_some(Self { separator, lines, cells })
    }
}

/// The cells of each line with text; none for one that is quoted as if it had another separator.
fn cell_counts(text: &[u8], separator: u8, quotes: Quotes) -> Vec<usize> {
    let is_cut = text.len() > SAMPLE_BYTES;
    let text = &text[..text.len().min(SAMPLE_BYTES)];
    let mut scanner = Scanner::new(text, Some(separator));
    let (mut row, mut counts) = (Row::default(), Vec::new());
    while counts.len() < SAMPLE_LINES && scanner.next(&mut row) == Ok(true) {
        if !row.is_blank() {
            let is_odd = quotes == Quotes::Around && row.has_stray_quote(text);
            counts.push(if is_odd { 0 } else { row.len() });
        }
    }
    if is_cut && counts.len() < SAMPLE_LINES && counts.len() > 1 {
        counts.pop();
    }
    counts
}

/// Whether commas only stand between digits although something else separates cells, or in lines that are a number.
fn comma_is_decimal(text: &str, has_other: bool) -> bool {
    let lines = text.split(['\n', '\r']).filter(|line| line.contains(',')).take(SAMPLE_LINES);
    let mut lines = lines.map(|line| line.trim().as_bytes()).peekable();
    lines.peek().is_some() && lines.all(|line| has_only_decimals(line) && (has_other || is_decimal(line)))
}

/// Whether every comma has a digit on both sides.
fn has_only_decimals(line: &[u8]) -> bool {
    let is_digit = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(u8::is_ascii_digit);
    let mut commas = (0..line.len()).filter(|&at| line[at] == b',');
    commas.all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
}

/// Whether a line is one number with a comma in it.
fn is_decimal(line: &[u8]) -> bool {
    let others: Vec<u8> = line.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect();
    matches!(&others[..], b"," | b"-," | b"+,")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_with_which_lines_agree() {
        let check =
            |text: &str, expected: Option<char>| assert_eq!(find(text).map(char::from), expected, "{text:?}");
        check("date,value\n2024-01-01,1\n", Some(','));
        check("date;value\n2024-01-01;1,5\n2024-01-02;2,5\n", Some(';'));
        check("2024-01-01;1,5\n2024-01-02;2,5\n", Some(';'));
        check("1,5;2,5\n2,5;3,5\n", Some(';'));
        check("date\ta;b\n2024-01-01\t1,5\n", Some('\t'));
        check("id|date|value\na|2024-01-01|5\n", Some('|'));
        check("id,tags,value\n1,a;b,3\n2,c;d,4\n", Some(','));
        check("Report, of sales\n\nid;date;value\na;2024-01-01;1\nb;2024-01-01;1\n", Some(';'));
        check("\"a;b\",\"c;d\"\n\"1;2\",\"3;4\"\n", Some(','));
        check("name,value\n3\" pipe,1\n4\" pipe,2\n5\" pipe,3\n6\" pipe,3\n", Some(','));
        check("value\n1,5\n2,5\n", None);
        check("value\n1\n2\n", None);
        check("a,b\n1,2\n3,4\n", Some(','));
        check("1,2,3\n3,4,5\n", Some(','));
        check("", None);
    }

    #[test]
    fn a_first_line_may_say_it() {
        let found = |text| declared(text).map(|found| (char::from(found.separator), found.length));
        assert_eq!(found("sep=;\r\na;b\n"), Some((';', 7)));
        assert_eq!(found("\"SEP=,\"\na,b\n"), Some((',', 8)));
        assert_eq!(found("sep=\t\na"), Some(('\t', 6)));
        assert_eq!(found("sep=x\na"), None);
        assert_eq!(found("separator\n"), None);
        assert_eq!(found(""), None);
    }
}
