//! Any file of series to series, with a report of what was read, dropped and assumed.
//!
//! Bytes become cells (`source`), cells get their roles (`roles`), rows become series (`group`). Nothing is guessed:
//! what the cells of the whole file leave open is an error that names the option which settles it. A series that cannot be
//! used is left out with its reason, and the others are read.

mod cells;
mod date;
mod error;
mod group;
mod names;
mod number;
mod profile;
mod report;
mod roles;
mod rows;
mod series_lists;
mod source;
pub(crate) mod table;
mod times;
mod totals;

use bytes::Bytes;
use chrono::Datelike;
use wire::Moment;
use wire::datasets::Report;

use self::cells::Reading;
use self::date::{Form, Found};
pub use self::error::IntakeError;
pub use self::group::MAX_NAME_CHARS;
pub use self::number::Decimal;
use self::number::Evidence;
use self::report::Told;
use self::roles::{Layout, Roles, choose, more_ids};
use self::rows::Rows;
pub use self::source::SourceError;
use self::source::{Facts, Kind, Source, Stated};
use self::table::{Cells, Table, Word};
use crate::calendar::Frequency;
use crate::columnar::{Columns, Limits, Read, read_arrow, read_parquet};
use crate::dated::DatedSeries;
use crate::outside::short;
use crate::zone::Zone;

/// How to read a file, where it does not say so itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The columns that name a series.
    pub ids: Vec<String>,
    /// The column of dates.
    pub date: Option<String>,
    /// The column of values.
    pub value: Option<String>,
    /// Columns that are known beforehand.
    pub known: Vec<String>,
    /// How dates are written: `DD/MM/YYYY` and the like.
    pub date_format: Option<String>,
    /// The decimal mark.
    pub decimal: Option<Decimal>,
    /// What separates the cells of a text.
    pub separator: Option<u8>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// How far apart the dates are.
    pub rhythm: Option<Rhythm>,
    /// The first date of lists without one, or the date of period 0.
    pub start: Option<Moment>,
    /// Whose clock the times show, where they do not say it themselves.
    pub time_zone: Option<Zone>,
    /// Whether every column of numbers is a series.
    pub wide: bool,
    /// Whether the values of one date are added up.
    pub sum_duplicates: bool,
    /// How much to read at most.
    pub limits: Limits,
}

/// How far apart the dates of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// All series alike.
    Of(Frequency),
    /// Each series has a frequency of its own.
    Each,
}

/// The series of a file, and what is to be said of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// At least one.
    pub series: Vec<DatedSeries>,
    /// What was read, dropped and assumed.
    pub report: Report,
}

impl Asked {
    fn date_form(&self) -> Result<Option<Form>, IntakeError> {
        let Some(word) = &self.date_format else { return Ok(None) };
        let unknown =
            || IntakeError::UnknownWord { field: "date_format", word: short(word), known: Form::words() };
        Form::named(word).map(Some).ok_or_else(unknown)
    }

    /// Whether whole numbers in place of dates count periods.
    fn has_periods(&self) -> bool {
        self.start.is_some()
    }

    fn frequency(&self) -> Option<Frequency> {
        match self.rhythm {
            Some(Rhythm::Of(frequency)) => Some(frequency),
            _ => None,
        }
    }
}

/// The series of a file.
pub fn read(bytes: &Bytes, asked: &Asked) -> Result<Intake, IntakeError> {
    let stated = Stated {
        separator: asked.separator,
        sheet: asked.sheet.clone(),
        limits: source::Limits { rows: asked.limits.rows, ..source::Limits::default() },
    };
    match source::tables(bytes, &stated)? {
        Source::Table(table, facts) => of_table(table, &facts, asked),
        Source::Tsf(tsf, facts) => series_lists::of_tsf(tsf, &facts, asked),
        Source::Columnar(kind, bytes, facts) => {
            let columns = Columns {
                ids: asked.ids.clone(),
                date: asked.date.clone(),
                value: asked.value.clone(),
                frequency: asked.frequency(),
                start: asked.start,
                limits: asked.limits,
                ..Columns::default()
            };
            let read = if kind == Kind::Parquet {
                read_parquet(&bytes, &columns)?
            } else {
                read_arrow(&bytes, &columns)?
            };
            match read {
                Read::Cells(table) => of_table(table, &facts, asked),
                Read::Lists(fleet) => series_lists::of_fleet(&fleet, &facts, asked),
            }
        }
    }
}

fn of_table(mut table: Table, facts: &Facts, asked: &Asked) -> Result<Intake, IntakeError> {
    if table.rows == 0 {
        return Err(IntakeError::NoRows);
    }
    let (decimal, is_told) = decimal(&table, facts, asked)?;
    settle_periods(&mut table, asked)?;
    let mut roles = choose(&table, asked, decimal)?;
    check_options(&roles, asked)?;
    if let Layout::Columns { series, .. } | Layout::Rows { dates: series, .. } = &roles.layout
        && table.rows.saturating_mul(series.len()) > asked.limits.rows
    {
        return Err(IntakeError::TooMany { what: "values", limit: asked.limits.rows });
    }
    let reading = Reading { decimal, form: asked.date_form()?, zone: asked.time_zone };
    let mut rows = Rows::of(&table, &roles, reading)?;
    if asked.ids.is_empty() && matches!(roles.layout, Layout::Long { .. }) {
        rows = tell_apart(&table, &mut roles, reading, asked, rows)?;
    }
    adopt_known(&table, &mut roles, reading, &mut rows)?;
    if let Layout::Columns { series, .. } = &mut roles.layout {
        series.retain(|at| Some(*at) != rows.total);
    }
    roles.groups = names::grouping(&table, &roles, &rows);
    rows.group(&table, &roles);
    if rows.names.len() > asked.limits.series {
        return Err(IntakeError::TooMany { what: "series", limit: asked.limits.series });
    }
    let form = rows.form;
    let grouped = group::group(rows, &table.lines, asked)?;
    let told = Told { facts, table: &table, roles: &roles, decimal: is_told.then_some(decimal), form };
    let report = report::report(&told, &grouped);
    Ok(Intake { series: grouped.series, report })
}

/// The decimal mark of all numbers, and whether any has one.
fn decimal(table: &Table, facts: &Facts, asked: &Asked) -> Result<(Decimal, bool), IntakeError> {
    let mut evidence = Evidence::default();
    let dates = roles::column_of_dates(table, asked);
    for (_, column) in table.columns.iter().enumerate().filter(|(at, _)| Some(*at) != dates) {
        if let Cells::Words { words, .. } = &column.cells {
            // A column of texts or of dates such as 31.01.2024 says nothing of numbers.
            let most = words.iter().filter(|word| is_number_like(word)).count();
            if 10 * most >= 8 * words.len()
                && !matches!(date::form_of(words), Found::One(_) | Found::Either(..))
            {
                evidence.add(words);
            }
        }
    }
    let has_mark = evidence != Evidence::default();
    if let Some(decimal) = asked.decimal {
        return Ok((decimal, has_mark));
    }
    if let Some(decimal) = evidence.decide(facts.separator == Some(b',')) {
        return Ok((decimal, has_mark));
    }
    Err(match (evidence.point, evidence.comma, evidence.either) {
        (Some(point), Some(comma), _) => {
            IntakeError::PointAndComma { point: short(&point), comma: short(&comma) }
        }
        (_, _, example) => IntakeError::PointOrComma { example: short(&example.unwrap_or_default()) },
    })
}

fn is_number_like(word: &Word) -> bool {
    [Decimal::Point, Decimal::Comma].into_iter().any(|mark| number::number(word, mark).is_some())
}

/// Whole numbers in a column that is stated to hold dates, or called so, become dates: periods from the start, or as they are
/// written.
fn settle_periods(table: &mut Table, asked: &Asked) -> Result<(), IntakeError> {
    let Some(at) = roles::column_of_dates(table, asked) else { return Ok(()) };
    let (Some(start), Some(frequency)) = (asked.start, asked.frequency()) else {
        if let Cells::Numbers(numbers) = &table.columns[at].cells {
            table.columns[at].cells = table::words_of(numbers);
        }
        return Ok(());
    };
    let start = frequency.begin(start).ok_or_else(|| off_grid_start(start, frequency))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number of periods, checked"
    )]
    let date = |period: f64| {
        let is_whole = period >= 0.0 && period.fract() == 0.0 && period <= 4e9;
        is_whole.then(|| frequency.advance(start, start.day(), period as usize))
    };
    let has_dates =
        || IntakeError::DoesNotApply { field: "start", why: "the column of dates has dates of its own" };
    let numbers: Vec<f64> = match &table.columns[at].cells {
        Cells::Numbers(numbers) => numbers.clone(),
        Cells::Words { words, of_row } => {
            let of_word: Vec<Option<f64>> =
                words.iter().map(|word| number::number(word, Decimal::Point)).collect();
            if of_word.contains(&None) {
                return Err(has_dates());
            }
            of_row.iter().map(|&word| of_word[word as usize].unwrap_or(f64::NAN)).collect()
        }
        Cells::Dates { .. } => return Err(has_dates()),
    };
    let dates = numbers.iter().map(|&period| date(period).unwrap_or(table::NO_DATE)).collect();
    table.columns[at].cells = Cells::Dates { dates, zone: None };
    Ok(())
}

/// That a grid of this frequency does not begin on this date.
fn off_grid_start(start: Moment, frequency: Frequency) -> IntakeError {
    IntakeError::NoFrequency { why: format!("no {frequency} dates begin on {start}; state another start") }
}

fn check_options(roles: &Roles, asked: &Asked) -> Result<(), IntakeError> {
    if asked.date_format.is_some() && !report::has_text_dates(roles) {
        return Err(IntakeError::DoesNotApply {
            field: "date_format",
            why: "the file has dates that are no texts",
        });
    }
    Ok(())
}

/// Names series by more columns where one does not tell rows of one date apart, and by fewer where it tells all rows apart.
fn tell_apart(
    table: &Table,
    roles: &mut Roles,
    reading: Reading,
    asked: &Asked,
    rows: Rows,
) -> Result<Rows, IntakeError> {
    let Layout::Long { ids, date, value } = roles.layout.clone() else { return Ok(rows) };
    let mut ids = ids;
    let mut rows = rows;
    let of = |roles: &mut Roles, ids: &[usize]| {
        roles.layout = Layout::Long { ids: ids.to_vec(), date, value };
        Rows::of(table, roles, reading)
    };
    let is_row_number = ids.len() == 1 && rows.dates.len() > 3 && rows.names.len() == rows.dates.len();
    let mut others = more_ids(table, roles);
    if is_row_number {
        let name = short(&table.columns[ids[0]].name);
        roles.notes.push(format!("The column `{name}` is different in every row, so it names no series."));
        ids = others.iter().take(1).copied().collect();
        others.retain(|at| !ids.contains(at));
        rows = of(roles, &ids)?;
    }
    let Some((name, date_twice)) = group::repeats(&rows) else { return Ok(rows) };
    // From left to right until nothing repeats, and then without those that are not needed for it.
    let before = ids.clone();
    for at in others {
        ids.push(at);
        ids.sort_unstable();
        rows = of(roles, &ids)?;
        if group::repeats(&rows).is_none() {
            let spare: Vec<usize> = ids.iter().copied().filter(|at| !before.contains(at)).collect();
            for at in spare {
                let fewer: Vec<usize> = ids.iter().copied().filter(|other| *other != at).collect();
                let without = of(roles, &fewer)?;
                if group::repeats(&without).is_none() {
                    (ids, rows) = (fewer, without);
                }
            }
            roles.layout = Layout::Long { ids: ids.clone(), date, value };
            if ids.len() > 1 || !before.is_empty() {
                let named: Vec<String> =
                    ids.iter().map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
                roles.notes.push(format!(
                    "Each series is named by {} together: fewer columns repeat dates.",
                    named.join(" and ")
                ));
            }
            return Ok(rows);
        }
    }
    let rows = of(roles, &before)?;
    let is_beside = |at: &usize| !roles.layout.uses(*at) && roles.kinds[*at] != profile::Kind::Empty;
    let beside: Vec<String> =
        (0..table.columns.len()).filter(is_beside).map(|at| table.columns[at].name.clone()).collect();
    if beside.is_empty() || asked.sum_duplicates {
        return Ok(rows);
    }
    Err(IntakeError::Repeated {
        what: format!("series `{}` has {date_twice} more than once", short(&name)),
        beside,
    })
}

/// Columns that go on where the values have ended are known beforehand.
fn adopt_known(
    table: &Table,
    roles: &mut Roles,
    reading: Reading,
    rows: &mut Rows,
) -> Result<(), IntakeError> {
    if !roles.known.is_empty()
        || !matches!(roles.layout, Layout::Long { .. })
        || !rows.values.iter().any(|value| value.is_nan())
    {
        return Ok(());
    }
    let free = roles::unread_numbers(table, roles);
    if free.is_empty() {
        return Ok(());
    }
    let mut with = Roles { known: free, ..roles.clone() };
    let found = Rows::of(table, &with, reading)?;
    let mut last = vec![table::NO_DATE; found.names.len()];
    for ((&series, &date), value) in found.series.iter().zip(&found.dates).zip(&found.values) {
        if !value.is_nan() {
            last[series as usize] = last[series as usize].max(date);
        }
    }
    let goes_on = |column: &[f64]| {
        let rows = found.series.iter().zip(&found.dates).zip(column);
        rows.filter(|((series, date), number)| **date > last[**series as usize] && !number.is_nan()).count()
            > 0
    };
    let on: Vec<usize> = with
        .known
        .iter()
        .zip(&found.known)
        .filter(|(_, (_, column))| goes_on(column))
        .map(|(&at, _)| at)
        .collect();
    if on.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = on.iter().map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
    let verb = if on.len() == 1 {
        "goes on after the last value and is"
    } else {
        "go on after the last value and are"
    };
    roles.notes.push(format!("{} {verb} taken to be known beforehand.", names.join(", ")));
    with.known = on;
    roles.known.clone_from(&with.known);
    *rows = Rows::of(table, roles, reading)?;
    Ok(())
}

#[cfg(test)]
mod calendar_tests;
#[cfg(test)]
#[path = "intake/tests.rs"]
mod tests;
