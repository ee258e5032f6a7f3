//! Dates that a file does not have: numbers of periods, or nothing but the order of its rows.

use chrono::Datelike;
use wire::Moment;

use super::Asked;
use super::date::day_number;
use super::error::IntakeError;
use super::names::names_of;
use super::number::{Decimal, number};
use super::roles::{IDS, column_of_dates};
use super::table::{self, Cells, Column, NO_DATE, Table};
use crate::calendar::Frequency;
use crate::outside::short;

/// Why a start is refused.
pub(super) const HAS_DATES: &str = "the file has dates of its own";
/// What a column is called that the file does not have.
const NAME: &str = "row";

/// Columns that are numbered, as `1` to `24` or `d_1` to `d_1941`.
#[derive(Debug)]
pub(super) struct Numbered {
    /// Where they are, from left to right.
    columns: Vec<usize>,
}

/// So many columns that are called by one word and count up are the periods of a list.
const LEAST_NUMBERED: usize = 4;

/// The columns of a table without dates whose names count up by one behind the same word. Where the word is not empty, a
/// column beside them has texts, which name the rows: products called `item_1` to `item_9` over rows of numbers are none.
pub(super) fn numbered(table: &Table, asked: &Asked) -> Option<Numbered> {
    if asked.wide || asked.date.is_some() || asked.value.is_some() {
        return None;
    }
    let parts: Vec<Option<(&str, u32)>> = table.columns.iter().map(|column| part(&column.name)).collect();
    let places: Vec<usize> = (0..parts.len()).collect();
    let goes_on = |&at: &usize, &next: &usize| {
        parts[at].zip(parts[next]).is_some_and(|(one, other)| one.0 == other.0 && one.1 + 1 == other.1)
    };
    let columns = places.chunk_by(goes_on).max_by_key(|run| run.len())?.to_vec();
    let (word, _) = parts[columns[0]]?;
    let has_text = |at: usize| {
        let Cells::Words { words, .. } = &table.columns[at].cells else { return false };
        words.iter().any(|word| !word.is_missing() && number(word, Decimal::Point).is_none())
    };
    let is_named = word.is_empty() || places.iter().any(|at| !columns.contains(at) && has_text(*at));
    (columns.len() >= LEAST_NUMBERED && is_named).then_some(Numbered { columns })
}

/// A name that ends in a number, without and with it.
fn part(name: &str) -> Option<(&str, u32)> {
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let count: u32 = name[word.len()..].parse().ok()?;
    (count < u32::MAX).then_some((word, count))
}

impl Numbered {
    /// That somebody has to say when they are.
    pub(super) fn ask(&self, table: &Table) -> IntakeError {
        let name = |at: usize| short(&table.columns[at].name);
        let (first, last) = (name(self.columns[0]), name(self.columns[self.columns.len() - 1]));
        let as_day = day_number(&first).map_or_else(String::new, |day| {
            format!("; or, if they are days as Excel counts them (`{first}` would be {day}), the date format `serial`")
        });
        IntakeError::Numbered { first, last, as_day }
    }
}

/// Gives numbered columns the dates from the start on, as their names. Whether there are any.
fn date_columns(table: &mut Table, asked: &Asked) -> Result<bool, IntakeError> {
    let Some(Numbered { columns }) = numbered(table, asked) else { return Ok(false) };
    let (start, frequency) = calendar(asked)?;
    for (step, at) in columns.into_iter().enumerate() {
        table.columns[at].name = frequency.advance(start, start.day(), step).to_string();
    }
    Ok(true)
}

/// Whole numbers in a column that is stated to hold dates, or called so, become dates: periods from the start, or as they are
/// written. Whether they are periods.
pub(super) fn settle(table: &mut Table, asked: &Asked) -> Result<bool, IntakeError> {
    let Some(at) = column_of_dates(table, asked) else {
        return if asked.start.is_some() { date_columns(table, asked) } else { Ok(false) };
    };
    if asked.start.is_none() {
        if let Cells::Numbers(numbers) = &table.columns[at].cells {
            table.columns[at].cells = table::words_of(numbers);
        }
        return Ok(false);
    }
    let has_dates = || IntakeError::DoesNotApply { field: "start", why: HAS_DATES };
    let numbers: Vec<f64> = match &table.columns[at].cells {
        Cells::Numbers(numbers) => numbers.clone(),
        Cells::Words { words, of_row } => {
            let of_word = words.iter().map(|word| number(word, Decimal::Point));
            let of_word = of_word.collect::<Option<Vec<f64>>>().ok_or_else(has_dates)?;
            of_row.iter().map(|&word| of_word[word as usize]).collect()
        }
        Cells::Dates { .. } => return Err(has_dates()),
    };
    let (start, frequency) = calendar(asked)?;
    let dates = numbers.iter().map(|&period| date(start, frequency, period).unwrap_or(NO_DATE)).collect();
    table.columns[at].cells = Cells::Dates { dates, zone: None };
    Ok(true)
}

/// Adds a column of dates to a table without one: the rows of each series follow each other from the start.
pub(super) fn number_rows(table: &mut Table, asked: &Asked) -> Result<(), IntakeError> {
    let (start, frequency) = calendar(asked)?;
    let ids: Vec<usize> = match asked.ids.as_slice() {
        [] if asked.wide => Vec::new(),
        [] => IDS.iter().find_map(|name| table.place(name)).into_iter().collect(),
        names => names.iter().filter_map(|name| table.place(name)).collect(),
    };
    let (names, series) = names_of(table, &ids);
    let mut next = vec![0.0; names.len()];
    let mut dates = Vec::with_capacity(series.len());
    for &one in &series {
        let period = &mut next[one as usize];
        dates.push(date(start, frequency, *period).unwrap_or(NO_DATE));
        *period += 1.0;
    }
    let mut name = NAME.to_owned();
    while table.place(&name).is_some() {
        name.push('_');
    }
    table.columns.push(Column { name, cells: Cells::Dates { dates, zone: None } });
    Ok(())
}

fn calendar(asked: &Asked) -> Result<(Moment, Frequency), IntakeError> {
    let needs = || IntakeError::NoFrequency {
        why: format!("the dates that follow a start need a frequency; state one ({})", wire::Step::words()),
    };
    let (start, frequency) = asked.start.zip(asked.frequency()).ok_or_else(needs)?;
    Ok((frequency.begin(start).ok_or_else(|| off_grid_start(start, frequency))?, frequency))
}

/// That a grid of this frequency does not begin on this date.
pub(super) fn off_grid_start(start: Moment, frequency: Frequency) -> IntakeError {
    IntakeError::NoFrequency { why: format!("no {frequency} dates begin on {start}; state another start") }
}

/// The date of a period, counted from nought.
fn date(start: Moment, frequency: Frequency, period: f64) -> Option<Moment> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number of periods, checked"
    )]
    let steps = (period >= 0.0 && period.fract() == 0.0 && period <= 4e9).then_some(period as usize)?;
    Some(frequency.advance(start, start.day(), steps))
}
