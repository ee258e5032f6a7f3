//! The days and the numbers of a column.

use super::date::{self, Form, Found};
use super::error::IntakeError;
use super::number::{Decimal, number};
use super::profile::Kind;
use super::table::{Cells, Column, NO_DAY, Table, Word};
use crate::outside::short;

/// How cells are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// The decimal mark.
    pub(super) decimal: Decimal,
    /// The form of dates, if it was stated.
    pub(super) form: Option<Form>,
    /// Whether moments of a day are added up.
    pub(super) adds_up: bool,
}

/// The days of a column of dates; [`NO_DAY`] where there is none, with those rows and what they have instead.
pub(super) struct Days {
    pub(super) of_row: Vec<i32>,
    pub(super) form: Option<Form>,
    pub(super) unread: Vec<(usize, String)>,
}

/// The days of a column of dates.
pub(super) fn days(table: &Table, at: usize, kind: &Kind, reading: Reading) -> Result<Days, IntakeError> {
    let column = &table.columns[at];
    let (words, of_row) = match &column.cells {
        Cells::Days { days, within_day } => {
            if let Some(row) = within_day.filter(|_| !reading.adds_up) {
                let text = format!("a time in `{}`", short(&column.name));
                return Err(IntakeError::WithinDay { line: table.lines.of(row), text });
            }
            return Ok(Days { of_row: days.clone(), form: None, unread: undated_rows(days) });
        }
        Cells::Numbers(_) => {
            return Err(IntakeError::NotDates { column: column.name.clone(), example: "numbers".to_owned() });
        }
        Cells::Words { words, of_row } => (words, of_row),
    };
    let form = match (reading.form, kind) {
        (Some(form), _) => Some(form),
        (None, Kind::Dates(Found::One(form) | Found::None { best: Some(form), .. })) => Some(*form),
        (None, Kind::Dates(Found::Moments)) => None,
        (None, Kind::Dates(Found::Either(one, other))) => {
            let example = words.iter().find(|word| one.parse(&word.shown()).is_some()).map(Word::shown);
            return Err(IntakeError::DayOrMonth {
                one: one.word(),
                other: other.word(),
                column: format!("`{}`", short(&column.name)),
                example: short(&example.unwrap_or_default()),
            });
        }
        (None, Kind::Dates(Found::Mixed { word, .. })) => {
            let (column, example) = (short(&column.name), short(&words[*word].shown()));
            return Err(IntakeError::MixedDates { column, example });
        }
        _ => {
            let example = words.iter().find(|word| !word.is_missing()).map(Word::shown).unwrap_or_default();
            return Err(IntakeError::NotDates { column: column.name.clone(), example });
        }
    };
    if reading.form.is_none()
        && matches!(form, Some(Form::YearMonth | Form::MonthYear))
        && is_called_week(&column.name)
    {
        let example = words.iter().find(|word| !word.is_missing()).map(Word::shown).unwrap_or_default();
        return Err(IntakeError::WeekOrMonth { column: short(&column.name), example: short(&example) });
    }
    let moments: Vec<_> = words.iter().map(|word| date::moment(word, form)).collect();
    if let Some(word) = moments
        .iter()
        .position(|moment| moment.is_some_and(|moment| !date::is_midnight(moment)) && !reading.adds_up)
    {
        let row = of_row.iter().position(|&at| at as usize == word).unwrap_or(0);
        return Err(IntakeError::WithinDay { line: table.lines.of(row), text: short(&words[word].shown()) });
    }
    let of_word: Vec<i32> =
        moments.iter().map(|moment| moment.map_or(NO_DAY, |moment| moment.date().to_epoch_days())).collect();
    let text = |word: u32| {
        if words[word as usize].is_missing() { String::new() } else { words[word as usize].shown() }
    };
    let unread = if of_word.contains(&NO_DAY) {
        let rows = of_row.iter().enumerate().filter(|(_, word)| of_word[**word as usize] == NO_DAY);
        rows.map(|(row, &word)| (row, text(word))).collect()
    } else {
        Vec::new()
    };
    Ok(Days { of_row: of_row.iter().map(|&word| of_word[word as usize]).collect(), form, unread })
}

/// Rows whose date is missing.
fn undated_rows(days: &[i32]) -> Vec<(usize, String)> {
    days.iter().enumerate().filter(|(_, day)| **day == NO_DAY).map(|(row, _)| (row, String::new())).collect()
}

/// The numbers of a column, and the rows that are not missing and have none.
pub(super) struct Numbers {
    pub(super) values: Vec<f64>,
    pub(super) unread: Vec<(usize, String)>,
}

pub(super) fn numbers(column: &Column, decimal: Decimal) -> Numbers {
    let (words, of_row) = match &column.cells {
        Cells::Numbers(values) => {
            let odd = values.iter().enumerate().filter(|(_, value)| value.is_infinite());
            return Numbers {
                values: values.clone(),
                unread: odd.map(|(row, value)| (row, value.to_string())).collect(),
            };
        }
        Cells::Days { days, .. } => {
            let unread = days.iter().enumerate().filter(|(_, day)| **day != NO_DAY);
            let unread = unread.map(|(row, _)| (row, "a date".to_owned())).collect();
            return Numbers { values: vec![f64::NAN; days.len()], unread };
        }
        Cells::Words { words, of_row } => (words, of_row),
    };
    let of_word: Vec<Option<f64>> = words.iter().map(|word| number(word, decimal)).collect();
    let mut found = Numbers { values: Vec::with_capacity(of_row.len()), unread: Vec::new() };
    for (row, &word) in of_row.iter().enumerate() {
        let value = of_word[word as usize];
        if value.is_none() {
            found.unread.push((row, words[word as usize].shown()));
        }
        found.values.push(value.unwrap_or(f64::NAN));
    }
    found
}

fn is_called_week(name: &str) -> bool {
    let name = name.to_lowercase();
    ["week", "woche", "semaine", "semana"].iter().any(|part| name.contains(part)) || name == "kw"
}

/// What is known of each row as a number: itself; of a column of words 0 where there is none or it says no, and a code for
/// each other word. Cells that are no numbers among numbers are missing, and are counted.
pub(super) fn codes(column: &Column, kind: &Kind, decimal: Decimal) -> (Vec<f64>, usize) {
    let found = numbers(column, decimal);
    let unread = found.unread.len();
    let (Cells::Words { words, of_row }, false) =
        (&column.cells, unread == 0 || *kind == Kind::MostlyNumbers)
    else {
        return (found.values, unread);
    };
    let says_no = |word: &Word| word.is_missing() || NO.contains(&word.shown().to_lowercase().as_str());
    let mut sorted: Vec<String> = words.iter().filter(|word| !says_no(word)).map(Word::shown).collect();
    sorted.sort();
    sorted.dedup();
    let code = |word: &Word| match sorted.binary_search(&word.shown()) {
        Ok(place) if !says_no(word) => place as f64 + 1.0,
        _ => 0.0,
    };
    let of_word: Vec<f64> = words.iter().map(code).collect();
    (of_row.iter().map(|&word| of_word[word as usize]).collect(), 0)
}

/// Words that say that nothing is on.
const NO: [&str; 8] = ["0", "no", "n", "false", "none", "off", "nein", "non"];
