//! Sums that a planner puts below a table or beside it, which are no series.

use std::collections::{BTreeMap, BTreeSet};

use wire::Moment;

use super::cells::Numbers;
use super::rows::Rows;
use super::table::place;
use crate::outside::short;

const WORDS: [&str; 20] = [
    "total",
    "totals",
    "subtotal",
    "subtotals",
    "sum",
    "sums",
    "gesamt",
    "summe",
    "gesamtsumme",
    "gesamtergebnis",
    "ergebnis",
    "teilergebnis",
    "zwischensumme",
    "totale",
    "totaux",
    "somme",
    "suma",
    "somma",
    "insgesamt",
    "totaal",
];

/// Whether a text in the place of a date or a name heads a sum: `Total`, `Grand total:`, `North Total`.
pub(super) fn is_total(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| WORDS.contains(&word.to_lowercase().as_str()))
}

/// Which of some columns, or rows, are called a total and are the sum of others wherever they have a value: of all, or of
/// those between them and the total before or behind.
pub(super) fn totals(names: &[&str], all: &[&[f64]]) -> Vec<bool> {
    let are_called: Vec<bool> = names.iter().map(|name| is_total(name)).collect();
    if all.len() < 3 || !are_called.contains(&true) {
        return vec![false; all.len()];
    }
    let parts = |from: usize, to: usize| (from..to).filter(|&at| !are_called[at]).collect::<Vec<_>>();
    let is_total = |at: usize| {
        let before = are_called[..at].iter().rposition(|called| *called).map_or(0, |before| before + 1);
        let behind =
            are_called[at + 1..].iter().position(|called| *called).map_or(all.len(), |next| at + 1 + next);
        [parts(before, at), parts(at + 1, behind), parts(0, all.len())]
            .iter()
            .any(|parts| is_sum(all[at], parts, all))
    };
    (0..all.len()).map(|at| are_called[at] && is_total(at)).collect()
}

fn is_sum(own: &[f64], parts: &[usize], all: &[&[f64]]) -> bool {
    let sum =
        |row: usize| parts.iter().map(|&part| all[part][row]).filter(|value| !value.is_nan()).sum::<f64>();
    let mut given = own.iter().enumerate().filter(|(_, value)| !value.is_nan()).peekable();
    !parts.is_empty() && given.peek().is_some() && given.all(|(row, value)| is_close(*value, sum(row)))
}

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-6 * one.abs().max(other.abs()).max(1.0)
}

/// So many values of all series and dates are compared at most.
const MOST_CELLS: usize = 1 << 24;

impl Rows {
    /// Leaves out series that are called a total and are the sum of others, on dates that all of them share: subtotals of a
    /// group, which follow it, and totals of all.
    pub(super) fn leave_out_sums(&mut self) {
        let called = |name: &String| is_total(name);
        if !self.total_names.is_empty() || self.names.len() < 3 || !self.names.iter().any(called) {
            return;
        }
        let dates: BTreeSet<Moment> = self.dates.iter().copied().collect();
        if dates.len().saturating_mul(self.names.len()) > MOST_CELLS {
            return;
        }
        let column: BTreeMap<Moment, usize> = dates.into_iter().zip(0..).collect();
        let mut values = vec![vec![f64::NAN; column.len()]; self.names.len()];
        for ((&series, date), value) in self.series.iter().zip(&self.dates).zip(&self.values) {
            let cell = &mut values[series as usize][column[date]];
            *cell = super::group::sum(*cell, *value);
        }
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let sums = totals(&names, &values.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for (at, name) in names.iter().enumerate().filter(|(at, _)| sums[*at]) {
            self.notes.push(format!("`{}` is the sum of others and was left out.", short(name)));
            self.total_names.insert(place(at));
        }
    }
}

/// Rows of a table whose columns these are.
pub(super) fn turned(columns: &[(Moment, Numbers)], rows: usize) -> Vec<Vec<f64>> {
    (0..rows).map(|row| columns.iter().map(|(_, numbers)| numbers.values[row]).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_from_series_that_are_called_so() {
        let check = |cells: &[(&str, f64)], expected: &[&str]| {
            let names: Vec<&str> = cells.iter().map(|cell| cell.0).collect();
            let values: Vec<[f64; 1]> = cells.iter().map(|cell| [cell.1]).collect();
            let all: Vec<&[f64]> = values.iter().map(|value| &value[..]).collect();
            let found = totals(&names, &all);
            let found: Vec<&str> =
                names.iter().zip(found).filter(|(_, is)| *is).map(|(name, _)| *name).collect();
            assert_eq!(found, expected, "{cells:?}");
        };
        check(&[("A", 1.0), ("B", 2.0), ("Total", 3.0)], &["Total"]);
        check(&[("A", 1.0), ("B", 2.0), ("Total", 4.0)], &[]);
        check(&[("A", 1.0), ("B", 2.0), ("Total cereal", 4.0)], &[]);
        check(
            &[
                ("a", 1.0),
                ("b", 2.0),
                ("North Total", 3.0),
                ("c", 4.0),
                ("South Total", 4.0),
                ("Grand total", 7.0),
            ],
            &["North Total", "South Total", "Grand total"],
        );
        check(
            &[("Summe Nord", 3.0), ("a", 1.0), ("b", 2.0), ("Summe Süd", 4.0), ("c", 4.0)],
            &["Summe Nord", "Summe Süd"],
        );
    }
}
