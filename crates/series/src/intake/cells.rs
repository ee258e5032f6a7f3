//! The dates and the numbers of a column.

use chrono::{NaiveTime, Timelike};
use wire::Moment;

use super::date::{self, Form, Found};
use super::error::IntakeError;
use super::number::{Decimal, number};
use super::profile::Kind;
use super::table::{Cells, Column, NO_DATE, Table, Word};
use crate::outside::short;
use crate::zone::Zone;

/// How cells are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// The decimal mark.
    pub(super) decimal: Decimal,
    /// The form of dates, if it was stated.
    pub(super) form: Option<Form>,
    /// Whose clock the dates show, if it was stated.
    pub(super) zone: Option<Zone>,
}

/// The dates of a column; [`NO_DATE`] where there is none, with those rows and what they have instead.
pub(super) struct Dates {
    pub(super) of_row: Vec<Moment>,
    /// Whether they are times of UTC, because the column says a zone.
    pub(super) is_utc: bool,
    pub(super) form: Option<Form>,
    pub(super) unread: Vec<(usize, String)>,
    pub(super) note: Option<String>,
}

/// The dates of a column.
pub(super) fn dates(table: &Table, at: usize, kind: &Kind, reading: Reading) -> Result<Dates, IntakeError> {
    let column = &table.columns[at];
    let (words, of_row) = match &column.cells {
        Cells::Dates { dates, zone } => {
            let settled = settled(dates, zone.map(|zone| (zone, dates.clone())), reading.zone)?;
            let unread = dates.iter().enumerate().filter(|(_, date)| **date == NO_DATE);
            let unread = unread.map(|(row, _)| (row, String::new())).collect();
            return Ok(Dates { unread, ..settled });
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
        (None, Kind::Dates(Found::NoYear { word })) => {
            let (column, example) = (format!("`{}`", short(&column.name)), short(&words[*word].shown()));
            return Err(IntakeError::NoYear { column, example });
        }
        _ => {
            let example = words.iter().find(|word| !word.is_missing()).map(Word::shown).unwrap_or_default();
            return Err(IntakeError::not_dates(&column.name, &example));
        }
    };
    if reading.form.is_none()
        && matches!(form, Some(Form::YearMonth | Form::MonthYear))
        && is_called_week(&column.name)
    {
        let example = words.iter().find(|word| !word.is_missing()).map(Word::shown).unwrap_or_default();
        return Err(IntakeError::WeekOrMonth { column: short(&column.name), example: short(&example) });
    }
    let local = |word: &Word| date::moment(word, form).map_or(NO_DATE, Moment::at);
    let locals: Vec<Moment> = words.iter().map(local).collect();
    let Dates { of_row: of_word, is_utc, note, .. } =
        settled(&locals, offsets(words, &locals), reading.zone)?;
    let text = |word: u32| {
        if words[word as usize].is_missing() { String::new() } else { words[word as usize].shown() }
    };
    let unread = if of_word.contains(&NO_DATE) {
        let rows = of_row.iter().enumerate().filter(|(_, word)| of_word[**word as usize] == NO_DATE);
        rows.map(|(row, &word)| (row, text(word))).collect()
    } else {
        Vec::new()
    };
    Ok(Dates {
        of_row: of_row.iter().map(|&word| of_word[word as usize]).collect(),
        is_utc,
        form,
        unread,
        note,
    })
}

/// The times of UTC of texts that all state their distance to it.
fn offsets(words: &[Word], locals: &[Moment]) -> Option<(Zone, Vec<Moment>)> {
    let utc = |(word, &local): (&Word, &Moment)| match word {
        _ if local == NO_DATE => Some(local),
        Word::Text(text) => {
            Moment::from_epoch_seconds(local.to_epoch_seconds() - date::offset_seconds(text)?)
        }
        _ => None,
    };
    let all: Option<Vec<Moment>> = words.iter().zip(locals).map(utc).collect();
    all.map(|all| (Zone::UTC, all))
}

/// Dates of one time of the day are days, of which the one on the clock counts; all others are times, of UTC where they say so.
/// `instants` are the times of UTC and the zone whose clock the column shows, if it says so. A zone that was stated counts where
/// the column says none, or where its clock shows days.
fn settled(
    locals: &[Moment],
    instants: Option<(Zone, Vec<Moment>)>,
    stated: Option<Zone>,
) -> Result<Dates, IntakeError> {
    let of = |of_row, is_utc, note| Dates { of_row, is_utc, note, form: None, unread: Vec::new() };
    let why = match (&instants, stated) {
        (Some((_, utc)), Some(zone)) => {
            if let Some((days, time)) = days_of(&on_the_clock(utc, zone)) {
                return Ok(of(days, false, left_out(time)));
            }
            "the times say their zone themselves"
        }
        _ => "the dates are days",
    };
    let shown = match &instants {
        // Texts already show their clock.
        Some((zone, utc)) if *utc == locals => on_the_clock(utc, *zone),
        _ => locals.to_vec(),
    };
    let days = days_of(&shown);
    let is_evening = days.as_ref().is_some_and(|(_, time)| time.hour() >= EVENING);
    if let Some((_, time)) = days.as_ref().filter(|_| is_evening && stated.is_none()) {
        return Err(IntakeError::WhoseMidnight { time: time.to_string() });
    }
    if stated.is_some() && !is_evening && (days.is_some() || instants.is_some()) {
        return Err(IntakeError::DoesNotApply { field: "time_zone", why });
    }
    Ok(match (days, instants) {
        (Some((days, time)), _) => of(days, false, left_out(time)),
        (None, Some((_, utc))) => of(utc, true, Some("The times are those of UTC.".to_owned())),
        (None, None) => {
            let note = "The times say no zone and are taken as they stand; if clocks change where they were taken, state the time zone.";
            let times =
                shown.iter().map(|&date| if date == NO_DATE { date } else { Moment::at(date.time()) });
            of(times.collect(), false, stated.is_none().then(|| note.to_owned()))
        }
    })
}

fn on_the_clock(utc: &[Moment], zone: Zone) -> Vec<Moment> {
    utc.iter().map(|&date| if date == NO_DATE { date } else { zone.local(date) }).collect()
}

/// Days that begin later than this hour of a clock may be those of a zone further east, of which they are the next.
const EVENING: u32 = 20;

/// The days of dates that have one time of the day, and that time.
fn days_of(dates: &[Moment]) -> Option<(Vec<Moment>, NaiveTime)> {
    let given = || dates.iter().filter(|date| **date != NO_DATE);
    let time = |date: &Moment| date.time().time();
    let first = given().next().map(time).unwrap_or_default();
    let is_other = |date: &Moment| time(date) != first;
    let days = || dates.iter().map(|date| Moment::from(date.date())).collect();
    (!given().any(is_other)).then(|| (days(), first))
}

fn left_out(time: NaiveTime) -> Option<String> {
    (time != NaiveTime::MIN).then(|| format!("Every date has the time {time}, which is left out."))
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
        Cells::Dates { dates, .. } => {
            let unread = dates.iter().enumerate().filter(|(_, date)| **date != NO_DATE);
            let unread = unread.map(|(row, _)| (row, "a date".to_owned())).collect();
            return Numbers { values: vec![f64::NAN; dates.len()], unread };
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
