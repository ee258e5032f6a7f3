//! What the tests of this crate share.

use chrono::NaiveDate;
use wire::model_selection::Gaps;

use crate::{Frequency, Series};

/// A daily series of these values from Monday, 2024-01-01.
pub(crate) fn series(values: &[f64]) -> Series {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    Series::of("test", Frequency::Daily, start.iter_days().zip(values.iter().copied()), Gaps::Missing)
        .unwrap()
}
