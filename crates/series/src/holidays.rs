//! The public holidays of a country, which are known of every date, past and ahead.
//!
//! The days are those that the crate `opening-hours` keeps for whole countries; holidays of single regions, which no file
//! says it is from, are left aside. What they are for a row depends on its grid, so nothing of them is stored but the
//! country: a date of the grid that has no row, as shops leave out the days on which they are closed, is a holiday all the same.

use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use opening_hours::localization::Country;
use wire::Moment;

use crate::calendar::{Frequency, last_day};
use crate::known::Known;
use crate::zone::Zone;

/// The years of which holidays are known.
const YEARS: RangeInclusive<i32> = 2000..=2076;
/// So many dates after the last row are told of their holidays: the longest horizon there is of a data set.
pub(crate) const AHEAD: usize = 366;

/// The holidays of a country, and on whose clock its days begin where dates are times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holidays {
    country: Country,
    zone: Option<Zone>,
}

impl Holidays {
    /// The holidays of the country with this code (ISO 3166, two letters, in either case); `None` of one that is not known.
    pub fn of_country(code: &str) -> Option<Self> {
        let country = code.to_ascii_uppercase().parse().ok()?;
        Some(Self { country, zone: None })
    }

    /// The codes that are known, separated by commas.
    pub fn codes() -> String {
        Country::ALL.map(Country::iso_code).join(", ")
    }

    /// The same of times of UTC, where clocks show this zone.
    pub(crate) const fn in_zone(self, zone: Option<Zone>) -> Self {
        Self { zone, ..self }
    }

    /// Whether the holidays of a date are known.
    pub(crate) fn cover(date: Moment) -> bool {
        YEARS.contains(&date.year())
    }

    /// The years of which holidays are known, in words.
    pub(crate) fn years() -> String {
        format!("{} to {}", YEARS.start(), YEARS.end())
    }

    /// What a report says of them.
    pub(crate) fn note(self) -> String {
        format!(
            "Known beforehand: how many public holidays of {} ({}) a row has, also where it is to be forecast. A row that is longer than \
             a day is counted from its date on, one that ends a month up to it; holidays of single regions do not count.",
            self.country.name(),
            self.country.iso_code()
        )
    }

    /// What is known of the rows of a grid, with its holidays.
    pub(crate) fn beside(self, known: Known, frequency: Frequency, grid: &[Moment]) -> Known {
        let holidays = self.country.holidays();
        let public = holidays.get_public();
        let length = Length::of(frequency, grid);
        let count = |date: &Moment| {
            let days = length.days(self.zone.map_or(*date, |zone| zone.local(*date)));
            days.start
                .iter_days()
                .take_while(|day| *day < days.end)
                .filter(|day| public.contains(*day))
                .count()
        };
        let own = known.is_holiday.iter().map(|own| usize::from(*own));
        let counts: Vec<usize> = grid.iter().map(count).zip(own).map(|(count, own)| count.max(own)).collect();
        let is_holiday = counts.iter().map(|count| *count > 0).collect();
        let in_rows = || counts.iter().map(|count| *count as f64).collect();
        let holidays = (!matches!(length, Length::Day)).then(in_rows);
        Known { is_holiday, holidays, ..known }
    }
}

/// How long the rows of a grid are.
#[derive(Debug, Clone, Copy)]
enum Length {
    /// A day, a part of one, or a working day, which has no weekend.
    Day,
    /// Up to the next date.
    From(Frequency, u32),
    /// Months that are dated by their last day.
    Until(Frequency),
}

impl Length {
    fn of(frequency: Frequency, grid: &[Moment]) -> Self {
        let is_day =
            frequency.is_within_day() || [Frequency::DAILY, Frequency::BUSINESS_DAILY].contains(&frequency);
        if is_day {
            Self::Day
        } else if frequency.is_in_months() && grid.iter().all(|date| date.day() == last_day(*date)) {
            Self::Until(frequency)
        } else {
            Self::From(frequency, grid.iter().map(Datelike::day).max().unwrap_or(1))
        }
    }

    /// The days of a row.
    fn days(self, date: Moment) -> Range<NaiveDate> {
        let day = date.date();
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        match self {
            Self::Day => day..after(day),
            Self::From(frequency, anchor) => day..frequency.advance(date, anchor, 1).date(),
            Self::Until(frequency) => {
                let before = frequency.dates_before(&[date], 1);
                before.first().map_or(day, |before| after(before.date()))..after(day)
            }
        }
    }
}

/// As it stands in the file of a data set: `DE`, or `DE Europe/Berlin`.
impl fmt::Display for Holidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.country.iso_code())?;
        self.zone.map_or(Ok(()), |zone| write!(f, " {zone}"))
    }
}

impl FromStr for Holidays {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (code, zone) = text.split_once(' ').map_or((text, None), |(code, zone)| (code, Some(zone)));
        let zone = zone.map(|zone| Zone::named(zone).ok_or(())).transpose()?;
        Ok(Self::of_country(code).ok_or(())?.in_zone(zone))
    }
}

#[cfg(test)]
#[path = "holidays/tests.rs"]
mod tests;
