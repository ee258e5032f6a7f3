//! Columns that go on where the values have ended are known beforehand.

use super::number::{Decimal, number};
use super::roles::{Layout, Roles, unread_numbers};
use super::rows::Rows;
use super::table::{Cells, Column, NO_DATE, Table};
use crate::outside::short;

/// Adopts the columns that have numbers on dates after the last value of a series, if nobody has said which are known.
pub(super) fn adopt_known(table: &Table, roles: &mut Roles, decimal: Decimal, rows: &mut Rows) {
    if !roles.known.is_empty() || !matches!(roles.layout, Layout::Long { .. }) {
        return;
    }
    let after = rows_after_the_end(rows);
    let goes_on =
        |at: &usize| after.iter().any(|&row| has_number(&table.columns[*at], row as usize, decimal));
    let on: Vec<usize> = if after.is_empty() {
        Vec::new()
    } else {
        unread_numbers(table, roles).into_iter().filter(goes_on).collect()
    };
    if on.is_empty() {
        return;
    }
    let names: Vec<String> = on.iter().map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
    let verb = if on.len() == 1 {
        "goes on after the last value and is"
    } else {
        "go on after the last value and are"
    };
    roles.notes.push(format!("{} {verb} taken to be known beforehand.", names.join(", ")));
    rows.know(table, roles, &on, decimal);
    roles.known = on;
}

/// Rows of the table on dates after the last value of their series.
fn rows_after_the_end(rows: &Rows) -> Vec<u32> {
    if !rows.values.iter().any(|value| value.is_nan()) {
        return Vec::new();
    }
    let mut last = vec![NO_DATE; rows.names.len()];
    for ((&series, &date), value) in rows.series.iter().zip(&rows.dates).zip(&rows.values) {
        if !value.is_nan() {
            last[series as usize] = last[series as usize].max(date);
        }
    }
    let all = rows.series.iter().zip(&rows.dates).zip(&rows.from);
    all.filter(|((series, date), _)| **date > last[**series as usize]).map(|(_, &row)| row).collect()
}

fn has_number(column: &Column, row: usize, decimal: Decimal) -> bool {
    match &column.cells {
        Cells::Numbers(numbers) => !numbers[row].is_nan(),
        Cells::Words { words, of_row } => {
            number(&words[of_row[row] as usize], decimal).is_some_and(|number| !number.is_nan())
        }
        Cells::Dates { .. } => false,
    }
}
