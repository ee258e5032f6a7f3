//! Many series in columns: one vector of values for all of them, and no object per row.
//!
//! A [`Fleet`] keeps its series in the order they were given. Every series is on the grid of the one frequency, has
//! every date from its first to its last, and is free of infinite values: all of that is checked once, here, by the
//! rules of [`Series`]. A missing value is `NaN`. Dates are not stored but counted from the first, which is why the
//! policy [`Gaps::Omit`] has no fleet. What is known beforehand of a date stays with [`Series`].

mod error;
mod rows;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use chrono::Datelike;
use wire::Moment;
use wire::model_selection::Gaps;

pub use self::error::FleetError;
pub(crate) use self::rows::{Rhythms, first_off_grid, span, usual_frequency};
use crate::calendar::Frequency;
use crate::series::{MAX_ROWS, Series, SeriesError};

/// The most series of a fleet.
pub const MAX_FLEET_SERIES: usize = 1_000_000;
/// The most rows of a fleet, all series together: 960 MB of values, for a million series of two years of weeks.
pub const MAX_FLEET_ROWS: usize = 120_000_000;

/// Many regular series of one frequency.
#[derive(Debug, Clone)]
pub struct Fleet {
    names: Vec<String>,
    starts: Vec<Moment>,
    /// The day of the month each series aims at, of which a short month has its last day.
    anchor_days: Vec<u8>,
    /// Where each series ends in `values`, exclusive.
    ends: Vec<usize>,
    values: Vec<f64>,
    frequency: Frequency,
    gaps: Gaps,
}

/// The columns of a fleet whose series have a value, perhaps `NaN`, for every date from their first on.
#[derive(Debug, Clone)]
pub struct FleetColumns {
    /// One distinct name per series.
    pub names: Vec<String>,
    /// One first date per series.
    pub starts: Vec<Moment>,
    /// Where each series ends in `values`, exclusive: ascending, the last one the number of values.
    pub ends: Vec<usize>,
    /// The values of all series, one series after the other.
    pub values: Vec<f64>,
    /// How far apart the dates are.
    pub frequency: Frequency,
    /// What a missing value means.
    pub gaps: Gaps,
}

impl Fleet {
    /// A fleet of series that are already on the grid.
    pub fn of(columns: FleetColumns) -> Result<Self, FleetError> {
        let FleetColumns { names, starts, ends, values, frequency, gaps } = columns;
        for (column, found) in [("starts", starts.len()), ("ends", ends.len())] {
            if found != names.len() {
                return Err(FleetError::Misaligned { expected: names.len(), column, found });
            }
        }
        let described = ends.last().copied().unwrap_or(0);
        if described != values.len() || !ends.is_sorted() {
            return Err(FleetError::Misaligned {
                expected: described,
                column: "values",
                found: values.len(),
            });
        }
        check_shape(&names, values.len(), gaps)?;
        let starts: Vec<Moment> = names
            .iter()
            .zip(starts)
            .map(|(name, start)| begin(name, start, frequency))
            .collect::<Result<_, _>>()?;
        let anchor_days = starts.iter().map(|start| day_of_month(*start)).collect();
        let fleet = Self { names, starts, anchor_days, ends, values, frequency, gaps };
        for series_idx in 0..fleet.len() {
            fleet.place(series_idx).check_span(fleet.values(series_idx).len())?;
        }
        fleet.settled()
    }

    /// The columns of series of one frequency and one policy. Their values stay as they are.
    pub fn from_series(series: &[Series]) -> Result<Self, FleetError> {
        let first = series.first().ok_or(FleetError::Empty)?;
        let (frequency, gaps) = (first.frequency(), first.gaps());
        let names: Vec<String> = series.iter().map(|one| one.name().to_owned()).collect();
        check_shape(&names, series.iter().map(Series::len).sum(), gaps)?;
        for one in series {
            let differs = if one.frequency() != frequency {
                "frequency"
            } else if one.gaps() != gaps {
                "policy for gaps"
            } else if one.known().is_some() {
                "set of known columns"
            } else {
                continue;
            };
            return Err(FleetError::Mixed { name: one.name().to_owned(), differs });
        }
        let anchor = |one: &Series| one.dates().iter().map(|date| day_of_month(*date)).max().unwrap_or(1);
        let mut values = Vec::with_capacity(series.iter().map(Series::len).sum());
        let mut ends = Vec::with_capacity(series.len());
        for one in series {
            values.extend_from_slice(one.values());
            ends.push(values.len());
        }
        let starts = series.iter().map(|one| one.dates()[0]).collect();
        let anchor_days = series.iter().map(anchor).collect();
        Ok(Self { names, starts, anchor_days, ends, values, frequency, gaps })
    }

    /// Series.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never: an empty fleet cannot be made.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Rows of all series together.
    pub fn rows(&self) -> usize {
        self.values.len()
    }

    /// The grid of every series.
    pub const fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// The policy the gaps were treated with.
    pub const fn gaps(&self) -> Gaps {
        self.gaps
    }

    /// The name of a series, counted from 0.
    pub fn name(&self, series_idx: usize) -> &str {
        &self.names[series_idx]
    }

    /// The names, one per series.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The values of a series, one per date; `NaN` where missing.
    pub fn values(&self, series_idx: usize) -> &[f64] {
        let from = series_idx.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[from..self.ends[series_idx]]
    }

    /// The first date of a series.
    pub fn start(&self, series_idx: usize) -> Moment {
        self.starts[series_idx]
    }

    /// The dates of a series, ascending.
    pub fn dates(&self, series_idx: usize) -> impl ExactSizeIterator<Item = Moment> + '_ {
        self.grid(series_idx, 0..self.values(series_idx).len())
    }

    /// The `horizon` dates after the last one of a series.
    pub fn future_dates(
        &self,
        series_idx: usize,
        horizon: usize,
    ) -> impl ExactSizeIterator<Item = Moment> + '_ {
        let rows = self.values(series_idx).len();
        self.grid(series_idx, rows..rows + horizon)
    }

    fn grid(&self, series_idx: usize, steps: Range<usize>) -> impl ExactSizeIterator<Item = Moment> + '_ {
        let place = self.place(series_idx);
        steps.map(move |step| place.date(step))
    }

    fn place(&self, series_idx: usize) -> Place<'_> {
        Place {
            name: &self.names[series_idx],
            start: self.starts[series_idx],
            anchor_day: u32::from(self.anchor_days[series_idx]),
            frequency: self.frequency,
            gaps: self.gaps,
        }
    }

    /// The fleet after its values were checked and the missing ones given their meaning.
    fn settled(mut self) -> Result<Self, FleetError> {
        let mut values = std::mem::take(&mut self.values);
        let mut from = 0;
        for series_idx in 0..self.len() {
            let end = self.ends[series_idx];
            self.place(series_idx).settle(&mut values[from..end])?;
            from = end;
        }
        self.values = values;
        Ok(self)
    }

    /// One series on its own.
    pub fn series(&self, series_idx: usize) -> Series {
        let rows = self.dates(series_idx).zip(self.values(series_idx).iter().copied());
        Series::of(self.name(series_idx), self.frequency, rows, self.gaps)
            .expect("a fleet is checked by the rules of a series")
    }

    /// The series of each length, shortest first: what a driver hands out together.
    pub fn by_length(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for series_idx in 0..self.len() {
            groups.entry(self.values(series_idx).len()).or_default().push(series_idx);
        }
        groups
    }
}

/// Two fleets are equal if every name, date and value is; one missing value is equal to another.
impl PartialEq for Fleet {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        self.names == other.names
            && self.starts == other.starts
            && self.ends == other.ends
            && (self.frequency, self.gaps) == (other.frequency, other.gaps)
            && (0..self.len()).all(|at| self.dates(at).last() == other.dates(at).last())
            && self.values.iter().zip(&other.values).all(same)
    }
}

/// Where the values of one series belong, for checks that name it.
struct Place<'a> {
    name: &'a str,
    start: Moment,
    anchor_day: u32,
    frequency: Frequency,
    gaps: Gaps,
}

impl Place<'_> {
    fn date(&self, step: usize) -> Moment {
        self.frequency.advance(self.start, self.anchor_day, step)
    }

    /// There are dates for so many rows.
    fn check_span(&self, rows: usize) -> Result<(), SeriesError> {
        let name = || self.name.to_owned();
        if rows == 0 {
            return Err(SeriesError::Empty { name: name() });
        }
        if rows > MAX_ROWS {
            return Err(SeriesError::TooLong { name: name(), frequency: self.frequency, limit: MAX_ROWS });
        }
        for date in [self.start, self.date(rows - 1)] {
            if !(1..=9999).contains(&date.year()) {
                return Err(SeriesError::DateOutOfRange { name: name(), date });
            }
        }
        Ok(())
    }

    /// Refuses infinite values and gives missing ones their meaning.
    fn settle(&self, values: &mut [f64]) -> Result<(), SeriesError> {
        for (step, value) in values.iter_mut().enumerate() {
            if value.is_finite() {
                continue;
            }
            if value.is_infinite() {
                return Err(SeriesError::Infinite { name: self.name.to_owned(), date: self.date(step) });
            }
            match self.gaps {
                Gaps::Refuse => {
                    return Err(SeriesError::Gap { name: self.name.to_owned(), date: self.date(step) });
                }
                Gaps::Zero => *value = 0.0,
                Gaps::Missing | Gaps::Omit => {}
            }
        }
        Ok(())
    }
}

/// What a fleet must be whatever its values are.
fn check_shape(names: &[String], rows: usize, gaps: Gaps) -> Result<(), FleetError> {
    if gaps == Gaps::Omit {
        return Err(FleetError::Omit);
    }
    if names.is_empty() {
        return Err(FleetError::Empty);
    }
    if names.len() > MAX_FLEET_SERIES {
        return Err(FleetError::TooManySeries { limit: MAX_FLEET_SERIES });
    }
    if rows > MAX_FLEET_ROWS {
        return Err(FleetError::TooManyRows { limit: MAX_FLEET_ROWS });
    }
    let mut seen = HashSet::with_capacity(names.len());
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(name) => Err(FleetError::DuplicateName { name: name.clone() }),
        None => Ok(()),
    }
}

/// The first date of a series, which has to be one of its grid.
fn begin(name: &str, start: Moment, frequency: Frequency) -> Result<Moment, SeriesError> {
    let off_grid = || SeriesError::Irregular { name: name.to_owned(), date: start, expected: frequency };
    frequency.begin(start).ok_or_else(off_grid)
}

fn day_of_month(date: Moment) -> u8 {
    u8::try_from(date.day()).expect("a day of the month is at most 31")
}

#[cfg(test)]
mod tests;
