//! What the tests of this crate share.

use chrono::NaiveDate;
use forecast::ModelSpec;
use series::{Frequency, Series};
use wire::model_selection::Gaps;

/// A daily series of these values from Monday, 2024-01-01.
pub(crate) fn series(values: &[f64]) -> Series {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    Series::of("test", Frequency::DAILY, start.iter_days().zip(values.iter().copied()), Gaps::Missing)
        .unwrap()
}

/// A valid specification.
pub(crate) fn spec(model_type: &str, params: impl std::borrow::Borrow<serde_json::Value>) -> ModelSpec {
    ModelSpec::parse(model_type, params.borrow()).unwrap()
}
