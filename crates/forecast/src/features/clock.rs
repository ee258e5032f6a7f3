//! What a feature set has beside its columns where rows are shorter than a day: the time of the day, and the values of a day
//! and of a week before.
//!
//! The time is three waves of a day, so that a sum of effects has a morning and an evening. A value before is missing where it is
//! not past yet, as with every other lag.

use std::f64::consts::TAU;

use wire::Moment;

use super::set::Matrix;
use crate::model::{Future, History};

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;
/// Waves of a day, with a sine and a cosine each.
const WAVES: usize = 3;
const WIDTH: usize = 2 * WAVES + 2;

/// The end of a history of times.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// Rows of a day and of a week.
    lags: [usize; 2],
    /// The values of the last week.
    values: Vec<f64>,
}

impl Clock {
    /// `None` where rows are days or longer.
    pub(crate) fn of(history: &History<'_>) -> Option<Self> {
        let is_time = history.dates.first().is_some_and(|date| date.is_time());
        let steps = history.dates.windows(2).map(|pair| (pair[1] - pair[0]).num_seconds());
        let step = steps.min().filter(|&step| is_time && step > 0)?;
        let rows = |days: i64| usize::try_from(days * SECONDS_OF_A_DAY / step).unwrap_or(usize::MAX);
        let lags = [rows(1), rows(7)];
        let from = history.values.len().saturating_sub(lags[1]);
        Some(Self { lags, values: history.values[from..].to_vec() })
    }

    /// Beside the rows of a history.
    pub(crate) fn beside_history(&self, rows: &Matrix, history: &History<'_>) -> Matrix {
        let lag = |row: usize, lag: usize| row.checked_sub(lag).map_or(f64::NAN, |at| history.values[at]);
        rows.beside(
            history.dates.iter().enumerate().map(|(row, &date)| self.cells(date, |rows| lag(row, rows))),
        )
    }

    /// Beside the rows of a future.
    pub(crate) fn beside_future(&self, rows: &Matrix, future: &Future<'_>) -> Matrix {
        let lag = |step: usize, lag: usize| {
            let back = lag.checked_sub(step)?;
            self.values.len().checked_sub(back).and_then(|at| self.values.get(at)).copied()
        };
        let cells =
            |(step, &date): (usize, &Moment)| self.cells(date, |rows| lag(step, rows).unwrap_or(f64::NAN));
        rows.beside(future.dates.iter().enumerate().map(cells))
    }

    fn cells(&self, date: Moment, lag: impl Fn(usize) -> f64) -> [f64; WIDTH] {
        let share = date.to_epoch_seconds().rem_euclid(SECONDS_OF_A_DAY) as f64 / SECONDS_OF_A_DAY as f64;
        let mut cells = [f64::NAN; WIDTH];
        for wave in 0..WAVES {
            let (sin, cos) = (TAU * share * (wave + 1) as f64).sin_cos();
            (cells[2 * wave], cells[2 * wave + 1]) = (sin, cos);
        }
        (cells[WIDTH - 2], cells[WIDTH - 1]) = (lag(self.lags[0]), lag(self.lags[1]));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FeatureSet;

    #[test]
    fn hours_see_their_time_and_the_same_hour_of_yesterday_and_of_last_week() {
        let dates: Vec<Moment> =
            (0..24 * 9).map(|hour| Moment::from_epoch_seconds(3_600 * hour).unwrap()).collect();
        let values: Vec<f64> = (0..dates.len()).map(|row| row as f64).collect();
        let (past, ahead) = (24 * 8, 24);
        let history = History { values: &values[..past], dates: &dates[..past], known: None };
        let (rows, tail) = FeatureSet::V1.learn(&history);
        let last = rows.rows().last().unwrap();
        assert_eq!(last[last.len() - 2..], [(past - 1 - 24) as f64, (past - 1 - 168) as f64]);
        let future = tail.future(&Future { dates: &dates[past..], known: None });
        for (step, row) in future.rows().enumerate() {
            assert_eq!(row.len(), rows.width());
            // A day before is past for all of the first day, and nothing after the origin is seen.
            assert_eq!(row[row.len() - 2..], [(past + step - 24) as f64, (past + step - 168) as f64]);
        }
        assert_eq!(future.rows().len(), ahead);
        let days = crate::testing::days(40);
        let history = History { values: &values[..40], dates: &days, known: None };
        assert!(Clock::of(&history).is_none());
    }
}
