//! First dates out of days, times, texts and period numbers.

use chrono::{Datelike, NaiveDate};
use wire::Moment;

use super::Columns;
use super::error::CellProblem;
use crate::calendar::Frequency;
use crate::outside::short;

/// What whole numbers in a date column mean, if they mean anything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    start: Option<Moment>,
    frequency: Option<Frequency>,
}

impl Calendar {
    pub(super) fn of(columns: &Columns) -> Self {
        Self { start: columns.start, frequency: columns.frequency }
    }

    /// Whether period numbers have dates.
    pub(super) const fn has_periods(self) -> bool {
        self.start.is_some() && self.frequency.is_some()
    }

    /// The fields of [`Columns`] that period numbers need and that are not given.
    pub(super) fn missing(self) -> Vec<&'static str> {
        let given = [("frequency", self.frequency.is_some()), ("start", self.start.is_some())];
        given.into_iter().filter(|(_, is_given)| !is_given).map(|(field, _)| field).collect()
    }

    /// Whether dates are times.
    fn has_times(self) -> bool {
        self.frequency.is_some_and(Frequency::is_within_day)
    }

    /// The date of a period; period 0 is on the start date.
    pub(super) fn date_of_period(self, period: i64) -> Result<Moment, CellProblem> {
        let out_of_range = || CellProblem::OutOfRange { text: period.to_string() };
        let (start, frequency) = self
            .start
            .zip(self.frequency)
            .ok_or_else(|| CellProblem::NotADate { text: period.to_string() })?;
        let steps = usize::try_from(period).map_err(|_| out_of_range())?;
        written(frequency.advance(start, start.day(), steps)).ok_or_else(out_of_range)
    }

    /// The date of `YYYY-MM-DD`, of such a date at midnight, of a time on a grid that has them, or of a period number.
    pub(super) fn date_of_text(self, cell: &[u8]) -> Result<Moment, CellProblem> {
        let cell = cell.trim_ascii();
        let text = || short(&String::from_utf8_lossy(cell));
        match iso_day(cell) {
            Some((day, [])) => Ok(day),
            Some((day, rest)) if is_midnight(rest) => Ok(day),
            Some(_) if self.has_times() => {
                let time =
                    std::str::from_utf8(cell).ok().and_then(|cell| cell.trim_end_matches('Z').parse().ok());
                time.ok_or_else(|| CellProblem::NotADate { text: text() })
            }
            Some((_, [b'T' | b' ', ..])) => Err(CellProblem::WithinDay { text: text() }),
            _ if cell.is_empty() => Err(CellProblem::Empty),
            _ if self.has_periods() => {
                match std::str::from_utf8(cell).ok().and_then(|cell| cell.parse().ok()) {
                    Some(period) => self.date_of_period(period),
                    None => Err(CellProblem::NotADate { text: text() }),
                }
            }
            _ => Err(CellProblem::NotADate { text: text() }),
        }
    }
}

/// The day of a count of days since 1970-01-01.
pub(super) fn day_of_count(days: i64) -> Result<Moment, CellProblem> {
    let date = i32::try_from(days).ok().and_then(Moment::from_epoch_days);
    date.and_then(written)
        .ok_or_else(|| CellProblem::OutOfRange { text: format!("day {days} since 1970-01-01") })
}

/// The date of a moment, given as a count of units since 1970-01-01 of which a day has so many: a day, or a time on a grid that
/// has them.
pub(super) fn date_of_moment(
    calendar: Calendar,
    moment: i64,
    units_per_day: i64,
) -> Result<Moment, CellProblem> {
    if calendar.has_times() {
        let seconds = moment.div_euclid(units_per_day / (24 * 60 * 60));
        let time = Moment::from_epoch_seconds(seconds).and_then(written);
        return time
            .ok_or_else(|| CellProblem::OutOfRange { text: format!("second {seconds} since 1970-01-01") });
    }
    if moment.rem_euclid(units_per_day) != 0 {
        return Err(CellProblem::WithinDay { text: format!("{moment} of {units_per_day} units a day") });
    }
    day_of_count(moment.div_euclid(units_per_day))
}

/// A date in the years 1 to 9999.
fn written(date: Moment) -> Option<Moment> {
    (1..=9999).contains(&date.year()).then_some(date)
}

/// The date at the beginning of a text, and what follows it.
fn iso_day(text: &[u8]) -> Option<(Moment, &[u8])> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ref rest @ ..] = text else { return None };
    let year = number(&[y1, y2, y3, y4])?;
    let date = NaiveDate::from_ymd_opt(year.cast_signed(), number(&[m1, m2])?, number(&[d1, d2])?)?;
    Some((written(date.into())?, rest))
}

/// `T00:00`, ` 00:00:00.000`, with or without `Z`.
fn is_midnight(text: &[u8]) -> bool {
    let [b'T' | b' ', time @ ..] = text else { return false };
    let time = time.strip_suffix(b"Z").unwrap_or(time);
    time.starts_with(b"00:00") && time.iter().all(|byte| matches!(byte, b'0' | b':' | b'.'))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}
