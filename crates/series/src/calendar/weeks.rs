//! Years of 52 or 53 whole weeks, as retailers divide them.
//!
//! The year begins on the first such weekday from a day of the calendar on, which is how both usual rules are said: of the
//! weekday nearest to the first of February the day is 29 January, of the day after the last Saturday of January it is 26
//! January. Which years have 53 weeks follows from it. Where every year has 52, it wanders through the calendar.

use chrono::{Datelike, NaiveDate, Weekday};
use wire::{Begins, Moment, Periods, Step};

use super::Frequency;

/// Such years, whose periods begin (or end) on one weekday.
#[derive(Debug, Clone, Copy)]
pub(super) struct Year {
    pub(super) periods: Periods,
    pub(super) begins: Begins,
    pub(super) weekday: Weekday,
}

impl Year {
    /// Periods between the beginning of the year 0 and the period that a day is in, and whether it is the first day of it.
    pub(super) fn place(self, day: i32) -> (i64, bool) {
        let starts = self.periods.starts();
        let year = match self.begins {
            Begins::From { .. } => Moment::from_epoch_days(day).map_or(0, |date| date.year()),
            Begins::Week(_) => day.div_euclid(DAYS),
        };
        let year = if self.first_day(year).is_some_and(|first| first <= day) { year } else { year - 1 };
        let since = self.first_day(year).map_or(0, |first| day - first);
        let period = starts.partition_point(|&start| 7 * i32::from(start) <= since).saturating_sub(1);
        let is_start = 7 * i32::from(starts[period]) == since;
        (i64::from(year) * self.count() + i64::try_from(period).unwrap_or(0), is_start)
    }

    /// The first day of a period.
    pub(super) fn day(self, place: i64) -> Option<i64> {
        let starts = self.periods.starts();
        let year = i32::try_from(place.div_euclid(self.count())).ok()?;
        let period = usize::try_from(place.rem_euclid(self.count())).ok()?;
        Some(i64::from(self.first_day(year)?) + 7 * i64::from(starts[period]))
    }

    /// Periods of a year.
    fn count(self) -> i64 {
        i64::try_from(self.periods.starts().len()).unwrap_or(i64::MAX)
    }

    fn first_day(self, year: i32) -> Option<i32> {
        let from = match self.begins {
            Begins::From { month, day } => NaiveDate::from_ymd_opt(year, month.into(), day.into())?,
            Begins::Week(week) => {
                NaiveDate::from_epoch_days(year.checked_mul(DAYS)?.checked_add(7 * i32::from(week))?)?
            }
        };
        Some(from.to_epoch_days() + self.weekday.days_since(from.weekday()).cast_signed())
    }
}

/// Of dates that are whole weeks apart the division of the year that all of them fit, if they are four to six weeks apart but for
/// a few that are missing. Where several fit, because the history has no year of 53 weeks or begins within a year, the more
/// usual one is taken.
pub(super) fn infer(dates: &[Moment]) -> Option<Frequency> {
    let steps = dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days());
    let (near, all) =
        steps.fold((0, 0), |(near, all), step| (near + usize::from((28..=42).contains(&step)), all + 1));
    if all < LEAST_STEPS
        || 10 * near < 9 * all
        || dates.iter().any(|date| date.weekday() != dates[0].weekday())
    {
        return None;
    }
    let fits = |periods: Periods, begins: Begins| {
        let year = Year { periods, begins, weekday: dates[0].weekday() };
        dates.iter().all(|date| year.place(date.to_epoch_days()).1)
    };
    let years = begins().flat_map(|begins| Periods::ALL.map(|periods| (periods, begins)));
    let found = years.into_iter().find(|&(periods, begins)| fits(periods, begins));
    found.map(|(periods, begins)| Step::Weeks { periods, begins }.into())
}

/// Days of 52 weeks.
const DAYS: i32 = 364;

/// Two quarters and a half.
const LEAST_STEPS: usize = 7;

/// Where a year may begin, the more usual days first: about the first of February, of January and of the other months, for dates
/// that are first days of periods or last ones; then any day, and years of 52 weeks.
fn begins() -> impl Iterator<Item = Begins> {
    let first_of = |month: u32| NaiveDate::from_ymd_opt(2001, month, 1);
    let months = [2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].into_iter().filter_map(first_of);
    let nearest = months.flat_map(|first| [3, 4].map(|back| first - chrono::Days::new(back)));
    let any = NaiveDate::from_ymd_opt(2001, 1, 1).into_iter().flat_map(|first| first.iter_days().take(365));
    let from = |date: NaiveDate| {
        Some(Begins::From { month: u8::try_from(date.month()).ok()?, day: u8::try_from(date.day()).ok()? })
    };
    // Of quarters of thirteen weeks one is like the others.
    nearest.chain(any).filter_map(from).chain((0..13).map(Begins::Week))
}
