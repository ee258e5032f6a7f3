//! Dates out of words: in which order day, month and year stand is decided from every word of the file.

mod clock;
mod months;
mod periods;

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

pub(super) use self::clock::offset_seconds;
use self::clock::time_of;
pub(super) use self::months::month_name;
pub(super) use self::periods::day_number;
use super::table::Word;

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `2024-01-31`, with `/` or `.` too, and with a time.
    YearFirst,
    /// `20240131`
    Compact,
    /// `2024-01`: the first day of the month.
    YearMonth,
    /// `01/2024`, `1.2024`
    MonthYear,
    /// `2024-Q1`, `Q1 2024`, `1Q24`: the first day of the quarter.
    Quarter,
    /// `2024-W05`, `KW 5/2024`: the Monday of the week.
    Week,
    /// `2024`: the first of January.
    Year,
    /// `24-01-31`, the same.
    ShortYearFirst,
    /// `31/01/2024`, with `.` or `-` too, and with a time.
    DayFirst,
    /// `01/31/2024`, the same but for points.
    MonthFirst,
    /// `31 Jan 2024`, `Jan 31, 2024`
    Named,
    /// `Jan 2024`, `January-24`: the first day of the month.
    NamedMonth,
    /// `05/2024` as a week.
    WeekYear,
    /// `45322` as Excel counts days.
    DayNumber,
}

/// Forms that are read by somebody's word only: without it they are months, or numbers.
const STATED: [Form; 2] = [Form::WeekYear, Form::DayNumber];

/// The forms that are found; where two read a word, the first does.
const FORMS: [Form; 12] = [
    Form::YearFirst,
    Form::Compact,
    Form::YearMonth,
    Form::MonthYear,
    Form::Quarter,
    Form::Week,
    Form::Year,
    Form::ShortYearFirst,
    Form::DayFirst,
    Form::MonthFirst,
    Form::Named,
    Form::NamedMonth,
];

impl Form {
    /// The word a person would use.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::YearFirst => "YYYY-MM-DD",
            Self::Compact => "YYYYMMDD",
            Self::YearMonth => "YYYY-MM",
            Self::MonthYear => "MM/YYYY",
            Self::Quarter => "YYYY-Qn",
            Self::Week => "YYYY-Wnn",
            Self::Year => "YYYY",
            Self::ShortYearFirst => "YY-MM-DD",
            Self::DayFirst => "DD/MM/YYYY",
            Self::MonthFirst => "MM/DD/YYYY",
            Self::Named => "DD Mon YYYY",
            Self::NamedMonth => "Mon YYYY",
            Self::WeekYear => "WW/YYYY",
            Self::DayNumber => "serial",
        }
    }

    /// The form that is called so, whatever stands between its parts.
    pub(super) fn named(word: &str) -> Option<Self> {
        let bare = |word: &str| -> String {
            word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
        };
        // `YYYYMMDD` alone is the one that has nothing between its parts.
        if word.trim().eq_ignore_ascii_case(Self::Compact.word()) {
            return Some(Self::Compact);
        }
        let others = || FORMS.into_iter().chain(STATED).filter(|form| *form != Self::Compact);
        let named = others().find(|form| bare(form.word()) == bare(word));
        // Where the year stands last, two digits of it are read as well as four.
        let short =
            |form: &Self| bare(form.word()).strip_suffix("yy").is_some_and(|short| short == bare(word));
        named.or_else(|| [Self::DayFirst, Self::MonthFirst].into_iter().find(short))
    }

    /// What may be stated.
    pub(super) fn words() -> String {
        FORMS.into_iter().chain(STATED).map(Self::word).collect::<Vec<_>>().join(", ")
    }

    /// The moment of a text in this form.
    pub(super) fn parse(self, text: &str) -> Option<NaiveDateTime> {
        let text = text.trim();
        let date_only = |date: Option<NaiveDate>| date.map(|date| date.and_time(NaiveTime::MIN));
        match self {
            Self::YearFirst => with_time(text, |[year, month, day]| ymd(year4(year)?, month, day)),
            Self::ShortYearFirst => with_time(text, |[year, month, day]| {
                ymd(year_of(year).filter(|_| year.len() == 2)?, month, day)
            }),
            Self::DayFirst => with_time(text, |[day, month, year]| ymd(year_of(year)?, month, day)),
            // Nobody writes the month first with points between.
            Self::MonthFirst if text.split(['T', ' ']).next()?.contains('.') => None,
            Self::MonthFirst => with_time(text, |[month, day, year]| ymd(year_of(year)?, month, day)),
            Self::Compact => date_only(compact(text)),
            Self::YearMonth => date_only(year_month(text)),
            Self::MonthYear => {
                let (month, year) = text.split_once(['/', '-', '.'])?;
                date_only(ymd(year4(year)?, month, "1"))
            }
            Self::Quarter => date_only(periods::quarter(text)),
            Self::Week => date_only(periods::week(text)),
            Self::WeekYear => date_only(periods::stated_week(text)),
            Self::DayNumber => date_only(day_number(text)),
            Self::Year => {
                date_only(ymd(year4(text)?, "1", "1").filter(|date| (1000..=2999).contains(&date.year())))
            }
            Self::Named => date_only(months::named(text)),
            Self::NamedMonth => date_only(months::named_month(text)),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What the words of a column say.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// All words have this form, or all that are no moments of a workbook.
    One(Form),
    /// All are moments of a workbook.
    Moments,
    /// Every word that has one of these forms has the other too, and they are other dates.
    Either(Form, Form),
    /// Texts of a form beside moments of a workbook that may have been read in the other order.
    Mixed {
        /// The form of the texts.
        form: Form,
        /// One of them.
        word: usize,
    },
    /// Days and months without a year, of which this is one.
    NoYear {
        /// One of them.
        word: usize,
    },
    /// No form reads all words; that of most of them, if any is read by at least half, with a word it does not read.
    None { best: Option<Form>, word: usize },
}

/// Forms that differ only in the order of their parts.
const ORDERS: [Form; 3] = [Form::DayFirst, Form::MonthFirst, Form::ShortYearFirst];

/// The one form of all words that are not missing.
pub(super) fn form_of(words: &[Word]) -> Found {
    let texts: Vec<(usize, &str)> =
        words.iter().enumerate().filter_map(|(at, word)| dated_text(at, word)).collect();
    let moments: Vec<NaiveDateTime> = words.iter().filter_map(|word| moment(word, None)).collect();
    let numbers = words.iter().position(|word| matches!(word, Word::Number(_)));
    if let Some(word) = numbers {
        let is_alone = texts.is_empty() && moments.is_empty();
        let form = if is_alone { of_numbers(words) } else { None };
        return form.map_or(Found::None { best: None, word }, Found::One);
    }
    if texts.is_empty() {
        return if moments.is_empty() { Found::None { best: None, word: 0 } } else { Found::Moments };
    }
    if months::have_no_year(&texts) {
        return Found::NoYear { word: texts[0].0 };
    }
    let found = of_texts(&texts);
    match found {
        // A spreadsheet that took some of the dates for real ones took them in its own order.
        Found::One(form @ (Form::DayFirst | Form::MonthFirst)) if is_swapped(&moments) => {
            Found::Mixed { form, word: texts[0].0 }
        }
        Found::None { best: None, .. } if moments.len() > texts.len() => Found::Moments,
        found => found,
    }
}

/// Whether there are real dates, and each could be another with its day and month exchanged.
fn is_swapped(moments: &[NaiveDateTime]) -> bool {
    !moments.is_empty() && moments.iter().all(|moment| moment.day() <= 12)
}

fn of_texts(texts: &[(usize, &str)]) -> Found {
    let reads = |form: &Form| texts.iter().all(|(_, text)| form.parse(text).is_some());
    let all: Vec<Form> = FORMS.into_iter().filter(reads).collect();
    let orders = running(texts, ORDERS.into_iter().filter(|form| all.contains(form)).collect());
    match all.first() {
        None => best(texts),
        Some(first) if ORDERS.contains(first) => other_order(texts, orders[0], &orders)
            .map_or(Found::One(orders[0]), |other| Found::Either(orders[0], other)),
        Some(first) => Found::One(*first),
    }
}

/// Fewer dates run in one direction by chance.
const RUNNING: usize = 8;

/// The orders that are left where a year of two digits may stand first or last, as in `01.02.24`: dates that run in one direction
/// with the year last, and jump to and fro with it first, have it last. The other way round proves nothing: of several series, each
/// on a day of its own, dates run by day.
fn running(texts: &[(usize, &str)], orders: Vec<Form>) -> Vec<Form> {
    let runs = |form: &Form| {
        let dates: Vec<Option<NaiveDateTime>> = texts.iter().map(|(_, text)| form.parse(text)).collect();
        dates.is_sorted() || dates.is_sorted_by(|a, b| a >= b)
    };
    let last: Vec<Form> = orders.iter().copied().filter(|form| *form != Form::ShortYearFirst).collect();
    let is_last = texts.len() >= RUNNING && last.iter().any(runs) && !runs(&Form::ShortYearFirst);
    if is_last { last } else { orders }
}

/// A form that reads some of the texts as other dates.
fn other_order(texts: &[(usize, &str)], form: Form, others: &[Form]) -> Option<Form> {
    let differs = |other: &&Form| {
        texts.iter().any(|(_, text)| other.parse(text).is_some_and(|own| form.parse(text) != Some(own)))
    };
    others.iter().filter(|other| **other != form).find(differs).copied()
}

fn dated_text(at: usize, word: &Word) -> Option<(usize, &str)> {
    match word {
        Word::Text(text) if !word.is_missing() => Some((at, text)),
        _ => None,
    }
}

/// Numbers of a workbook are dates only where all of them are years, days such as 20240131 or months such as 202401.
fn of_numbers(words: &[Word]) -> Option<Form> {
    let reads =
        |form: &Form| words.iter().all(|word| word.is_missing() || moment(word, Some(*form)).is_some());
    [Form::Year, Form::Compact, Form::YearMonth].into_iter().find(reads)
}

/// The form of most texts, if at least half of them have it; another order that reads as many is a question.
fn best(texts: &[(usize, &str)]) -> Found {
    let read = |form: Form| texts.iter().filter(|(_, text)| form.parse(text).is_some()).count();
    let counts = FORMS.map(|form| (read(form), form));
    let (count, form) = counts.into_iter().rev().max_by_key(|(count, _)| *count).expect("there are forms");
    let best = (2 * count >= texts.len()).then_some(form);
    let odd = texts.iter().find(|(_, text)| best.is_none_or(|form| form.parse(text).is_none()));
    let none = Found::None { best, word: odd.map_or(0, |(at, _)| *at) };
    let Some(form) = best.filter(|form| ORDERS.contains(form)) else { return none };
    let as_many: Vec<Form> = ORDERS.into_iter().filter(|other| read(*other) == count).collect();
    other_order(texts, form, &as_many).map_or(none, |other| Found::Either(form, other))
}

/// The moment of a word in a form; `None` where it has none, or is missing.
pub(super) fn moment(word: &Word, form: Option<Form>) -> Option<NaiveDateTime> {
    match word {
        Word::Moment(moment) => Some(*moment),
        Word::Text(text) => form?.parse(text),
        Word::Number(number) => {
            let is_of_digits =
                |form: &Form| matches!(form, Form::Year | Form::Compact | Form::YearMonth | Form::DayNumber);
            let form = form.filter(is_of_digits)?;
            form.parse(&number.to_string())
        }
    }
}

/// Three numbers with the same mark between them, and a time behind them perhaps.
fn with_time(text: &str, date: impl Fn([&str; 3]) -> Option<NaiveDate>) -> Option<NaiveDateTime> {
    let (day, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text, None),
    };
    let mark = day.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = day.split(mark);
    let parts = [parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?];
    let time = time.map_or(Some(NaiveTime::MIN), time_of)?;
    Some(date(parts)?.and_time(time))
}

fn ymd(year: i32, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, digits(month, 1..=2)?, digits(day, 1..=2)?).filter(|date| date.year() > 0)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

fn year4(text: &str) -> Option<i32> {
    digits(text, 4..=4).map(u32::cast_signed)
}

/// Four digits, or two of 1970 to 2069.
fn year_of(text: &str) -> Option<i32> {
    year4(text)
        .or_else(|| digits(text, 2..=2).map(|year| if year < 70 { 2000 } else { 1900 } + year.cast_signed()))
}

fn compact(text: &str) -> Option<NaiveDate> {
    (text.len() == 8 && text.is_ascii()).then(|| ymd(year4(&text[..4])?, &text[4..6], &text[6..]))?
}

/// `2024-01`, `2024/1`, `2024M01`, `202401`
fn year_month(text: &str) -> Option<NaiveDate> {
    if text.len() == 6 && text.is_ascii() && !text.contains(['-', '/', '.', 'M', 'm']) {
        return ymd(year4(&text[..4])?, &text[4..], "1").filter(|date| (1900..2100).contains(&date.year()));
    }
    let (year, month) = text.split_once(['-', '/', '.', 'M', 'm'])?;
    ymd(year4(year)?, month.trim_start_matches(['M', 'm']), "1")
}

#[cfg(test)]
mod tests;
