//! The regular grids of dates a series can be on.
//!
//! A grid is a frequency and a date on it, and of months the day of the month they aim at. Dates of days, weeks, months and
//! working days are days, those of hours and finer steps are times; a grid of times is regular in seconds, which local times
//! are not where a clock changes.

mod infer;
#[cfg(test)]
mod tests;
mod weeks;
mod words;

use std::fmt;
use std::str::FromStr;

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use wire::datasets::Frequency as Word;
use wire::{Moment, Step, Unit, UnknownFrequency};

use self::weeks::Year;

/// Days of a year, in the middle.
const DAYS_OF_A_YEAR: f64 = 365.2425;
/// Seconds of a day, of which a grid within days has a whole number of steps.
const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// How far apart the dates of a series are. Of two, the one with shorter steps is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frequency(Step);

impl Frequency {
    /// Every day.
    pub const DAILY: Self = Self(Step::DAILY);
    /// Mondays to Fridays.
    pub const BUSINESS_DAILY: Self = Self(Step::BusinessDay);
    /// Every seventh day.
    pub const WEEKLY: Self = Self(Step::WEEKLY);
    /// The same day of every month, or the last day of every month.
    pub const MONTHLY: Self = Self(Step::MONTHLY);
    /// Every third month.
    pub const QUARTERLY: Self = Self(Step::QUARTERLY);
    /// Every twelfth month.
    pub const YEARLY: Self = Self(Step::YEARLY);
    /// Every hour.
    pub const HOURLY: Self = Self(Step::HOURLY);

    /// The frequency of this word; none of irregular dates.
    pub const fn of_word(word: Word) -> Option<Self> {
        match word.step() {
            Some(step) => Some(Self(step)),
            None => None,
        }
    }

    /// What so many of its dates are called.
    pub fn counted(self, count: usize) -> String {
        self.0.counted(count)
    }

    /// The usual number of steps until the pattern repeats, 1 if it does not: the first of [`Self::seasons`].
    pub fn season_length(self) -> usize {
        self.seasons().first().copied().unwrap_or(1)
    }

    /// The numbers of steps after which a pattern may repeat, ascending: a day and a week of hours, a week and a year of days, a
    /// year of all that is longer. Where a week or a year is no whole number of steps it is the nearest one, or so many weeks
    /// as are one.
    pub fn seasons(self) -> Vec<usize> {
        let mut found: Vec<usize> = match self.0 {
            Step::BusinessDay => vec![5, 261],
            Step::Weeks { periods, .. } => vec![periods.starts().len()],
            Step::Every { every, unit } => match unit {
                Unit::Second | Unit::Minute | Unit::Hour => self.seasons_within_day(),
                Unit::Day if every < 7 => vec![7, of_a_year(1.0, every)],
                Unit::Day => vec![of_a_year(1.0, every)],
                Unit::Week => vec![of_a_year(7.0, every)],
                Unit::Month => vec![usize::try_from(12 / infer::gcd(12, every.into())).unwrap_or(1)],
            },
        };
        found.retain(|&length| length > 1);
        found.dedup();
        found
    }

    fn seasons_within_day(self) -> Vec<usize> {
        let step = self.0.mean_seconds();
        let whole =
            |seconds: u64| seconds.is_multiple_of(step).then(|| usize::try_from(seconds / step).unwrap_or(1));
        let hour = (step < 60).then_some(3_600);
        hour.into_iter().chain([SECONDS_OF_A_DAY, 7 * SECONDS_OF_A_DAY]).filter_map(whole).collect()
    }

    /// Whether the grid is counted in months rather than days.
    pub const fn is_in_months(self) -> bool {
        matches!(self.0, Step::Every { unit: Unit::Month, .. })
    }

    /// Whether its dates are times.
    pub const fn is_within_day(self) -> bool {
        self.seconds().is_some()
    }

    /// The seconds of a step, if its dates are times.
    pub(crate) const fn seconds(self) -> Option<i64> {
        match self.0 {
            Step::Every { unit: Unit::Second | Unit::Minute | Unit::Hour, .. } => {
                Some(self.0.mean_seconds().cast_signed())
            }
            _ => None,
        }
    }

    /// The first date of a grid that is stated to begin on this one: the day itself, or the time it begins at. `None` where no
    /// such grid has it.
    pub(crate) fn begin(self, date: Moment) -> Option<Moment> {
        let date = if self.is_within_day() { Moment::at(date.time()) } else { date };
        self.has(date).then_some(date)
    }

    /// The date `steps` after `from`. `anchor_day` is the day of the month the grid aims at (31 for "the last day").
    pub fn advance(self, from: Moment, anchor_day: u32, steps: usize) -> Moment {
        let steps = i64::try_from(steps).unwrap_or(i64::MAX);
        self.advanced(from, anchor_day, steps).unwrap_or(Moment::MAX)
    }

    /// So many dates before the first of these, which are on a grid.
    pub fn dates_before(self, dates: &[Moment], count: usize) -> Vec<Moment> {
        let Some(&first) = dates.first() else { return Vec::new() };
        let are_last = dates.iter().all(|&date| date.day() == last_day(date));
        let anchor = if are_last { 31 } else { dates.iter().map(Datelike::day).max().unwrap_or(1) };
        let back = |steps: usize| self.advanced(first, anchor, -i64::try_from(steps).ok()?);
        (1..=count).rev().filter_map(back).collect()
    }

    fn advanced(self, from: Moment, anchor_day: u32, steps: i64) -> Option<Moment> {
        let day = i64::from(from.to_epoch_days());
        match self.0 {
            Step::Every { unit: Unit::Second | Unit::Minute | Unit::Hour, .. } => {
                let seconds = steps.checked_mul(self.0.mean_seconds().cast_signed())?;
                Moment::from_epoch_seconds(from.to_epoch_seconds().checked_add(seconds)?)
            }
            Step::Every { every, unit: Unit::Day } => {
                of_day(steps.checked_mul(every.into())?.checked_add(day)?)
            }
            Step::Every { every, unit: Unit::Week } => {
                of_day(steps.checked_mul(7 * i64::from(every))?.checked_add(day)?)
            }
            Step::Every { every, unit: Unit::Month } => {
                add_months(from, anchor_day, steps.checked_mul(every.into())?)
            }
            Step::BusinessDay => {
                let place = business_day(day).0.checked_add(steps)?;
                of_day(place.div_euclid(5).checked_mul(7)?.checked_add(place.rem_euclid(5) + MONDAY)?)
            }
            Step::Weeks { periods, begins } => {
                let year = Year { periods, begins, weekday: from.weekday() };
                of_day(year.day(year.place(from.to_epoch_days()).0.checked_add(steps)?)?)
            }
        }
    }

    /// Grid steps from a date on the grid to another; `None` where one of them is not on it.
    pub(crate) fn steps_between(self, first: Moment, anchor_day: u32, date: Moment) -> Option<i64> {
        if first.is_time() != date.is_time() {
            return None;
        }
        let whole = |distance: i64, step: i64| (distance % step == 0).then_some(distance / step);
        let days = || i64::from(date.to_epoch_days()) - i64::from(first.to_epoch_days());
        match self.0 {
            Step::Every { unit: Unit::Second | Unit::Minute | Unit::Hour, .. } => {
                whole(date.to_epoch_seconds() - first.to_epoch_seconds(), self.0.mean_seconds().cast_signed())
            }
            Step::Every { every, unit: Unit::Day } => whole(days(), every.into()),
            Step::Every { every, unit: Unit::Week } => whole(days(), 7 * i64::from(every)),
            Step::Every { every, unit: Unit::Month } => {
                let is_on = |date: Moment| date.day() == anchor_day.min(last_day(date));
                let months = month_index(date) - month_index(first);
                (is_on(first) && is_on(date)).then(|| whole(months, every.into()))?
            }
            Step::BusinessDay => {
                let [first, date] = [first, date].map(|date| business_day(date.to_epoch_days().into()));
                (first.1 && date.1).then_some(date.0 - first.0)
            }
            Step::Weeks { periods, begins } => {
                let year = Year { periods, begins, weekday: first.weekday() };
                let [first, date] = [first, date].map(|date| year.place(date.to_epoch_days()));
                (first.1 && date.1).then_some(date.0 - first.0)
            }
        }
    }

    /// The dates of a grid from a first to a last one.
    pub fn rows_between(self, first: Moment, last: Moment) -> u64 {
        if self.is_in_months() {
            // Which day of the month the grid aims at does not matter for how many there are.
            let Step::Every { every, .. } = self.0 else { return 1 };
            return (month_index(last) - month_index(first)).unsigned_abs() / u64::from(every) + 1;
        }
        let apart = (last - first).num_seconds().unsigned_abs() / self.0.mean_seconds();
        self.steps_between(first, first.day(), last).map_or(apart, i64::unsigned_abs) + 1
    }

    /// Whether a date can be on a grid of this frequency at all.
    pub(crate) fn has(self, date: Moment) -> bool {
        self.steps_between(date, date.day(), date).is_some() && date.is_time() == self.is_within_day()
    }
}

/// So many rows of some days each are a year.
fn of_a_year(days: f64, every: u16) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let rows = (DAYS_OF_A_YEAR / (days * f64::from(every))).round() as usize;
    rows
}

/// 1970-01-05 was the first Monday since 1970-01-01.
const MONDAY: i64 = 4;

/// How many working days lie between the first Monday of 1970 and a day, and whether it is one itself; of a weekend it is the
/// Friday before.
fn business_day(day: i64) -> (i64, bool) {
    let (week, weekday) = ((day - MONDAY).div_euclid(7), (day - MONDAY).rem_euclid(7));
    (5 * week + weekday.min(4), weekday < 5)
}

fn of_day(day: i64) -> Option<Moment> {
    Moment::from_epoch_days(i32::try_from(day).ok()?)
}

impl From<Step> for Frequency {
    fn from(step: Step) -> Self {
        Self(step)
    }
}

impl From<Frequency> for Word {
    fn from(frequency: Frequency) -> Self {
        Self::Regular(frequency.0)
    }
}

impl FromStr for Frequency {
    type Err = UnknownFrequency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The last day of a date's month.
pub(crate) fn last_day(date: Moment) -> u32 {
    u32::from(date.num_days_in_month())
}

fn month_index(date: Moment) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn add_months(from: Moment, anchor_day: u32, months: i64) -> Option<Moment> {
    let distance = chrono::Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let first = from.date().with_day(1)?;
    let first =
        if months < 0 { first.checked_sub_months(distance) } else { first.checked_add_months(distance) };
    let first = Moment::from(first?);
    first.with_day(anchor_day.clamp(1, last_day(first)))
}
