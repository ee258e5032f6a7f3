//! Numbers out of text cells.

use super::error::{CellProblem, short};

/// Whole numbers of so many digits are exact as `f64` and need no general parser.
const EXACT_DIGITS: usize = 15;

/// The number in a cell; an empty cell or `NaN` is missing.
pub(super) fn number(cell: &[u8]) -> Result<f64, CellProblem> {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return Ok(f64::NAN);
    }
    if cell.len() <= EXACT_DIGITS && cell.iter().all(u8::is_ascii_digit) {
        let whole = cell.iter().fold(0_u64, |number, digit| number * 10 + u64::from(digit - b'0'));
        return Ok(whole as f64);
    }
    let text = std::str::from_utf8(cell).map_err(|_| CellProblem::NotText)?;
    text.parse().map_err(|_| CellProblem::NotANumber { text: short(text) })
}
