//! Dated rows, grouped by series, put on the grid of one frequency.

use chrono::{Datelike, NaiveDate};
use wire::model_selection::Gaps;

use super::{Fleet, FleetError, MAX_FLEET_ROWS, check_shape, day_of_month};
use crate::calendar::{Frequency, last_day};
use crate::series::{MAX_ROWS, SeriesError};

/// Rows of many series, one series after the other and each in the order of its dates.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// One distinct name per series.
    pub(crate) names: Vec<String>,
    /// Where each series ends in the columns, exclusive.
    pub(crate) ends: Vec<usize>,
    /// Days since 1970-01-01, all in the years 1 to 9999.
    pub(crate) days: Vec<i32>,
    /// The values; `NaN` where missing.
    pub(crate) values: Vec<f64>,
}

/// What the rows of one series say about its grid.
struct Span {
    start: NaiveDate,
    anchor_day: u8,
    /// Positions from the first date to the last.
    steps: usize,
}

impl Rows {
    /// The fleet of these rows. Without a frequency it is the one most rows are in.
    pub(crate) fn into_fleet(self, frequency: Option<Frequency>, gaps: Gaps) -> Result<Fleet, FleetError> {
        check_shape(&self.names, self.days.len(), gaps)?;
        let frequency = frequency.map_or_else(|| self.usual_frequency(), Ok)?;
        let spans = self.spans(frequency)?;
        let mut total = 0;
        let mut ends = Vec::with_capacity(spans.len());
        for span in &spans {
            total += span.steps;
            ends.push(total);
        }
        let values =
            if total == self.values.len() { self.values } else { self.spread(&ends, &spans, frequency) };
        let starts = spans.iter().map(|span| span.start).collect();
        let anchor_days = spans.iter().map(|span| span.anchor_day).collect();
        Fleet { names: self.names, starts, anchor_days, ends, values, frequency, gaps }.settled()
    }

    /// The spans, of so many rows together that the memory for them may be spent: one wrong date can make up many.
    fn spans(&self, frequency: Frequency) -> Result<Vec<Span>, FleetError> {
        let mut total = 0;
        let mut spans = Vec::with_capacity(self.names.len());
        for (name, days) in self.names.iter().zip(self.each_days()) {
            let span = span(name, days, frequency)?;
            total += span.steps;
            if total > MAX_FLEET_ROWS {
                return Err(FleetError::TooManyRows { limit: MAX_FLEET_ROWS });
            }
            spans.push(span);
        }
        Ok(spans)
    }

    fn each_days(&self) -> impl Iterator<Item = &[i32]> {
        let from = std::iter::once(0).chain(self.ends.iter().copied());
        from.zip(&self.ends).map(|(from, &end)| &self.days[from..end])
    }

    /// The values at their positions, and `NaN` between.
    fn spread(&self, ends: &[usize], spans: &[Span], frequency: Frequency) -> Vec<f64> {
        let mut values = vec![f64::NAN; ends.last().copied().unwrap_or(0)];
        let mut given = self.values.iter();
        for ((days, span), &end) in self.each_days().zip(spans).zip(ends) {
            let slots = &mut values[end - span.steps..end];
            for (day, value) in days.iter().zip(&mut given) {
                slots[steps_between(frequency, days[0], *day)] = *value;
            }
        }
        values
    }

    /// The frequency most rows are in, the finer one if two are equal: in a fleet of sparse daily series some happen
    /// to have all their rows on one weekday. Series of one row, or of rows too irregular to tell, do not count.
    fn usual_frequency(&self) -> Result<Frequency, SeriesError> {
        use Frequency::{Daily, Monthly, Quarterly, Weekly, Yearly};
        let mut rows_of = [Yearly, Quarterly, Monthly, Weekly, Daily].map(|frequency| (0, frequency));
        let mut irregular = None;
        for (name, days) in self.names.iter().zip(self.each_days()).filter(|(_, days)| days.len() > 1) {
            match frequency_of(days) {
                Ok(found) => rows_of
                    .iter_mut()
                    .filter(|(_, frequency)| *frequency == found)
                    .for_each(|(rows, _)| *rows += days.len()),
                Err((date, expected)) => {
                    let error = || SeriesError::Irregular { name: name.clone(), date, expected };
                    irregular.get_or_insert_with(|| duplicate(name, days).unwrap_or_else(error));
                }
            }
        }
        // Of equals the last one is taken.
        match rows_of.into_iter().max_by_key(|(rows, _)| *rows) {
            Some((1.., frequency)) => Ok(frequency),
            _ => irregular.map_or(Ok(Daily), Err),
        }
    }
}

fn frequency_of(days: &[i32]) -> Result<Frequency, (NaiveDate, Frequency)> {
    if days.windows(2).all(|pair| pair[1] - pair[0] == 1) {
        return Ok(Frequency::Daily);
    }
    // Of a repeated date the checks that follow say more than its distance of no days.
    let mut dates: Vec<NaiveDate> = days.iter().map(|&day| date(day)).collect();
    dates.dedup();
    Frequency::infer(&dates)
}

/// Checks the dates of one series by the rules of a [`Series`](crate::Series).
fn span(name: &str, days: &[i32], frequency: Frequency) -> Result<Span, SeriesError> {
    let (Some(&first), Some(&last)) = (days.first(), days.last()) else {
        return Err(SeriesError::Empty { name: name.to_owned() });
    };
    if let Some(error) = duplicate(name, days) {
        return Err(error);
    }
    let start = date(first);
    let anchor_day =
        if frequency.is_in_months() { anchor_day(name, days, frequency)? } else { day_of_month(start) };
    if let Some(&day) = days.iter().find(|&&day| !is_on_grid(frequency, first, day)) {
        return Err(SeriesError::Irregular { name: name.to_owned(), date: date(day), expected: frequency });
    }
    let steps = steps_between(frequency, first, last) + 1;
    if steps > MAX_ROWS {
        return Err(SeriesError::TooLong { name: name.to_owned(), frequency, limit: MAX_ROWS });
    }
    Ok(Span { start, anchor_day, steps })
}

/// A repeated date, which says more than that the dates are irregular.
fn duplicate(name: &str, days: &[i32]) -> Option<SeriesError> {
    let pair = days.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(SeriesError::Duplicate { name: name.to_owned(), date: date(pair[1]) })
}

/// The one day of the month all dates are on, a short month's last day standing in for it.
fn anchor_day(name: &str, days: &[i32], frequency: Frequency) -> Result<u8, SeriesError> {
    let anchor = days.iter().map(|&day| date(day).day()).max().unwrap_or(1);
    for date in days.iter().map(|&day| date(day)) {
        if date.day() != anchor.min(last_day(date)) {
            return Err(SeriesError::Irregular { name: name.to_owned(), date, expected: frequency });
        }
    }
    Ok(u8::try_from(anchor).expect("a day of the month is at most 31"))
}

fn is_on_grid(frequency: Frequency, first: i32, day: i32) -> bool {
    match frequency {
        Frequency::Daily => true,
        Frequency::Weekly => (day - first) % 7 == 0,
        _ => (months(day) - months(first)) % frequency.months().cast_signed() == 0,
    }
}

/// Grid steps from the first day to a later day that is on the grid.
fn steps_between(frequency: Frequency, first: i32, day: i32) -> usize {
    let steps = match frequency {
        Frequency::Daily => day - first,
        Frequency::Weekly => (day - first) / 7,
        _ => (months(day) - months(first)) / frequency.months().cast_signed(),
    };
    usize::try_from(steps).expect("days are ascending")
}

fn months(day: i32) -> i32 {
    let date = date(day);
    date.year() * 12 + date.month0().cast_signed()
}

fn date(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).expect("rows are in the years 1 to 9999")
}
