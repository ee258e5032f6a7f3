//! A forecast with intervals that stand on the folds of the same model.

use forecast::{ForecastError, ModelSpec, predict};
use series::{Known, Series};
use wire::model_selection::Forecast;

use crate::Backtest;
use crate::interval::around;

/// What intervals are to be made of.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The same model's backtest on the same series, if it has one.
    pub backtest: Option<&'a Backtest>,
    /// Shares of outcomes that should fall inside, between 0 and 1.
    pub levels: &'a [f64],
}

/// [`forecast::forecast`] with intervals.
pub fn forecast_with_intervals(
    series: &Series,
    spec: &ModelSpec,
    horizon: usize,
    plan: Option<&Known>,
    evidence: Evidence<'_>,
) -> Result<Forecast, ForecastError> {
    let (dates, predicted) = predict(series, spec, horizon, plan)?;
    let intervals = around(&predicted, evidence.backtest, evidence.levels);
    Ok(Forecast { dates, points: predicted.points, intervals })
}
