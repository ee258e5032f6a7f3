//! The regular grids of dates a series can be on.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// How far apart the dates of a series are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Every day.
    Daily,
    /// Every seventh day.
    Weekly,
    /// The same day of every month, or the last day of every month.
    Monthly,
    /// Every third month.
    Quarterly,
    /// Every twelfth month.
    Yearly,
}

impl Frequency {
    /// The usual number of steps until the pattern repeats: 7 days, 52 weeks, 12 months, 4 quarters, 1 year.
    pub const fn season_length(self) -> usize {
        match self {
            Self::Daily => 7,
            Self::Weekly => 52,
            Self::Monthly => 12,
            Self::Quarterly => 4,
            Self::Yearly => 1,
        }
    }

    /// Whether the grid is counted in months rather than days.
    pub const fn is_in_months(self) -> bool {
        self.months() > 0
    }

    /// Months from one date to the next; none on a grid of days.
    pub(crate) const fn months(self) -> u32 {
        match self {
            Self::Daily | Self::Weekly => 0,
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Yearly => 12,
        }
    }

    /// The date `steps` after `from`. `anchor_day` is the day of the month the grid aims at (31 for "the last day").
    pub fn advance(self, from: NaiveDate, anchor_day: u32, steps: usize) -> NaiveDate {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let date = match self {
            Self::Daily => from.checked_add_days(Days::new(steps)),
            Self::Weekly => from.checked_add_days(Days::new(steps.saturating_mul(7))),
            _ => add_months(from, anchor_day, steps.saturating_mul(u64::from(self.months()))),
        };
        date.unwrap_or(NaiveDate::MAX)
    }

    /// The frequency of ascending, distinct dates, or the first date that fits none and the grid it was expected on.
    ///
    /// Dates on one day of the month (or on last days) are months, quarters or years by the greatest common divisor
    /// of their distances; distances divisible by seven are weeks if a tenth of them are one; otherwise the dates are days if at least half of
    /// the calendar is there or one day is the most common distance.
    pub fn infer(dates: &[NaiveDate]) -> Result<Self, (NaiveDate, Self)> {
        if dates.len() < 2 {
            return Ok(Self::Daily);
        }
        if let Some(months) = month_step(dates) {
            return Ok(match months {
                step if step % 12 == 0 => Self::Yearly,
                step if step % 3 == 0 => Self::Quarterly,
                _ => Self::Monthly,
            });
        }
        let steps: Vec<i64> = dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect();
        let usual = most_common(&steps);
        if steps.iter().all(|step| step % 7 == 0) {
            // Every second week, or periods of four and five weeks, are no weeks with gaps.
            let weeks = steps.iter().filter(|step| **step == 7).count();
            return if 10 * weeks >= steps.len() { Ok(Self::Weekly) } else { Err((dates[1], Self::Weekly)) };
        }
        let span: i64 = steps.iter().sum();
        if usual == 1 || dates.len() as f64 >= 0.5 * span as f64 {
            return Ok(Self::Daily);
        }
        let expected = match usual {
            28..=31 => Self::Monthly,
            89..=92 => Self::Quarterly,
            365 | 366 => Self::Yearly,
            step if step % 7 == 0 => Self::Weekly,
            _ => Self::Daily,
        };
        let odd = steps.iter().position(|&step| step != usual).unwrap_or(0);
        Err((dates[odd + 1], expected))
    }
}

impl Frequency {
    /// The frequency of this word; none of irregular dates.
    pub const fn of_word(word: wire::datasets::Frequency) -> Option<Self> {
        Some(match word {
            wire::datasets::Frequency::Daily => Self::Daily,
            wire::datasets::Frequency::Weekly => Self::Weekly,
            wire::datasets::Frequency::Monthly => Self::Monthly,
            wire::datasets::Frequency::Quarterly => Self::Quarterly,
            wire::datasets::Frequency::Yearly => Self::Yearly,
            wire::datasets::Frequency::Irregular => return None,
        })
    }
}

impl From<Frequency> for wire::datasets::Frequency {
    fn from(frequency: Frequency) -> Self {
        match frequency {
            Frequency::Daily => Self::Daily,
            Frequency::Weekly => Self::Weekly,
            Frequency::Monthly => Self::Monthly,
            Frequency::Quarterly => Self::Quarterly,
            Frequency::Yearly => Self::Yearly,
        }
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        })
    }
}

/// The last day of a date's month.
pub(crate) fn last_day(date: NaiveDate) -> u32 {
    u32::from(date.num_days_in_month())
}

/// The greatest common distance in months, if all dates lie on one day of the month (a short month: its last day).
fn month_step(dates: &[NaiveDate]) -> Option<u32> {
    let anchor = dates.iter().map(Datelike::day).max()?;
    if dates.iter().any(|&date| date.day() != anchor.min(last_day(date))) {
        return None;
    }
    dates.windows(2).map(|pair| month_index(pair[1]) - month_index(pair[0])).reduce(gcd)
}

fn month_index(date: NaiveDate) -> u32 {
    u32::try_from(date.year()).unwrap_or(0) * 12 + date.month0()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn most_common(steps: &[i64]) -> i64 {
    let mut counts = BTreeMap::new();
    for &step in steps {
        *counts.entry(step).or_insert(0_usize) += 1;
    }
    // The shortest of the most frequent steps.
    counts.into_iter().max_by_key(|&(step, count)| (count, -step)).map_or(1, |(step, _)| step)
}

fn add_months(from: NaiveDate, anchor_day: u32, months: u64) -> Option<NaiveDate> {
    let months = chrono::Months::new(u32::try_from(months).ok()?);
    let first = from.with_day(1)?.checked_add_months(months)?;
    first.with_day(anchor_day.clamp(1, last_day(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frequency_is_the_one_a_person_would_say() {
        let infer = |dates: &[&str]| {
            let dates: Vec<NaiveDate> = dates.iter().map(|date| date.parse().unwrap()).collect();
            Frequency::infer(&dates)
        };
        let check = |dates: &[&str], expected| assert_eq!(infer(dates), Ok(expected), "{dates:?}");
        check(&["2024-01-01", "2024-01-02", "2024-01-03"], Frequency::Daily);
        check(&["2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"], Frequency::Daily);
        check(&["2024-01-01", "2024-01-08", "2024-01-22"], Frequency::Weekly);
        check(&["2024-01-31", "2024-02-29", "2024-04-30"], Frequency::Monthly);
        check(&["2023-12-15", "2024-03-15", "2024-09-15"], Frequency::Quarterly);
        check(&["2020-06-01", "2021-06-01", "2024-06-01"], Frequency::Yearly);
        assert!(infer(&["2024-01-01", "2024-01-10", "2024-03-02"]).is_err());
        assert!(infer(&["2024-01-05", "2024-01-19", "2024-02-02"]).is_err());
    }
}
