//! One model on all folds of all series of a panel.

use std::collections::{BTreeMap, BTreeSet};

use wire::model_selection::{Scope, Strategy};

use crate::backtest::{Totals, report, uncertainty};
use crate::split::Fold;
use crate::{Backtest, BacktestError, SplitConfig, backtest, plan};
use forecast::ModelSpec;
use forecast::{FitError, Future};
use forecast::{Member, PanelSeries};
use wire::Moment;

/// Runs a model over all folds of all series. Folds are planned for each series as [`backtest`] does. There is one fit
/// per distinct origin date, which sees every series up to that date (and of it, under a sliding split, the last
/// `min_train_size` rows); the gap is forecast and dropped. `cancelled` is asked before each fit and during it; the
/// outer error is [`BacktestError::Cancelled`] with the number of the fit.
pub fn backtest_panel(
    panel: &[PanelSeries<'_>],
    spec: &ModelSpec,
    split: &SplitConfig,
    cancelled: &dyn Fn() -> bool,
) -> Result<Vec<Result<Backtest, BacktestError>>, BacktestError> {
    if spec.scope() == Scope::Series {
        let one = |one: &PanelSeries<'_>| match backtest(one.series, spec, split, cancelled) {
            Err(error @ BacktestError::Cancelled { .. }) => Err(error),
            finished => Ok(finished),
        };
        return panel.iter().map(one).collect();
    }
    let folds: Vec<_> = panel.iter().map(|one| plan(one.series, spec, split)).collect();
    let points = predict(panel, spec, split, &folds, cancelled)?;
    let judged = panel.iter().zip(folds).zip(points);
    Ok(judged.map(|((one, folds), points)| judge(one, spec, split, &folds?, points)).collect())
}

type Points = Result<Vec<f64>, FitError>;

/// The forecast of each fold of each series; nothing for a series without folds.
fn predict(
    panel: &[PanelSeries<'_>],
    spec: &ModelSpec,
    split: &SplitConfig,
    folds: &[Result<Vec<Fold>, BacktestError>],
    cancelled: &dyn Fn() -> bool,
) -> Result<Vec<Vec<Points>>, BacktestError> {
    let of = |at: usize| folds[at].iter().flatten();
    let origin = |at: usize, fold: &Fold| panel[at].series.dates()[fold.train.end - 1];
    let origins: BTreeSet<Moment> =
        (0..panel.len()).flat_map(|at| of(at).map(move |fold| origin(at, fold))).collect();
    let mut points: Vec<Vec<Points>> = panel.iter().map(|_| Vec::new()).collect();
    for (fit, &date) in origins.iter().enumerate() {
        let stopped = BacktestError::Cancelled { fold: fit };
        if cancelled() {
            return Err(stopped);
        }
        let due: BTreeMap<usize, &Fold> = (0..panel.len())
            .filter_map(|at| of(at).find(|fold| origin(at, fold) == date).map(|fold| (at, fold)))
            .collect();
        let members: Vec<Member<'_>> =
            panel.iter().enumerate().map(|(at, one)| cut(one, date, split, due.get(&at).copied())).collect();
        let forecasts = spec.forecast_panel(&members, &|| !cancelled()).ok_or(stopped)?;
        for (at, mut forecast) in forecasts.into_iter().enumerate() {
            let Some(fold) = due.get(&at) else { continue };
            if let Ok(forecast) = &mut forecast {
                forecast.drain(..fold.test.start - fold.train.end);
            }
            points[at].push(forecast);
        }
    }
    Ok(points)
}

/// A series as it was known on a date, with the rows of a fold to forecast, if it has one there.
fn cut<'a>(one: &PanelSeries<'a>, date: Moment, split: &SplitConfig, fold: Option<&Fold>) -> Member<'a> {
    let series = one.series;
    let end = series.dates().partition_point(|&row| row <= date);
    let start = match split.strategy {
        Strategy::Expanding => 0,
        Strategy::Sliding => end.saturating_sub(split.min_train_size),
    };
    let ahead = fold.map_or(end..end, |fold| end..fold.test.end);
    let known = series.known().map(|known| known.rows(ahead.clone()));
    one.member(start..end, Future { dates: &series.dates()[ahead], known })
}

fn judge(
    one: &PanelSeries<'_>,
    spec: &ModelSpec,
    split: &SplitConfig,
    folds: &[Fold],
    points: Vec<Points>,
) -> Result<Backtest, BacktestError> {
    let mut totals = Totals::default();
    let mut results = Vec::with_capacity(folds.len());
    for (fold, points) in folds.iter().zip(points) {
        let predictions = points.map_err(|source| BacktestError::Fit { fold: fold.index, source })?;
        results.push(totals.judge(one.series, fold, predictions));
    }
    let uncertainty = uncertainty(one.series, folds, &results, &vec![None; folds.len()]);
    Ok(Backtest { uncertainty, ..report(one.series, spec, split, folds, results, &totals) })
}
