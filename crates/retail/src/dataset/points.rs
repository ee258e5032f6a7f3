//! The stored form of a series: a version byte, then all dates as days of the common era (4 bytes each), then all
//! values as the bits of a double (8 bytes each), both little-endian. Twelve bytes a point, every bit kept; a missing
//! value is `NaN`.

use chrono::{Datelike, NaiveDate};

const VERSION: u8 = 1;
const DATE_BYTES: usize = 4;
const POINT_BYTES: usize = DATE_BYTES + 8;

pub(super) fn encode(dates: &[NaiveDate], values: &[f64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + POINT_BYTES * dates.len());
    bytes.push(VERSION);
    bytes.extend(dates.iter().flat_map(|date| date.num_days_from_ce().to_le_bytes()));
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

pub(super) fn decode(bytes: &[u8]) -> Option<(Vec<NaiveDate>, Vec<f64>)> {
    let (&VERSION, points) = bytes.split_first()? else { return None };
    if !points.len().is_multiple_of(POINT_BYTES) {
        return None;
    }
    let (dates, values) = points.split_at(points.len() / POINT_BYTES * DATE_BYTES);
    let date = |day: &[u8; 4]| NaiveDate::from_num_days_from_ce_opt(i32::from_le_bytes(*day));
    let dates = dates.as_chunks().0.iter().map(date).collect::<Option<Vec<_>>>()?;
    Some((dates, values.as_chunks().0.iter().map(|bits| f64::from_le_bytes(*bits)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_bit_is_kept(days in proptest::collection::vec(1..3_652_059, 0..50), bits: u64) {
            let dates: Vec<_> = days.iter().map(|&d| NaiveDate::from_num_days_from_ce_opt(d).unwrap()).collect();
            let values: Vec<_> = days.iter().map(|&d| f64::from_bits(bits ^ u64::from(d.unsigned_abs()))).collect();
            let (read_dates, read_values) = decode(&encode(&dates, &values)).unwrap();
            proptest::prop_assert_eq!(read_dates, dates);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            proptest::prop_assert_eq!(bits(&read_values), bits(&values));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..60)) {
            let _ = decode(&bytes);
        }
    }
}
