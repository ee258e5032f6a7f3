//! The calendar: days with the United States' federal holidays and a world's own ones. The flags are for models to
//! use; demand follows only the holidays of the configuration.

use chrono::{Datelike, NaiveDate, Weekday};

use super::config::Holiday;
use crate::window::Window;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// The holiday it is.
    pub holiday: Option<&'static str>,
}

pub(super) fn days(window: Window, own: &[Holiday]) -> Vec<Day> {
    let name = |date| own.iter().find(|holiday| holiday.date == date).map(|holiday| holiday.name);
    window.dates().map(|date| Day { date, holiday: name(date).or_else(|| federal(date)) }).collect()
}

fn federal(date: NaiveDate) -> Option<&'static str> {
    let nth = (date.day() - 1) / 7 + 1;
    let is_last = date.checked_add_days(chrono::Days::new(7)).is_none_or(|next| next.month() != date.month());
    match (date.month(), date.day(), date.weekday()) {
        (1, 1, _) => Some("New Year's Day"),
        (1, _, Weekday::Mon) if nth == 3 => Some("Martin Luther King Jr. Day"),
        (2, _, Weekday::Mon) if nth == 3 => Some("Presidents' Day"),
        (5, _, Weekday::Mon) if is_last => Some("Memorial Day"),
        (7, 4, _) => Some("Independence Day"),
        (9, _, Weekday::Mon) if nth == 1 => Some("Labor Day"),
        (10, _, Weekday::Mon) if nth == 2 => Some("Columbus Day"),
        (11, 11, _) => Some("Veterans Day"),
        (11, _, Weekday::Thu) if nth == 4 => Some("Thanksgiving"),
        (12, 25, _) => Some("Christmas Day"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_federal_holidays_of_2026_fall_where_they_do() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        let year = days(Window::new(day(1, 1), day(12, 31)).unwrap(), &[]);
        let found: Vec<_> = year.iter().filter(|day| day.holiday.is_some()).map(|day| day.date).collect();
        let expected = [
            day(1, 1),
            day(1, 19),
            day(2, 16),
            day(5, 25),
            day(7, 4),
            day(9, 7),
            day(10, 12),
            day(11, 11),
            day(11, 26),
            day(12, 25),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_own_holiday_names_its_day() {
        let date = NaiveDate::from_ymd_opt(2024, 11, 29).unwrap();
        let own = [Holiday { date, name: "Black Friday", multiplier: 3.0 }];
        assert_eq!(days(Window::new(date, date).unwrap(), &own)[0].holiday, Some("Black Friday"));
    }
}
