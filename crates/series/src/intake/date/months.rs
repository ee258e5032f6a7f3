//! Dates with the month in words, as English, German, French, Spanish and Italian write it.

use chrono::NaiveDate;

use super::{digits, year_of, year4};

/// The names of the months without their accents. A word names a month if it is the beginning of names of that month alone
/// and has at least three letters: no beginning of one language is another month in another one.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janner", "jaenner", "janvier", "enero", "gennaio"],
    &["february", "februar", "feber", "fevrier", "febrero", "febbraio"],
    &["march", "marz", "maerz", "mrz", "mars", "marzo"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio"],
    &["june", "juni", "juin", "junio", "giugno"],
    &["july", "juli", "juillet", "julio", "luglio"],
    &["august", "aout", "agosto"],
    &["september", "septembre", "septiembre", "setiembre", "settembre"],
    &["october", "oktober", "octobre", "octubre", "ottobre"],
    &["november", "novembre", "noviembre"],
    &["december", "dezember", "decembre", "diciembre", "dicembre"],
];

/// The month that a word names.
pub(in crate::intake) fn month_name(text: &str) -> Option<u32> {
    let word: String =
        text.trim_end_matches('.').chars().flat_map(char::to_lowercase).map(without_accent).collect();
    let is_named = |names: &[&str]| names.iter().any(|name| name.starts_with(&word));
    let mut named = (1..).zip(MONTHS).filter(|(_, names)| is_named(names)).map(|(number, _)| number);
    let month = named.next().filter(|_| word.len() >= 3)?;
    named.next().is_none().then_some(month)
}

fn without_accent(c: char) -> char {
    match c {
        'ä' | 'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'û' | 'ú' => 'u',
        _ => c,
    }
}

/// Parts of a date without the words and marks between them: `15 de enero de 2024` has three.
fn parts_of(text: &str) -> Vec<&str> {
    let parts = text.split([' ', '-', '/', ',', '.', '\'', '’', '_', '\u{a0}']);
    parts.filter(|part| !part.is_empty() && *part != "de" && *part != "del").collect()
}

/// `5`, `05`, `5th`, `1er`
fn day_of(text: &str) -> Option<u32> {
    let number = ["st", "nd", "rd", "th", "er"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    digits(number, 1..=2).filter(|day| (1..=31).contains(day))
}

/// `31 Jan 2024`, `January 31, 2024`, `31. Januar 2024`, with a midnight behind it perhaps.
pub(super) fn named(text: &str) -> Option<NaiveDate> {
    let text = [" 00:00:00", " 00:00", " 12:00:00 AM", " 12:00 AM"]
        .iter()
        .find_map(|end| text.strip_suffix(end))
        .unwrap_or(text);
    let parts = parts_of(text);
    let [first, second, year] = parts.as_slice() else { return None };
    let (day, month) = match (month_name(first), month_name(second)) {
        (Some(month), None) => (second, month),
        (None, Some(month)) => (first, month),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year_of(year)?, month, day_of(day)?)
}

/// `Jan 2024`, `January-24`, `2024 Jan`: the first day of the month.
pub(super) fn named_month(text: &str) -> Option<NaiveDate> {
    let parts = parts_of(text);
    let [first, second] = parts.as_slice() else { return None };
    match (month_name(first), month_name(second)) {
        (Some(month), None) => NaiveDate::from_ymd_opt(year_of(second)?, month, 1),
        (None, Some(month)) => NaiveDate::from_ymd_opt(year4(first)?, month, 1),
        _ => None,
    }
}

/// The month and the day of `15 Jan` or `Jan 15`, which have no year.
fn without_year(text: &str) -> Option<(u32, u32)> {
    let parts = parts_of(text);
    let [first, second] = parts.as_slice() else { return None };
    match (month_name(first), month_name(second)) {
        (Some(month), None) => Some((month, day_of(second)?)),
        (None, Some(month)) => Some((month, day_of(first)?)),
        _ => None,
    }
}

/// Whether texts are days of a year that nobody says: `15 Jan`, or `Jan 15` where the years 2015, 2016, … that it could
/// say as well would run in no order while the days do.
pub(super) fn have_no_year(texts: &[(usize, &str)]) -> bool {
    let Some(days) = texts.iter().map(|(_, text)| without_year(text)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let Some(months) = texts.iter().map(|(_, text)| named_month(text)).collect::<Option<Vec<_>>>() else {
        return !days.is_empty();
    };
    let is_ordered = |turned: bool| months.is_sorted_by(|a, b| if turned { a > b } else { a < b });
    days.len() > 1 && days.is_sorted() && !is_ordered(false) && !is_ordered(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_five_languages() {
        let check = |number: u32, names: &str| {
            for name in names.split(' ') {
                assert_eq!(month_name(name), Some(number), "{name}");
            }
        };
        check(1, "Jan January JANUAR Jänner janv. ene gennaio");
        check(2, "Feb. Februar févr. fév febrero");
        check(3, "Mar March März Mrz mars marzo");
        check(4, "Apr avr. abril aprile");
        check(5, "May Mai mayo mag");
        check(6, "Jun June juin giu");
        check(7, "Jul juil. julio lug");
        check(8, "Aug août aout ago");
        check(9, "Sep Sept sept. set settembre");
        check(10, "Oct Okt ott octubre");
        check(11, "Nov noviembre");
        check(12, "Dec Dez. déc. dic");
        for none in ["jui", "ma", "", "monday", "marble", "sum"] {
            assert_eq!(month_name(none), None, "{none}");
        }
    }

    #[test]
    fn no_beginning_of_a_name_is_another_month() {
        for (number, name) in
            (1..).zip(MONTHS).flat_map(|(number, names)| names.iter().map(move |n| (number, n)))
        {
            for end in 3..=name.len() {
                let read = month_name(&name[..end]);
                assert!(read == Some(number) || name[..end] == *"jui", "{}: {read:?}", &name[..end]);
            }
        }
    }

    #[test]
    fn days_without_a_year_are_told_from_months() {
        let check = |texts: &[&str], expected: bool| {
            let texts: Vec<(usize, &str)> = texts.iter().copied().enumerate().collect();
            assert_eq!(have_no_year(&texts), expected, "{texts:?}");
        };
        check(&["15 Jan", "16 Jan"], true);
        check(&["Jan 29", "Jan 30", "Jan 31", "Feb 01"], true);
        check(&["Jan 23", "Feb 23", "Jan 24"], false);
        check(&["Jan 24", "Dec 23", "Nov 23"], false);
        check(&["Jan 99", "Feb 00"], false);
        check(&["Jan 2024"], false);
    }
}
