//! Where clocks stood: UTC and the local times of a zone.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeZone, Utc};
use wire::Moment;

/// A zone by name, or a fixed distance to UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// So far ahead of UTC.
    Fixed(FixedOffset),
    /// By the rules of a place.
    Named(chrono_tz::Tz),
}

/// What a local time is in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instant {
    /// One time.
    One(Moment),
    /// Clocks showed it twice; the earlier time comes first.
    Two(Moment, Moment),
    /// Clocks never showed it.
    None,
}

impl Zone {
    /// No distance.
    pub const UTC: Self = Self::Named(chrono_tz::Tz::UTC);

    /// The zone of a name such as `Europe/Berlin`, or of `+01:00`.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().map(Self::Named).or_else(|_| name.parse().map(Self::Fixed)).ok()
    }

    /// What clocks show at a time of UTC; a day stays itself.
    pub(crate) fn local(self, moment: Moment) -> Moment {
        if !moment.is_time() {
            return moment;
        }
        let utc = moment.time();
        let offset = match self {
            Self::Fixed(offset) => offset,
            Self::Named(zone) => zone.offset_from_utc_datetime(&utc).fix(),
        };
        utc.checked_add_offset(offset).map_or(moment, Moment::at)
    }

    /// The time of UTC at which clocks show this.
    pub(crate) fn instant(self, local: Moment) -> Instant {
        fn of<T: TimeZone>(zone: &T, local: NaiveDateTime) -> Instant {
            let utc = |time: DateTime<T>| Moment::at(time.with_timezone(&Utc).naive_utc());
            match zone.from_local_datetime(&local) {
                chrono::LocalResult::Single(time) => Instant::One(utc(time)),
                chrono::LocalResult::Ambiguous(first, second) => Instant::Two(utc(first), utc(second)),
                chrono::LocalResult::None => Instant::None,
            }
        }
        match self {
            Self::Fixed(offset) => of(&offset, local.time()),
            Self::Named(zone) => of(&zone, local.time()),
        }
    }
}

/// As [`Zone::named`] reads it.
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(offset) => offset.fmt(f),
            Self::Named(zone) => f.write_str(zone.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_missing_in_spring_and_there_twice_in_autumn() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        let check = |local: &str, instant| assert_eq!(zone.instant(moment(local)), instant, "{local}");
        check("2024-03-31T01:30:00", Instant::One(moment("2024-03-31T00:30:00")));
        check("2024-03-31T02:30:00", Instant::None);
        check("2024-03-31T03:00:00", Instant::One(moment("2024-03-31T01:00:00")));
        let twice = Instant::Two(moment("2024-10-27T00:30:00"), moment("2024-10-27T01:30:00"));
        check("2024-10-27T02:30:00", twice);
        assert_eq!(zone.local(moment("2024-10-27T01:30:00")), moment("2024-10-27T02:30:00"));
        assert_eq!(Zone::named("Europe/Nowhere"), None);
    }
}
