//! Dates in two columns: a year, and a month, quarter or week of it.

use super::Asked;
use super::date::{Form, Found, form_of, month_name};
use super::names::joined;
use super::table::{Cells, Column, Table, Word};
use crate::outside::short;

const YEARS: [&str; 7] = ["year", "jahr", "annee", "année", "año", "anno", "yr"];
/// What parts of a year are called, what stands before their number in a date, and how many there are.
const PARTS: [(&[&str], &str, u32); 3] = [
    (&["month", "monat", "mois", "mes", "mese", "month_name", "mon"], "", 12),
    (&["quarter", "quartal", "qtr", "trimestre"], "Q", 4),
    (&["week", "woche", "kw", "semaine", "semana", "settimana", "week_number", "isoweek"], "W", 53),
];

/// Puts one column of dates in the place of a year and the part of it, if there is no other date and every row has both. What
/// was done is handed back as a note.
pub(super) fn join(table: &mut Table, asked: &Asked) -> Option<String> {
    let place = |names: &[&str]| names.iter().find_map(|name| table.place(name));
    let year = place(&YEARS)?;
    let (at, mark, most) =
        PARTS.iter().find_map(|(names, mark, most)| Some((place(names)?, *mark, *most)))?;
    let stated = asked.ids.iter().chain(&asked.value).chain(&asked.known).chain(&asked.past);
    let is_stated = stated.into_iter().any(|name| [Some(year), Some(at)].contains(&table.place(name)));
    // A month beside a column of dates is the month of those.
    if is_stated || asked.date.is_some() || asked.start.is_some() || table.columns.iter().any(has_dates) {
        return None;
    }
    let years = codes(&table.columns[year], |text| whole(text, 4, 1900..=2099).map(|year| year.to_string()))?;
    let parts = codes(&table.columns[at], |text| part(text, mark, most))?;
    let (of_row, pairs) = joined((years.1, years.0.len()), (parts.1.to_vec(), parts.0.len()));
    let word =
        |pair: &(u32, u32)| Word::Text(format!("{}-{}", years.0[pair.0 as usize], parts.0[pair.1 as usize]));
    let cells = Cells::Words { words: pairs.iter().map(word).collect(), of_row };
    let names = [year, at].map(|at| table.columns[at].name.clone());
    table.columns[year] = Column { name: names.join(" "), cells };
    table.columns.remove(at);
    Some(format!("The dates are `{}` and `{}` together.", short(&names[0]), short(&names[1])))
}

/// What each word of a column is read as, and of each row its word; nothing if a word cannot be read.
fn codes(column: &Column, read: impl Fn(&str) -> Option<String>) -> Option<(Vec<String>, &[u32])> {
    let Cells::Words { words, of_row } = &column.cells else { return None };
    Some((words.iter().map(|word| read(&word.shown())).collect::<Option<_>>()?, of_row))
}

fn has_dates(column: &Column) -> bool {
    match &column.cells {
        Cells::Dates { .. } => true,
        Cells::Numbers(_) => false,
        Cells::Words { words, .. } => matches!(
            form_of(words),
            Found::Moments
                | Found::Either(..)
                | Found::One(Form::YearFirst | Form::DayFirst | Form::MonthFirst | Form::Named)
        ),
    }
}

fn whole(text: &str, digits: usize, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    text.parse().ok().filter(|number| text.len() <= digits && range.contains(number))
}

/// `Jan`, `1`, `01`; `Q1`, `1`; `W05`, `5`.
fn part(text: &str, mark: &str, most: u32) -> Option<String> {
    let digits = text.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ');
    let number = match month_name(text) {
        Some(month) if mark.is_empty() => month,
        _ if !mark.is_empty() || digits.len() == text.len() => whole(digits, 2, 1..=most)?,
        _ => return None,
    };
    let width = if most < 10 { 1 } else { 2 };
    Some(format!("{mark}{number:0width$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_they_stand_behind_a_year() {
        let check = |text: &str, mark: &str, most: u32, expected: Option<&str>| {
            assert_eq!(part(text, mark, most).as_deref(), expected, "{text}");
        };
        check("Jan", "", 12, Some("01"));
        check("12", "", 12, Some("12"));
        check("13", "", 12, None);
        check("x3", "", 12, None);
        check("Q2", "Q", 4, Some("Q2"));
        check("KW 5", "W", 53, Some("W05"));
        check("", "W", 53, None);
    }
}
