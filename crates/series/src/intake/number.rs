//! Numbers out of words: which of point and comma is the decimal mark is decided from every word of the file.

use super::table::Word;

/// What stands between the whole part of a number and the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimal {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

impl Decimal {
    /// The mark itself.
    pub const fn mark(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn thousands(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// What the words of one or more columns say of the decimal mark.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Evidence {
    /// A word that is a number only with this mark.
    pub(super) point: Option<String>,
    /// The same of the other mark.
    pub(super) comma: Option<String>,
    /// A word that is another number with each.
    pub(super) either: Option<String>,
}

impl Evidence {
    /// Adds what a column says.
    pub(super) fn add(&mut self, words: &[Word]) {
        for text in words.iter().filter_map(text_with_marks) {
            match (parse(text, Decimal::Point), parse(text, Decimal::Comma)) {
                (Some(point), Some(comma)) if point.to_bits() != comma.to_bits() => {
                    keep(&mut self.either, text);
                }
                (Some(_), None) => keep(&mut self.point, text),
                (None, Some(_)) => keep(&mut self.comma, text),
                _ => {}
            }
        }
    }

    /// The mark, or `None` if a person has to say which it is. Where commas separate the cells, a comma in a cell is a rare
    /// thing, and numbers that could be either are read with a point.
    pub(super) fn decide(&self, is_comma_separated: bool) -> Option<Decimal> {
        match (&self.point, &self.comma, &self.either) {
            (_, Some(_), _) if self.point.is_none() => Some(Decimal::Comma),
            (Some(_), Some(_), _) => None,
            (Some(_), None, _) | (None, None, None) => Some(Decimal::Point),
            (None, None, Some(_)) => is_comma_separated.then_some(Decimal::Point),
            (None, Some(_), _) => Some(Decimal::Comma),
        }
    }
}

fn keep(kept: &mut Option<String>, text: &str) {
    if kept.is_none() {
        *kept = Some(text.to_owned());
    }
}

/// Words without either mark say nothing.
fn text_with_marks(word: &Word) -> Option<&str> {
    match word {
        Word::Text(text) if text.contains(['.', ',']) => Some(text),
        _ => None,
    }
}

/// The number of a word; `NaN` where it is missing, `None` where it is no number.
pub(super) fn number(word: &Word, decimal: Decimal) -> Option<f64> {
    match word {
        Word::Number(number) => Some(*number),
        Word::Moment(_) => None,
        Word::Text(text) if text.is_empty() => Some(f64::NAN),
        Word::Text(text) => parse(text, decimal).or_else(|| word.is_missing().then_some(f64::NAN)),
    }
}

/// A finite number: digits with groups of three or none, a decimal part, an exponent; one sign before it or behind it, or
/// parentheses around what is negative; a sign of a currency before or behind it. A percent is a hundredth.
pub(super) fn parse(text: &str, decimal: Decimal) -> Option<f64> {
    let (text, is_negative) = unsigned(text)?;
    let (text, is_percent) = match text.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    };
    let mut plain = plain(text, decimal)?;
    if is_percent {
        // The exponent of what is written, so that 12.3 % is the number 0.123 and not the product of two.
        let at = plain.rfind('e')?;
        let exponent: i32 = plain[at + 1..].parse().ok()?;
        plain = format!("{}e{}", &plain[..at], exponent - 2);
    }
    let number: f64 = plain.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(if is_negative { -number } else { number })
}

/// Whether a text is a percent.
pub(super) fn is_percent(text: &str) -> bool {
    text.ends_with(['%', ')']) && text.trim_end_matches(')').ends_with('%')
}

/// The currency that a text has a sign of.
pub(super) fn currency(text: &str) -> Option<char> {
    text.chars().find(|&c| is_currency(c))
}

const fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹')
}

/// The text without signs, parentheses and currencies, and whether it is negative; nothing if it has two signs.
fn unsigned(text: &str) -> Option<(&str, bool)> {
    const MINUS: [char; 2] = ['-', '−'];
    let (mut rest, mut is_negative, mut is_signed) = (text.trim(), false, false);
    loop {
        let length = rest.len();
        rest = rest.trim_matches(|c: char| is_currency(c) || c.is_whitespace());
        let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let minus = rest.strip_prefix(MINUS).or_else(|| rest.strip_suffix(MINUS));
        let found = inner.or(minus).map(|rest| (rest, true));
        if let Some((inner, negates)) = found.or_else(|| Some((rest.strip_prefix('+')?, false))) {
            if is_signed {
                return None;
            }
            (rest, is_negative, is_signed) = (inner, negates, true);
        }
        if rest.len() == length {
            return Some((rest, is_negative));
        }
    }
}

/// The same digits as the programming languages write them.
fn plain(text: &str, decimal: Decimal) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once(decimal.mark()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = whole_digits(whole, decimal)?;
    let fraction = fraction.unwrap_or_default();
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || digits.len() + fraction.len() == 0 {
        return None;
    }
    let exponent = exponent.unwrap_or("0");
    let is_exponent = {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && digits.len() < 6 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_exponent.then(|| format!("0{digits}.{fraction}0e{exponent}"))
}

/// The whole part without what stands between its groups, which are of three digits but the first.
fn whole_digits(whole: &str, decimal: Decimal) -> Option<String> {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits(whole) {
        return Some(whole.to_owned());
    }
    let between = |c: char| c == decimal.thousands() || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let separator = whole.chars().find(|&c| between(c))?;
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let is_first = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let rest: Vec<&str> = groups.collect();
    let are_rest = rest.iter().all(|group| group.len() == 3 && is_digits(group));
    (is_first && are_rest).then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let check = |text: &str, point: Option<f64>, comma: Option<f64>| {
            assert_eq!((parse(text, Decimal::Point), parse(text, Decimal::Comma)), (point, comma), "{text}");
        };
        check("12", Some(12.0), Some(12.0));
        check("-0.5", Some(-0.5), None);
        check("0,5", None, Some(0.5));
        check("1.234", Some(1.234), Some(1234.0));
        check("1,234", Some(1234.0), Some(1.234));
        check("1,234.50", Some(1234.5), None);
        check("1.234,50", None, Some(1234.5));
        check("1 234,5", None, Some(1234.5));
        check("1\u{202f}234", Some(1234.0), Some(1234.0));
        check("1'234.5", Some(1234.5), None);
        check("12,34", None, Some(12.34));
        check("1,23,456", None, None);
        check("0.123", Some(0.123), None);
        check("1e-3", Some(0.001), Some(0.001));
        check("5.1E+10", Some(5.1e10), None);
        check(".5", Some(0.5), None);
        check("5.", Some(5.0), None);
        check("€ 1.234,50", None, Some(1234.5));
        check("-$3.20", Some(-3.2), None);
        check("(12.5)", Some(-12.5), None);
        check("$(12)", Some(-12.0), Some(-12.0));
        check("( 1,234 € )", Some(-1234.0), Some(-1.234));
        check("123-", Some(-123.0), Some(-123.0));
        check("1.234,5-", None, Some(-1234.5));
        check("+7", Some(7.0), Some(7.0));
        check("12%", Some(0.12), Some(0.12));
        check("12.3 %", Some(0.123), None);
        check("(5%)", Some(-0.05), Some(-0.05));
        check("1e2%", Some(1.0), Some(1.0));
        for none in [
            "", ".", "-", "abc", "1e", "1e999", "1-2", "12 34", "inf", "NaN", "0x10", "--1", "(-1)", "-1-",
            "%", "5%%", "-", "()", "+-1",
        ] {
            check(none, None, None);
        }
    }

    #[test]
    fn the_mark_is_decided_by_every_word_or_asked() {
        let check = |words: &[&str], is_comma_separated, expected| {
            let mut evidence = Evidence::default();
            evidence.add(&words.iter().map(|&word| Word::Text(word.to_owned())).collect::<Vec<_>>());
            assert_eq!(evidence.decide(is_comma_separated), expected, "{words:?}");
        };
        check(&["12", "13"], false, Some(Decimal::Point));
        check(&["1.234", "12,5"], false, Some(Decimal::Comma));
        check(&["1.234", "12.5"], false, Some(Decimal::Point));
        check(&["1.234", "2.500"], false, None);
        check(&["1.234", "2.500"], true, Some(Decimal::Point));
        check(&["1.5", "2,5"], false, None);
    }
}
