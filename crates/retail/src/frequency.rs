//! How far apart the dates of a series are, as a word for people: the models infer their own grid.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// The usual distance of a series' dates. A few of them may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months: one day of the month, or the last one.
    Monthly,
    /// Every third month.
    Quarterly,
    /// Every twelfth month.
    Yearly,
    /// None of these.
    Irregular,
}

impl Frequency {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
            Self::Irregular => "irregular",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly, Self::Yearly, Self::Irregular];
        all.into_iter().find(|frequency| frequency.as_str() == name)
    }

    /// The frequency of ascending, distinct dates: months if all lie on one day of the month, else weeks if all
    /// distances are multiples of seven, else days if most distances are one or half of the days are there.
    pub fn of(dates: &[NaiveDate]) -> Self {
        let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Self::Irregular };
        if dates.len() == 1 {
            return Self::Irregular;
        }
        if let Some(months) = months_apart(dates) {
            return match months {
                step if step % 12 == 0 => Self::Yearly,
                step if step % 3 == 0 => Self::Quarterly,
                _ => Self::Monthly,
            };
        }
        let steps = || dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days());
        if steps().all(|step| step % 7 == 0) {
            return Self::Weekly;
        }
        let span = (*last - *first).num_days().unsigned_abs() + 1;
        let neighbours = steps().filter(|&step| step == 1).count();
        let is_daily = 2 * neighbours >= dates.len() - 1 || 2 * dates.len() as u64 >= span;
        if is_daily { Self::Daily } else { Self::Irregular }
    }
}

/// The greatest common distance in months, if every date has the same day or, in a shorter month, the last one.
fn months_apart(dates: &[NaiveDate]) -> Option<u32> {
    let day = dates.iter().map(Datelike::day).max()?;
    if dates.iter().any(|date| date.day() != day.min(u32::from(date.num_days_in_month()))) {
        return None;
    }
    let month = |date: &NaiveDate| date.year() * 12 + date.month0().cast_signed();
    dates.windows(2).map(|pair| month(&pair[1]).abs_diff(month(&pair[0]))).reduce(common_divisor)
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frequency_is_the_one_a_person_would_say() {
        let check = |dates: &[&str], expected| {
            let dates: Vec<NaiveDate> = dates.iter().map(|date| date.parse().unwrap()).collect();
            assert_eq!(Frequency::of(&dates), expected, "{dates:?}");
            assert_eq!(Frequency::named(expected.as_str()), Some(expected));
        };
        check(&["2024-01-01", "2024-01-02", "2024-01-03"], Frequency::Daily);
        check(&["2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"], Frequency::Daily);
        check(&["2024-01-01", "2024-01-08", "2024-01-22"], Frequency::Weekly);
        check(&["2024-01-31", "2024-02-29", "2024-04-30"], Frequency::Monthly);
        check(&["2023-12-15", "2024-03-15", "2024-09-15"], Frequency::Quarterly);
        check(&["2020-06-01", "2021-06-01", "2024-06-01"], Frequency::Yearly);
        check(&["2024-01-01", "2024-01-10", "2024-03-02"], Frequency::Irregular);
    }
}
