//! Any file of series to series, with a report of what was read, dropped and assumed.
//!
//! Bytes become cells (`source`), cells get their roles (`roles`), rows become series (`group`). Nothing is guessed:
//! what the cells of the whole file leave open is an error that names the option which settles it. A series that cannot be
//! used is left out with its reason, and the others are read.

mod apart;
mod beforehand;
mod blocks;
mod cells;
mod date;
mod decided;
mod error;
mod group;
mod names;
mod number;
mod parts;
mod periods;
mod profile;
mod report;
mod roles;
mod rows;
mod seen;
mod segments;
mod series_lists;
mod sheets;
mod source;
pub(crate) mod table;
mod times;
mod totals;
mod units;

use bytes::Bytes;
use wire::Moment;
use wire::datasets::Report;

use self::cells::Reading;
use self::date::{Form, Found};
use self::decided::decide;
pub use self::error::IntakeError;
pub use self::group::MAX_NAME_CHARS;
pub use self::number::Decimal;
use self::number::Evidence;
use self::roles::{Roles, choose};
use self::rows::Rows;
use self::seen::Seen;
pub use self::sheets::{Sheet, sheets};
pub use self::source::SourceError;
use self::source::{Encoding, Facts, Kind, Source, Stated};
use self::table::{Cells, Table, Word};
use crate::calendar::Frequency;
use crate::columnar::{Columns, Limits, Read, read_arrow, read_parquet};
use crate::dated::DatedSeries;
use crate::holidays::Holidays;
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
    /// Columns that are known only up to the last value.
    pub past: Vec<String>,
    /// How dates are written: `DD/MM/YYYY` and the like.
    pub date_format: Option<String>,
    /// The decimal mark.
    pub decimal: Option<Decimal>,
    /// What separates the cells of a text.
    pub separator: Option<u8>,
    /// How the bytes of a text stand for characters, by its label: `windows-1251`, `shift_jis`, …
    pub encoding: Option<String>,
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
    /// Whose holidays are known beforehand.
    pub holidays: Option<Holidays>,
    /// What the file is called, after which its only series is named where nothing in it says more.
    pub name: Option<String>,
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
    fn encoding(&self) -> Result<Option<Encoding>, IntakeError> {
        const KNOWN: &str = "the labels of the web: windows-1250, windows-1251, iso-8859-2, koi8-r, shift_jis, gbk, big5, euc-kr, …";
        let Some(label) = &self.encoding else { return Ok(None) };
        let unknown =
            || IntakeError::UnknownWord { field: "encoding", word: short(label), known: KNOWN.to_owned() };
        Encoding::labelled(label).map(Some).ok_or_else(unknown)
    }

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

/// What is handed over while a file is read.
#[derive(Debug)]
pub enum Handed {
    /// The next series.
    Series(DatedSeries),
    /// Nothing that was handed over before counts: the file is read anew.
    Anew,
}

/// The series of a file.
pub fn read(bytes: &Bytes, asked: &Asked) -> Result<Intake, IntakeError> {
    let mut series = Vec::new();
    let report = read_each(bytes, asked, &mut |handed| {
        match handed {
            Handed::Series(one) => series.push(one),
            Handed::Anew => series.clear(),
        }
        Ok::<(), IntakeError>(())
    })?;
    Ok(Intake { series, report })
}

/// Hands over the series of a file, at least one, one after the other, and gives what is to be said of them. A large file
/// whose series lie one behind the other is never in memory as a whole, but for its bytes.
pub fn read_each<E: From<IntakeError>>(
    bytes: &Bytes,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Report, E> {
    let Some(holidays) = asked.holidays else { return read_file(bytes, asked, hand) };
    let holidays = holidays.in_zone(asked.time_zone);
    let mut report = read_file(bytes, asked, &mut |handed| match handed {
        Handed::Series(one) => hand(Handed::Series(with_holidays(one, holidays)?)),
        Handed::Anew => hand(Handed::Anew),
    })?;
    report.notes.push(holidays.note());
    Ok(report)
}

/// The same series with the holidays of a country, which have to be known of all its dates.
fn with_holidays(one: DatedSeries, holidays: Holidays) -> Result<DatedSeries, IntakeError> {
    match one.dates.iter().find(|date| !Holidays::cover(**date)) {
        Some(date) => Err(IntakeError::NoHolidays { name: short(&one.name), date: date.to_string() }),
        None => Ok(DatedSeries { holidays: Some(holidays), ..one }),
    }
}

fn read_file<E: From<IntakeError>>(
    bytes: &Bytes,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Report, E> {
    let stated = Stated {
        separator: asked.separator,
        encoding: asked.encoding()?,
        sheet: asked.sheet.clone(),
        limits: source::Limits { rows: asked.limits.rows, ..source::Limits::default() },
        holds_series: Some(holds_series),
    };
    match source::tables(bytes, &stated).map_err(IntakeError::from)? {
        Source::Table(table, facts) => of_table(table, &facts, asked, hand),
        Source::Tsf(tsf, facts) => series_lists::of_tsf(tsf, &facts, asked, hand),
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
                if let Some(report) = segments::read(&bytes, &columns, &facts, asked, hand)? {
                    return Ok(report);
                }
                read_parquet(&bytes, &columns)
            } else {
                read_arrow(&bytes, &columns)
            };
            match read.map_err(IntakeError::from)? {
                Read::Cells(table) => of_table(table, &facts, asked, hand),
                Read::Lists(fleet) => series_lists::of_fleet(&fleet, &facts, asked, hand),
            }
        }
    }
}

/// Whether a table could be read, perhaps after a question about it.
fn holds_series(table: &Table) -> bool {
    let mut read = |_| Ok::<(), IntakeError>(());
    match of_table(table.clone(), &Facts::of(Kind::Xlsx), &Asked::default(), &mut read) {
        Ok(_) => true,
        Err(error) => !matches!(
            error,
            IntakeError::NoRows
                | IntakeError::NoRole { .. }
                | IntakeError::NotDates { .. }
                | IntakeError::NotNumbers { .. }
                | IntakeError::Nothing { .. }
        ),
    }
}

fn of_table<E: From<IntakeError>>(
    table: Table,
    facts: &Facts,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Report, E> {
    let (decided, grouped) = decide(table, facts, asked)?;
    let (mut seen, repeats) = (Seen::of(decided.frequency), grouped.repeats);
    grouped.each(asked, &mut seen, hand)?;
    if seen.series == 0 {
        return Err(seen.nothing(repeats).into());
    }
    Ok(decided.report(facts, asked, &seen))
}

/// What the columns are for, after the dates that are in two columns or in none have become one.
fn roles_of(table: &mut Table, asked: &Asked, decimal: Decimal) -> Result<Roles, IntakeError> {
    let parts = parts::join(table, asked);
    let are_periods = periods::settle(table, asked)?;
    let mut roles = match choose(table, asked, decimal) {
        Err(error @ IntakeError::NoRole { role: "date", .. }) if asked.start.is_none() => {
            return Err(periods::numbered(table, asked).map_or(error, |numbered| numbered.ask(table)));
        }
        Err(IntakeError::NoRole { role: "date", .. }) => {
            periods::number_rows(table, asked)?;
            choose(table, asked, decimal)?
        }
        Ok(_) if asked.start.is_some() && !are_periods => {
            return Err(IntakeError::DoesNotApply { field: "start", why: periods::HAS_DATES });
        }
        result => result?,
    };
    roles.notes.extend(parts);
    check_options(table, &roles, asked)?;
    Ok(roles)
}

/// The rows of the series, with the names above in empty cells where the table is meant so.
fn rows_of(
    table: &mut Table,
    roles: &mut Roles,
    reading: Reading,
    asked: &Asked,
) -> Result<Rows, IntakeError> {
    if let Some((filled, own, rows)) = blocks::filled(table, roles, reading, asked)? {
        (*table, *roles) = (filled, own);
        return Ok(rows);
    }
    let mut rows = Rows::of(table, roles, reading)?;
    apart::tell_apart(table, roles, reading, asked, &mut rows)?;
    Ok(rows)
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

/// An option that says nothing of the file is refused rather than to do nothing.
fn check_options(table: &Table, roles: &Roles, asked: &Asked) -> Result<(), IntakeError> {
    if asked.date_format.is_some() && !report::has_text_dates(roles) {
        let why = "the file has dates that are no texts";
        return Err(IntakeError::DoesNotApply { field: "date_format", why });
    }
    let is_text = |column: &table::Column| match &column.cells {
        Cells::Words { words, .. } => {
            words.iter().any(|word| matches!(word, Word::Text(text) if !text.is_empty()))
        }
        _ => false,
    };
    let values = roles.layout.values().iter().chain(&roles.known);
    if asked.decimal.is_some() && !values.map(|&at| &table.columns[at]).any(is_text) {
        let why = "the file has numbers that are no texts";
        return Err(IntakeError::DoesNotApply { field: "decimal", why });
    }
    Ok(())
}

#[cfg(test)]
mod calendar_tests;
#[cfg(test)]
#[path = "intake/tests.rs"]
mod tests;
