//! Quarters, weeks and the day numbers of spreadsheets.

use chrono::{NaiveDate, Weekday};

use super::{digits, year_of, year4};

/// What may stand between the parts.
const MARKS: [char; 7] = ['-', ' ', '/', '_', ':', '.', ','];

/// `2024-Q1`, `Q1 2024`, `Q1-24`, `1Q2024`, `1. Quartal 2024`: the first day of the quarter.
pub(super) fn quarter(text: &str) -> Option<NaiveDate> {
    let upper = text.to_uppercase();
    let word = ["QUARTER", "QUARTAL", "QTR", "QRT", "Q"].into_iter().find(|word| upper.contains(word))?;
    let (one, other) = upper.split_once(word)?;
    let (one, other) = (one.trim_matches(MARKS), other.trim_matches(MARKS));
    let (year, quarter) = match (one, other) {
        ("", other) => (other.get(1..)?.trim_matches(MARKS), other.get(..1)?),
        ("1" | "2" | "3" | "4", year) => (year, one),
        _ => (one, other),
    };
    let quarter = digits(quarter, 1..=1).filter(|quarter| (1..=4).contains(quarter))?;
    NaiveDate::from_ymd_opt(year_of(year)?, 3 * quarter - 2, 1)
}

/// `2024-W05`, `2024W05`, `W05 2024`, `KW 5/2024`, `2024-W05-1`: the Monday of the week as ISO counts them.
pub(super) fn week(text: &str) -> Option<NaiveDate> {
    let upper = text.to_uppercase();
    let word = ["WEEK", "WOCHE", "SEMAINE", "SEMANA", "KW", "CW", "WK", "W"];
    let (one, other) = word.into_iter().find_map(|word| upper.split_once(word))?;
    let (one, other) = (one.trim_matches(MARKS), other.trim_matches(MARKS));
    if one.is_empty() {
        let (week, year) = other.split_once(MARKS)?;
        return monday(year4(year.trim_matches(MARKS))?, week);
    }
    // A Monday may be written as the first day of its week, and another day is none.
    monday(year4(one)?, other.strip_suffix("-1").unwrap_or(other))
}

/// `05/2024` or `2024-05`, which only somebody who says so means as a week.
pub(super) fn stated_week(text: &str) -> Option<NaiveDate> {
    let (one, other) = text.split_once(MARKS)?;
    match (year4(one), year4(other)) {
        (Some(year), None) => monday(year, other),
        (None, Some(year)) => monday(year, one),
        _ => None,
    }
}

fn monday(year: i32, week: &str) -> Option<NaiveDate> {
    NaiveDate::from_isoywd_opt(year, digits(week, 1..=2)?, Weekday::Mon)
}

/// A day number of Excel for Windows, of 1954 to 2119: days since the end of 1899, with a leap day too many in 1900.
pub(in crate::intake) fn day_number(text: &str) -> Option<NaiveDate> {
    let number = digits(text, 5..=5).filter(|number| (20_000..=80_000).contains(number))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(number.into()))
}
