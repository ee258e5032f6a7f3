//! Which row of the beginning of a table names its columns.

mod look;
mod stacked;

use self::look::Look;
use super::facts::Renamed;
use super::table::Word;
use crate::intake::names::normal;

/// Rows that are looked at. Titles and notes above a table are few.
pub(super) const SAMPLE_ROWS: usize = 200;
/// Rows above a header that have as many cells as rows of data may have, but fewer than the header.
const MAX_NOTES: usize = 10;

/// A row with text from the beginning of a table.
#[derive(Debug, Clone)]
pub(super) struct SampleRow {
    /// Its line, from 1.
    pub(super) line: u64,
    /// All its cells.
    pub(super) cells: Vec<Word>,
}

/// Where the table begins and how its columns are called.
#[derive(Debug)]
pub(super) struct Header {
    /// As many as the header has cells, or most rows if there is no header.
    pub(super) names: Vec<Name>,
    /// Where it is; none if the first row is one of data.
    pub(super) line: Option<u64>,
    /// Whether two lines name the columns, of which it is the second.
    pub(super) is_stacked: bool,
    /// Rows with text above the table.
    pub(super) titles: usize,
    /// The first row of data in the sample; its length if it has none.
    pub(super) first_row: usize,
}

/// What a column is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Unlike every other.
    pub(super) text: String,
    /// Whether the file has it.
    pub(super) is_given: bool,
}

/// Finds the header in the rows a table begins with, none of which is blank.
pub(super) fn find(rows: &[SampleRow]) -> (Header, Vec<Renamed>) {
    let looks: Vec<Vec<Look>> = rows.iter().map(|row| row.cells.iter().map(Look::of).collect()).collect();
    let begin = begin(&looks);
    let stacked = stacked::years(rows).or_else(|| match begin {
        Begin::Header(at) => stacked::groups(rows, &looks, at),
        Begin::Data(_) => None,
    });
    let (names, line, first_row, lines) = match (stacked, begin) {
        (Some(two), _) => (two.names, Some(rows[two.at].line), two.at + 1, 2),
        (None, Begin::Header(at)) => {
            (rows[at].cells.iter().map(name).collect(), Some(rows[at].line), at + 1, 1)
        }
        (None, Begin::Data(at)) => (vec![String::new(); usual_width(&rows[at..])], None, at, 0),
    };
    let titles = first_row - lines;
    let (names, renamed) = distinct(names);
    (Header { names, line, is_stacked: lines == 2, titles, first_row }, renamed)
}

/// The first row of a table.
#[derive(Debug, PartialEq, Eq)]
enum Begin {
    Header(usize),
    Data(usize),
}

/// Titles and notes fill fewer cells than a header, and a header does not look like the rows below it.
fn begin(looks: &[Vec<Look>]) -> Begin {
    let fills: Vec<usize> = looks.iter().map(|row| filled(row)).collect();
    let width = fills.iter().copied().max().unwrap_or(0);
    let Some(first) = fills.iter().position(|&fill| is_nearly(fill, width)) else { return Begin::Data(0) };
    let is_header = |at: usize| !looks_like_rows_below(looks, at);
    let mut found = None;
    let mut fullest = 0;
    for (at, &fill) in fills.iter().enumerate().skip(first).take(MAX_NOTES) {
        if fill <= fullest {
            break;
        }
        fullest = fill;
        if is_header(at) {
            found = Some(at);
        }
    }
    found.map_or(Begin::Data(first), Begin::Header)
}

fn filled(row: &[Look]) -> usize {
    row.iter().filter(|look| **look != Look::Empty).count()
}

/// Names of an index or of a total are left out, and notes beside a wide table are short.
const fn is_nearly(fill: usize, width: usize) -> bool {
    match width {
        0..=2 => fill == width,
        3 => fill >= 2,
        _ => fill * 4 >= width * 3,
    }
}

/// Whether a row has dates over dates or numbers over numbers, as rows of data have.
fn looks_like_rows_below(looks: &[Vec<Look>], at: usize) -> bool {
    let (row, below) = (&looks[at], &looks[at + 1..]);
    if below.is_empty() {
        return row.iter().any(|look| matches!(look, Look::Number(_) | Look::Date));
    }
    let over = |place: usize| Look::usual(below.iter().filter_map(|row| row.get(place)));
    let pairs: Vec<(Look, Look)> = row.iter().enumerate().map(|(place, look)| (*look, over(place))).collect();
    let count = |fits: fn(&(Look, Look)) -> bool| pairs.iter().filter(|pair| fits(pair)).count();
    if count(|pair| matches!(pair, (Look::Date, Look::Date))) > 0 {
        return true;
    }
    if count(|pair| matches!(pair, (Look::Text, Look::Date))) > 0 {
        return false;
    }
    let numbers = count(|pair| matches!(pair, (Look::Number(_), Look::Number(_))));
    let texts = count(|pair| matches!(pair, (Look::Text, Look::Number(_))));
    numbers > texts && !look::is_sequence(row)
}

/// The most frequent number of cells, the greater of two that are as frequent.
fn usual_width(rows: &[SampleRow]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|row| row.cells.len()).collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map_or(0, |run| run[0])
}

/// The name a cell gives its column.
fn name(cell: &Word) -> String {
    match cell {
        // A name of several lines is one that was broken to fit its cell.
        Word::Text(text) => normal(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned(),
        Word::Number(number) => number.to_string(),
        Word::Moment(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
        Word::Moment(moment) => moment.to_string(),
    }
}

/// The `nth` column from 1, which has no name.
pub(super) fn unnamed(nth: usize) -> Name {
    Name { text: format!("column {nth}"), is_given: false }
}

/// Makes every name one of its own.
fn distinct(names: Vec<String>) -> (Vec<Name>, Vec<Renamed>) {
    let mut taken: std::collections::HashSet<String> = names.iter().cloned().collect();
    let mut seen = std::collections::HashSet::new();
    let mut renamed = Vec::new();
    let mut own = |from: String| {
        if seen.insert(from.clone()) {
            return from;
        }
        let others = (2..).map(|nth| format!("{from} ({nth})"));
        let to = others.into_iter().find(|name| !taken.contains(name)).expect("numbers do not end");
        taken.insert(to.clone());
        renamed.push(Renamed { from, to: to.clone() });
        to
    };
    let names = names.into_iter().enumerate().map(|(place, name)| match name.as_str() {
        "" => Name { text: own(unnamed(place + 1).text), is_given: false },
        _ => Name { text: own(name), is_given: true },
    });
    (names.collect(), renamed)
}

#[cfg(test)]
mod tests;
