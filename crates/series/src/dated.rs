//! A series as its file has it: its dates as they are, on a grid or not.

use std::collections::BTreeMap;

use wire::Moment;
use wire::datasets::{Frequency as Word, SeriesSummary};
use wire::model_selection::Gaps;

use crate::calendar::Frequency;
use crate::holidays::{AHEAD, Holidays};
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
    pub off_grid_date: Option<Moment>,
    /// Its dates.
    pub dates: Vec<Moment>,
    /// Its values, one per date; `NaN` is a missing value, and at least one is not missing.
    pub values: Vec<f64>,
    /// Dates after the last one, of which something is known: ascending and distinct.
    pub planned: Vec<Moment>,
    /// Columns that are known beside the values, by name: one number per date and planned date, `NaN` where missing. All series
    /// of a file have the same columns.
    pub known: BTreeMap<String, Vec<f64>>,
    /// What each of them is used as, in the same order.
    pub uses: Vec<Use>,
    /// What the series has in common with others: one label per kind (store, department), the same kinds for all series of a
    /// file.
    pub groups: Vec<String>,
    /// Whose holidays are known of it, if that was asked for: the same for all series of a file.
    pub holidays: Option<Holidays>,
}

impl DatedSeries {
    /// What can be known of it without its points.
    pub fn summary(&self) -> SeriesSummary {
        let ends = self.dates.first().zip(self.dates.last());
        let (&first_date, &last_date) = ends.expect("a series has dates");
        SeriesSummary {
            name: self.name.clone(),
            points: self.dates.len() as u64,
            values: self.observed(),
            first_date,
            last_date,
            frequency: self.frequency,
            off_grid_date: self.off_grid_date,
            planned: self.planned.len() as u64,
        }
    }

    /// Values that are not missing.
    pub(crate) fn observed(&self) -> u64 {
        self.values.iter().filter(|value| !value.is_nan()).count() as u64
    }

    /// The series on the grid of a frequency, with what is known beside it.
    pub fn on_grid(self, frequency: Frequency, gaps: Gaps) -> Result<Series, SeriesError> {
        let Self { name, dates, values, planned, known, uses, groups, holidays, .. } = self;
        let series =
            Series::of(name, frequency, dates.iter().copied().zip(values), gaps)?.with_groups(groups);
        let (past, known): (Vec<_>, Vec<_>) =
            uses.into_iter().zip(known).partition(|(used, _)| *used == Use::Past);
        let (uses, known): (Vec<Use>, BTreeMap<String, Vec<f64>>) = known.into_iter().unzip();
        let of_rows = |(_, (name, column)): (Use, (String, Vec<f64>))| {
            (name, on_dates(&column, &dates, series.dates()))
        };
        let past = past.into_iter().map(of_rows).collect();
        let series = series.with_past(past);
        if known.is_empty() && holidays.is_none() {
            return Ok(series);
        }
        let ahead = series.future_dates(if known.is_empty() { AHEAD } else { planned.len() });
        let mut columns = uses.iter().zip(known.values());
        let price = columns.find(|(used, _)| **used == Use::Price).map(|(_, column)| column.as_slice());
        // A blank price is no plan, while a blank promotion is none.
        let has_price = |at: usize| price.is_none_or(|price| !price[dates.len() + at].is_nan());
        // Holidays alone are known of any date; beside other columns they end where those do.
        let is_planned = |at: usize| {
            if known.is_empty() {
                Holidays::cover(ahead[at])
            } else {
                ahead[at] == planned[at] && has_price(at)
            }
        };
        let planned_steps = (0..ahead.len()).take_while(|&at| is_planned(at)).count();
        let grid: Vec<Moment> = series.dates().iter().chain(&ahead[..planned_steps]).copied().collect();
        let rows: Vec<Moment> = dates.into_iter().chain(planned).collect();
        let all = used(&uses, &known, &rows, &grid);
        let all = match holidays {
            Some(holidays) => holidays.beside(all, frequency, &grid),
            None => all,
        };
        let (past, plan) = all.split_at(series.len());
        let series = series.with_known(past)?;
        Ok(if planned_steps > 0 { series.with_plan(plan) } else { series })
    }
}

kernel::words! {
    /// What a column beside the values is used as.
    pub enum Use {
        /// The price.
        Price = "price",
        /// Whether a promotion runs.
        Promotion = "promotion",
        /// Whether it is a holiday.
        Holiday = "holiday",
        /// A further fact of the days, which models of a whole panel read.
        Fact = "fact",
        /// Known only up to the last value, whatever it is called: read as it was a horizon and a row before.
        Past = "past",
    }
}

/// What columns of prices, promotions and holidays are called, in part.
const PRICES: &[&str] = &["price", "preis"];
const PROMOTIONS: &[&str] = &["promo", "deal", "discount", "campaign", "on_sale", "aktion"];
const HOLIDAYS: &[&str] = &["holiday", "feiertag"];

/// What each of some columns is used as, in their order: by its name, and by whether it is nought or one on every row of its
/// file. Of several prices the one with the shortest name is the price. A flag that is called otherwise says of a date that
/// something is on: a promotion, if no other column does.
pub(crate) fn uses(columns: &[(&str, bool)]) -> Vec<Use> {
    let is_called = |name: &str, parts: &[&str]| {
        let name = name.to_lowercase();
        parts.iter().any(|part| name.contains(part))
    };
    let prices = columns.iter().map(|(name, _)| *name).filter(|name| is_called(name, PRICES));
    let price = prices.min_by_key(|name| (name.len(), *name));
    let is_promotion = |name: &str| is_called(name, PROMOTIONS) && !is_called(name, PRICES);
    let has_promotion = columns.iter().any(|(name, _)| is_promotion(name));
    let of = |&(name, is_flag): &(&str, bool)| match name {
        name if Some(name) == price => Use::Price,
        name if is_promotion(name) => Use::Promotion,
        name if is_called(name, HOLIDAYS) => Use::Holiday,
        _ if !has_promotion && is_flag => Use::Promotion,
        _ => Use::Fact,
    };
    columns.iter().map(of).collect()
}

/// Columns by their use. On a date of the grid that no row has, a price is the last one before it, and nothing else happens.
fn used(uses: &[Use], columns: &BTreeMap<String, Vec<f64>>, rows: &[Moment], grid: &[Moment]) -> Known {
    let all: Vec<(Use, &str, Vec<f64>)> = uses
        .iter()
        .zip(columns)
        .map(|(used, (name, column))| (*used, name.as_str(), on_dates(column, rows, grid)))
        .collect();
    let of = |wanted: Use| all.iter().filter(move |(used, ..)| *used == wanted);
    let flags = |wanted: Use| -> Vec<bool> {
        let is_on = |row: usize| of(wanted).any(|(_, _, column)| column[row] != 0.0 && !column[row].is_nan());
        (0..grid.len()).map(is_on).collect()
    };
    let price = of(Use::Price).next();
    let prices = price.map_or_else(|| vec![Some(1.0); grid.len()], |(_, _, column)| carried(column));
    let known = Known::new(&prices, flags(Use::Promotion), flags(Use::Holiday), None);
    of(Use::Fact).fold(known, |known, (_, name, column)| {
        let days = column.iter().map(|number| if number.is_nan() { 0.0 } else { *number }).collect();
        known.with_days(name, days)
    })
}

/// The numbers of some dates as those of others, `NaN` where they have none.
fn on_dates(column: &[f64], dates: &[Moment], grid: &[Moment]) -> Vec<f64> {
    let at = |date: &Moment| dates.binary_search(date).map_or(f64::NAN, |row| column[row]);
    grid.iter().map(at).collect()
}

/// A missing price is the one before it, or the first one after.
fn carried(prices: &[f64]) -> Vec<Option<f64>> {
    let mut last = prices.iter().copied().find(|price| !price.is_nan());
    let carry = |price: &f64| {
        last = Some(*price).filter(|price| !price.is_nan()).or(last);
        last
    };
    prices.iter().map(carry).collect()
}
