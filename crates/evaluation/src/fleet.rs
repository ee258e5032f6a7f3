//! Many models on the folds of every series of a fleet, and their forecasts after the last row.
//!
//! Series of one length and one first date are handed to the models together, sixty-four at a time and on as many
//! threads as the pool has, so that models whose arithmetic runs over many series at once share their passes. What a
//! series gets does not depend on the others: it is what [`backtest`](crate::backtest) and
//! [`forecast`](crate::forecast) give it alone. Fold predictions are judged and dropped; only the metrics and the
//! final forecasts are kept, in columns.

mod race;

use chrono::NaiveDate;
use forecast::FitError;
use kernel::{Class, Fault, FieldError};
use series::Fleet;
use series::columnar::{Compression, ForecastColumns, Keys, MetricColumns, WriteError};
use series::columnar::{write_forecasts, write_metrics};
use wire::model_selection::{Metric, Metrics};

pub use self::race::race_fleet;
use crate::split::SplitError;

/// What every model did on every series.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetRace {
    models: Vec<String>,
    horizon: usize,
    /// `[series · models + model]`; `None` where the model was refused.
    scores: Vec<Option<Score>>,
    /// `[(series · models + model) · horizon + step]`; `NaN` where the model was refused.
    points: Vec<f64>,
    /// Who was refused, and why.
    refusals: Vec<Refusal>,
}

/// A model's metrics over all folds of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Folds the metrics are pooled over.
    pub folds: usize,
    /// The metrics of the points of all folds together.
    pub metrics: Metrics,
}

/// A model that has no result on a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The series, counted from 0.
    pub series_idx: usize,
    /// The model, counted from 0.
    pub model_idx: usize,
    /// Why.
    pub reason: RefusalReason,
}

/// Why a model has no result on a series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusalReason {
    /// The series is too short for a fold.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// The model cannot learn from a fold or from the whole series.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// A race that did not take place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FleetRaceError {
    /// The split is outside its bounds.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// It was asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Fault for FleetRaceError {
    fn class(&self) -> Class {
        match self {
            Self::Split(error) => error.class(),
            Self::Cancelled => Class::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Split(error) => error.code(),
            Self::Cancelled => "CANCELLED",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Split(error) => error.fields(),
            Self::Cancelled => Vec::new(),
        }
    }
}

impl FleetRace {
    /// The model types, in the order of the specifications.
    pub fn models(&self) -> &[String] {
        &self.models
    }

    /// A model's metrics on a series, unless it was refused.
    pub fn score(&self, series_idx: usize, model_idx: usize) -> Option<&Score> {
        self.scores[series_idx * self.models.len() + model_idx].as_ref()
    }

    /// A model's forecast after the last row of a series, unless it was refused.
    pub fn points(&self, series_idx: usize, model_idx: usize) -> Option<&[f64]> {
        let place = series_idx * self.models.len() + model_idx;
        let points = &self.points[place * self.horizon..(place + 1) * self.horizon];
        self.scores[place].is_some().then_some(points)
    }

    /// Who was refused where, and why, series by series.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The forecasts as a Parquet file, one row per series, model and step.
    pub fn forecasts_parquet(&self, fleet: &Fleet, compression: Compression) -> Result<Vec<u8>, WriteError> {
        let places = self.scores.len() * self.horizon;
        let (mut series, mut models) = (Vec::with_capacity(places), Vec::with_capacity(places));
        let (mut steps, mut dates) = (Vec::with_capacity(places), Vec::with_capacity(places));
        for (code, series_idx) in (0_u32..).zip(0..fleet.len()) {
            let ahead: Vec<NaiveDate> = fleet.future_dates(series_idx, self.horizon).collect();
            for (model, _) in (0_u32..).zip(&self.models) {
                series.extend(std::iter::repeat_n(code, self.horizon));
                models.extend(std::iter::repeat_n(model, self.horizon));
                steps.extend((1_u32..).take(self.horizon));
                dates.extend_from_slice(&ahead);
            }
        }
        let columns = ForecastColumns {
            series: Keys { texts: fleet.names(), rows: &series },
            models: Keys { texts: &self.models, rows: &models },
            steps: &steps,
            dates: &dates,
            points: &self.points,
            interval: None,
        };
        write_forecasts(&columns, compression)
    }

    /// The metrics as a Parquet file, one row per series and model.
    pub fn metrics_parquet(&self, fleet: &Fleet, compression: Compression) -> Result<Vec<u8>, WriteError> {
        let models = u32::try_from(self.models.len()).unwrap_or(u32::MAX);
        let rows = (0_u32..).zip(0..fleet.len()).flat_map(|(code, _)| (0..models).map(move |m| (code, m)));
        let (series, of_model): (Vec<u32>, Vec<u32>) = rows.unzip();
        let count = |score: &Option<Score>| {
            score.as_ref().map_or(0, |score| u32::try_from(score.folds).unwrap_or(u32::MAX))
        };
        let folds: Vec<u32> = self.scores.iter().map(count).collect();
        let column = |metric: Metric| -> Vec<f64> {
            let value = |score: &Option<Score>| score.as_ref().and_then(|score| score.metrics.get(metric));
            self.scores.iter().map(|score| value(score).unwrap_or(f64::NAN)).collect()
        };
        let values: Vec<(Metric, Vec<f64>)> =
            Metric::ALL.iter().map(|&metric| (metric, column(metric))).collect();
        let metrics: Vec<(Metric, &[f64])> = values.iter().map(|(metric, v)| (*metric, &**v)).collect();
        let columns = MetricColumns {
            series: Keys { texts: fleet.names(), rows: &series },
            models: Keys { texts: &self.models, rows: &of_model },
            folds: &folds,
            metrics: &metrics,
        };
        write_metrics(&columns, compression)
    }
}

#[cfg(test)]
#[path = "fleet/tests.rs"]
mod tests;
