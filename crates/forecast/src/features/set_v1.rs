//! Feature set V1: 14 columns per date.
//!
//! | columns | historical row `i` | `d` steps after the last known value `y[T]` |
//! |---|---|---|
//! | `lag_1`, `lag_7`, `lag_14`, `lag_28` | `y[i−k]`, missing if `i < k` | `y[T+d−k]` if `d ≤ k` and in the tail |
//! | `dow_sin`, `dow_cos` | of `2π·dow/7`, Monday 0 | same |
//! | `month_sin`, `month_cos` | of `2π·month/12`, January 1 | same |
//! | `is_weekend`, `is_month_end` | 0 or 1 | same |
//! | `price_factor`, `promo_active`, `is_holiday` | what is known of the date | same, from the plan |
//! | `days_since_launch` | days, missing without a launch date | same |
//!
//! The columns of days within a month are missing where rows are months. A future lag is never filled with a forecast or a later actual: it is missing. That is the leakage rule.

use std::f64::consts::TAU;

use chrono::Datelike;

use super::set::{Matrix, Safety, SetColumn};
use crate::model::{Future, History};
use series::KnownRows;
use wire::Moment;

/// The columns of set V1, in order.
pub const COLUMNS_V1: [&str; 14] = [
    "lag_1",
    "lag_7",
    "lag_14",
    "lag_28",
    "dow_sin",
    "dow_cos",
    "month_sin",
    "month_cos",
    "is_weekend",
    "is_month_end",
    "price_factor",
    "promo_active",
    "is_holiday",
    "days_since_launch",
];

/// Rows of the past that a future row may look back on.
pub(crate) const HISTORY_TAIL: usize = 90;

const LAGS: [usize; 4] = [1, 7, 14, 28];

/// The columns with their classes.
pub(crate) fn columns() -> Vec<SetColumn> {
    let safety = |name: &str| match name {
        "price_factor" | "promo_active" => Safety::UnsafeUnlessSupplied,
        lag if lag.starts_with("lag_") => Safety::ConditionallySafe,
        _ => Safety::Safe,
    };
    COLUMNS_V1.into_iter().map(|name| SetColumn { name, group: None, safety: safety(name) }).collect()
}

/// One row per row of the history, each from strictly earlier values only.
pub(crate) fn historical(history: &History<'_>, grid: Grid) -> Matrix {
    let lag = |row: usize, lag: usize| row.checked_sub(lag).map_or(f64::NAN, |at| history.values[at]);
    let known = history.known.map(|past| past.known);
    let row = |at: usize| {
        let lags = LAGS.map(|distance| lag(at, distance));
        assemble(lags, grid.calendar(history.dates[at]), history.dates[at], known, at)
    };
    Matrix::new(COLUMNS_V1.len(), (0..history.values.len()).flat_map(row).collect())
}

/// One row per future step, whose lags are values of the history's tail or missing.
pub(crate) fn future(tail: &[f64], future: &Future<'_>, grid: Grid) -> Matrix {
    let tail = &tail[tail.len().saturating_sub(HISTORY_TAIL)..];
    let lag = |step: usize, lag: usize| match lag.checked_sub(step) {
        Some(back) => tail.len().checked_sub(back + 1).map_or(f64::NAN, |at| tail[at]),
        None => f64::NAN,
    };
    let row = |at: usize| {
        let lags = LAGS.map(|distance| lag(at + 1, distance));
        assemble(lags, grid.calendar(future.dates[at]), future.dates[at], future.known, at)
    };
    Matrix::new(COLUMNS_V1.len(), (0..future.steps()).flat_map(row).collect())
}

/// How far apart the rows of a history are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grid {
    /// A week at most, somewhere.
    Days,
    /// Months. Which weekday one begins on, or whether it is the last of its month, says nothing of a row that is a
    /// month, and is another a year later.
    Months,
}

impl Grid {
    pub(crate) fn of(dates: &[Moment]) -> Self {
        let is_near = |pair: &[Moment]| (pair[1] - pair[0]).num_days() <= 7;
        if dates.len() < 2 || dates.windows(2).any(is_near) { Self::Days } else { Self::Months }
    }

    /// [`calendar`], without what means nothing on the grid.
    pub(crate) fn calendar(self, date: Moment) -> [f64; 6] {
        let [_, _, month_sin, month_cos, ..] = calendar(date);
        match self {
            Self::Days => calendar(date),
            Self::Months => [f64::NAN, f64::NAN, month_sin, month_cos, f64::NAN, f64::NAN],
        }
    }
}

fn assemble(
    lags: [f64; 4],
    [dow_sin, dow_cos, month_sin, month_cos, weekend, month_end]: [f64; 6],
    date: Moment,
    known: Option<KnownRows<'_>>,
    at: usize,
) -> [f64; 14] {
    let fact = |is: bool| f64::from(u8::from(is));
    // Without a plan the price is the usual one, nothing is promoted and no day is special.
    let (price, promo, holiday, launch) = match known {
        Some(known) => (
            known.price_factor[at],
            fact(known.promo_active[at]),
            known.holidays_of(at),
            known.launch_date.map_or(f64::NAN, |launch| (date.date() - launch).num_days() as f64),
        ),
        None => (1.0, 0.0, 0.0, f64::NAN),
    };
    let [lag_1, lag_7, lag_14, lag_28] = lags;
    [
        lag_1, lag_7, lag_14, lag_28, dow_sin, dow_cos, month_sin, month_cos, weekend, month_end, price,
        promo, holiday, launch,
    ]
}

/// `[dow_sin, dow_cos, month_sin, month_cos, is_weekend, is_month_end]`.
pub(crate) fn calendar(date: Moment) -> [f64; 6] {
    let weekday = f64::from(date.weekday().num_days_from_monday());
    let (dow_sin, dow_cos) = (TAU * weekday / 7.0).sin_cos();
    let (month_sin, month_cos) = (TAU * f64::from(date.month()) / 12.0).sin_cos();
    let is_month_end = date.day() == u32::from(date.num_days_in_month());
    [
        dow_sin,
        dow_cos,
        month_sin,
        month_cos,
        f64::from(u8::from(weekday >= 5.0)),
        f64::from(u8::from(is_month_end)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::days;

    #[test]
    fn historical_lags_are_earlier_values_or_missing() {
        let values: Vec<f64> = (0..40).map(f64::from).collect();
        let dates = days(40);
        let set = historical(&History { values: &values, dates: &dates, known: None }, Grid::Days);
        for (at, row) in set.rows().enumerate() {
            for (column, lag) in LAGS.into_iter().enumerate() {
                let expected = at.checked_sub(lag).map(|earlier| values[earlier]);
                assert_eq!(kernel::finite(row[column]), expected, "row {at} lag {lag}");
            }
        }
    }

    #[test]
    fn no_future_lag_holds_a_value_from_after_the_origin() {
        let tail: Vec<f64> = (0..120).map(f64::from).collect();
        let dates = days(40);
        let set = future(&tail, &Future { dates: &dates, known: None }, Grid::Days);
        for (at, row) in set.rows().enumerate() {
            for (column, lag) in LAGS.into_iter().enumerate() {
                // The history ends with 119 at step 0, so the step's lag is 119 + step − lag where that is past.
                let (step, lag) = (at + 1, lag);
                let expected = (step <= lag).then(|| (119 + step - lag) as f64);
                assert_eq!(kernel::finite(row[column]), expected, "step {step} lag {lag}");
            }
        }
    }

    #[test]
    fn calendar_columns_follow_the_date() {
        let [dow_sin, dow_cos, _, month_cos, weekend, month_end] = calendar("2024-06-30".parse().unwrap());
        assert!((dow_sin - (TAU * 6.0 / 7.0).sin()).abs() < 1e-15);
        assert!((dow_cos - (TAU * 6.0 / 7.0).cos()).abs() < 1e-15);
        assert!((month_cos + 1.0).abs() < 1e-15);
        assert_eq!((weekend, month_end), (1.0, 1.0));
    }
}
