//! What a cell looks like, as far as it takes to tell names from data. Whether it is a date or a number is decided
//! elsewhere, with more care.

use crate::intake::date::month_name;
use crate::intake::source::table::Word;

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Look {
    Empty,
    /// The number, if it is a whole one of a few digits.
    Number(Option<i64>),
    Date,
    /// Nothing, by one of the usual marks.
    Missing,
    Text,
}

impl Look {
    pub(super) fn of(word: &Word) -> Self {
        match word {
            Word::Text(text) if text.is_empty() => Self::Empty,
            _ if word.is_missing() => Self::Missing,
            Word::Number(number) => {
                let is_small = number.fract() == 0.0 && number.abs() < 1e8;
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
                Self::Number(is_small.then_some(*number as i64))
            }
            Word::Moment(_) => Self::Date,
            Word::Text(text) if is_date(text) => Self::Date,
            Word::Text(text) if is_number(text) => Self::Number(whole(text)),
            Word::Text(_) => Self::Text,
        }
    }

    /// What most of some cells look like; those that say nothing are not asked.
    pub(super) fn usual<'a>(cells: impl Iterator<Item = &'a Self>) -> Self {
        let (mut numbers, mut dates, mut texts) = (0, 0, 0);
        for cell in cells {
            match cell {
                Self::Number(_) => numbers += 1,
                Self::Date => dates += 1,
                Self::Text => texts += 1,
                Self::Empty | Self::Missing => {}
            }
        }
        match (numbers, dates, texts) {
            (0, 0, 0) => Self::Empty,
            _ if dates > numbers && dates > texts => Self::Date,
            _ if numbers > texts => Self::Number(None),
            _ => Self::Text,
        }
    }
}

/// Whether the numbers of a row are years, months (`202401`) or days (`20240131`) that only rise or only fall, or count up by one, as they do over
/// the columns of a wide table.
pub(super) fn is_sequence(row: &[Look]) -> bool {
    let numbers = row.iter().filter_map(|look| match look {
        Look::Number(number) => Some(*number),
        _ => None,
    });
    let Some(numbers) = numbers.collect::<Option<Vec<i64>>>() else { return false };
    let is_year = |number: i64| (1900..2100).contains(&number);
    let is_month = |number: i64| is_year(number / 100) && (1..=12).contains(&(number % 100));
    let is_day = |number: i64| is_month(number / 100) && (1..=31).contains(&(number % 100));
    let all = |is_it: &dyn Fn(i64) -> bool| numbers.iter().all(|&number| is_it(number));
    let are_dates = all(&is_year) || all(&is_month) || all(&is_day);
    if are_dates && numbers.len() > 1 {
        return numbers.is_sorted_by(|a, b| a < b) || numbers.is_sorted_by(|a, b| a > b);
    }
    numbers.windows(2).all(|pair| pair[1] == pair[0] + 1) && numbers.len() >= 4
}

fn whole(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Digits with whatever people put between and around them.
fn is_number(text: &str) -> bool {
    const BESIDE: &str = ".,'’ \u{A0}\u{202F}%€$£¥()";
    let mut before = None;
    let fits = |c: char| {
        let before = before.replace(c);
        match c {
            '0'..='9' => true,
            'e' | 'E' => before.is_some_and(|before| before.is_ascii_digit()),
            // Between digits it is part of a name.
            '+' | '-' | '−' => !before.is_some_and(|before| before.is_ascii_digit()),
            _ => BESIDE.contains(c),
        }
    };
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(fits)
}

/// Longer texts are no dates.
const LONGEST_DATE: usize = 40;

/// `2024-01-31`, `31.1.24`, `2024-01`, `01/2024`, `Jan 2024`, `2024Q1`, `2024-W05`, `12:30`, with or without a time.
fn is_date(text: &str) -> bool {
    if text.len() > LONGEST_DATE || !text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let mut names_a_period = false;
    for word in &words {
        match Part::of(word) {
            Some(Part::Period) => names_a_period = true,
            Some(Part::Beside) => {}
            None => return false,
        }
    }
    names_a_period || is_of_digits(text.split([' ', 'T']).next().unwrap_or(text))
}

enum Part {
    /// A month, quarter or week.
    Period,
    /// A day of the week, or what stands in a time.
    Beside,
}

impl Part {
    fn of(word: &str) -> Option<Self> {
        const BESIDE: [&str; 20] = [
            "t", "z", "am", "pm", "utc", "gmt", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "th", "st",
            "nd", "rd", "er", "de", "del",
        ];
        if month_name(word).is_some() {
            return Some(Self::Period);
        }
        let word = word.to_lowercase();
        match word.as_str() {
            "q" | "qtr" | "quarter" | "quartal" | "w" | "wk" | "kw" | "cw" | "week" | "h" => {
                Some(Self::Period)
            }
            other => BESIDE.contains(&other).then_some(Self::Beside),
        }
    }
}

/// Two or three groups of digits with one character between them, one of them of a year.
fn is_of_digits(text: &str) -> bool {
    let Some(between) = text.chars().find(|c| !c.is_ascii_digit()) else { return false };
    let groups: Vec<&str> = text.split(between).collect();
    let are_digits = groups
        .iter()
        .all(|group| !group.is_empty() && group.len() <= 4 && group.bytes().all(|b| b.is_ascii_digit()));
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_dated = matches!(
        (between, &lengths[..]),
        ('-' | '/' | '.', [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2])
            | ('-' | '/', [4, 1 | 2] | [1 | 2, 4])
            | (':', [1 | 2, 2] | [1 | 2, 2, 2])
    );
    are_digits && is_dated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_numbers_and_texts_are_told_apart() {
        let check = |texts: &[&str], expected: Look| {
            for text in texts {
                let found = match Look::of(&Word::Text((*text).to_owned())) {
                    Look::Number(_) => Look::Number(None),
                    other => other,
                };
                assert_eq!(found, expected, "{text}");
            }
        };
        check(
            &["2024-01-31", "2024-01-31 12:30:00", "2024-01-31T00:00:00Z", "2024-01-31T00:00:00+02:00"],
            Look::Date,
        );
        check(
            &[
                "31.1.24",
                "1/31/2024",
                "2024-01",
                "01/2024",
                "Jan 2024",
                "January-24",
                "31-Mär-2024",
                "15 de enero de 2024",
            ],
            Look::Date,
        );
        check(
            &[
                "2024Q1",
                "Q1 2024",
                "2024-W05",
                "12:30",
                "Mon, 5 Feb 2024",
                "KW 5/2024",
                "1Q24",
                "1. Quartal 2024",
            ],
            Look::Date,
        );
        check(
            &["1", "-1.5", "1,234.5", "1.234,5", "1e-5", "€ 12", "12 %", "1 234", "20240131", "1.234.567"],
            Look::Number(None),
        );
        check(&["date", "d_1", "store 5", "A-1", "may", "Q", "1-2-3-4", "week"], Look::Text);
        check(&["NA", "-", "null", "#N/A"], Look::Missing);
        check(&[""], Look::Empty);
    }
}
