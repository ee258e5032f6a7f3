//! A table as its file has it, before anybody has said what its columns mean.
//!
//! Text is kept once: a column has its distinct words, and for each row which of them it has. What a date or a number is
//! can then be decided from every word of a file for the price of the distinct ones.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use wire::Moment;

use crate::zone::Zone;

/// The date of a row that has none.
pub(crate) const NO_DATE: Moment = Moment::MIN;

/// A place among rows, words or series, of which there are fewer than four thousand million by the limits.
pub(crate) fn place(at: usize) -> u32 {
    u32::try_from(at).expect("the limits leave room for every place")
}

/// A cell of a text file or of a workbook.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Word {
    /// Text without the white space around it; empty where the cell is.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A date or a moment of a workbook.
    Moment(NaiveDateTime),
}

/// The cells of a column, one per row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cells {
    /// Words of whichever kind.
    Words {
        /// Each of them once, in the order in which they first appear.
        words: Vec<Word>,
        /// Which of them each row has.
        of_row: Vec<u32>,
    },
    /// Numbers, `NaN` where missing.
    Numbers(Vec<f64>),
    /// Days or times.
    Dates {
        /// One per row, [`NO_DATE`] where missing; in UTC if the column says a zone.
        dates: Vec<Moment>,
        /// Whose days they are.
        zone: Option<Zone>,
    },
}

/// A column with its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    /// As the header has it, without the white space around it; `column 3` where the header has none.
    pub(crate) name: String,
    /// Its cells.
    pub(crate) cells: Cells,
}

/// Columns of one length.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// From left to right.
    pub(crate) columns: Vec<Column>,
    /// Rows below the header. Rows without any text are not among them.
    pub(crate) rows: usize,
    /// Where the rows are in the file.
    pub(crate) lines: Lines,
}

/// Where the rows of a table are in its file: only where their distance changes, because almost all follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lines {
    /// A row from which on the line numbers run without a jump, and its line, counted from 1.
    jumps: Vec<(usize, u64)>,
}

impl Lines {
    /// The first row is on this line.
    pub(crate) fn from(line: u64) -> Self {
        Self { jumps: vec![(0, line)] }
    }

    /// Notes that a row is on a line; rows come in order.
    pub(crate) fn note(&mut self, row: usize, line: u64) {
        if self.of(row) != line {
            self.jumps.push((row, line));
        }
    }

    /// The line of a row, counted from 1.
    pub(crate) fn of(&self, row: usize) -> u64 {
        let after = self.jumps.partition_point(|&(first, _)| first <= row);
        let (first, line) = self.jumps[after.saturating_sub(1)];
        line + (row - first) as u64
    }
}

/// Numbers as the words that a person would write.
pub(crate) fn words_of(numbers: &[f64]) -> Cells {
    let mut places: HashMap<u64, u32> = HashMap::new();
    let mut words = Vec::new();
    let of_word = |number: &f64| {
        *places.entry(number.to_bits()).or_insert_with(|| {
            words.push(Word::Text(if number.is_nan() { String::new() } else { number.to_string() }));
            place(words.len() - 1)
        })
    };
    let of_row = numbers.iter().map(of_word).collect();
    Cells::Words { words, of_row }
}

impl Table {
    /// Lets the cells of the rows go, which are most of a large file, once they are rows of series. The columns and their
    /// distinct words stay.
    pub(crate) fn forget_cells(&mut self) {
        for column in &mut self.columns {
            match &mut column.cells {
                Cells::Words { of_row, .. } => *of_row = Vec::new(),
                Cells::Numbers(numbers) => *numbers = Vec::new(),
                Cells::Dates { dates, .. } => *dates = Vec::new(),
            }
        }
    }

    /// The place of a column by its name as written, or else in any case.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let exact = self.columns.iter().position(|column| column.name == name);
        exact.or_else(|| {
            self.columns.iter().position(|column| column.name.to_lowercase() == name.to_lowercase())
        })
    }
}

impl Word {
    /// Whether the cell is empty or says in one of the usual ways that its value is missing.
    pub(crate) fn is_missing(&self) -> bool {
        const MARKS: [&str; 16] = [
            "", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "–", "—", ".", "?", "#n/a n/a",
            "<na>",
        ];
        match self {
            Self::Text(text) => MARKS.contains(&text.to_lowercase().as_str()),
            Self::Number(number) => number.is_nan(),
            Self::Moment(_) => false,
        }
    }

    /// As a name or a message has it: a whole number has no decimals, and a moment at midnight no time.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Moment(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Self::Moment(moment) => moment.to_string(),
        }
    }
}
