//! Whole files.

mod other_workbooks;
mod packed;
mod texts;
mod workbooks;

use super::facts::{Limits, Renamed};
use super::table::{Cells, Column, Word};
use super::text::Encoding;
use super::*;

/// The names of a table's columns, and its rows as people would write them.
fn shown(table: &Table) -> (Vec<String>, Vec<Vec<String>>) {
    let cell = |column: &Column, row: usize| {
        let Cells::Words { words, of_row } = &column.cells else { panic!("a column of words") };
        match &words[of_row[row] as usize] {
            Word::Text(text) => text.clone(),
            Word::Number(number) => number.to_string(),
            Word::Moment(moment) => moment.to_string(),
        }
    };
    let names = table.columns.iter().map(|column| column.name.clone()).collect();
    let rows = (0..table.rows).map(|row| table.columns.iter().map(|column| cell(column, row)).collect());
    (names, rows.collect())
}

fn read(bytes: &[u8], stated: &Stated) -> Result<(Table, Facts), SourceError> {
    match tables(&Bytes::copy_from_slice(bytes), stated)? {
        Source::Table(table, facts) => Ok((table, facts)),
        other => panic!("{other:?} is no table"),
    }
}
