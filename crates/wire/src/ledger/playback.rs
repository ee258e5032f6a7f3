//! Playing the frames of a run: how fast, and from where to where. What is asked in an address, over a WebSocket and on
//! the command line is read here, so that all three refuse the same nonsense with the same words.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::FieldError;
use serde::{Deserialize, Serialize};

/// How fast frames follow each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Speed {
    /// As fast as they can be sent.
    #[default]
    Instant,
    /// At the pace of their time stamps, times a factor.
    Paced {
        /// The factor in thousandths.
        thousandths: u32,
    },
}

impl Speed {
    /// The pace of the record itself.
    pub const ORIGINAL: Self = Self::Paced { thousandths: 1000 };
    /// The slowest and the fastest factor, in thousandths.
    const THOUSANDTHS: std::ops::RangeInclusive<u32> = 100..=1_000_000;
}

/// What is no speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASpeed;

impl fmt::Display for NotASpeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "must be `instant`, `original`, or a factor from `0.1x` to `1000x` with at most three decimals",
        )
    }
}

impl std::error::Error for NotASpeed {}

impl FromStr for Speed {
    type Err = NotASpeed;

    fn from_str(text: &str) -> Result<Self, NotASpeed> {
        match text {
            "instant" => return Ok(Self::Instant),
            "original" => return Ok(Self::ORIGINAL),
            _ => {}
        }
        let factor = text.strip_suffix('x').and_then(thousandths).ok_or(NotASpeed)?;
        let is_played = Self::THOUSANDTHS.contains(&factor);
        is_played.then_some(Self::Paced { thousandths: factor }).ok_or(NotASpeed)
    }
}

/// `2`, `0.5` and the like in thousandths, without a float on the way.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let decimals: u32 = format!("{decimals:0<3}").parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(1000)?.checked_add(decimals)
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Instant => f.write_str("instant"),
            Self::ORIGINAL => f.write_str("original"),
            Self::Paced { thousandths } if thousandths.is_multiple_of(1000) => {
                write!(f, "{}x", thousandths / 1000)
            }
            Self::Paced { thousandths } => {
                let decimals = format!("{:03}", thousandths % 1000);
                write!(f, "{}.{}x", thousandths / 1000, decimals.trim_end_matches('0'))
            }
        }
    }
}

/// A point of a recording: a frame, or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Point {
    /// The frame of this seq.
    Seq(u64),
    /// What was written at that time.
    Time(DateTime<Utc>),
}

/// What is no point of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPoint;

impl fmt::Display for NotAPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be the seq of a frame, 1 or more, or a time with its zone such as 2026-01-05T08:00:00Z (RFC 3339)")
    }
}

impl std::error::Error for NotAPoint {}

impl FromStr for Point {
    type Err = NotAPoint;

    fn from_str(text: &str) -> Result<Self, NotAPoint> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            let seq = text.parse().ok().filter(|seq| *seq > 0);
            return seq.map(Self::Seq).ok_or(NotAPoint);
        }
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| NotAPoint)?;
        Ok(Self::Time(time.with_timezone(&Utc)))
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seq(seq) => seq.fmt(f),
            Self::Time(time) => f.write_str(&kernel::rfc3339(*time)),
        }
    }
}

/// Texts in JSON and in an address.
macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = <$name as FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )+};
}

as_text!(Speed, Point);

/// What to play of a run, and how fast. It has been checked: it does not end before it begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Playback {
    /// Begin after this seq.
    pub after: u64,
    /// And not before this time.
    pub from: Option<DateTime<Utc>>,
    /// The last seq.
    pub until: Option<u64>,
    /// The last time.
    pub to: Option<DateTime<Utc>>,
    /// How fast.
    pub speed: Speed,
    /// No silence of the record lasts longer.
    pub max_gap: Option<Duration>,
}

/// What a query says of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) after: Option<u64>,
    pub(super) from: Option<Point>,
    pub(super) to: Option<Point>,
    pub(super) speed: Option<Speed>,
    pub(super) max_gap_ms: Option<u64>,
}

/// The longest silence that can be asked for: an hour.
const MAX_GAP_MS: u64 = 3_600_000;

impl Asked {
    pub(super) fn check(self) -> Result<Playback, FieldError> {
        let Self { after, from, to, speed, max_gap_ms } = self;
        let speed = speed.unwrap_or_default();
        if after.is_some() && from.is_some() {
            return Err(FieldError::new("from", "not together with `after`"));
        }
        if max_gap_ms.is_some() && speed == Speed::Instant {
            return Err(FieldError::new("max_gap_ms", "only with a `speed` that waits"));
        }
        if max_gap_ms.is_some_and(|gap| !(1..=MAX_GAP_MS).contains(&gap)) {
            return Err(FieldError::new("max_gap_ms", format!("must be from 1 to {MAX_GAP_MS}")));
        }
        let is_backwards = match (from, to) {
            (Some(Point::Seq(from)), Some(Point::Seq(to))) => to < from,
            (Some(Point::Time(from)), Some(Point::Time(to))) => to < from,
            _ => false,
        };
        if is_backwards {
            return Err(FieldError::new("to", "must not come before `from`"));
        }
        let seq = |point| if let Some(Point::Seq(seq)) = point { Some(seq) } else { None };
        let time = |point| if let Some(Point::Time(time)) = point { Some(time) } else { None };
        Ok(Playback {
            after: after.or(seq(from).map(|seq| seq - 1)).unwrap_or(0),
            from: time(from),
            until: seq(to),
            to: time(to),
            speed,
            max_gap: max_gap_ms.map(Duration::from_millis),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_word_or_a_factor_within_bounds() {
        let paced = |thousandths| Ok(Speed::Paced { thousandths });
        for (text, expected, written) in [
            ("instant", Ok(Speed::Instant), "instant"),
            ("original", paced(1000), "original"),
            ("1x", paced(1000), "original"),
            ("0.1x", paced(100), "0.1x"),
            ("2.5x", paced(2500), "2.5x"),
            ("0.125x", paced(125), "0.125x"),
            ("1000x", paced(1_000_000), "1000x"),
        ] {
            assert_eq!(text.parse::<Speed>(), expected, "{text}");
            assert_eq!(expected.unwrap().to_string(), written);
        }
        for text in [
            "",
            "x",
            "0",
            "0x",
            "0.09x",
            "1000.001x",
            "-1x",
            "+1x",
            "1e2x",
            ".5x",
            "2.x",
            "2",
            "2 x",
            "NaNx",
            "0.1000x",
            "99999999999x",
        ] {
            assert_eq!(text.parse::<Speed>(), Err(NotASpeed), "{text}");
        }
    }

    #[test]
    fn a_point_is_a_seq_or_a_time_with_its_zone() {
        let time = |text: &str| Point::Time(text.parse().unwrap());
        for (text, expected) in [
            ("1", Point::Seq(1)),
            ("007", Point::Seq(7)),
            ("2026-01-05T08:00:00Z", time("2026-01-05T08:00:00Z")),
            ("2026-01-05T09:00:00.5+01:00", time("2026-01-05T08:00:00.5Z")),
        ] {
            let point: Point = text.parse().unwrap();
            assert_eq!(point, expected, "{text}");
            assert_eq!(point.to_string().parse(), Ok(point));
        }
        for text in [
            "",
            "0",
            "-1",
            "1.5",
            "18446744073709551616",
            "2026-01-05",
            "2026-01-05T08:00:00",
            "05.01.2026",
            "yesterday",
            "2026-02-30T08:00:00Z",
        ] {
            assert_eq!(text.parse::<Point>(), Err(NotAPoint), "{text}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused_by_its_field() {
        let point = |text: &str| Some(text.parse().unwrap());
        let times = |from, to| Asked { from: point(from), to: point(to), ..Asked::default() };
        let slow = Some(Speed::ORIGINAL);
        for (asked, field) in [
            (times("5", "4"), "to"),
            (times("2026-01-05T08:00:01Z", "2026-01-05T08:00:00Z"), "to"),
            (Asked { after: Some(1), from: point("2"), ..Asked::default() }, "from"),
            (Asked { max_gap_ms: Some(5), ..Asked::default() }, "max_gap_ms"),
            (Asked { max_gap_ms: Some(0), speed: slow, ..Asked::default() }, "max_gap_ms"),
            (Asked { max_gap_ms: Some(MAX_GAP_MS + 1), speed: slow, ..Asked::default() }, "max_gap_ms"),
        ] {
            assert_eq!(asked.check().unwrap_err().field, field, "{asked:?}");
        }
        let playback = times("5", "5").check().unwrap();
        assert_eq!((playback.after, playback.until), (4, Some(5)));
        assert!(times("5", "2026-01-05T08:00:00Z").check().is_ok());
    }
}
