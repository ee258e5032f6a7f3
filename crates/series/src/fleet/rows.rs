//! How the days of series lie on a grid.

use chrono::{Datelike, NaiveDate};

use crate::calendar::{Frequency, last_day};

/// The frequency most rows are in, the finer one if two are equal: in a fleet of sparse daily series some happen to have
/// all their rows on one weekday. Series of one row, or of rows too irregular to tell, do not count. If there is none, the
/// first irregular series, with its first date that does not fit the others. Days ascend.
pub(crate) fn usual_frequency<'a>(
    series: impl Iterator<Item = &'a [i32]>,
) -> Result<Frequency, (usize, NaiveDate)> {
    use Frequency::{Daily, Monthly, Quarterly, Weekly, Yearly};
    let mut rows_of = [Yearly, Quarterly, Monthly, Weekly, Daily].map(|frequency| (0, frequency));
    let mut irregular = None;
    for (place, days) in series.enumerate().filter(|(_, days)| days.len() > 1) {
        match frequency_of(days) {
            Ok(found) => rows_of
                .iter_mut()
                .filter(|(_, frequency)| *frequency == found)
                .for_each(|(rows, _)| *rows += days.len()),
            Err((date, _)) => {
                irregular.get_or_insert((place, date));
            }
        }
    }
    // Of equals the last one is taken.
    match rows_of.into_iter().max_by_key(|(rows, _)| *rows) {
        Some((1.., frequency)) => Ok(frequency),
        _ => irregular.map_or(Ok(Daily), Err),
    }
}

fn frequency_of(days: &[i32]) -> Result<Frequency, (NaiveDate, Frequency)> {
    if days.windows(2).all(|pair| pair[1] - pair[0] == 1) {
        return Ok(Frequency::Daily);
    }
    let mut dates: Vec<NaiveDate> = days.iter().map(|&day| date(day)).collect();
    dates.dedup();
    Frequency::infer(&dates)
}

/// The first of these ascending days that is not on the grid of the others.
pub(crate) fn first_off_grid(days: &[i32], frequency: Frequency) -> Option<i32> {
    let &first = days.first()?;
    if !frequency.is_in_months() {
        return days.iter().copied().find(|&day| frequency == Frequency::Weekly && (day - first) % 7 != 0);
    }
    let anchor = days.iter().map(|&day| date(day).day()).max().unwrap_or(1);
    days.iter().copied().find(|&day| {
        let own = date(day);
        own.day() != anchor.min(last_day(own))
            || (months(day) - months(first)) % frequency.months().cast_signed() != 0
    })
}

/// Grid steps from the first day to a later day that is on the grid.
pub(crate) fn steps_between(frequency: Frequency, first: i32, day: i32) -> usize {
    let steps = match frequency {
        Frequency::Daily => day - first,
        Frequency::Weekly => (day - first) / 7,
        _ => (months(day) - months(first)) / frequency.months().cast_signed(),
    };
    usize::try_from(steps).unwrap_or(0)
}

fn months(day: i32) -> i32 {
    let date = date(day);
    date.year() * 12 + date.month0().cast_signed()
}

fn date(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).expect("days are those of dates")
}
