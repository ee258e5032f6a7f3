//! Files that give no series, and questions that only a person can answer.

use kernel::{Class, Fault, FieldError};

use super::date::day_number;
use super::source::SourceError;
use crate::columnar::ColumnarError;
use crate::holidays::Holidays;
use crate::outside::{listed, short};

/// A file that cannot be read without a guess, or at all.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The bytes give no table.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A Parquet or Arrow file that cannot be used.
    #[error(transparent)]
    Columnar(#[from] ColumnarError),
    /// A header and nothing below it.
    #[error("the table has a header but no rows")]
    NoRows,
    /// A stated column that is not there.
    #[error("there is no column `{name}`; the columns are {}", listed(columns))]
    NoColumn {
        /// The option that names it.
        field: &'static str,
        /// The name.
        name: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// No column that could have a role.
    #[error("no column could be the {role} (usual names: {usual}); the columns are {}", listed(columns))]
    NoRole {
        /// What is missing.
        role: &'static str,
        /// How it is usually called.
        usual: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Several that could.
    #[error("several columns could be the {field}: {}; say which", listed(columns))]
    SeveralColumns {
        /// The option that says which.
        field: &'static str,
        /// The columns.
        columns: Vec<String>,
        /// Whether each of them could be a series.
        can_be_wide: bool,
    },
    /// One column in two roles.
    #[error("the column `{column}` cannot be two things at once")]
    TwoRoles {
        /// The column.
        column: String,
    },
    /// An option that says nothing of this file.
    #[error("{field} does not apply: {why}")]
    DoesNotApply {
        /// The option.
        field: &'static str,
        /// Why.
        why: &'static str,
    },
    /// A word an option does not know.
    #[error("`{word}` is none of {known}")]
    UnknownWord {
        /// The option.
        field: &'static str,
        /// The word.
        word: String,
        /// The words it knows.
        known: String,
    },
    /// The column of dates holds other things.
    #[error("the column `{column}` has no dates such as 2024-01-31: `{example}`")]
    NotDates {
        /// The column.
        column: String,
        /// One of its cells.
        example: String,
    },
    /// Whole numbers that could be days as a spreadsheet counts them.
    #[error(
        "the column `{column}` has no dates but numbers: `{example}` would be {date} as Excel counts days; state the date format \
         `serial` if that is what they are"
    )]
    DayNumbers {
        /// The column.
        column: String,
        /// One of its cells.
        example: String,
        /// The day that would be.
        date: String,
    },
    /// Days and months without a year.
    #[error("the dates of {column} have no year, as in `{example}`; add it to them")]
    NoYear {
        /// Where they are.
        column: String,
        /// One of them.
        example: String,
    },
    /// The column of values holds other things.
    #[error("the column `{column}` has no numbers: `{example}`")]
    NotNumbers {
        /// The column.
        column: String,
        /// One of its cells.
        example: String,
    },
    /// Dates that are other days in another order of their parts.
    #[error("the dates of {column} could be {one} or {other}, as in `{example}`; state which")]
    DayOrMonth {
        /// One form.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// Where they are.
        column: String,
        /// One of them.
        example: String,
    },
    /// Real dates beside texts.
    #[error(
        "the column `{column}` has real dates and texts such as `{example}`: the spreadsheet has read some of them, perhaps with \
         day and month exchanged; give all of them one form"
    )]
    MixedDates {
        /// The column.
        column: String,
        /// One of the texts.
        example: String,
    },
    /// Weeks that look like months.
    #[error(
        "the column `{column}` is called by weeks and has `{example}`, which reads as a month; state the date format WW/YYYY if they \
         are weeks, or MM/YYYY if they are months"
    )]
    WeekOrMonth {
        /// The column.
        column: String,
        /// One of its cells.
        example: String,
    },
    /// Numbers that are others with another decimal mark.
    #[error("in `{example}` the mark could be that of decimals or of thousands; state which")]
    PointOrComma {
        /// One of them.
        example: String,
    },
    /// Numbers with both decimal marks.
    #[error("`{point}` has a decimal point and `{comma}` a decimal comma; a file has one of them")]
    PointAndComma {
        /// A number that has a point.
        point: String,
        /// One that has a comma.
        comma: String,
    },
    /// Moments within a day.
    #[error(
        "line {line}: `{text}` is a time within a day, and the times are on no regular grid; add the values of each day up, or \
         state the frequency (hourly, every_15_minutes, …)"
    )]
    WithinDay {
        /// The line.
        line: u64,
        /// The cell.
        text: String,
    },
    /// Dates that may be days of another zone.
    #[error(
        "every date has the time {time}, which may be midnight of a zone further east; state the time zone, or write days without \
         a time"
    )]
    WhoseMidnight {
        /// The time.
        time: String,
    },
    /// Times beside a stated frequency of days or more.
    #[error(
        "line {line}: `{text}` is a time within a day, and {stated} was stated; add the values of each date up"
    )]
    TooFine {
        /// The line.
        line: u64,
        /// The time.
        text: String,
        /// The frequency.
        stated: String,
    },
    /// Dates that are on no grid.
    #[error("{why}")]
    NoFrequency {
        /// Why, and what to do.
        why: String,
    },
    /// Columns that are numbered where dates could be.
    #[error(
        "the columns `{first}` to `{last}` are numbered and say no dates; state the date of `{first}` as start, and the \
         frequency{as_day}"
    )]
    Numbered {
        /// The first.
        first: String,
        /// The last.
        last: String,
        /// What they are if they are days as a spreadsheet counts them.
        as_day: String,
    },
    /// Dates of which nobody knows the holidays.
    #[error(
        "`{name}` has {date}, and holidays are known of the years {}; leave the holidays out",
        Holidays::years()
    )]
    NoHolidays {
        /// The series.
        name: String,
        /// Its first such date.
        date: String,
    },
    /// Lists of values without a date.
    #[error("the series have no dates; state the date of their first values")]
    NoStart,
    /// Rows of one date, and columns beside them that could tell them apart.
    #[error(
        "{what}; name the columns that tell its rows apart ({} could), or add the values of a date up if they are single sales",
        listed(beside)
    )]
    Repeated {
        /// What is repeated.
        what: String,
        /// Columns without a role.
        beside: Vec<String>,
    },
    /// Too much of something.
    #[error("the file has more than {limit} {what}; split it")]
    TooMany {
        /// What.
        what: &'static str,
        /// The most there may be.
        limit: usize,
    },
    /// No series that can be used.
    #[error("no series can be used; the first, `{name}`: {reason}")]
    Nothing {
        /// The first series.
        name: String,
        /// Why it cannot be used.
        reason: String,
        /// What was left out beside it, by name.
        others: Vec<(String, String)>,
        /// Whether some of them have a date more than once.
        repeats: bool,
    },
}

impl IntakeError {
    /// That a column has no dates, as one of its cells shows.
    pub(super) fn not_dates(column: &str, example: &str) -> Self {
        let (column, example) = (short(column), short(example));
        match day_number(&example) {
            Some(date) => Self::DayNumbers { column, example, date: date.to_string() },
            None => Self::NotDates { column, example },
        }
    }
}

impl Fault for IntakeError {
    fn class(&self) -> Class {
        match self {
            Self::Source(error) => error.class(),
            Self::Columnar(error) => error.class(),
            Self::TooMany { .. } => Class::TooLarge,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Source(error) => error.code(),
            Self::Columnar(error) => error.code(),
            Self::NoRows => "TABLE_EMPTY",
            Self::NoColumn { .. } | Self::NoRole { .. } => "TABLE_MISSING_COLUMN",
            Self::SeveralColumns { .. }
            | Self::DayOrMonth { .. }
            | Self::WeekOrMonth { .. }
            | Self::WhoseMidnight { .. }
            | Self::DayNumbers { .. }
            | Self::PointOrComma { .. }
            | Self::Numbered { .. }
            | Self::Repeated { .. } => "TABLE_AMBIGUOUS",
            Self::TwoRoles { .. }
            | Self::DoesNotApply { .. }
            | Self::NoHolidays { .. }
            | Self::UnknownWord { .. } => "TABLE_OPTION",
            Self::NotDates { .. }
            | Self::NoYear { .. }
            | Self::NotNumbers { .. }
            | Self::MixedDates { .. } => "TABLE_WRONG_TYPE",
            Self::PointAndComma { .. } | Self::WithinDay { .. } | Self::TooFine { .. } => "TABLE_BAD_CELL",
            Self::NoFrequency { .. } | Self::NoStart => "SERIES_IRREGULAR",
            Self::TooMany { .. } => "TABLE_TOO_LARGE",
            Self::Nothing { .. } => "SERIES_UNUSABLE",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let needed =
            |field: &'static str, what: &str| vec![FieldError::new(field, format!("is needed: {what}"))];
        let said = |field: &'static str| vec![FieldError::new(field, self.to_string())];
        match self {
            Self::Source(error) => error.fields(),
            Self::Columnar(error) => error.fields(),
            // The codes of all countries are many: the message has them.
            Self::UnknownWord { field: "holidays", word, .. } => {
                let said = format!(
                    "`{word}` is no country whose holidays are known: give its two letters, as in DE; those of a region are a \
                     column of 0 and 1 that is known beforehand"
                );
                vec![FieldError::new("holidays", said)]
            }
            Self::NoColumn { field, .. }
            | Self::DoesNotApply { field, .. }
            | Self::UnknownWord { field, .. } => said(field),
            Self::NoRole { role: "date", .. } => {
                let start = FieldError::new("start", "dates the rows by their order, with frequency");
                [needed("date", "the column"), vec![start]].concat()
            }
            Self::NoRole { role, .. } => needed(role, "the column"),
            Self::SeveralColumns { field: "value", columns, can_be_wide: true } => {
                let wide = FieldError::new("wide", "reads each of them as a series");
                [needed("value", &listed(columns)), vec![wide]].concat()
            }
            Self::SeveralColumns { field, columns, .. } => needed(field, &listed(columns)),
            Self::TwoRoles { column } => vec![FieldError::new(column.clone(), self.to_string())],
            Self::NoHolidays { .. } => said("holidays"),
            Self::MixedDates { .. } | Self::NoYear { .. } => said("date"),
            Self::DayNumbers { .. } | Self::WeekOrMonth { .. } => said("date_format"),
            Self::WhoseMidnight { .. } => needed("time_zone", "whose clock the times show"),
            Self::NotDates { .. } => needed("date", "another column, or its form as date_format"),
            Self::NotNumbers { .. } => needed("value", "another column"),
            Self::DayOrMonth { one, other, .. } => needed("date_format", &format!("{one} or {other}")),
            Self::PointOrComma { .. } | Self::PointAndComma { .. } => needed("decimal", "point or comma"),
            Self::NoFrequency { .. } => needed("frequency", wire::Step::words()),
            Self::Numbered { first, .. } => {
                let frequency = FieldError::new("frequency", "is needed: how far apart they are");
                [needed("start", &format!("the date of `{first}`")), vec![frequency]].concat()
            }
            Self::NoStart => needed("start", "the date of the first values"),
            Self::Repeated { .. } => {
                [needed("ids", "the columns that name a series"), vec![adds_up()]].concat()
            }
            Self::WithinDay { .. } | Self::TooFine { .. } => vec![adds_up()],
            Self::Nothing { name, reason, others, repeats } => std::iter::once((name, reason))
                .chain(others.iter().map(|(name, reason)| (name, reason)))
                .map(|(name, reason)| FieldError::new(name.clone(), reason.clone()))
                .chain(repeats.then(adds_up))
                .collect(),
            Self::NoRows | Self::TooMany { .. } => Vec::new(),
        }
    }
}

fn adds_up() -> FieldError {
    FieldError::new("sum_duplicates", "adds the values of one date up")
}
