//! What the tests of this crate share.

use chrono::NaiveDate;
use series::{Frequency, Series};
use wire::Moment;
use wire::model_selection::Gaps;

use crate::ModelSpec;
use crate::model::{FitError, Future, History};

/// Consecutive days from Monday, 2024-01-01.
pub(crate) fn days(count: usize) -> Vec<Moment> {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    start.iter_days().take(count).map(Moment::from).collect()
}

/// A daily series of these values.
pub(crate) fn series(values: &[f64]) -> Series {
    let rows = days(values.len()).into_iter().zip(values.iter().copied());
    Series::of("test", Frequency::DAILY, rows, Gaps::Missing).unwrap()
}

/// The forecast of daily values.
pub(crate) fn forecast(spec: &ModelSpec, values: &[f64], horizon: usize) -> Result<Vec<f64>, FitError> {
    let dates = days(values.len() + horizon);
    let (past, future) = dates.split_at(values.len());
    spec.forecast(&History { values, dates: past, known: None }, &Future { dates: future, known: None })
}

/// A valid specification.
pub(crate) fn spec(model_type: &str, params: impl std::borrow::Borrow<serde_json::Value>) -> ModelSpec {
    ModelSpec::parse(model_type, params.borrow()).unwrap()
}
