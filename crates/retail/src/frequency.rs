//! How far apart the dates of a series are, as a word for people: the models infer their own grid.

use chrono::{Datelike, NaiveDate};
use wire::datasets::Frequency;

/// The frequency of ascending, distinct dates: months if all lie on one day of the month, else weeks if all
/// distances are multiples of seven, else days if most distances are one or half of the days are there.
pub(crate) fn of(dates: &[NaiveDate]) -> Frequency {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Frequency::Irregular };
    if dates.len() == 1 {
        return Frequency::Irregular;
    }
    if let Some(months) = months_apart(dates) {
        return match months {
            step if step % 12 == 0 => Frequency::Yearly,
            step if step % 3 == 0 => Frequency::Quarterly,
            _ => Frequency::Monthly,
        };
    }
    let steps = || dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days());
    if steps().all(|step| step % 7 == 0) {
        return Frequency::Weekly;
    }
    let span = (*last - *first).num_days().unsigned_abs() + 1;
    let neighbours = steps().filter(|&step| step == 1).count();
    let is_daily = 2 * neighbours >= dates.len() - 1 || 2 * dates.len() as u64 >= span;
    if is_daily { Frequency::Daily } else { Frequency::Irregular }
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
            assert_eq!(of(&dates), expected, "{dates:?}");
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
