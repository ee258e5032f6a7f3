//! The date of a row: a day, or a time of a day.
//!
//! Rows that are a day or longer have days, `2024-03-25`; rows of hours and finer steps have times, `2024-03-25T14:00:00`.
//! Midnight is a time like any other, so that the dates of a series are written alike. A time stands for itself: in UTC where
//! its file says so or was read with a time zone, and as the file has it otherwise.

use std::fmt;
use std::ops::Sub;
use std::str::FromStr;

use chrono::{DateTime, Datelike, IsoWeek, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// A day, or a second of a day. A day comes before its first second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Days since 1970-01-01.
    day: i32,
    /// 0 for the day itself, otherwise the second of the day, counted from 1.
    second: u32,
}

impl Moment {
    /// Before every date that can be written.
    pub const MIN: Self = Self { day: NaiveDate::MIN.to_epoch_days(), second: 0 };
    /// After every date that can be written.
    pub const MAX: Self = Self { day: NaiveDate::MAX.to_epoch_days(), second: 0 };

    /// A time. Fractions of a second are cut off.
    pub fn at(time: NaiveDateTime) -> Self {
        Self { day: time.date().to_epoch_days(), second: 1 + time.time().num_seconds_from_midnight() }
    }

    /// The day that many days after 1970-01-01.
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        NaiveDate::from_epoch_days(days).map(Self::from)
    }

    /// The time that many seconds after 1970-01-01.
    pub fn from_epoch_seconds(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(|time| Self::at(time.naive_utc()))
    }

    /// The day, or the one the time is in.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.day).expect("it was made of a date")
    }

    /// Days since 1970-01-01.
    pub const fn to_epoch_days(self) -> i32 {
        self.day
    }

    /// Seconds since 1970-01-01; of a day, to its beginning.
    pub const fn to_epoch_seconds(self) -> i64 {
        self.day as i64 * DAY + self.second.saturating_sub(1) as i64
    }

    /// Whether it is a time.
    pub const fn is_time(self) -> bool {
        self.second > 0
    }

    /// The time; of a day, its beginning.
    pub fn time(self) -> NaiveDateTime {
        let midnight = self.date().and_time(chrono::NaiveTime::MIN);
        midnight + TimeDelta::seconds(i64::from(self.second.saturating_sub(1)))
    }
}

impl From<NaiveDate> for Moment {
    fn from(day: NaiveDate) -> Self {
        Self { day: day.to_epoch_days(), second: 0 }
    }
}

impl Default for Moment {
    fn default() -> Self {
        NaiveDate::default().into()
    }
}

impl Sub for Moment {
    type Output = TimeDelta;

    fn sub(self, other: Self) -> TimeDelta {
        TimeDelta::seconds(self.to_epoch_seconds() - other.to_epoch_seconds())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_time() { self.time().format("%Y-%m-%dT%H:%M:%S").fmt(f) } else { self.date().fmt(f) }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Moment {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains(['T', ' ']) {
            text.replacen(' ', "T", 1).parse().map(Self::at)
        } else {
            text.parse::<NaiveDate>().map(Self::from)
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl ToSchema for Moment {
    fn name() -> std::borrow::Cow<'static, str> {
        "datasets.Date".into()
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("A day, or a time of a day where rows are shorter than one."))
            .pattern(Some(r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?$"))
            .into()
    }
}

/// The calendar of the day.
impl Datelike for Moment {
    fn year(&self) -> i32 {
        self.date().year()
    }

    fn month(&self) -> u32 {
        self.date().month()
    }

    fn month0(&self) -> u32 {
        self.date().month0()
    }

    fn day(&self) -> u32 {
        self.date().day()
    }

    fn day0(&self) -> u32 {
        self.date().day0()
    }

    fn ordinal(&self) -> u32 {
        self.date().ordinal()
    }

    fn ordinal0(&self) -> u32 {
        self.date().ordinal0()
    }

    fn weekday(&self) -> Weekday {
        self.date().weekday()
    }

    fn iso_week(&self) -> IsoWeek {
        self.date().iso_week()
    }

    fn with_year(&self, year: i32) -> Option<Self> {
        self.on(self.date().with_year(year))
    }

    fn with_month(&self, month: u32) -> Option<Self> {
        self.on(self.date().with_month(month))
    }

    fn with_month0(&self, month0: u32) -> Option<Self> {
        self.on(self.date().with_month0(month0))
    }

    fn with_day(&self, day: u32) -> Option<Self> {
        self.on(self.date().with_day(day))
    }

    fn with_day0(&self, day0: u32) -> Option<Self> {
        self.on(self.date().with_day0(day0))
    }

    fn with_ordinal(&self, ordinal: u32) -> Option<Self> {
        self.on(self.date().with_ordinal(ordinal))
    }

    fn with_ordinal0(&self, ordinal0: u32) -> Option<Self> {
        self.on(self.date().with_ordinal0(ordinal0))
    }
}

impl Moment {
    /// The same time of another day.
    fn on(self, day: Option<NaiveDate>) -> Option<Self> {
        Some(Self { day: day?.to_epoch_days(), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_it_is_read() {
        for text in ["2024-03-25", "2024-03-25T00:00:00", "0001-01-01T23:59:59", "9999-12-31"] {
            let moment: Moment = text.parse().unwrap();
            assert_eq!(moment.to_string(), text);
            assert_eq!(serde_json::to_string(&moment).unwrap(), format!("\"{text}\""));
            assert_eq!(moment.is_time(), text.contains('T'));
        }
        assert!("2024-02-30".parse::<Moment>().is_err() && "2024-02-03T24:00:00".parse::<Moment>().is_err());
    }

    #[test]
    fn a_day_comes_before_its_times_and_after_those_of_the_day_before() {
        let all = ["2024-03-24T23:59:59", "2024-03-25", "2024-03-25T00:00:00", "2024-03-25T00:00:01"];
        let all = all.map(|text| text.parse::<Moment>().unwrap());
        assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
        assert_eq!((all[3] - all[0]).num_seconds(), 2);
        let seconds = all[3].to_epoch_seconds();
        assert_eq!(Moment::from_epoch_seconds(seconds), Some(all[3]));
    }
}
