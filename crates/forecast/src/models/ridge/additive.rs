//! Ridge on a feature set: an additive model whose parts can be told apart.

use wire::model_selection::Family;

use super::Linear;
use crate::catalog::{Availability, Build, Definition};
use crate::features::{FeatureSet, Tail};
use crate::median::median;
use crate::model::{FitError, Fitted, Future, History, Model};
use crate::params::Parameter;

/// Ridge on the columns of a set. A missing cell takes its column's training median; a column without any
/// training value is left out.
///
/// Values are taken in units of their standard deviation, so that what shrinks a column of earlier values is the same in
/// euros and in cents, and is a number of rows as for the other columns.
struct Additive {
    set: FeatureSet,
    alpha: f64,
}

struct FittedAdditive {
    line: Linear,
    medians: Vec<Option<f64>>,
    tail: Tail,
    unit: f64,
}

impl Model for Additive {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let unit = unit(history.values);
        let values: Vec<f64> = history.values.iter().map(|value| value / unit).collect();
        let (matrix, tail) = self.set.learn(&History { values: &values, ..*history });
        let seen: Vec<_> = matrix.rows().zip(&values).filter(|(_, value)| !value.is_nan()).collect();
        let column = |at: usize| seen.iter().map(move |(row, _)| row[at]).filter(|cell| !cell.is_nan());
        let medians: Vec<Option<f64>> = (0..matrix.width()).map(|at| median(column(at).collect())).collect();
        let rows: Vec<Vec<f64>> = seen.iter().map(|(row, _)| impute(row, &medians)).collect();
        let targets: Vec<f64> = seen.iter().map(|(_, value)| **value).collect();
        let line = Linear::ridge(&rows, &targets, self.alpha);
        Ok(Box::new(FittedAdditive { line, medians, tail, unit }))
    }
}

impl Fitted for FittedAdditive {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        let matrix = self.tail.future(future);
        matrix.rows().map(|row| self.unit * self.line.at(&impute(row, &self.medians))).collect()
    }
}

/// The standard deviation of the observed values, or the size of values that are all the same.
fn unit(values: &[f64]) -> f64 {
    /// Of values that are all the same, rounding leaves a deviation of this share.
    const NONE: f64 = 1e-12;
    let seen = || values.iter().copied().filter(|value| !value.is_nan());
    let n = seen().count() as f64;
    let mean = seen().map(|value| value / n).sum::<f64>();
    let deviation = seen().map(|value| (value - mean) * ((value - mean) / n)).sum::<f64>().sqrt();
    let unit = if deviation > NONE * mean.abs() { deviation } else { mean.abs() };
    if unit.is_normal() { unit } else { 1.0 }
}

fn impute(row: &[f64], medians: &[Option<f64>]) -> Vec<f64> {
    let cell = |(&cell, median): (&f64, &Option<f64>)| median.map(|m| if cell.is_nan() { m } else { cell });
    row.iter().zip(medians).filter_map(cell).collect()
}

/// The definition of `prophet_like`.
pub(crate) fn prophet_like() -> Definition {
    Definition {
        model_type: "prophet_like",
        label: "Prophet-like additive",
        family: Family::Additive,
        is_feature_aware: true,
        description: "Trend, calendar, price and promotion effects that add up, shrunk by ridge regression.",
        parameters: [Parameter::number("alpha", 0.0, 10_000.0, 1.0, "Strength of the shrinkage.")]
            .into_iter()
            .chain(FeatureSet::parameters())
            .collect(),
        minimum_history: |_| 30,
        availability: Availability::Present,
        build: Build::Series(|params| {
            Box::new(Additive { set: FeatureSet::of(params), alpha: params.number("alpha") })
        }),
    }
}
