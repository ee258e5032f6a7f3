//! Cells of a workbook as bytes, so that they are told apart and counted as the words of a text are.

use calamine::{Data, DataRef, ExcelDateTime};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::intake::source::delimited::scan::Row;
use crate::intake::source::table::Word;

const TEXT: u8 = b't';
const NUMBER: u8 = b'n';
const MOMENT: u8 = b'm';
/// The last day that a spreadsheet knows, 9999-12-31, as it counts them.
const LAST_DAY: f64 = 2_958_465.0;

/// Appends a cell; an empty one has no bytes.
pub(super) fn push(word: &Word, row: &mut Row) {
    match word {
        Word::Text(text) => push_text(text, row),
        Word::Number(number) => push_number(*number, row),
        Word::Moment(moment) => push_moment(*moment, row),
    }
}

fn push_text(text: &str, row: &mut Row) {
    let text = text.trim();
    if text.is_empty() {
        return row.push_own(b"");
    }
    let mut bytes = Vec::with_capacity(1 + text.len());
    bytes.push(TEXT);
    bytes.extend_from_slice(text.as_bytes());
    row.push_own(&bytes);
}

fn push_number(number: f64, row: &mut Row) {
    push_tagged(NUMBER, number.to_bits(), row);
}

fn push_moment(moment: NaiveDateTime, row: &mut Row) {
    push_tagged(MOMENT, moment.and_utc().timestamp_millis().cast_unsigned(), row);
}

fn push_tagged(tag: u8, bits: u64, row: &mut Row) {
    let mut bytes = [tag; 9];
    bytes[1..].copy_from_slice(&bits.to_le_bytes());
    row.push_own(&bytes);
}

/// The cell these bytes stand for.
pub(super) fn decoded(bytes: &[u8]) -> Word {
    let text = |bytes: &[u8]| Word::Text(String::from_utf8_lossy(bytes).into_owned());
    match (bytes.first(), bytes.last_chunk::<8>().map(|bits| u64::from_le_bytes(*bits))) {
        (Some(&TEXT), _) => text(&bytes[1..]),
        (Some(&NUMBER), Some(bits)) => Word::Number(f64::from_bits(bits)),
        (Some(&MOMENT), Some(bits)) => {
            let moment = DateTime::from_timestamp_millis(bits.cast_signed());
            Word::Moment(moment.expect("it was a moment before").naive_utc())
        }
        _ => text(b""),
    }
}

/// Appends a cell of a sheet that is read cell by cell.
pub(super) fn push_ref(cell: &DataRef<'_>, row: &mut Row) {
    match cell {
        DataRef::Empty => row.push_own(b""),
        DataRef::Int(number) => push_number(*number as f64, row),
        DataRef::Float(number) => push_number(*number, row),
        DataRef::Bool(is_true) => push_number(f64::from(u8::from(*is_true)), row),
        DataRef::String(text) | DataRef::DurationIso(text) => push_text(text, row),
        DataRef::SharedString(text) => push_text(text, row),
        DataRef::DateTime(moment) => push_serial(moment, row),
        DataRef::DateTimeIso(text) => push_iso(text, row),
        DataRef::Error(error) => push_text(&error.to_string(), row),
    }
}

/// Appends a cell of a sheet that is there as a whole.
pub(super) fn push_data(cell: &Data, row: &mut Row) {
    match cell {
        Data::Empty => row.push_own(b""),
        Data::Int(number) => push_number(*number as f64, row),
        Data::Float(number) => push_number(*number, row),
        Data::Bool(is_true) => push_number(f64::from(u8::from(*is_true)), row),
        Data::String(text) | Data::DurationIso(text) => push_text(text, row),
        Data::DateTime(moment) => push_serial(moment, row),
        Data::DateTimeIso(text) => push_iso(text, row),
        Data::Error(error) => push_text(&error.to_string(), row),
    }
}

/// A day and a time since 1900 or 1904. A time without a day is text, and what is shown as a length of time or lies
/// outside the calendar is a number.
fn push_serial(serial: &ExcelDateTime, row: &mut Row) {
    let days = serial.as_f64();
    if serial.is_duration() || !(0.0..=LAST_DAY + 1.0).contains(&days) {
        return push_number(days, row);
    }
    match serial.as_datetime() {
        Some(moment) if days < 1.0 => push_text(&moment.time().to_string(), row),
        Some(moment) => push_moment(moment, row),
        None => push_number(days, row),
    }
}

fn push_iso(text: &str, row: &mut Row) {
    let without_zone = text.strip_suffix('Z').unwrap_or(text);
    let midnight = || without_zone.parse::<NaiveDate>().ok().and_then(|date| date.and_hms_opt(0, 0, 0));
    match without_zone.parse::<NaiveDateTime>().ok().or_else(midnight) {
        Some(moment) => push_moment(moment, row),
        None => push_text(text, row),
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn pushed(push: impl FnOnce(&mut Row)) -> Word {
        let mut row = Row::default();
        push(&mut row);
        decoded(row.cell(0, b""))
    }

    #[test]
    fn a_cell_is_what_it_was() {
        let moment = |text: &str| Word::Moment(text.parse().unwrap());
        for word in [
            Word::Text("a\u{A0}b".into()),
            Word::Text(String::new()),
            Word::Text("nnnnnnnnn".into()),
            Word::Number(-1.5),
            moment("1899-12-31T00:00:00"),
            moment("2024-01-31T13:30:00.250"),
        ] {
            assert_eq!(pushed(|row| push(&word, row)), word);
        }
    }

    #[test]
    fn days_are_counted_from_1900_or_1904() {
        let check = |days: f64, is_1904: bool, expected: Word| {
            let serial = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
            assert_eq!(pushed(|row| push_serial(&serial, row)), expected, "{days}");
        };
        let moment = |text: &str| Word::Moment(text.parse().unwrap());
        check(45_322.0, false, moment("2024-01-31T00:00:00"));
        check(43_860.0, true, moment("2024-01-31T00:00:00"));
        check(45_322.0 + 1.0 / 24.0, false, moment("2024-01-31T01:00:00"));
        check(1.0, false, moment("1900-01-01T00:00:00"));
        check(0.5, false, Word::Text("12:00:00".into()));
        check(-5.0, false, Word::Number(-5.0));
        check(1e300, false, Word::Number(1e300));
        let length = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(pushed(|row| push_serial(&length, row)), Word::Number(1.5));
        assert_eq!(pushed(|row| push_iso("2024-01-31", row)), moment("2024-01-31T00:00:00"));
        assert_eq!(pushed(|row| push_iso("2024-01-31T12:30:00Z", row)), moment("2024-01-31T12:30:00"));
        assert_eq!(pushed(|row| push_iso("soon", row)), Word::Text("soon".into()));
    }
}
