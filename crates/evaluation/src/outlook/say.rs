//! What candidates say.

use std::collections::BTreeMap;

use forecast::{FitError, ForecastError, Future, History, ModelSpec, PanelSeries, forecast_panel};
use series::Series;
use wire::Moment;
use wire::model_selection::Forecast;

use super::{Folding, Said};
use crate::block::in_passes;
use crate::{BLOCK, Backtest, Fold, SplitConfig, backtest_panel};

type Answer = Result<Said, FitError>;

/// What a model that learns from each series says of these, in their order; `None` once `cancelled` says so, which is
/// asked before each pass. What a series gets does not depend on the others.
pub fn say(
    series: &[&Series],
    spec: &ModelSpec,
    folding: &Folding,
    horizon: usize,
    cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Answer>> {
    say_in_passes(BLOCK, series, spec, folding, horizon, cancelled)
}

/// [`say`], by so many series at once where the model can.
fn say_in_passes(
    size: usize,
    series: &[&Series],
    spec: &ModelSpec,
    folding: &Folding,
    horizon: usize,
    cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Answer>> {
    let lengths: Vec<usize> = series.iter().map(|one| one.len()).collect();
    let size = if spec.is_one_pass() { size } else { 1 };
    in_passes(&lengths, size, cancelled, |pass| {
        let together: Vec<&Series> = pass.iter().map(|&at| series[at]).collect();
        Some(in_one_pass(&together, spec, folding, horizon))
    })
}

/// Series of one length.
fn in_one_pass(series: &[&Series], spec: &ModelSpec, folding: &Folding, horizon: usize) -> Vec<Answer> {
    let rows = series[0].len();
    let folds = folding.folds(rows);
    let origins: Vec<usize> = folds.iter().map(|fold| fold.train.end).chain([rows]).collect();
    let dates: Vec<Vec<Moment>> = series.iter().map(|one| one.future_dates(horizon)).collect();
    let histories: Vec<History<'_>> = series.iter().map(|one| history(one, horizon)).collect();
    let futures: Vec<Vec<Future<'_>>> =
        series.iter().zip(&dates).map(|(one, ahead)| futures(one, &folds, ahead)).collect();
    let said = spec.forecast_block(&histories, &origins, &futures);
    said.into_iter().map(|points| answer(points, &folds)).collect()
}

/// What is known of the dates counts only where it is known of those to forecast too: a model is judged as it is used.
fn history(series: &Series, horizon: usize) -> History<'_> {
    let known = series.plan(horizon).and(series.known()).map(|known| known.past(0..series.len()));
    History { values: series.values(), dates: series.dates(), known }
}

fn futures<'a>(series: &'a Series, folds: &[Fold], ahead: &'a [Moment]) -> Vec<Future<'a>> {
    let plan = series.plan(ahead.len());
    let test = |fold: &Fold| {
        let rows = fold.train.end..fold.test.end;
        let known = plan.and(series.known()).map(|known| known.rows(rows.clone()));
        Future { dates: &series.dates()[rows], known }
    };
    let after = Future { dates: ahead, known: plan.map(|plan| plan.rows(0..ahead.len())) };
    folds.iter().map(test).chain([after]).collect()
}

fn answer(mut points: Vec<Result<Vec<f64>, FitError>>, folds: &[Fold]) -> Answer {
    let last = points.pop().expect("the end is an origin")?;
    let tested = |(points, fold): (Result<Vec<f64>, FitError>, &Fold)| {
        points.ok().map(|mut points| points.split_off(fold.test.start - fold.train.end))
    };
    Ok(Said { folds: points.into_iter().zip(folds).map(tested).collect(), points: last })
}

/// What a model that learns from all series together says of them; `None` once `cancelled` says so. It has one split, that
/// of the length most series have: series with other folds are not judged on.
pub fn say_together(
    series: &[&Series],
    spec: &ModelSpec,
    folding: &Folding,
    horizon: usize,
    cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Answer>> {
    let is_planned = series.iter().all(|one| one.plan(horizon).is_some());
    let bare: Vec<Series> = if is_planned || series.iter().all(|one| one.known().is_none()) {
        Vec::new()
    } else {
        series.iter().map(|one| (*one).clone().without_known()).collect()
    };
    let used: Vec<&Series> = if bare.is_empty() { series.to_vec() } else { bare.iter().collect() };
    let panel: Vec<PanelSeries<'_>> = used.into_iter().map(|one| PanelSeries::of(one, horizon)).collect();
    let judged = match folding.split(usual_length(series)) {
        Some(split) => judged(&panel, spec, &split, folding, cancelled)?,
        None => vec![Vec::new(); series.len()],
    };
    let ahead = forecast_panel(&panel, spec, horizon, &|| !cancelled())?;
    let answer = |(ahead, folds): (Result<Forecast, ForecastError>, _)| match ahead {
        Ok(ahead) => Ok(Said { folds, points: ahead.points }),
        Err(ForecastError::Fit(error)) => Err(error),
        Err(_) => {
            Err(FitError::NotApplicable { model: spec.model_type(), reason: "the horizon is out of bounds" })
        }
    };
    Some(ahead.into_iter().zip(judged).map(answer).collect())
}

/// The forecasts of the folds, for each series whose folds these are.
fn judged(
    panel: &[PanelSeries<'_>],
    spec: &ModelSpec,
    split: &SplitConfig,
    folding: &Folding,
    cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Vec<Option<Vec<f64>>>>> {
    let all = backtest_panel(panel, spec, split, cancelled).ok()?;
    let folds = |(one, judged): (&PanelSeries<'_>, Result<Backtest, _>)| {
        let is_its_own = folding.split(one.series.len()).as_ref() == Some(split);
        let backtest = judged.ok().filter(|_| is_its_own);
        backtest.map_or_else(Vec::new, |backtest| {
            backtest.folds.into_iter().map(|fold| Some(fold.predictions)).collect()
        })
    };
    Some(panel.iter().zip(all).map(folds).collect())
}

/// The most common length, the longest of equally common ones.
fn usual_length(series: &[&Series]) -> usize {
    let mut counts = BTreeMap::new();
    for one in series {
        *counts.entry(one.len()).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|&(length, count)| (count, length)).map_or(0, |(length, _)| length)
}

#[cfg(test)]
mod tests {
    use forecast::catalog;
    use wire::model_selection::{Scope, StatedFolds};

    use super::*;
    use crate::testing;

    #[test]
    fn the_number_of_series_in_a_pass_changes_no_bit_of_any_model() {
        let wave = |rows: usize, by: f64| -> Vec<f64> {
            let season = |t: usize| [4.0, 0.0, 2.0, 7.0, 5.0, 1.0, 3.0][t % 7];
            (0..rows).map(|t| 20.0 + by * ((t * 31 % 17) as f64) + season(t)).collect()
        };
        let mut all: Vec<Series> =
            (0..19).map(|at| testing::series(&wave(80 + at % 2, 0.1 * at as f64))).collect();
        all.push(testing::series(&[3.0; 80]));
        all.push(testing::series(&[0.0; 81]));
        let series: Vec<&Series> = all.iter().collect();
        let folding = Folding { horizon: 7, season: 7, stated: StatedFolds::default() };
        let mut models = 0;
        for entry in catalog().iter().filter(|entry| entry.scope != Scope::Panel) {
            let Ok(spec) = ModelSpec::parse(&entry.model_type, &serde_json::Value::Null) else { continue };
            let of = |size| say_in_passes(size, &series, &spec, &folding, 7, &|| false).unwrap();
            let whole = of(64);
            models += usize::from(whole.iter().any(Result::is_ok));
            for size in [1, 7] {
                assert_eq!(of(size), whole, "{} by {size}", entry.model_type);
            }
        }
        assert!(models >= 20, "{models} models forecast");
    }
}
