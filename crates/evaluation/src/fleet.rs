//! Many models on the folds of every series of a fleet, and their forecasts after the last row.
//!
//! Series of one length and one first date are handed to the models together, sixty-four at a time and on as many
//! threads as the pool has, so that models whose arithmetic runs over many series at once share their passes. What a
//! series gets does not depend on the others: it is what [`backtest`](crate::backtest) and
//! [`forecast`](crate::forecast) give it alone. Fold predictions are judged and dropped; only the metrics and the
//! final forecasts are kept, in columns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Class, Fault, FieldError};
use rayon::prelude::*;
use wire::model_selection::{Metric, Metrics, Strategy};

use crate::BLOCK;
use crate::metrics::{Scale, Sums};
use crate::split::{Fold, SplitConfig, SplitError};
use forecast::{FitError, ModelSpec};
use forecast::{Future, History};
use series::Fleet;
use series::columnar::{Compression, ForecastColumns, Keys, MetricColumns, WriteError};
use series::columnar::{write_forecasts, write_metrics};

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

/// Series of one length and first date that are learned together.
struct Block {
    members: Vec<usize>,
    /// The dates of the rows and of the steps after them.
    dates: Vec<NaiveDate>,
}

/// Runs every model over the folds of every series and forecasts `split.horizon` steps after the last row.
/// `cancelled` is asked before each block.
pub fn race_fleet(
    fleet: &Fleet,
    specs: &[ModelSpec],
    split: &SplitConfig,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<FleetRace, FleetRaceError> {
    split.validate()?;
    let blocks = blocks(fleet, split.horizon);
    let raced: Vec<Option<Vec<Lane>>> = blocks
        .par_iter()
        .map(|block| (!cancelled()).then(|| Race { fleet, specs, split, block }.run()))
        .collect();
    let mut race = FleetRace {
        models: specs.iter().map(|spec| spec.model_type().to_owned()).collect(),
        horizon: split.horizon,
        scores: vec![None; fleet.len() * specs.len()],
        points: vec![f64::NAN; fleet.len() * specs.len() * split.horizon],
        refusals: Vec::new(),
    };
    for (block, lanes) in blocks.iter().zip(raced) {
        let mut lanes = lanes.ok_or(FleetRaceError::Cancelled)?.into_iter();
        for model_idx in 0..specs.len() {
            for &series_idx in &block.members {
                race.put(series_idx, model_idx, lanes.next().expect("there is one per model and series"));
            }
        }
    }
    race.refusals.sort_by_key(|refusal| (refusal.series_idx, refusal.model_idx));
    Ok(race)
}

/// Blocks in a fixed order, whatever the threads.
fn blocks(fleet: &Fleet, horizon: usize) -> Vec<Block> {
    let mut alike: BTreeMap<(usize, NaiveDate), Vec<usize>> = BTreeMap::new();
    for series_idx in 0..fleet.len() {
        alike.entry((fleet.values(series_idx).len(), fleet.start(series_idx))).or_default().push(series_idx);
    }
    let mut blocks = Vec::new();
    for members in alike.into_values() {
        let past = fleet.dates(members[0]);
        let dates: Vec<NaiveDate> = past.chain(fleet.future_dates(members[0], horizon)).collect();
        let block = |members: &[usize]| Block { members: members.to_vec(), dates: dates.clone() };
        blocks.extend(members.chunks(BLOCK).map(block));
    }
    blocks
}

/// What a model gave on a series.
type Lane = Result<(Score, Vec<f64>), RefusalReason>;

struct Race<'a> {
    fleet: &'a Fleet,
    specs: &'a [ModelSpec],
    split: &'a SplitConfig,
    block: &'a Block,
}

impl Race<'_> {
    /// `[model · members + member]`.
    fn run(&self) -> Vec<Lane> {
        let rows = self.fleet.values(self.block.members[0]).len();
        let folds = match self.split.folds(rows) {
            Ok(folds) => folds,
            Err(error) => {
                let refused = || Err(RefusalReason::Split(error.clone()));
                return (0..self.specs.len() * self.block.members.len()).map(|_| refused()).collect();
            }
        };
        let scales: Vec<Vec<Scale>> = self.block.members.iter().map(|&at| self.scales(at, &folds)).collect();
        self.specs.iter().flat_map(|spec| self.model(spec, &folds, &scales)).collect()
    }

    fn scales(&self, series_idx: usize, folds: &[Fold]) -> Vec<Scale> {
        let (values, season) = (self.fleet.values(series_idx), self.fleet.frequency().season_length());
        let ends: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
        match self.split.strategy {
            Strategy::Expanding => Scale::of_prefixes(values, &ends, season),
            Strategy::Sliding => {
                folds.iter().map(|fold| Scale::of(&values[fold.train.clone()], season)).collect()
            }
        }
    }

    /// One model on all members.
    fn model(&self, spec: &ModelSpec, folds: &[Fold], scales: &[Vec<Scale>]) -> Vec<Lane> {
        let rows = self.fleet.values(self.block.members[0]).len();
        let mut origins: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
        origins.push(rows);
        let mut found = match self.split.strategy {
            Strategy::Expanding => self.forecasts(spec, 0, &origins),
            Strategy::Sliding => self.sliding(spec, folds, rows),
        };
        let lane = |(member, forecasts): (usize, &mut Vec<Result<Vec<f64>, FitError>>)| {
            let last = forecasts.pop().expect("the end is an origin")?;
            let values = self.fleet.values(self.block.members[member]);
            let mut sums = Sums::default();
            for ((fold, points), scale) in folds.iter().zip(forecasts).zip(&scales[member]) {
                let points = points.as_ref().map_err(Clone::clone)?;
                let tested = &points[fold.test.start - fold.train.end..];
                sums.add_all(&values[fold.test.clone()], tested, *scale);
            }
            Ok((Score { folds: folds.len(), metrics: sums.metrics() }, last))
        };
        found.iter_mut().enumerate().map(lane).collect()
    }

    /// For each member the forecasts at each origin, counted in rows after `first`, which the model does not see.
    /// They reach over the gap.
    fn forecasts(
        &self,
        spec: &ModelSpec,
        first: usize,
        origins: &[usize],
    ) -> Vec<Vec<Result<Vec<f64>, FitError>>> {
        let dates = &self.block.dates[first..];
        let rows = origins.last().copied().unwrap_or(0);
        let history = |&series_idx: &usize| History {
            values: &self.fleet.values(series_idx)[first..first + rows],
            dates: &dates[..rows],
            known: None,
        };
        let histories: Vec<History<'_>> = self.block.members.iter().map(history).collect();
        let end = self.block.dates.len();
        let reach = |origin: usize| (first + origin + self.split.gap + self.split.horizon).min(end) - first;
        let future = |&origin: &usize| Future { dates: &dates[origin..reach(origin)], known: None };
        let futures: Vec<Future<'_>> = origins.iter().map(future).collect();
        spec.forecast_block(&histories, origins, &vec![futures; histories.len()])
    }

    /// Windows that move share no passes: each fold is learned from its own rows alone.
    fn sliding(&self, spec: &ModelSpec, folds: &[Fold], rows: usize) -> Vec<Vec<Result<Vec<f64>, FitError>>> {
        let mut all = vec![Vec::with_capacity(folds.len() + 1); self.block.members.len()];
        let windows = folds.iter().map(|fold| fold.train.clone()).chain(std::iter::once(0..rows));
        for window in windows {
            for (found, one) in all.iter_mut().zip(self.forecasts(spec, window.start, &[window.len()])) {
                found.extend(one);
            }
        }
        all
    }
}

impl FleetRace {
    fn put(&mut self, series_idx: usize, model_idx: usize, lane: Lane) {
        let place = series_idx * self.models.len() + model_idx;
        match lane {
            Ok((score, points)) => {
                self.scores[place] = Some(score);
                self.points[place * self.horizon..(place + 1) * self.horizon].copy_from_slice(&points);
            }
            Err(reason) => self.refusals.push(Refusal { series_idx, model_idx, reason }),
        }
    }

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
