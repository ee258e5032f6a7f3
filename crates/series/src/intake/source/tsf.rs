//! The text format of the Monash archive of time series: attributes above, one series a line below.
//!
//! <https://forecastingdata.org> describes it; what stands there beside it, such as `@missing`, says nothing that the
//! values do not say themselves.

use chrono::NaiveDateTime;
use kernel::counted;

use super::error::SourceError;
use super::facts::Limits;
use crate::outside::short;

/// The series of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tsf {
    /// The attributes of a series that are text or numbers, joined with `/`; its number from 1 if it has none.
    pub(crate) names: Vec<String>,
    /// When each of them begins, if the file says so.
    pub(crate) starts: Vec<Option<NaiveDateTime>>,
    /// The word behind `@frequency`, such as `monthly` or `4_seconds`.
    pub(crate) frequency: Option<String>,
    /// The whole number behind `@horizon`.
    pub(crate) horizon: Option<usize>,
    /// The values of each series, `NaN` where missing.
    pub(crate) values: Vec<Vec<f64>>,
}

/// What is wrong with a line of a `.tsf` file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TsfProblem {
    /// A line above the data that begins with something else.
    #[error("`{text}` is not known above `@data`; lines there begin with `@` or `#`")]
    Unknown {
        /// The line, shortened.
        text: String,
    },
    /// A kind of attribute that is not known.
    #[error("`{text}` is not an attribute; write `@attribute name string`, `numeric` or `date`")]
    Attribute {
        /// The line, shortened.
        text: String,
    },
    /// A series with another number of attributes.
    #[error("the series has {}, but the file declares {declared}", counted(*found, "attribute", "attributes"))]
    Attributes {
        /// How many it has.
        found: usize,
        /// How many there are.
        declared: usize,
    },
    /// Not a moment.
    #[error("`{text}` is not a moment; write YYYY-MM-DD HH-MM-SS")]
    Start {
        /// The attribute, shortened.
        text: String,
    },
    /// Not a number.
    #[error("value {place} is `{text}`, which is not a number; write `?` for a missing value")]
    Value {
        /// Which value, from 1.
        place: usize,
        /// The value, shortened.
        text: String,
    },
    /// Nothing below `@data`, or no such line.
    #[error("there is no series below `@data`")]
    NoSeries,
}

/// What an attribute of a series holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attribute {
    Word,
    Date,
}

/// Reads a text in this format.
pub(super) fn read(text: &str, limits: Limits) -> Result<Tsf, SourceError> {
    let mut file = Tsf { names: vec![], starts: vec![], frequency: None, horizon: None, values: vec![] };
    let mut attributes = Vec::new();
    let mut room = limits.rows;
    let mut is_below = false;
    for (line, text) in lines(text) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let at_line = |problem| SourceError::Tsf { line, problem };
        if is_below {
            file.add(text, &attributes, &mut room, limits).map_err(|refused| refused.on(line))?;
        } else {
            is_below = file.declare(text, &mut attributes).map_err(at_line)?;
        }
    }
    if file.names.is_empty() {
        let line = lines(text).last().map_or(1, |(line, _)| line);
        return Err(SourceError::Tsf { line, problem: TsfProblem::NoSeries });
    }
    Ok(file)
}

/// The lines without white space around them and their numbers from 1; they end with LF, CR LF or CR.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let separator = if text.contains('\n') { '\n' } else { '\r' };
    (1..).zip(text.split(separator).map(str::trim))
}

/// Why a line gives no series.
enum Refused {
    Line(TsfProblem),
    TooLong { limit: usize },
}

impl From<TsfProblem> for Refused {
    fn from(problem: TsfProblem) -> Self {
        Self::Line(problem)
    }
}

impl Refused {
    fn on(self, line: u64) -> SourceError {
        match self {
            Self::Line(problem) => SourceError::Tsf { line, problem },
            Self::TooLong { limit } => SourceError::TooManyRows { limit },
        }
    }
}

impl Tsf {
    /// A line above the data; whether the data begin below it.
    fn declare(&mut self, text: &str, attributes: &mut Vec<Attribute>) -> Result<bool, TsfProblem> {
        let mut words = text.split_whitespace();
        match words.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "@data" => return Ok(true),
            "@frequency" => self.frequency = words.next().map(str::to_lowercase),
            "@horizon" => self.horizon = words.next().and_then(|word| word.parse().ok()),
            "@attribute" => match words.next_back().map(str::to_ascii_lowercase).as_deref() {
                Some("date") => attributes.push(Attribute::Date),
                Some("string" | "numeric") => attributes.push(Attribute::Word),
                _ => return Err(TsfProblem::Attribute { text: short(text) }),
            },
            word if word.starts_with('@') => {}
            _ => return Err(TsfProblem::Unknown { text: short(text) }),
        }
        Ok(false)
    }

    /// A series: its attributes and its values with colons between them. The colons of a time are hyphens here.
    fn add(
        &mut self,
        text: &str,
        attributes: &[Attribute],
        room: &mut usize,
        limits: Limits,
    ) -> Result<(), Refused> {
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        let (found, declared) = (parts.len() - 1, attributes.len());
        if found != declared {
            return Err(TsfProblem::Attributes { found, declared }.into());
        }
        let (mut start, mut name) = (None, Vec::new());
        for (attribute, part) in attributes.iter().zip(&parts) {
            match attribute {
                Attribute::Word => name.push(*part),
                Attribute::Date => start = Some(moment(part)?),
            }
        }
        let values = values(parts[found])?;
        *room = room.checked_sub(values.len()).ok_or(Refused::TooLong { limit: limits.rows })?;
        let number = self.names.len() + 1;
        self.names.push(if name.is_empty() { number.to_string() } else { name.join("/") });
        self.starts.push(start);
        self.values.push(values);
        Ok(())
    }
}

fn moment(text: &str) -> Result<NaiveDateTime, TsfProblem> {
    let wrong = || TsfProblem::Start { text: short(text) };
    let with_time = if text.contains(' ') { text.to_owned() } else { format!("{text} 00-00-00") };
    NaiveDateTime::parse_from_str(&with_time, "%Y-%m-%d %H-%M-%S").map_err(|_| wrong())
}

fn values(text: &str) -> Result<Vec<f64>, TsfProblem> {
    let value = |(at, text): (usize, &str)| {
        let text = text.trim();
        if matches!(text, "?" | "NaN" | "") {
            return Ok(f64::NAN);
        }
        let wrong = || TsfProblem::Value { place: at + 1, text: short(text) };
        text.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(wrong)
    };
    text.split(',').enumerate().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOVE: &str = "# Monash\n@relation tourism\n@attribute series_name string\n@attribute start_timestamp date\n\
                         @frequency Monthly\n@horizon 24\n@missing true\n@equallength false\n@data\n";

    #[test]
    fn series_have_their_names_starts_and_values() {
        let check = |text: &str| {
            let found = read(text, Limits::default()).unwrap();
            assert_eq!(found.names, ["T1", "T2"]);
            let start = |date: &str| Some(format!("{date}T00:00:00").parse().unwrap());
            assert_eq!(found.starts, [start("1979-01-31"), start("1980-02-29")]);
            assert_eq!((found.frequency.as_deref(), found.horizon), (Some("monthly"), Some(24)));
            assert_eq!(found.values[0], [1.5, -2.0, 3e2]);
            assert!(found.values[1][0].is_nan() && found.values[1].len() == 2);
        };
        let text = format!("{ABOVE}T1:1979-01-31 00-00-00:1.5,-2,3e2\nT2:1980-02-29:?, 5\n\n");
        check(&text);
        check(&text.replace('\n', "\r\n"));
        check(&text.replace('\n', "\r"));
        let bare = read("@data\n1,2\n3\n", Limits::default()).unwrap();
        assert_eq!((bare.names, bare.starts), (vec!["1".to_owned(), "2".to_owned()], vec![None, None]));
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named() {
        let check = |text: &str, expected: &str| {
            let text = read(text, Limits::default()).unwrap_err().to_string();
            assert!(text.starts_with(expected), "{text}");
        };
        let below = |line: &str| format!("{ABOVE}{line}");
        check(&below("T1:1,2"), "line 10: the series has 1 attribute, but the file declares 2");
        check(&below("T1:1979:1,2"), "line 10: `1979` is not a moment");
        check(&below("T1:1979-01-31 00-00-00:1,x"), "line 10: value 2 is `x`");
        check(&below("T1:1979-01-31 00-00-00:inf"), "line 10: value 1 is `inf`");
        check(ABOVE, "line 10: there is no series");
        check("@relation a\nT1:1,2\n@data", "line 2: `T1:1,2` is not known above");
        check("@attribute a\n@data\n1", "line 1: `@attribute a` is not an attribute");
    }

    #[test]
    fn too_many_values_are_refused() {
        let limits = Limits { rows: 3, ..Limits::default() };
        assert!(read("@data\n1,2\n3\n", limits).is_ok());
        assert!(matches!(read("@data\n1,2\n3,4\n", limits), Err(SourceError::TooManyRows { limit: 3 })));
    }
}
