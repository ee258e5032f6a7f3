//! Any values: every model gives a forecast and a backtest of finite numbers, or says why not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::model_selection::Gaps;

#[path = "../../crates/evaluation/tests/support/any.rs"]
mod any;

/// As in the property tests: longer series make the models slow, not the input stranger.
const MAX_VALUES: usize = 160;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let gaps = [Gaps::Missing, Gaps::Zero, Gaps::Omit][usize::from(*first) % 3];
    any::check(&values(rest), gaps);
});

/// A byte per value, and eight more for one in four of them: few bytes make a long series, and every number can occur.
fn values(mut bytes: &[u8]) -> Vec<f64> {
    let mut values = Vec::new();
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        let value = match first {
            0..=127 => f64::from(first),
            128..=159 => 0.0,
            160..=191 => f64::NAN,
            192.. => match bytes.split_first_chunk() {
                Some((number, rest)) => {
                    bytes = rest;
                    f64::from_le_bytes(*number)
                }
                None => break,
            },
        };
        values.push(value);
        if values.len() == MAX_VALUES {
            break;
        }
    }
    values
}
