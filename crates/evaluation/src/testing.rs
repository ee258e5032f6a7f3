//! What the tests of this crate share.

use chrono::NaiveDate;
use forecast::ModelSpec;
use series::{Frequency, Series};
use wire::model_selection::{Gaps, Metrics};

use crate::{FoldResult, FoldWindow};

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

/// The folds of one candidate whose errors are these.
pub(crate) fn folds(errors: &[Vec<f64>]) -> Vec<FoldResult> {
    let day = "2024-01-01".parse::<wire::Moment>().unwrap();
    let split = FoldWindow {
        train_start: day,
        train_end: day,
        test_start: day,
        test_end: day,
        train_size: 1,
        test_size: 1,
    };
    let fold = |(fold_index, errors): (usize, &Vec<f64>)| FoldResult {
        fold_index,
        split: split.clone(),
        dates: day.date().iter_days().take(errors.len()).map(wire::Moment::from).collect(),
        actuals: vec![Some(0.0); errors.len()].into(),
        predictions: errors.clone(),
        metrics: Metrics::default(),
        naive_error: None,
    };
    errors.iter().enumerate().map(fold).collect()
}
