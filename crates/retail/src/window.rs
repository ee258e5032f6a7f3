//! A range of days.

use chrono::{Days, NaiveDate};
use kernel::{Class, Fault, FieldError};
use serde::Serialize;

/// Days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    #[serde(rename = "start_date")]
    start: NaiveDate,
    #[serde(rename = "end_date")]
    end: NaiveDate,
}

impl Window {
    /// The window between two days.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, InvalidWindow> {
        if end < start { Err(InvalidWindow { start, end }) } else { Ok(Self { start, end }) }
    }

    /// The first day.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The last day.
    pub const fn end(self) -> NaiveDate {
        self.end
    }

    /// How many days it has; never zero.
    pub fn days(self) -> usize {
        usize::try_from((self.end - self.start).num_days() + 1).expect("a window ends on or after its start")
    }

    /// Whether a day lies in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.start <= date && date <= self.end
    }

    /// Its days in order.
    pub fn dates(self) -> impl Iterator<Item = NaiveDate> {
        self.start.iter_days().take(self.days())
    }

    /// How many days after the first one a day is; negative before it.
    pub fn offset(self, date: NaiveDate) -> i64 {
        (date - self.start).num_days()
    }

    /// The window of this many days before `end`, and `end` itself.
    pub fn ending(end: NaiveDate, span_days: u64) -> Option<Self> {
        Some(Self { start: end.checked_sub_days(Days::new(span_days))?, end })
    }
}

impl From<Window> for wire::model_selection::Window {
    fn from(window: Window) -> Self {
        Self { start_date: window.start, end_date: window.end }
    }
}

/// A window that ends before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the window ends on {end}, before it starts on {start}")]
pub struct InvalidWindow {
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    pub end: NaiveDate,
}

impl Fault for InvalidWindow {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        "VALIDATION_ERROR"
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new("end_date", format!("must not lie before start_date {}", self.start))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
    }

    #[test]
    fn a_window_has_both_its_ends() {
        let window = Window::new(day(2), day(4)).unwrap();
        assert_eq!(window.days(), 3);
        assert_eq!(window.dates().collect::<Vec<_>>(), [day(2), day(3), day(4)]);
        assert!(window.contains(day(4)) && !window.contains(day(5)));
        assert_eq!(Window::ending(day(4), 2), Some(window));
        assert_eq!(Window::ending(NaiveDate::MIN, 2), None);
    }

    #[test]
    fn a_window_that_ends_before_it_starts_is_refused() {
        assert_eq!(Window::new(day(4), day(3)), Err(InvalidWindow { start: day(4), end: day(3) }));
    }
}
