//! Single cells.

use chrono::NaiveDate;

use super::error::{ProblemKind, short};

/// `YYYY-MM-DD` and nothing else, in the years 1 to 9999.
pub(super) fn date(cell: &str) -> Result<NaiveDate, ProblemKind> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err(ProblemKind::MissingDate);
    }
    iso_date(cell.as_bytes()).ok_or_else(|| ProblemKind::BadDate { text: short(cell) })
}

fn iso_date(text: &[u8]) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = number(&[y1, y2, y3, y4])?;
    let date = NaiveDate::from_ymd_opt(year.cast_signed(), number(&[m1, m2])?, number(&[d1, d2])?);
    date.filter(|_| year >= 1)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// A finite number, or `NaN` for an empty cell.
pub(super) fn value(cell: &str) -> Result<f64, ProblemKind> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(f64::NAN);
    }
    match cell.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(ProblemKind::NotFinite { text: short(cell) }),
        Err(_) => Err(ProblemKind::NotANumber { text: short(cell) }),
    }
}
