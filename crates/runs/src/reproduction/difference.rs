//! The first value in which two artifacts differ.

use bytes::Bytes;
use serde_json::Value;
use series::columnar;
use wire::runs::ValueDifference;

/// As much of a value is told.
const TOLD_CHARS: usize = 120;

type Read = Result<Bytes, String>;

/// The first difference of two artifacts of this media type whose digests differ; `None` only where their bytes are equal.
pub(super) async fn first_difference(
    media_type: &str,
    (first, again): (Read, Read),
) -> Option<ValueDifference> {
    let (first, again) = match (first, again) {
        (Ok(first), Ok(again)) => (first, again),
        (first, again) => {
            let said = |read: Read| read.map_or_else(|error| error, |bytes| format!("{} bytes", bytes.len()));
            return Some(difference("the bytes", &said(first), &said(again)));
        }
    };
    let media_type = media_type.to_owned();
    kernel::off_the_runtime(move || found(&media_type, &first, &again)).await
}

fn found(media_type: &str, first: &Bytes, again: &Bytes) -> Option<ValueDifference> {
    let by_meaning = match media_type {
        "application/json" => of_texts(first, again).map(|at| at.in_place(String::new())),
        "application/x-ndjson" => of_lines(first, again),
        "application/vnd.apache.parquet" => of_tables(first, again),
        _ => None,
    };
    by_meaning.or_else(|| of_bytes(first, again))
}

/// Of JSON that differs in its bytes alone (white space, the order of keys) there is none.
fn of_texts(first: &[u8], again: &[u8]) -> Option<Place> {
    let parsed = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    of_values(&parsed(first)?, &parsed(again)?, "$".to_owned())
}

fn of_lines(first: &[u8], again: &[u8]) -> Option<ValueDifference> {
    let (mut one, mut other) = (first.split(|byte| *byte == b'\n'), again.split(|byte| *byte == b'\n'));
    for line in 1.. {
        match (one.next(), other.next()) {
            (None, None) => return None,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => return of_texts(a, b).map(|at| at.in_place(format!("line {line}, "))),
            (a, b) => {
                let said = |line: Option<&[u8]>| if line.is_some() { "a line" } else { "no line" };
                return Some(difference(&format!("line {line}"), said(a), said(b)));
            }
        }
    }
    None
}

fn of_tables(first: &Bytes, again: &Bytes) -> Option<ValueDifference> {
    let cell = columnar::first_difference(first.clone(), again.clone()).ok()??;
    let place = match cell.column {
        Some(column) => format!("row {}, column {column}", cell.row),
        None => format!("row {}", cell.row),
    };
    Some(difference(&place, &cell.first, &cell.second))
}

fn of_bytes(first: &[u8], again: &[u8]) -> Option<ValueDifference> {
    let at = first.iter().zip(again).position(|(a, b)| a != b).unwrap_or(first.len().min(again.len()));
    let said =
        |bytes: &[u8]| bytes.get(at).map_or_else(|| "the end".to_owned(), |byte| format!("{byte:#04x}"));
    (first != again).then(|| difference(&format!("byte {at}"), &said(first), &said(again)))
}

/// A path into a JSON value, and what stands there.
struct Place {
    path: String,
    value: String,
    value_again: String,
}

impl Place {
    fn in_place(self, before: String) -> ValueDifference {
        difference(&(before + &self.path), &self.value, &self.value_again)
    }
}

/// The first difference in the order of the first value.
fn of_values(first: &Value, again: &Value, path: String) -> Option<Place> {
    match (first, again) {
        (Value::Object(one), Value::Object(other)) => {
            let in_one = one.iter().find_map(|(key, value)| {
                of_values(value, other.get(key).unwrap_or(&Value::Null), format!("{path}.{key}"))
            });
            let only_in_other = || {
                let added = other.iter().find(|(key, _)| !one.contains_key(*key));
                added.and_then(|(key, value)| of_values(&Value::Null, value, format!("{path}.{key}")))
            };
            in_one.or_else(only_in_other)
        }
        (Value::Array(one), Value::Array(other)) => {
            let mut pairs = one.iter().zip(other).enumerate();
            let differs = pairs.find_map(|(at, (a, b))| of_values(a, b, format!("{path}[{at}]")));
            let lengths = || {
                let said = |all: &[Value]| kernel::counted(all.len(), "element", "elements");
                (one.len() != other.len()).then(|| Place { path, value: said(one), value_again: said(other) })
            };
            differs.or_else(lengths)
        }
        _ => {
            (first != again).then(|| Place { path, value: first.to_string(), value_again: again.to_string() })
        }
    }
}

fn difference(place: &str, value: &str, value_again: &str) -> ValueDifference {
    let told = |text: &str| {
        let mut told: String = text.chars().take(TOLD_CHARS).collect();
        if told.len() < text.len() {
            told.push('…');
        }
        told
    };
    ValueDifference { place: place.to_owned(), value: told(value), value_again: told(value_again) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(media_type: &str, first: &str, again: &str, expected: [&str; 3]) {
        let bytes = |text: &str| Bytes::copy_from_slice(text.as_bytes());
        let found = found(media_type, &bytes(first), &bytes(again)).unwrap();
        assert_eq!([&found.place, &found.value, &found.value_again], expected, "{first} {again}");
    }

    #[test]
    fn the_first_value_that_differs_is_named_by_its_place() {
        let json = "application/json";
        check(json, r#"{"a":[1,{"b":2.5}]}"#, r#"{"a":[1,{"b":2.25}]}"#, ["$.a[1].b", "2.5", "2.25"]);
        check(json, r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, ["$.a", "1 element", "2 elements"]);
        check(json, r#"{"a":1}"#, r#"{"a":1,"c":"x"}"#, ["$.c", "null", "\"x\""]);
        check(json, r#"{"a":1}"#, r#"{"a": 1}"#, ["byte 5", "0x31", "0x20"]);
        let lines = "application/x-ndjson";
        check(lines, "{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}\n{\"a\":3}\n", ["line 2, $.a", "2", "3"]);
        check(lines, "1\n2", "1\n2\n3", ["line 3", "no line", "a line"]);
        check("text/plain", "same, but", "same, bat", ["byte 7", "0x75", "0x61"]);
        check("application/vnd.apache.parquet", "no", "table", ["byte 0", "0x6e", "0x74"]);
    }

    #[tokio::test]
    async fn bytes_that_cannot_be_read_are_a_difference() {
        let found =
            first_difference("text/plain", (Err("it is gone".into()), Ok(Bytes::from_static(b"abc")))).await;
        assert_eq!(found.unwrap(), difference("the bytes", "it is gone", "3 bytes"));
    }
}
