//! A series as its file has it: its dates as they are, on a grid or not.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use wire::datasets::{Frequency as Word, SeriesSummary};
use wire::model_selection::Gaps;

use crate::calendar::Frequency;
use crate::known::Known;
use crate::series::{Series, SeriesError};

/// A series with a date for every value: at least two dates, ascending and distinct.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedSeries {
    /// Its name.
    pub name: String,
    /// How far apart its dates are.
    pub frequency: Word,
    /// The first date that is not where the others would have it.
    pub off_grid_date: Option<NaiveDate>,
    /// Its dates.
    pub dates: Vec<NaiveDate>,
    /// Its values, one per date; `NaN` is a missing value, and at least one is not missing.
    pub values: Vec<f64>,
    /// Dates after the last one, of which something is known: ascending and distinct.
    pub planned: Vec<NaiveDate>,
    /// Columns that are known beforehand, by name: one number per date and planned date, `NaN` where missing. All series of
    /// a file have the same columns.
    pub known: BTreeMap<String, Vec<f64>>,
    /// What the series has in common with others: one label per kind (store, department), the same kinds for all series of a
    /// file.
    pub groups: Vec<String>,
}

impl DatedSeries {
    /// What can be known of it without its points.
    pub fn summary(&self) -> SeriesSummary {
        let ends = self.dates.first().zip(self.dates.last());
        let (&first_date, &last_date) = ends.expect("a series has dates");
        SeriesSummary {
            name: self.name.clone(),
            points: self.dates.len() as u64,
            values: self.values.iter().filter(|value| !value.is_nan()).count() as u64,
            first_date,
            last_date,
            frequency: self.frequency,
            off_grid_date: self.off_grid_date,
            planned: self.planned.len() as u64,
        }
    }

    /// The series on the grid of a frequency, with what is known beside it.
    pub fn on_grid(self, frequency: Frequency, gaps: Gaps) -> Result<Series, SeriesError> {
        let Self { name, dates, values, planned, known, groups, .. } = self;
        let series =
            Series::of(name, frequency, dates.iter().copied().zip(values), gaps)?.with_groups(groups);
        if known.is_empty() {
            return Ok(series);
        }
        let ahead = series.future_dates(planned.len());
        let planned_steps = ahead.iter().zip(&planned).take_while(|(step, planned)| step == planned).count();
        let grid: Vec<NaiveDate> = series.dates().iter().chain(&ahead[..planned_steps]).copied().collect();
        let rows: Vec<NaiveDate> = dates.into_iter().chain(planned).collect();
        let all = named(&known, &rows, &grid);
        let (past, plan) = all.split_at(series.len());
        let series = series.with_known(past)?;
        Ok(if planned_steps > 0 { series.with_plan(plan) } else { series })
    }
}

/// Columns by what their names say: a price, promotions, holidays; the others are further facts of the days. On a date of
/// the grid that no row has, a price is the last one before it, and nothing else happens.
fn named(columns: &BTreeMap<String, Vec<f64>>, rows: &[NaiveDate], grid: &[NaiveDate]) -> Known {
    let on_grid = |column: &[f64]| -> Vec<f64> {
        let at = |date: &NaiveDate| rows.binary_search(date).map_or(f64::NAN, |row| column[row]);
        grid.iter().map(at).collect()
    };
    let is_called = |name: &str, parts: &[&str]| {
        let name = name.to_lowercase();
        parts.iter().any(|part| name.contains(part))
    };
    let flags = |parts: &[&str]| -> Vec<bool> {
        let chosen = columns.iter().filter(|(name, _)| is_called(name, parts));
        let all: Vec<Vec<f64>> = chosen.map(|(_, column)| on_grid(column)).collect();
        (0..grid.len())
            .map(|row| all.iter().any(|column| column[row] != 0.0 && !column[row].is_nan()))
            .collect()
    };
    let price = columns.iter().find(|(name, _)| is_called(name, PRICES));
    let prices = price.map_or_else(|| vec![Some(1.0); grid.len()], |(_, column)| carried(&on_grid(column)));
    let mut known = Known::new(&prices, flags(PROMOTIONS), flags(HOLIDAYS), None);
    let is_special = |name: &String| is_called(name, PROMOTIONS) || is_called(name, HOLIDAYS);
    for (name, column) in
        columns.iter().filter(|(name, _)| Some(*name) != price.map(|(name, _)| name) && !is_special(name))
    {
        let days =
            on_grid(column).into_iter().map(|number| if number.is_nan() { 0.0 } else { number }).collect();
        known = known.with_days(name, days);
    }
    known
}

/// What columns of prices, promotions and holidays are called, in part.
const PRICES: &[&str] = &["price", "preis"];
const PROMOTIONS: &[&str] = &["promo", "deal", "discount", "campaign", "on_sale", "aktion"];
const HOLIDAYS: &[&str] = &["holiday", "feiertag"];

/// A missing price is the one before it, or the first one after.
fn carried(prices: &[f64]) -> Vec<Option<f64>> {
    let mut last = prices.iter().copied().find(|price| !price.is_nan());
    let carry = |price: &f64| {
        last = Some(*price).filter(|price| !price.is_nan()).or(last);
        last
    };
    prices.iter().map(carry).collect()
}
