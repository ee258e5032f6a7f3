//! A series as its file has it: its dates as they are, on a grid or not.

use chrono::NaiveDate;
use wire::datasets::{Frequency as Word, SeriesSummary};

use crate::calendar::Frequency;

/// A series with a date for every value: at least two dates, ascending and distinct.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedSeries {
    /// Its name.
    pub name: String,
    /// Its dates.
    pub dates: Vec<NaiveDate>,
    /// Its values, one per date; `NaN` is a missing value, and at least one is not missing.
    pub values: Vec<f64>,
}

impl DatedSeries {
    /// What can be known of it without its points.
    pub fn summary(&self) -> SeriesSummary {
        let ends = self.dates.first().zip(self.dates.last());
        let (&first_date, &last_date) = ends.expect("a series has dates");
        let (frequency, off_grid_date) = match Frequency::infer(&self.dates) {
            Ok(frequency) => (frequency.into(), None),
            Err((date, _)) => (Word::Irregular, Some(date)),
        };
        SeriesSummary {
            name: self.name.clone(),
            points: self.dates.len() as u64,
            values: self.values.iter().filter(|value| !value.is_nan()).count() as u64,
            first_date,
            last_date,
            frequency,
            off_grid_date,
        }
    }
}
