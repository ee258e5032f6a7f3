//! What a request wants of bytes that never change: nothing new, the whole, or a range (RFC 9110, sections 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, header};

/// What of the bytes is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Whole,
    /// At least one byte, and none that is not there.
    Part(Range<u64>),
    /// A range in which no byte is.
    Nothing,
}

/// Whether the caller says that it has the bytes under this tag.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    lists.flat_map(|tags| tags.split(',')).any(|given| {
        let given = given.trim();
        given == "*" || given.trim_start_matches("W/") == tag
    })
}

/// What the headers ask for. A range that cannot be understood, more than one, and one of another version of the
/// bytes are answered with the whole, as the standard allows or wants.
pub(crate) fn asked(headers: &HeaderMap, tag: &str, size: u64) -> Asked {
    let (Ok(only_of), Ok(Some(range))) = (only(headers, &header::IF_RANGE), only(headers, &header::RANGE))
    else {
        return Asked::Whole;
    };
    if only_of.is_some_and(|given| given != tag) {
        return Asked::Whole;
    }
    part(range, size).unwrap_or(Asked::Whole)
}

/// A header that is unreadable or stands more than once.
struct Unclear;

/// The value of a header that may stand once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Unclear> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    match (first.to_str(), values.next()) {
        (Ok(value), None) => Ok(Some(value.trim())),
        _ => Err(Unclear),
    }
}

fn part(range: &str, size: u64) -> Option<Asked> {
    let (unit, set) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.split_once('-')?;
    let (start, end) = match (first.trim(), last.trim()) {
        ("", count) => (size.saturating_sub(number(count)?), size),
        (first, "") => (number(first)?, size),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, size.min(last.saturating_add(1)))
        }
    };
    Some(if start < end { Asked::Part(start..end) } else { Asked::Nothing })
}

/// More digits than fit mean "far behind the end".
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TAG: &str = "\"abc\"";

    fn of(pairs: &[(HeaderName, &str)]) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        asked(&headers, TAG, 10)
    }

    fn range(value: &str) -> Asked {
        of(&[(header::RANGE, value)])
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (value, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-5", Asked::Part(2..6)),
            ("bytes=9-", Asked::Part(9..10)),
            ("bytes=0-99999999999999999999999", Asked::Part(0..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("BYTES = 1-2 ", Asked::Part(1..3)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=99999999999999999999999-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-2", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("lines=0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(range(value), expected, "{value}");
        }
        assert_eq!(of(&[(header::RANGE, "bytes=0-1"), (header::RANGE, "bytes=2-3")]), Asked::Whole);
        assert_eq!(of(&[]), Asked::Whole);
    }

    #[test]
    fn a_range_of_other_bytes_is_the_whole() {
        let with = |tag| of(&[(header::RANGE, "bytes=0-0"), (header::IF_RANGE, tag)]);
        assert_eq!(with(TAG), Asked::Part(0..1));
        for other in ["\"xyz\"", "W/\"abc\"", "Sat, 28 Nov 2026 10:00:00 GMT"] {
            assert_eq!(with(other), Asked::Whole, "{other}");
        }
    }

    #[test]
    fn a_known_tag_is_found_in_any_list() {
        for (value, is_known_there) in
            [("*", true), ("\"x\", W/\"abc\"", true), ("\"abc\"", true), ("\"x\"", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
            assert_eq!(is_known(&headers, TAG), is_known_there, "{value}");
        }
    }
}
