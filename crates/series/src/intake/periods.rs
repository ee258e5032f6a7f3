//! Dates that a file does not have: numbers of periods, or nothing but the order of its rows.

use chrono::Datelike;
use wire::Moment;

use super::Asked;
use super::error::IntakeError;
use super::names::names_of;
use super::number::{Decimal, number};
use super::roles::{IDS, column_of_dates};
use super::table::{self, Cells, Column, NO_DATE, Table};
use crate::calendar::Frequency;

/// Why a start is refused.
pub(super) const HAS_DATES: &str = "the file has dates of its own";
/// What a column is called that the file does not have.
const NAME: &str = "row";

/// Whole numbers in a column that is stated to hold dates, or called so, become dates: periods from the start, or as they are
/// written. Whether they are periods.
pub(super) fn settle(table: &mut Table, asked: &Asked) -> Result<bool, IntakeError> {
    let Some(at) = column_of_dates(table, asked) else { return Ok(false) };
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
