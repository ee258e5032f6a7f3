//! A series of one number per date, regular in time, with explicit missing values.
//!
//! A [`Series`] that exists is sorted, free of duplicates, on its frequency's grid and free of infinite values: all
//! of that is checked once, here. A missing value is `NaN` inside the crate and `null` in JSON.

mod error;

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use wire::Moment;
use wire::model_selection::Gaps;

pub use self::error::SeriesError;
use crate::calendar::{Frequency, last_day};
use crate::known::Known;

/// The most rows a series may have, so that one wrong date cannot fill the memory.
pub const MAX_ROWS: usize = 1_000_000;

/// One value per date of a regular calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Series {
    name: String,
    frequency: Frequency,
    gaps: Gaps,
    dates: Vec<Moment>,
    values: Vec<f64>,
    known: Option<Known>,
    plan: Option<Known>,
    groups: Vec<String>,
    /// Columns that are known only up to the last value, one number per date.
    past: BTreeMap<String, Vec<f64>>,
    /// Whether what is known of its dates is the past alone.
    looks_back_alone: bool,
}

impl Series {
    /// A series whose frequency is read off its dates. Rows come in any order; `NaN` is a missing value.
    pub fn infer(
        name: impl Into<String>,
        rows: impl IntoIterator<Item = (impl Into<Moment>, f64)>,
        gaps: Gaps,
    ) -> Result<Self, SeriesError> {
        let name = name.into();
        let rows = sorted(&name, rows)?;
        let dates: Vec<Moment> = rows.iter().map(|row| row.0).collect();
        let frequency = Frequency::infer(&dates).map_err(|(date, expected)| SeriesError::Irregular {
            name: name.clone(),
            date,
            expected,
        })?;
        Self::build(name, frequency, rows, gaps)
    }

    /// A series of a stated frequency: the only way to say "daily" of a series that has few of its days.
    pub fn of(
        name: impl Into<String>,
        frequency: Frequency,
        rows: impl IntoIterator<Item = (impl Into<Moment>, f64)>,
        gaps: Gaps,
    ) -> Result<Self, SeriesError> {
        let name = name.into();
        let rows = sorted(&name, rows)?;
        Self::build(name, frequency, rows, gaps)
    }

    fn build(
        name: String,
        frequency: Frequency,
        rows: Vec<(Moment, f64)>,
        gaps: Gaps,
    ) -> Result<Self, SeriesError> {
        let grid = grid(&name, frequency, &rows)?;
        let mut rows = rows.into_iter().peekable();
        let mut dates = Vec::with_capacity(grid.len());
        let mut values = Vec::with_capacity(grid.len());
        for date in grid {
            let value = rows.next_if(|row| row.0 == date).map_or(f64::NAN, |row| row.1);
            let value = match gaps {
                Gaps::Omit if value.is_nan() => continue,
                Gaps::Refuse if value.is_nan() => return Err(SeriesError::Gap { name, date }),
                Gaps::Zero if value.is_nan() => 0.0,
                _ => value,
            };
            dates.push(date);
            values.push(value);
        }
        if let Some((date, _)) = rows.next() {
            return Err(SeriesError::Irregular { name, date, expected: frequency });
        }
        if values.is_empty() {
            return Err(SeriesError::Empty { name });
        }
        let (known, plan, groups, past) = (None, None, Vec::new(), BTreeMap::new());
        let looks_back_alone = false;
        Ok(Self { name, frequency, gaps, dates, values, known, plan, groups, past, looks_back_alone })
    }

    /// The series with what is known of every date beforehand (prices, promotions, holidays), which feature-aware
    /// models read. `known` has one row per row of the series.
    pub fn with_known(self, known: Known) -> Result<Self, SeriesError> {
        for (column, found) in known.lengths() {
            if found != self.len() {
                let rows = self.len();
                return Err(SeriesError::Misaligned { name: self.name, rows, column, found });
            }
        }
        Ok(Self { known: Some(known), ..self })
    }

    /// The same with what is known of the dates after its last one, from the first of them on.
    #[must_use]
    pub fn with_plan(self, plan: Known) -> Self {
        Self { plan: Some(plan), ..self }
    }

    /// The same with what it has in common with others: one label per kind (store, department), the same kinds in the same
    /// order for all series that are learned from together.
    #[must_use]
    pub fn with_groups(self, groups: Vec<String>) -> Self {
        Self { groups, ..self }
    }

    /// The same with columns that are known only up to the last value: one number per row, `NaN` where missing. What is
    /// forecast reads them once [`Self::looking_back`] says from how far away.
    #[must_use]
    pub(crate) fn with_past(self, past: BTreeMap<String, Vec<f64>>) -> Self {
        Self { past, ..self }
    }

    /// The same with each column of the past as it was so many rows before, which is known as many rows ahead: a further
    /// fact of the days, also of those to come.
    #[must_use]
    pub fn looking_back(self, rows: usize) -> Self {
        if self.past.is_empty() {
            return self;
        }
        let usual =
            |rows: usize| Known::new(&vec![Some(1.0); rows], vec![false; rows], vec![false; rows], None);
        let (length, past) = (self.len(), &self.past);
        // What the file says of dates ahead for some columns, it does not for the others: they have no plan then.
        let plan = if self.known.is_some() { self.plan } else { Some(usual(rows)) };
        let looks_back_alone = self.known.is_none();
        let known = self.known.unwrap_or_else(|| usual(length));
        let earlier = |known: Known, from: usize| {
            let dates = known.price_factor.len();
            let before =
                |column: &[f64], row: usize| row.checked_sub(rows).and_then(|at| column.get(at)).copied();
            past.iter().fold(known, |known, (name, column)| {
                let days = (from..from + dates).map(|row| before(column, row).unwrap_or(f64::NAN));
                known.with_days(&format!("{name}, {rows} rows before"), days.collect())
            })
        };
        let (known, plan) = (earlier(known, 0), plan.map(|plan| earlier(plan, length)));
        Self { known: Some(known), plan, looks_back_alone, ..self }
    }

    /// Whether something is known of its dates beforehand, and not the past alone.
    pub const fn knows_beforehand(&self) -> bool {
        self.known.is_some() && !self.looks_back_alone
    }

    /// The same without what is known of its dates.
    #[must_use]
    pub fn without_known(self) -> Self {
        Self { known: None, plan: None, ..self }
    }

    /// The series' name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The grid its dates are on.
    pub const fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// The policy its gaps were treated with.
    pub const fn gaps(&self) -> Gaps {
        self.gaps
    }

    /// Its dates, ascending.
    pub fn dates(&self) -> &[Moment] {
        &self.dates
    }

    /// Its values, one per date; `NaN` where missing.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What is known beforehand, if it was given.
    pub const fn known(&self) -> Option<&Known> {
        self.known.as_ref()
    }

    /// What is known of the next `horizon` dates, if all of them are planned.
    pub fn plan(&self, horizon: usize) -> Option<&Known> {
        self.plan.as_ref().filter(|plan| plan.price_factor.len() >= horizon)
    }

    /// The names of the columns that are known only up to the last value.
    pub fn past(&self) -> impl Iterator<Item = &str> {
        self.past.keys().map(String::as_str)
    }

    /// What it has in common with others.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Never: an empty series cannot be made.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The `horizon` dates after the last one.
    pub fn future_dates(&self, horizon: usize) -> Vec<Moment> {
        let anchor = self.dates.iter().map(Datelike::day).max().unwrap_or(1);
        let last = self.dates[self.dates.len() - 1];
        (1..=horizon).map(|step| self.frequency.advance(last, anchor, step)).collect()
    }
}

fn sorted(
    name: &str,
    rows: impl IntoIterator<Item = (impl Into<Moment>, f64)>,
) -> Result<Vec<(Moment, f64)>, SeriesError> {
    let mut rows: Vec<(Moment, f64)> = rows.into_iter().map(|(date, value)| (date.into(), value)).collect();
    rows.sort_by_key(|row| row.0);
    for pair in rows.windows(2) {
        if pair[0].0 == pair[1].0 {
            return Err(SeriesError::Duplicate { name: name.to_owned(), date: pair[1].0 });
        }
    }
    for &(date, value) in &rows {
        if !(1..=9999).contains(&date.year()) {
            return Err(SeriesError::DateOutOfRange { name: name.to_owned(), date });
        }
        if value.is_infinite() {
            return Err(SeriesError::Infinite { name: name.to_owned(), date });
        }
    }
    if rows.is_empty() { Err(SeriesError::Empty { name: name.to_owned() }) } else { Ok(rows) }
}

/// Every date of the frequency from the first row to the last.
fn grid(name: &str, frequency: Frequency, rows: &[(Moment, f64)]) -> Result<Vec<Moment>, SeriesError> {
    let (first, last) = (rows[0].0, rows[rows.len() - 1].0);
    let anchor = rows.iter().map(|row| row.0.day()).max().unwrap_or(1);
    if frequency.is_in_months() {
        // The month grid is anchored on one day of the month; a shorter month has its last day instead.
        for &(date, _) in rows {
            if date.day() != anchor.min(last_day(date)) {
                return Err(SeriesError::Irregular { name: name.to_owned(), date, expected: frequency });
            }
        }
    }
    let mut dates = Vec::new();
    for step in 0.. {
        let date = frequency.advance(first, anchor, step);
        if date > last {
            break;
        }
        if dates.len() == MAX_ROWS {
            return Err(SeriesError::TooLong { name: name.to_owned(), frequency, limit: MAX_ROWS });
        }
        dates.push(date);
    }
    off_grid(&dates, rows).map_or(Ok(()), |date| {
        Err(SeriesError::Irregular { name: name.to_owned(), date, expected: frequency })
    })?;
    Ok(dates)
}

fn off_grid(grid: &[Moment], rows: &[(Moment, f64)]) -> Option<Moment> {
    rows.iter().map(|row| row.0).find(|date| grid.binary_search(date).is_err())
}

/// The JSON form, where a missing value is `null`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    name: String,
    frequency: Frequency,
    gaps: Gaps,
    dates: Vec<Moment>,
    values: Vec<Option<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known: Option<Known>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plan: Option<Known>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
}

impl From<Series> for Wire {
    fn from(series: Series) -> Self {
        let values = series.values.iter().map(|&value| kernel::finite(value)).collect();
        let Series { name, frequency, gaps, dates, known, plan, groups, .. } = series;
        Self { name, frequency, gaps, dates, values, known, plan, groups }
    }
}

impl TryFrom<Wire> for Series {
    type Error = SeriesError;

    fn try_from(wire: Wire) -> Result<Self, SeriesError> {
        let (rows, found) = (wire.dates.len(), wire.values.len());
        if rows != found {
            return Err(SeriesError::Misaligned { name: wire.name, rows, column: "values", found });
        }
        let values = wire.values.into_iter().map(|value| value.unwrap_or(f64::NAN));
        let series = Self::of(wire.name, wire.frequency, wire.dates.into_iter().zip(values), wire.gaps)?;
        let series = Self { plan: wire.plan, ..series.with_groups(wire.groups) };
        match wire.known {
            Some(known) => series.with_known(known),
            None => Ok(series),
        }
    }
}

#[cfg(test)]
#[path = "series/tests.rs"]
mod tests;
