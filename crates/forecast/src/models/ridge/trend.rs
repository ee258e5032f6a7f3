//! A straight trend with weekday and month effects counted from the start of the training window.

use wire::model_selection::Family;

use super::Linear;
use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, Fitted, Future, History, Model};
use crate::params::Parameter;

/// Ridge on rows `e = 0..n−1` of `[e, one-hot(e mod 7), one-hot((e div 30) mod 12)]`; future rows are
/// `e = n..n+H−1`. The weekday and month are positions in the window, not those of the calendar.
#[derive(Debug, Clone, Copy)]
struct Trend {
    alpha: f64,
    columns: Columns,
}

#[derive(Debug, Clone, Copy)]
struct Columns {
    weekdays: usize,
    months: usize,
}

struct FittedTrend {
    line: Linear,
    columns: Columns,
    rows: usize,
}

impl Columns {
    fn row(self, elapsed: usize) -> Vec<f64> {
        let mut row = vec![0.0; 1 + self.weekdays + self.months];
        row[0] = elapsed as f64;
        if self.weekdays > 0 {
            row[1 + elapsed % self.weekdays] = 1.0;
        }
        if self.months > 0 {
            row[1 + self.weekdays + (elapsed / 30) % self.months] = 1.0;
        }
        row
    }
}

impl Model for Trend {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let seen = history.values.iter().enumerate().filter(|(_, value)| !value.is_nan());
        let (rows, targets): (Vec<_>, Vec<_>) = seen.map(|(e, &value)| (self.columns.row(e), value)).unzip();
        let line = Linear::ridge(&rows, &targets, self.alpha);
        Ok(Box::new(FittedTrend { line, columns: self.columns, rows: history.values.len() }))
    }
}

impl Fitted for FittedTrend {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        (0..future.steps()).map(|step| self.line.at(&self.columns.row(self.rows + step))).collect()
    }
}

/// The definition of `trend_regression_baseline`.
pub(crate) fn trend_regression_baseline() -> Definition {
    Definition {
        model_type: "trend_regression_baseline",
        label: "Trend regression",
        family: Family::Additive,
        is_feature_aware: false,
        description: "A straight trend with weekday and month effects, shrunk by ridge regression.",
        parameters: vec![
            Parameter::number("alpha", 0.0, 1000.0, 1.0, "Strength of the shrinkage."),
            Parameter::boolean("include_dow", true, "Whether days of the week have effects."),
            Parameter::boolean("include_month", true, "Whether months have effects."),
        ],
        minimum_history: |_| 2,
        availability: Availability::Present,
        build: Build::Series(|params| {
            let weekdays = if params.flag("include_dow") { 7 } else { 0 };
            let months = if params.flag("include_month") { 12 } else { 0 };
            Box::new(Trend { alpha: params.number("alpha"), columns: Columns { weekdays, months } })
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{forecast, spec};

    #[test]
    fn a_straight_line_is_continued() {
        let values: Vec<f64> = (0..20).map(|t| f64::from(3 * t + 5)).collect();
        let plain = json!({"alpha": 0.0, "include_dow": false, "include_month": false});
        let points = forecast(&spec("trend_regression_baseline", plain), &values, 2).unwrap();
        assert!((points[0] - 65.0).abs() < 1e-9 && (points[1] - 68.0).abs() < 1e-9, "{points:?}");
    }

    #[test]
    fn no_shrinkage_with_dependent_columns_still_has_a_solution() {
        let values: Vec<f64> = (0..70).map(|t| f64::from(t % 7)).collect();
        let points =
            forecast(&spec("trend_regression_baseline", json!({"alpha": 0.0})), &values, 14).unwrap();
        for (step, point) in points.iter().enumerate() {
            assert!((point - (step % 7) as f64).abs() < 1e-6, "{step}: {point}");
        }
    }
}
