//! Ridge on feature frame V1: an additive model whose parts can be told apart.

use super::Linear;
use crate::catalog::{Availability, Build, Definition, Family};
use crate::features::{FrameV1, HISTORY_TAIL};
use crate::model::{FitError, Fitted, Future, History, Model};
use crate::params::Parameter;

/// Ridge on the 14 columns of frame V1. A missing cell takes its column's training median; a column without any
/// training value is left out.
struct Additive {
    alpha: f64,
}

struct FittedAdditive {
    line: Linear,
    medians: Vec<Option<f64>>,
    tail: Vec<f64>,
}

impl Model for Additive {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let frame = FrameV1::historical(history);
        let seen: Vec<_> =
            frame.rows.iter().zip(history.values).filter(|(_, value)| !value.is_nan()).collect();
        let width = frame.rows.first().map_or(0, |row| row.len());
        let column = |at: usize| seen.iter().map(move |(row, _)| row[at]).filter(|cell| !cell.is_nan());
        let medians: Vec<Option<f64>> = (0..width).map(|at| median(column(at).collect())).collect();
        let rows: Vec<Vec<f64>> = seen.iter().map(|(row, _)| impute(row.as_slice(), &medians)).collect();
        let targets: Vec<f64> = seen.iter().map(|(_, value)| **value).collect();
        let line = Linear::ridge(&rows, &targets, self.alpha);
        let tail = history.values[history.values.len().saturating_sub(HISTORY_TAIL)..].to_vec();
        Ok(Box::new(FittedAdditive { line, medians, tail }))
    }
}

impl Fitted for FittedAdditive {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        let frame = FrameV1::future(&self.tail, future);
        frame.rows.iter().map(|row| self.line.at(&impute(row, &self.medians))).collect()
    }
}

fn impute(row: &[f64], medians: &[Option<f64>]) -> Vec<f64> {
    let cell = |(&cell, median): (&f64, &Option<f64>)| median.map(|m| if cell.is_nan() { m } else { cell });
    row.iter().zip(medians).filter_map(cell).collect()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(0.5 * values[low] + 0.5 * values[high])
}

/// The definition of `prophet_like`.
pub(crate) fn prophet_like() -> Definition {
    Definition {
        model_type: "prophet_like",
        label: "Prophet-like Additive",
        family: Family::Additive,
        is_feature_aware: true,
        description: "Trend, calendar, price and promotion effects that add up, shrunk by ridge regression.",
        parameters: vec![Parameter::number("alpha", 0.0, 10_000.0, 1.0, "Strength of the shrinkage.")],
        minimum_history: |_| 30,
        availability: Availability::Present,
        build: Build::Series(|params| Box::new(Additive { alpha: params.number("alpha") })),
    }
}
