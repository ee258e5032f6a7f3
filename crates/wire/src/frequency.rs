//! How far apart the dates of a series are, and the one word for it.
//!
//! | word | dates |
//! |---|---|
//! | `daily`, `weekly`, `monthly`, `quarterly`, `yearly` | every such step |
//! | `hourly`, `every_minute`, `every_second` | times of a day |
//! | `every_15_minutes`, `every_2_weeks`, `every_2_months`, … | every so many such steps |
//! | `business_daily` | Mondays to Fridays |
//! | `4-4-5`, `4-5-4`, `5-4-4` | months of four and five whole weeks |
//! | `13_periods` | periods of four weeks, of which a year has thirteen |
//! | `4-4-5_from_12-29` | the same; the year begins on the first such weekday from 29 December on |
//! | `4-4-5_week_7` | the same; every year has 52 weeks, and one began in the seventh week of 1970 |
//!
//! A step has one word: `every_7_days` is read, and written `weekly`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a frequency counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months: one day of the month, or the last one.
    Month,
}

/// How a year of whole weeks is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Periods {
    /// Quarters of four, four and five weeks.
    FourFourFive,
    /// Quarters of four, five and four weeks.
    FourFiveFour,
    /// Quarters of five, four and four weeks.
    FiveFourFour,
    /// Thirteen times four weeks.
    Thirteen,
}

/// How far apart dates are. Of two, the one with shorter steps is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Every so many units.
    Every {
        /// At least one.
        every: u16,
        /// What is counted.
        unit: Unit,
    },
    /// Mondays to Fridays.
    BusinessDay,
    /// Periods of a year of whole weeks.
    Weeks {
        /// How it is divided; a 53rd week is one more of the last period.
        periods: Periods,
        /// When a year begins.
        begins: Begins,
    },
}

/// When a year of whole weeks begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Begins {
    /// On the first such weekday from a day of the calendar on, after 52 or 53 weeks.
    From {
        /// The month.
        month: u8,
        /// The day of the month.
        day: u8,
    },
    /// After 52 weeks always, and so many weeks after the first such weekday of 1970.
    Week(u8),
}

/// The most units of a step.
const MOST: u16 = 999;
/// Where the year of most retailers begins: on the weekday nearest to the first of February.
const FEBRUARY: Begins = Begins::From { month: 1, day: 29 };

impl Periods {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::FourFourFive, Self::FourFiveFour, Self::FiveFourFour, Self::Thirteen];

    /// Weeks of the year before each period.
    pub const fn starts(self) -> &'static [u8] {
        match self {
            Self::FourFourFive => &[0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47],
            Self::FourFiveFour => &[0, 4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48],
            Self::FiveFourFour => &[0, 5, 9, 13, 18, 22, 26, 31, 35, 39, 44, 48],
            Self::Thirteen => &[0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48],
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::FourFourFive => "4-4-5",
            Self::FourFiveFour => "4-5-4",
            Self::FiveFourFour => "5-4-4",
            Self::Thirteen => "13_periods",
        }
    }
}

impl Step {
    /// Every day.
    pub const DAILY: Self = Self::one(Unit::Day);
    /// Every seventh day.
    pub const WEEKLY: Self = Self::one(Unit::Week);
    /// The same day of every month, or the last day of every month.
    pub const MONTHLY: Self = Self::one(Unit::Month);
    /// Every third month.
    pub const QUARTERLY: Self = Self::Every { every: 3, unit: Unit::Month };
    /// Every twelfth month.
    pub const YEARLY: Self = Self::Every { every: 12, unit: Unit::Month };
    /// Every hour.
    pub const HOURLY: Self = Self::one(Unit::Hour);

    const fn one(unit: Unit) -> Self {
        Self::Every { every: 1, unit }
    }

    /// Every so many units, in the largest unit that divides them; `None` of none, or of too many.
    pub const fn every(every: u32, unit: Unit) -> Option<Self> {
        let larger = match unit {
            Unit::Second => Some((60, Unit::Minute)),
            Unit::Minute => Some((60, Unit::Hour)),
            Unit::Day => Some((7, Unit::Week)),
            // Twenty-four hours are a day only where no clock changes.
            Unit::Hour | Unit::Week | Unit::Month => None,
        };
        match larger {
            _ if every == 0 => None,
            Some((of, unit)) if every.is_multiple_of(of) => Self::every(every / of, unit),
            _ if every > MOST as u32 => None,
            #[expect(clippy::cast_possible_truncation, reason = "at most MOST")]
            _ => Some(Self::Every { every: every as u16, unit }),
        }
    }

    /// What may be said, for whoever said something else.
    pub fn words() -> &'static str {
        "daily, business_daily, weekly, monthly, quarterly, yearly, hourly, every_N_minutes, every_N_hours, every_N_days, \
         every_N_weeks, every_N_months, 4-4-5, 4-5-4, 5-4-4, 13_periods"
    }

    /// What so many of its dates are called: `24 hours`, `10 working days`, `6 steps of 15 minutes`.
    pub fn counted(self, count: usize) -> String {
        let one_or = |one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let of = |what: String| format!("{} of {what}", one_or("step", "steps"));
        match self {
            Self::DAILY => one_or("day", "days"),
            Self::WEEKLY => one_or("week", "weeks"),
            Self::MONTHLY => one_or("month", "months"),
            Self::QUARTERLY => one_or("quarter", "quarters"),
            Self::YEARLY => one_or("year", "years"),
            Self::BusinessDay => one_or("working day", "working days"),
            Self::Every { every: 1, unit } => {
                let plural = unit.plural();
                one_or(&plural[..plural.len() - 1], plural)
            }
            Self::Every { every, unit } => of(format!("{every} {}", unit.plural())),
            Self::Weeks { periods: Periods::Thirteen, .. } => of("4 weeks".to_owned()),
            Self::Weeks { .. } => format!("{} of 4 or 5 weeks", one_or("period", "periods")),
        }
    }

    /// The length of a step in seconds, of months in the middle.
    pub const fn mean_seconds(self) -> u64 {
        let (every, unit) = match self {
            Self::Every { every, unit } => (every as u64, unit.mean_seconds()),
            Self::BusinessDay => (7, Unit::Day.mean_seconds() / 5),
            Self::Weeks { periods: Periods::Thirteen, .. } => (4, Unit::Week.mean_seconds()),
            Self::Weeks { .. } => (1, Unit::Month.mean_seconds()),
        };
        every * unit
    }
}

impl Unit {
    const ALL: [Self; 6] = [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month];

    const fn plural(self) -> &'static str {
        match self {
            Self::Second => "seconds",
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
        }
    }

    const fn mean_seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 604_800,
            Self::Month => 2_629_746,
        }
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Equal lengths are told apart by what has a word of its own, so that equal order is equality.
        let key = |step: &Self| match *step {
            Self::Every { every, unit } => (0, unit as u8, every, FEBRUARY),
            Self::BusinessDay => (1, 0, 0, FEBRUARY),
            Self::Weeks { periods, begins } => (2, periods as u8, 0, begins),
        };
        self.mean_seconds().cmp(&other.mean_seconds()).then_with(|| key(self).cmp(&key(other)))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::DAILY => f.write_str("daily"),
            Self::WEEKLY => f.write_str("weekly"),
            Self::MONTHLY => f.write_str("monthly"),
            Self::QUARTERLY => f.write_str("quarterly"),
            Self::YEARLY => f.write_str("yearly"),
            Self::HOURLY => f.write_str("hourly"),
            Self::BusinessDay => f.write_str("business_daily"),
            Self::Every { every: 1, unit } => write!(f, "every_{}", unit.plural().trim_end_matches('s')),
            Self::Every { every, unit } => write!(f, "every_{every}_{}", unit.plural()),
            Self::Weeks { periods, begins: FEBRUARY } => f.write_str(periods.word()),
            Self::Weeks { periods, begins: Begins::Week(week) } => {
                write!(f, "{}_week_{week}", periods.word())
            }
            Self::Weeks { periods, begins: Begins::From { month, day } } => {
                write!(f, "{}_from_{month:02}-{day:02}", periods.word())
            }
        }
    }
}

/// A word that is no frequency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFrequency {
    /// What was given.
    pub text: String,
}

impl fmt::Display for UnknownFrequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not one of {}", self.text, Step::words())
    }
}

impl std::error::Error for UnknownFrequency {}

impl FromStr for Step {
    type Err = UnknownFrequency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| UnknownFrequency { text: text.to_owned() })
    }
}

fn read(text: &str) -> Option<Step> {
    let plain = [
        Step::DAILY,
        Step::WEEKLY,
        Step::MONTHLY,
        Step::QUARTERLY,
        Step::YEARLY,
        Step::HOURLY,
        Step::BusinessDay,
    ];
    if let Some(step) = plain.into_iter().find(|step| step.to_string() == text) {
        return Some(step);
    }
    if let Some(words) = text.strip_prefix("every_") {
        let (every, unit) = words.split_once('_').unwrap_or(("1", words));
        let is_it = |one: &&Unit| one.plural().trim_end_matches('s') == unit.trim_end_matches('s');
        return Step::every(every.parse().ok()?, *Unit::ALL.iter().find(is_it)?);
    }
    let (word, begins) = if let Some((word, day)) = text.split_once("_from_") {
        (word, month_day(day)?)
    } else if let Some((word, week)) = text.split_once("_week_") {
        (word, Begins::Week(week.parse().ok().filter(|week| *week < 52)?))
    } else {
        (text, FEBRUARY)
    };
    let periods = Periods::ALL.into_iter().find(|periods| periods.word() == word)?;
    Some(Step::Weeks { periods, begins })
}

/// `01-29`, of a day that every year has.
fn month_day(text: &str) -> Option<Begins> {
    let (month, day) = text.split_once('-').filter(|_| text.len() == 5)?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let date = chrono::NaiveDate::from_ymd_opt(2001, u32::from(month), u32::from(day));
    date.map(|_| Begins::From { month, day })
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_word() {
        let words = [
            "daily",
            "weekly",
            "monthly",
            "quarterly",
            "yearly",
            "hourly",
            "business_daily",
            "every_minute",
            "every_second",
            "every_15_minutes",
            "every_2_hours",
            "every_24_hours",
            "every_2_days",
            "every_2_weeks",
            "every_4_weeks",
            "every_2_months",
            "every_6_months",
            "4-4-5",
            "4-5-4",
            "5-4-4",
            "13_periods",
            "4-4-5_from_12-29",
            "4-4-5_week_7",
        ];
        for word in words {
            assert_eq!(word.parse::<Step>().map(|step| step.to_string()), Ok(word.to_owned()));
        }
        let same = [
            ("every_7_days", "weekly"),
            ("every_60_minutes", "hourly"),
            ("every_3600_seconds", "hourly"),
            ("every_12_months", "yearly"),
            ("every_month", "monthly"),
            ("every_1_week", "weekly"),
            ("4-4-5_from_01-29", "4-4-5"),
        ];
        for (given, written) in same {
            assert_eq!(given.parse::<Step>().unwrap().to_string(), written);
        }
        for odd in [
            "",
            "Daily",
            "every_0_days",
            "every_1000_days",
            "every_-1_days",
            "4-4-5_from_02-29",
            "4-4-5_week_52",
            "every_days_2",
        ] {
            assert!(odd.parse::<Step>().is_err(), "{odd}");
        }
    }

    #[test]
    fn the_finer_step_is_less() {
        let words = [
            "every_second",
            "every_15_minutes",
            "hourly",
            "daily",
            "business_daily",
            "every_2_days",
            "weekly",
            "every_2_weeks",
            "13_periods",
            "monthly",
            "4-4-5",
            "quarterly",
            "yearly",
        ];
        let steps = words.map(|word| word.parse::<Step>().unwrap());
        assert!(steps.is_sorted_by(|a, b| a < b), "{steps:?}");
    }

    #[test]
    fn a_horizon_is_said_in_its_steps() {
        let said = |word: &str, count| word.parse::<Step>().unwrap().counted(count);
        assert_eq!(said("hourly", 24), "24 hours");
        assert_eq!(said("business_daily", 1), "1 working day");
        assert_eq!(said("every_15_minutes", 96), "96 steps of 15 minutes");
        assert_eq!(said("4-4-5", 6), "6 periods of 4 or 5 weeks");
        assert_eq!(said("quarterly", 1), "1 quarter");
    }
}
