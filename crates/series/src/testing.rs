//! What the tests of this crate share.

use std::collections::BTreeMap;

use wire::Moment;
use wire::datasets::Report;
use wire::model_selection::Gaps;

use crate::{DatedSeries, Frequency, Series};

/// A daily series of these values from Monday, 2024-01-01.
pub(crate) fn series(values: &[f64]) -> Series {
    let start = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    Series::of("test", Frequency::DAILY, start.iter_days().zip(values.iter().copied()), Gaps::Missing)
        .unwrap()
}

/// A daily series of ones.
pub(crate) fn dated(name: &str, dates: Vec<Moment>, planned: Vec<Moment>) -> DatedSeries {
    DatedSeries {
        name: name.to_owned(),
        frequency: wire::datasets::Frequency::DAILY,
        off_grid_date: None,
        values: vec![1.0; dates.len()],
        dates,
        planned,
        known: BTreeMap::new(),
        uses: Vec::new(),
        groups: Vec::new(),
        holidays: None,
    }
}

/// Of a file of which nothing is to be said.
pub(crate) fn report() -> Report {
    Report {
        kind: "CSV text".to_owned(),
        layout: wire::datasets::Layout::Long,
        columns: Vec::new(),
        columns_total: 0,
        encoding: None,
        separator: None,
        decimal: None,
        date_format: None,
        frequency: None,
        rows: 0,
        series: 0,
        values: 0,
        missing_dates: 0,
        first_date: Moment::MIN,
        last_date: Moment::MIN,
        left_out: Vec::new(),
        left_out_total: 0,
        notes: Vec::new(),
    }
}
