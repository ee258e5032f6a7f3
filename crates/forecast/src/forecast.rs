//! The forecast beyond the end of a series.

use kernel::{Class, Fault, FieldError};
use series::{Known, Series};
use wire::Moment;
use wire::model_selection::Forecast;

use crate::ModelSpec;
use crate::law::Predicted;
use crate::model::{FitError, Future, History};

/// A forecast that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForecastError {
    /// The model depends on prices and promotions, and no plan of them was given.
    #[error("{model_type} needs a plan of prices and promotions for the {horizon} days to forecast")]
    PlanMissing {
        /// The model.
        model_type: &'static str,
        /// Steps asked for.
        horizon: usize,
    },
    /// The plan does not cover the steps.
    #[error("the plan's {column} has {found} rows for {horizon} steps")]
    PlanMisaligned {
        /// The column.
        column: &'static str,
        /// Its rows.
        found: usize,
        /// Steps asked for.
        horizon: usize,
    },
    /// The horizon is outside its bounds.
    #[error("the horizon must be from 1 to {limit}, not {horizon}")]
    Horizon {
        /// What was asked for.
        horizon: usize,
        /// The largest.
        limit: usize,
    },
    /// The model cannot learn from the series.
    #[error("the series cannot be forecast")]
    Fit(#[from] FitError),
}

impl Fault for ForecastError {
    fn class(&self) -> Class {
        match self {
            Self::Horizon { .. } | Self::PlanMisaligned { .. } => Class::Invalid,
            Self::PlanMissing { .. } | Self::Fit(_) => Class::Unprocessable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::PlanMissing { .. } => "PLAN_MISSING",
            Self::PlanMisaligned { .. } => "PLAN_MISALIGNED",
            Self::Horizon { .. } => "HORIZON_OUT_OF_BOUNDS",
            Self::Fit(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Horizon { .. } => vec![FieldError::new("horizon", self.to_string())],
            _ => Vec::new(),
        }
    }
}

const MAX_HORIZON: usize = 3660;

/// Learns from the whole series and forecasts the next `horizon` dates. A series with known prices and promotions
/// needs a `plan` of them, one row per step, if the model reads them.
pub fn forecast(
    series: &Series,
    spec: &ModelSpec,
    horizon: usize,
    plan: Option<&Known>,
) -> Result<Forecast, ForecastError> {
    let (dates, predicted) = predict(series, spec, horizon, plan)?;
    Ok(Forecast { dates, points: predicted.points, intervals: None })
}

/// [`forecast`] with what the model says of its errors, and the dates of the steps.
pub fn predict(
    series: &Series,
    spec: &ModelSpec,
    horizon: usize,
    plan: Option<&Known>,
) -> Result<(Vec<Moment>, Predicted), ForecastError> {
    require_plan(series, spec, horizon, plan)?;
    let dates = series.future_dates(horizon);
    let history = History {
        values: series.values(),
        dates: series.dates(),
        known: series.known().map(|known| known.past(0..series.len())),
    };
    let future = Future { dates: &dates, known: plan.map(|known| known.rows(0..horizon)) };
    let predicted = spec.predict(&history, &future)?;
    Ok((dates, predicted))
}

/// Refuses a horizon out of bounds and a plan that is missing or does not cover it.
pub(crate) fn require_plan(
    series: &Series,
    spec: &ModelSpec,
    horizon: usize,
    plan: Option<&Known>,
) -> Result<(), ForecastError> {
    if !(1..=MAX_HORIZON).contains(&horizon) {
        return Err(ForecastError::Horizon { horizon, limit: MAX_HORIZON });
    }
    if let Some(known) = plan {
        for (column, found) in known.plan_lengths() {
            if found < horizon {
                return Err(ForecastError::PlanMisaligned { column, found, horizon });
            }
        }
    } else if spec.is_feature_aware() && series.known().is_some() {
        return Err(ForecastError::PlanMissing { model_type: spec.model_type(), horizon });
    }
    Ok(())
}
