//! The in-sample yardstick of MASE and RMSSE, and the forecast that relative errors are measured by.

use std::ops::Range;

/// What a scaled error is divided by; `None` where the training values never change.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scale {
    /// Rows between the values whose differences it is made of.
    pub rows: usize,
    /// Mean absolute difference.
    pub absolute: Option<f64>,
    /// Mean squared difference from the first non-zero value on.
    pub squared: Option<f64>,
}

impl Scale {
    /// The scale of a training window with this season length; pairs with a missing value are skipped.
    pub fn of(train: &[f64], season_length: usize) -> Self {
        Self::of_prefixes(train, &[train.len()], season_length)[0]
    }

    /// The scale of the rows before each of the ends, from one look at every row. All have one yardstick: the season, or
    /// first differences where the shortest holds none.
    pub(crate) fn of_prefixes(values: &[f64], ends: &[usize], season_length: usize) -> Vec<Self> {
        Self::by(values, ends, lag(ends.iter().copied().min(), season_length))
    }

    /// The scale of each fold's training rows, all by one yardstick.
    pub(crate) fn of_windows(
        values: &[f64],
        trains: impl Iterator<Item = Range<usize>>,
        season_length: usize,
    ) -> Vec<Self> {
        let trains: Vec<Range<usize>> = trains.collect();
        let rows = lag(trains.iter().map(ExactSizeIterator::len).min(), season_length);
        if trains.iter().all(|train| train.start == 0) {
            let ends: Vec<usize> = trains.iter().map(|train| train.end).collect();
            return Self::by(values, &ends, rows);
        }
        trains.into_iter().map(|train| Self::by(&values[train.clone()], &[train.len()], rows)[0]).collect()
    }

    fn by(values: &[f64], ends: &[usize], rows: usize) -> Vec<Self> {
        let start = first_demand(values);
        let mut absolute = Differences::new(rows, f64::abs);
        let mut squared = Differences::new(rows, |difference| difference * difference);
        let mut scale = |&end: &usize| {
            absolute.read(&values[..end]);
            squared.read(&values[start.min(end)..end]);
            Self { rows, absolute: absolute.mean(), squared: squared.mean() }
        };
        ends.iter().map(&mut scale).collect()
    }

    /// Mean absolute first difference from the first demand on: the scale of the scaled pinball loss of M5.
    pub(crate) fn of_first_differences(train: &[f64]) -> Option<f64> {
        let mut differences = Differences::new(1, f64::abs);
        differences.read(&train[first_demand(train)..]);
        differences.mean()
    }
}

/// A window that holds no season is measured by its first differences.
fn lag(shortest: Option<usize>, season_length: usize) -> usize {
    if shortest.is_some_and(|rows| rows > season_length) { season_length.max(1) } else { 1 }
}

/// The mean absolute error of Seasonal Naive with a season of so many rows: each test row is what it was as many whole
/// seasons before as lie after the training, or before that if there was nothing. `None` without an outcome or a past.
pub(crate) fn naive_error(
    values: &[f64],
    train: &Range<usize>,
    test: &Range<usize>,
    season_rows: usize,
) -> Option<f64> {
    let rows = season_rows.max(1);
    let newest = train.clone().rev().find(|&row| !values[row].is_nan())?;
    let (mut sum, mut points) = (0.0, 0_usize);
    for row in test.clone().filter(|&row| !values[row].is_nan()) {
        let back = (row + 1 - train.end).div_ceil(rows) * rows;
        let seen = row.checked_sub(back).into_iter().flat_map(|first| {
            (0..=first / rows).map(move |seasons| first - seasons * rows).take_while(|at| *at >= train.start)
        });
        let known = seen.into_iter().find(|&at| !values[at].is_nan()).unwrap_or(newest);
        sum += (values[row] - values[known]).abs();
        points += 1;
    }
    kernel::finite(sum / points as f64)
}

/// One error over another, 1 where both are none, and held between a hundredth and a hundred times.
pub fn relative_error(own: f64, benchmark: f64) -> f64 {
    if own.total_cmp(&benchmark).is_eq() { 1.0 } else { (own / benchmark).clamp(0.01, 100.0) }
}

fn first_demand(values: &[f64]) -> usize {
    values.iter().position(|value| !value.is_nan() && *value != 0.0).unwrap_or(values.len())
}

/// The mean size of the differences between values `lag` rows apart.
struct Differences<F> {
    lag: usize,
    size: F,
    rows: usize,
    sum: f64,
    count: usize,
}

impl<F: Fn(f64) -> f64> Differences<F> {
    const fn new(lag: usize, size: F) -> Self {
        Self { lag, size, rows: 0, sum: 0.0, count: 0 }
    }

    /// Goes on to the end of these values, of which it has read the first rows.
    fn read(&mut self, values: &[f64]) {
        let from = self.rows.max(self.lag).min(values.len());
        for (later, earlier) in values[from..].iter().zip(&values[from.saturating_sub(self.lag)..]) {
            let difference = later - earlier;
            if !difference.is_nan() {
                self.sum += (self.size)(difference);
                self.count += 1;
            }
        }
        self.rows = values.len();
    }

    fn mean(&self) -> Option<f64> {
        let mean = self.sum / self.count as f64;
        (mean.is_finite() && mean > 0.0).then_some(mean)
    }
}
