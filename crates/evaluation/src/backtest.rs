//! One model on all folds of one series.

mod error;
mod shared;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use kernel::counted;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::model_selection::{Metrics, Strategy, Uncertainty};

pub use self::error::BacktestError;
use crate::metrics::{Aggregate, Bucket, Scale, Sums, naive_error, relative_error};
use crate::split::{Fold, SplitConfig, is_leakage_free};
use forecast::ModelSpec;
use forecast::{FitError, Future, History};
use forecast::{Law, Predicted};
use series::Series;
use wire::Moment;

/// What a fold gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldResult {
    /// From 0.
    pub fold_index: usize,
    /// Its rows and dates.
    pub split: FoldWindow,
    /// The test dates, which the candidates of a comparison share.
    #[serde(with = "shared")]
    pub dates: Arc<[Moment]>,
    /// What happened; `null` where missing.
    #[serde(with = "shared")]
    pub actuals: Arc<[Option<f64>]>,
    /// What was forecast.
    pub predictions: Vec<f64>,
    /// How far apart they are.
    pub metrics: Metrics,
    /// The mean absolute error of Seasonal Naive there, by which relative errors are measured.
    #[serde(default)]
    pub naive_error: Option<f64>,
}

/// The dates and sizes of a fold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldWindow {
    /// First training date.
    pub train_start: Moment,
    /// Last training date.
    pub train_end: Moment,
    /// First test date.
    pub test_start: Moment,
    /// Last test date.
    pub test_end: Moment,
    /// Training rows.
    pub train_size: usize,
    /// Test rows.
    pub test_size: usize,
}

/// A model's results on all folds of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// The model type.
    pub model_type: String,
    /// Its complete parameters.
    pub params: Value,
    /// The specification's hash.
    pub config_hash: String,
    /// In order of time.
    pub folds: Vec<FoldResult>,
    /// Rows between the values whose differences scaled errors are measured by, and of a season of Seasonal Naive.
    pub scale_rows: usize,
    /// The metrics over all folds.
    pub aggregate: Aggregate,
    /// The pooled metrics of days 1–7, 8–14, 15–28 and later; buckets without days are absent.
    pub buckets: BTreeMap<Bucket, Metrics>,
    /// How the outcomes lay in the intervals around the forecasts; absent in results of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub uncertainty: Option<Uncertainty>,
    /// Test points over all folds that had an actual.
    pub sample_size: usize,
    /// Whether every test lies after its training by at least the gap.
    pub leakage_check_passed: bool,
    /// `observed` for models that were given the test window's prices and promotions as a plan.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exogenous_policy: Option<String>,
    /// What a reader must know: fewer folds than asked, folds without demand, unsteady accuracy.
    pub warnings: Vec<String>,
}

/// An error of fewer per cent of the outcomes than this is none: sums of exact forecasts are rounded.
const ROUNDING_PERCENT: f64 = 1e-10;

impl Backtest {
    /// The mean absolute error over that of Seasonal Naive on the same points; `None` without points.
    pub fn relative_error(&self) -> Option<f64> {
        let judged = || self.folds.iter().map(|fold| (fold, fold.metrics.sample_size as f64));
        let is_exact = |fold: &FoldResult| fold.metrics.wape.is_some_and(|wape| wape < ROUNDING_PERCENT);
        let error = |fold: &FoldResult| if is_exact(fold) { Some(0.0) } else { fold.metrics.mae };
        let own: f64 = judged().filter_map(|(fold, points)| Some(points * error(fold)?)).sum();
        let naive: f64 = judged().filter_map(|(fold, points)| Some(points * fold.naive_error?)).sum();
        (self.sample_size > 0 && own.is_finite() && naive.is_finite()).then(|| relative_error(own, naive))
    }

    /// Lets go what no comparison of candidates asks for, and shares the dates and outcomes of its folds with those of another
    /// candidate on the same series: of many candidates on many series these are most of the memory.
    pub fn slim(&mut self, other: Option<&[FoldResult]>) {
        self.buckets = BTreeMap::new();
        self.aggregate.stability = BTreeMap::new();
        self.config_hash = String::new();
        self.folds.shrink_to_fit();
        for (own, other) in self.folds.iter_mut().zip(other.unwrap_or_default()) {
            own.share(other);
        }
    }
}

/// What a backtest is judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The folds.
    pub split: SplitConfig,
    /// The season of scaled and relative errors that was stated; the usual one of each series where none was.
    pub season_rows: Option<usize>,
}

impl From<&SplitConfig> for Terms {
    fn from(split: &SplitConfig) -> Self {
        Self { split: *split, season_rows: None }
    }
}

impl Terms {
    /// The scale of each fold, all by one yardstick.
    pub(crate) fn scales(&self, series: &Series, folds: &[Fold]) -> Vec<Scale> {
        let season = self.season_rows.unwrap_or_else(|| series.frequency().season_length());
        Scale::of_windows(series.values(), folds.iter().map(|fold| fold.train.clone()), season)
    }
}

/// Runs a model over all folds. `cancelled` is asked before each fold.
pub fn backtest(
    series: &Series,
    spec: &ModelSpec,
    terms: impl Into<Terms>,
    cancelled: &dyn Fn() -> bool,
) -> Result<Backtest, BacktestError> {
    let terms = terms.into();
    let folds = plan(series, spec, &terms.split)?;
    let shared = terms.split.strategy == Strategy::Expanding && spec.is_one_pass();
    let mut ahead =
        if shared { predict_all(series, spec, &folds, cancelled)? } else { Vec::new() }.into_iter();
    judged(series, spec, &terms, &folds, |fold| {
        if cancelled() {
            return Err(BacktestError::Cancelled { fold: fold.index });
        }
        let points = ahead.next().unwrap_or_else(|| predict(series, spec, fold));
        points.map_err(|source| BacktestError::Fit { fold: fold.index, source })
    })
}

/// The backtest of what `predict` says of each fold; the first that cannot be forecast ends it.
pub(crate) fn judged(
    series: &Series,
    spec: &ModelSpec,
    terms: &Terms,
    folds: &[Fold],
    mut predict: impl FnMut(&Fold) -> Result<Predicted, BacktestError>,
) -> Result<Backtest, BacktestError> {
    let mut results = Vec::with_capacity(folds.len());
    let (mut totals, mut laws) = (Totals::default(), Vec::with_capacity(folds.len()));
    for (fold, scale) in folds.iter().zip(terms.scales(series, folds)) {
        let Predicted { points, law, .. } = predict(fold)?;
        results.push(totals.judge(series, fold, points, scale));
        laws.push(law);
    }
    let uncertainty = uncertainty(series, folds, &results, &laws);
    Ok(Backtest { uncertainty, ..report(series, spec, terms, folds, results, &totals) })
}

/// The folds, or why this model cannot be run on them: everything that can be known before any work.
pub fn plan(series: &Series, spec: &ModelSpec, split: &SplitConfig) -> Result<Vec<Fold>, BacktestError> {
    let folds = split.folds(series.len())?;
    let (needed, found) = (spec.minimum_history(), folds.first().map_or(0, |fold| fold.train.len()));
    if found < needed {
        let room = series.len() - split.gap - split.horizon;
        return Err(BacktestError::TrainTooShort { model_type: spec.model_type(), needed, found, room });
    }
    Ok(folds)
}

/// The forecast of a fold's test rows: the gap is forecast as well and dropped, so step `h` is compared with the day
/// it was made for.
fn predict(series: &Series, spec: &ModelSpec, fold: &Fold) -> Points {
    let mut points = spec.predict(&past(series, fold.train.clone()), &ahead(series, fold))?;
    points.skip(fold.test.start - fold.train.end);
    Ok(points)
}

/// Rows to learn from.
pub(crate) fn past(series: &Series, rows: Range<usize>) -> History<'_> {
    History {
        values: &series.values()[rows.clone()],
        dates: &series.dates()[rows.clone()],
        known: series.known().map(|known| known.past(rows)),
    }
}

/// The steps from a fold's origin to the end of its test, over the gap.
pub(crate) fn ahead<'a>(series: &'a Series, fold: &Fold) -> Future<'a> {
    let rows = fold.train.end..fold.test.end;
    Future { dates: &series.dates()[rows.clone()], known: series.known().map(|known| known.rows(rows)) }
}

type Points = Result<Predicted, FitError>;

/// [`predict`] for all folds of an expanding split in one pass.
fn predict_all(
    series: &Series,
    spec: &ModelSpec,
    folds: &[Fold],
    cancelled: &dyn Fn() -> bool,
) -> Result<Vec<Points>, BacktestError> {
    if cancelled() {
        return Err(BacktestError::Cancelled { fold: 0 });
    }
    let origins: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
    let futures: Vec<Future<'_>> = folds.iter().map(|fold| ahead(series, fold)).collect();
    let mut all = spec.predict_prefixes(&past(series, 0..series.len()), &origins, &futures);
    for (points, fold) in all.iter_mut().zip(folds) {
        if let Ok(points) = points {
            points.skip(fold.test.start - fold.train.end);
        }
    }
    Ok(all)
}

/// The intervals judged on the folds; each fold's scale is the mean absolute first difference of its training rows.
pub(crate) fn uncertainty(
    series: &Series,
    folds: &[Fold],
    results: &[FoldResult],
    laws: &[Option<Law>],
) -> Option<Uncertainty> {
    let scale = |fold: &Fold| Scale::of_first_differences(&series.values()[fold.train.clone()]);
    crate::interval::judge(results, laws, &folds.iter().map(scale).collect::<Vec<_>>())
}

#[derive(Default)]
pub(crate) struct Totals {
    scale_rows: usize,
    pooled: Sums,
    buckets: BTreeMap<Bucket, Sums>,
}

impl Totals {
    pub(crate) fn judge(
        &mut self,
        series: &Series,
        fold: &Fold,
        predictions: Vec<f64>,
        scale: Scale,
    ) -> FoldResult {
        let (dates, actuals) = (&series.dates()[fold.test.clone()], &series.values()[fold.test.clone()]);
        self.scale_rows = scale.rows;
        self.pooled.add_all(actuals, &predictions, scale);
        for ((date, &actual), &prediction) in dates.iter().zip(actuals).zip(&predictions) {
            let bucket = Bucket::of((*date - dates[0]).num_days());
            self.buckets.entry(bucket).or_default().add(actual, prediction, scale);
        }
        FoldResult::of(series, fold, predictions, scale)
    }
}

impl FoldResult {
    /// Shares the dates and what happened on them with another candidate's fold, where they are the same.
    fn share(&mut self, other: &Self) {
        if self.dates == other.dates && self.actuals == other.actuals {
            self.dates = Arc::clone(&other.dates);
            self.actuals = Arc::clone(&other.actuals);
        }
    }

    /// The forecast of a fold's test rows, judged; `scale` is that of its training rows.
    pub(crate) fn of(series: &Series, fold: &Fold, predictions: Vec<f64>, scale: Scale) -> Self {
        let (dates, actuals) = (series.dates(), &series.values()[fold.test.clone()]);
        Self {
            fold_index: fold.index,
            split: FoldWindow {
                train_start: dates[fold.train.start],
                train_end: dates[fold.train.end - 1],
                test_start: dates[fold.test.start],
                test_end: dates[fold.test.end - 1],
                train_size: fold.train.len(),
                test_size: fold.test.len(),
            },
            dates: dates[fold.test.clone()].into(),
            actuals: actuals.iter().map(|&value| kernel::finite(value)).collect(),
            metrics: crate::metrics::metrics_of(actuals, &predictions, scale),
            naive_error: naive_error(series.values(), &fold.train, &fold.test, scale.rows),
            predictions,
        }
    }
}

pub(crate) fn report(
    series: &Series,
    spec: &ModelSpec,
    terms: &Terms,
    folds: &[Fold],
    results: Vec<FoldResult>,
    totals: &Totals,
) -> Backtest {
    let metrics: Vec<Metrics> = results.iter().map(|fold| fold.metrics.clone()).collect();
    let pooled = totals.pooled.metrics();
    let uses_plan = spec.is_feature_aware() && series.known().is_some();
    Backtest {
        model_type: spec.model_type().to_owned(),
        params: spec.params().to_json(),
        config_hash: spec.config_hash(),
        uncertainty: None,
        sample_size: pooled.sample_size,
        warnings: warnings(&terms.split, &metrics),
        scale_rows: totals.scale_rows,
        aggregate: Aggregate::of(&metrics, pooled),
        buckets: totals.buckets.iter().map(|(&bucket, sums)| (bucket, sums.metrics())).collect(),
        leakage_check_passed: is_leakage_free(folds, series.dates(), terms.split.gap),
        exogenous_policy: uses_plan.then(|| "observed".to_owned()),
        folds: results,
    }
}

/// Whether there were outcomes and all of them were zero.
pub(crate) const fn is_quiet(fold: &Metrics) -> bool {
    fold.sample_size > 0 && fold.wape.is_none()
}

fn warnings(split: &SplitConfig, folds: &[Metrics]) -> Vec<String> {
    let mut warnings = Vec::new();
    if folds.len() < split.n_splits {
        warnings.push(format!(
            "only {} of {} into the history",
            folds.len(),
            counted(split.n_splits, "fold fits", "folds fit")
        ));
    }
    let (total, has) = (folds.len(), |folds: usize| if folds == 1 { "has" } else { "have" });
    let unknown = folds.iter().filter(|fold| fold.sample_size == 0).count();
    if unknown > 0 {
        warnings.push(format!(
            "{unknown} of {total} folds {} no actual values: nothing is known of these dates, and nothing is judged there",
            has(unknown)
        ));
    }
    let quiet = folds.iter().filter(|fold| is_quiet(fold)).count();
    if quiet > 0 {
        warnings.push(format!(
            "{quiet} of {total} folds {} no demand: WAPE is pooled over all folds instead of averaged",
            has(quiet)
        ));
    }
    warnings
}

#[cfg(test)]
#[path = "backtest/tests.rs"]
mod tests;
