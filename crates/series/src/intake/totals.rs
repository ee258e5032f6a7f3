//! Sums that a planner puts below a table or beside it, which are no series.

use wire::Moment;

use super::cells::Numbers;
use super::table::Table;

/// Whether a text in the place of a date or a name heads a sum.
pub(super) fn is_total(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "total",
        "totals",
        "grand total",
        "sum",
        "sums",
        "gesamt",
        "summe",
        "gesamtsumme",
        "gesamtergebnis",
        "subtotal",
    ];
    WORDS.contains(&text.trim().trim_end_matches(':').to_lowercase().as_str())
}

/// A column that is called a total and is the sum of the others, wherever it has a value.
pub(super) fn total_column(table: &Table, series: &[usize], all: &[Numbers]) -> Option<usize> {
    let place = series.iter().position(|&at| is_total(&table.columns[at].name))?;
    let others = || all.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, numbers)| numbers);
    let sum =
        |row: usize| others().map(|numbers| numbers.values[row]).filter(|value| !value.is_nan()).sum::<f64>();
    let own = &all[place].values;
    let is_sum = (0..table.rows).all(|row| own[row].is_nan() || is_close(own[row], sum(row)));
    (all.len() > 2 && is_sum).then(|| series[place])
}

/// The same of a row.
pub(super) fn total_row(
    table: &Table,
    names: &[String],
    of_row: &[u32],
    columns: &[(Moment, Numbers)],
) -> Option<usize> {
    let row = (0..table.rows).find(|&row| is_total(&names[of_row[row] as usize]))?;
    let is_sum = |(_, numbers): &(Moment, Numbers)| {
        let others = (0..table.rows).filter(|&other| other != row).map(|other| numbers.values[other]);
        let sum: f64 = others.filter(|value| !value.is_nan()).sum();
        numbers.values[row].is_nan() || is_close(numbers.values[row], sum)
    };
    (table.rows > 2 && columns.iter().all(is_sum)).then_some(row)
}

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-6 * one.abs().max(other.abs()).max(1.0)
}
