//! Rows of series out of the cells of a table, whichever way it lies.

use std::collections::BTreeSet;

use kernel::counted;
use wire::Moment;

use super::apart::repeated;
use super::cells::{Dates, Numbers, Reading, codes, dates, numbers};
use super::date::Form;
use super::error::IntakeError;
use super::names::{groups_of, names_of};
use super::number::Decimal;
use super::roles::{Layout, Roles};
use super::table::{NO_DATE, Table, place};
use super::totals::{is_total, totals, turned};
use crate::outside::short;

/// Rows of many series in any order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Names in the order in which they first appear.
    pub(super) names: Vec<String>,
    /// Of each row its series.
    pub(super) series: Vec<u32>,
    /// Of each row its date.
    pub(super) dates: Vec<Moment>,
    /// Whether they are times of UTC.
    pub(super) is_utc: bool,
    /// Of each row its value, `NaN` where missing.
    pub(super) values: Vec<f64>,
    /// Of each row the row of the table.
    pub(super) from: Vec<u32>,
    /// Columns that are known beside the values, by name, one number per row.
    pub(super) known: Vec<(String, Vec<f64>)>,
    /// Those of them that are known only up to the last value.
    pub(super) past: BTreeSet<String>,
    /// What does not change within a series: of each series one label per column, the same columns for all.
    pub(super) groups: Vec<Vec<String>>,
    /// Rows that cannot be used, with the reason: their series is left out.
    pub(super) troubles: Vec<Trouble>,
    /// What was dropped, a sentence each.
    pub(super) notes: Vec<String>,
    /// How the dates are written, if they are texts.
    pub(super) form: Option<Form>,
    /// Columns that are sums of others, and no series.
    pub(super) totals: Vec<usize>,
    /// Names of rows that are, and of no others.
    pub(super) total_names: BTreeSet<u32>,
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// Its series.
    pub(super) series: u32,
    /// It, in the table.
    pub(super) row: u32,
    /// What is wrong.
    pub(super) what: String,
}

impl Rows {
    /// The rows of a table.
    pub(super) fn of(table: &Table, roles: &Roles, reading: Reading) -> Result<Self, IntakeError> {
        let mut rows = Self::as_written(table, roles, reading)?;
        if let Some(zone) = reading.zone {
            rows.set_to_utc(zone, &table.lines);
        }
        Ok(rows)
    }

    fn as_written(table: &Table, roles: &Roles, reading: Reading) -> Result<Self, IntakeError> {
        match &roles.layout {
            Layout::Long { ids, date, value } => {
                let dates = dates(table, *date, &roles.kinds[*date], reading)?;
                let (form, is_utc, note) = (dates.form, dates.is_utc, dates.note.clone());
                let mut rows = Self { is_utc, form, ..Self::long(table, roles, reading, ids, dates, *value) };
                rows.notes.extend(note);
                Ok(rows)
            }
            Layout::Columns { date, series } => {
                let dates = dates(table, *date, &roles.kinds[*date], reading)?;
                let mut rows = Self {
                    form: dates.form,
                    is_utc: dates.is_utc,
                    ..Self::columns(table, reading, &dates, series)
                };
                rows.notes.extend(dates.note);
                Ok(rows)
            }
            Layout::Rows { ids, dates, form } => {
                Ok(Self { form: Some(*form), ..Self::turned(table, reading, ids, dates, *form) })
            }
        }
    }

    fn long(
        table: &Table,
        roles: &Roles,
        reading: Reading,
        ids: &[usize],
        dates: Dates,
        value: usize,
    ) -> Self {
        let (names, series) = names_of(table, ids);
        let mut rows = Self { names, series, ..Self::default() };
        let numbers = numbers(&table.columns[value], reading.decimal);
        let dropped = rows.trouble(table, &dates, &numbers, &table.columns[value].name);
        rows.dates = dates.of_row;
        rows.values = numbers.values;
        rows.from = (0..place(table.rows)).collect();
        rows.keep(|at, rows| rows.dates[at] != NO_DATE && !dropped.contains(&at));
        rows.know(table, roles, &roles.known, reading.decimal);
        rows
    }

    /// Takes down columns that are known beforehand.
    pub(super) fn know(&mut self, table: &Table, roles: &Roles, columns: &[usize], decimal: Decimal) {
        for &at in columns {
            let (column, unread) = codes(&table.columns[at], &roles.kinds[at], decimal);
            let name = &table.columns[at].name;
            if unread > 0 {
                let cells = counted(unread, "cell of", "cells of");
                self.notes
                    .push(format!("{cells} `{}` are no numbers and are taken for missing.", short(name)));
            }
            self.known.push((name.clone(), self.from.iter().map(|&row| column[row as usize]).collect()));
        }
    }

    /// Takes down columns that are known only up to the last value.
    pub(super) fn know_of_the_past(&mut self, table: &Table, roles: &Roles, decimal: Decimal) {
        self.know(table, roles, &roles.past, decimal);
        self.past = roles.past.iter().map(|&at| table.columns[at].name.clone()).collect();
    }

    /// Names the series by other columns.
    pub(super) fn rename(&mut self, table: &Table, ids: &[usize]) {
        let (names, of_row) = names_of(table, ids);
        self.names = names;
        self.series = self.from.iter().map(|&row| of_row[row as usize]).collect();
        for trouble in &mut self.troubles {
            trouble.series = of_row[trouble.row as usize];
        }
    }

    /// A series and a day that it has more than once.
    pub(super) fn repeated(&self) -> Option<(u32, Moment)> {
        repeated(&self.series, self.names.len(), &self.dates)
    }

    /// Takes down what groups the series.
    pub(super) fn group(&mut self, table: &Table, roles: &Roles) {
        self.groups = groups_of(table, roles, &self.series, &self.from, self.names.len());
    }

    /// Takes down what cannot be read; gives the rows that are no rows of a series: blank ones, and totals.
    fn trouble(&mut self, table: &Table, dates: &Dates, numbers: &Numbers, value: &str) -> BTreeSet<usize> {
        let mut dropped = BTreeSet::new();
        let unread: Vec<usize> = numbers.unread.iter().map(|(row, _)| *row).collect();
        for (row, text) in &dates.unread {
            let line = table.lines.of(*row);
            let has_number = !numbers.values[*row].is_nan();
            let is_note = !has_number && unread.binary_search(row).is_err();
            let what = if !text.is_empty() && (is_total(text) || is_note) {
                self.notes.push(format!("Line {line} (`{}`) is no date and was left out.", short(text)));
                None
            } else if !text.is_empty() {
                Some(format!("line {line}: `{}` is not a date{}", short(text), like(dates.form)))
            } else {
                has_number.then(|| format!("line {line}: the date is missing"))
            };
            match what {
                Some(what) => self.trouble_of(*row, what),
                None => {
                    dropped.insert(*row);
                }
            }
        }
        for (row, text) in numbers.unread.iter().filter(|(row, _)| !dropped.contains(row)) {
            let what = format!(
                "line {}: `{}` in `{}` is not a number",
                table.lines.of(*row),
                short(text),
                short(value)
            );
            self.trouble_of(*row, what);
        }
        dropped
    }

    fn trouble_of(&mut self, row: usize, what: String) {
        self.troubles.push(Trouble { series: self.series[row], row: place(row), what });
    }

    /// Keeps the rows for which this holds.
    fn keep(&mut self, is_kept: impl Fn(usize, &Self) -> bool) {
        let kept: Vec<usize> = (0..self.dates.len()).filter(|&at| is_kept(at, self)).collect();
        if kept.len() == self.dates.len() {
            return;
        }
        self.values = kept.iter().map(|&at| self.values[at]).collect();
        self.series = kept.iter().map(|&at| self.series[at]).collect();
        self.from = kept.iter().map(|&at| self.from[at]).collect();
        self.dates = kept.iter().map(|&at| self.dates[at]).collect();
    }

    /// A column per series: dates before its first value and after its last are none of its own.
    fn columns(table: &Table, reading: Reading, dates: &Dates, series: &[usize]) -> Self {
        let mut rows = Self::default();
        let all: Vec<Numbers> =
            series.iter().map(|&at| numbers(&table.columns[at], reading.decimal)).collect();
        let names: Vec<&str> = series.iter().map(|&at| table.columns[at].name.as_str()).collect();
        let values: Vec<&[f64]> = all.iter().map(|numbers| numbers.values.as_slice()).collect();
        let are_totals = totals(&names, &values);
        rows.undated(table, dates, &all);
        for ((&at, found), is_total) in series.iter().zip(&all).zip(are_totals) {
            let name = &table.columns[at].name;
            if is_total {
                rows.totals.push(at);
                rows.notes
                    .push(format!("The column `{}` is the sum of others and was left out.", short(name)));
                continue;
            }
            let (series, from) = (rows.series_named(name), rows.dates.len());
            for row in (0..table.rows).filter(|&row| dates.of_row[row] != NO_DATE) {
                rows.push(series, dates.of_row[row], found.values[row], row);
            }
            let odd = found.unread.iter().filter(|(row, _)| dates.of_row[*row] != NO_DATE);
            rows.unread(table, series, odd, name);
            rows.trim(from);
        }
        rows
    }

    /// Rows without a date are no rows of any series; those that have values are told.
    fn undated(&mut self, table: &Table, dates: &Dates, all: &[Numbers]) {
        for (row, text) in &dates.unread {
            let line = table.lines.of(*row);
            if !text.is_empty() {
                let form = if is_total(text) { String::new() } else { like(dates.form) };
                self.notes
                    .push(format!("Line {line} (`{}`) is no date{form} and was left out.", short(text)));
            } else if all.iter().any(|numbers| !numbers.values[*row].is_nan()) {
                self.notes.push(format!("Line {line} has no date and was left out."));
            }
        }
    }

    fn unread<'a>(
        &mut self,
        table: &Table,
        series: u32,
        unread: impl Iterator<Item = &'a (usize, String)>,
        column: &str,
    ) {
        for (row, text) in unread {
            let what = format!(
                "line {}: `{}` in `{}` is not a number",
                table.lines.of(*row),
                short(text),
                short(column)
            );
            self.troubles.push(Trouble { series, row: place(*row), what });
        }
    }

    /// A row per series.
    fn turned(table: &Table, reading: Reading, ids: &[usize], dates: &[usize], form: Form) -> Self {
        let (names, of_row) = names_of(table, ids);
        let mut rows = Self { names, ..Self::default() };
        let columns: Vec<(Moment, Numbers)> = dates
            .iter()
            .filter_map(|&at| {
                let moment = form.parse(&table.columns[at].name)?;
                Some((Moment::from(moment.date()), numbers(&table.columns[at], reading.decimal)))
            })
            .collect();
        let names: Vec<&str> = of_row.iter().map(|&series| rows.names[series as usize].as_str()).collect();
        let are_totals = if names.iter().any(|name| is_total(name)) {
            let values = turned(&columns, table.rows);
            totals(&names, &values.iter().map(Vec::as_slice).collect::<Vec<_>>())
        } else {
            vec![false; table.rows]
        };
        for (row, &series) in of_row.iter().enumerate() {
            if are_totals[row] {
                rows.total_names.insert(series);
                rows.notes
                    .push(format!("Line {} is the sum of others and was left out.", table.lines.of(row)));
                continue;
            }
            let from = rows.dates.len();
            for (date, numbers) in &columns {
                rows.push(series, *date, numbers.values[row], row);
            }
            rows.trim(from);
        }
        rows.total_names.retain(|name| !rows.series.contains(name));
        for (at, (_, numbers)) in dates.iter().zip(&columns) {
            for odd in numbers.unread.iter().filter(|(row, _)| !are_totals[*row]) {
                rows.unread(table, of_row[odd.0], std::iter::once(odd), &table.columns[*at].name);
            }
        }
        rows
    }

    fn series_named(&mut self, name: &str) -> u32 {
        self.names.push(name.to_owned());
        place(self.names.len() - 1)
    }

    fn push(&mut self, series: u32, date: Moment, value: f64, row: usize) {
        self.series.push(series);
        self.dates.push(date);
        self.values.push(value);
        self.from.push(place(row));
    }

    /// Forgets rows without a value at both ends of what was added.
    fn trim(&mut self, from: usize) {
        let own = &self.values[from..];
        let Some(first) = own.iter().position(|value| !value.is_nan()) else {
            // One row stays, so that the series is there and is told to be empty.
            return self.cut(from, from..(from + 1).min(self.values.len()));
        };
        let last = own.iter().rposition(|value| !value.is_nan()).unwrap_or(first);
        self.cut(from, from + first..from + last + 1);
    }

    fn cut(&mut self, from: usize, kept: std::ops::Range<usize>) {
        fn cut<T>(all: &mut Vec<T>, from: usize, kept: &std::ops::Range<usize>) {
            all.truncate(kept.end);
            all.drain(from..kept.start);
        }
        cut(&mut self.series, from, &kept);
        cut(&mut self.dates, from, &kept);
        cut(&mut self.values, from, &kept);
        cut(&mut self.from, from, &kept);
    }
}

fn like(form: Option<Form>) -> String {
    form.map_or_else(String::new, |form| format!(" such as {form}"))
}
