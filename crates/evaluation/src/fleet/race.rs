//! The race itself, block by block.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use forecast::{FitError, Future, History, ModelSpec};
use rayon::prelude::*;
use series::Fleet;
use wire::model_selection::Strategy;

use super::{FleetRace, FleetRaceError, Refusal, RefusalReason, Score};
use crate::BLOCK;
use crate::metrics::{Scale, Sums};
use crate::split::{Fold, SplitConfig};

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
}
