//! One model on all folds of all series of a panel.

use std::collections::BTreeMap;

use wire::model_selection::{Scope, Strategy};

use crate::backtest::{Terms, Totals, report, uncertainty};
use crate::split::Fold;
use crate::{Backtest, BacktestError, SplitConfig, backtest, plan};
use forecast::ModelSpec;
use forecast::{FitError, Future};
use forecast::{Member, PanelSeries};
use wire::Moment;

/// Runs a model over all folds of all series. Folds are planned for each series as [`backtest`] does. There are as many fits
/// as folds: one per distinct origin date, or, where series of different lengths have their origins on more dates than that,
/// one for neighbouring dates, with about as many forecasts each. A fit learns of every series what was known on the first of its dates (under a sliding split, of
/// that the last `min_train_size` rows), so that no row it learned from lies after the origin of a series that it forecasts;
/// each of these is forecast from its own origin, with its own rows up to that. The gap is forecast and dropped. `cancelled`
/// is asked before each fit and during it; the outer error is [`BacktestError::Cancelled`] with the number of the fit.
pub fn backtest_panel(
    panel: &[PanelSeries<'_>],
    spec: &ModelSpec,
    terms: impl Into<Terms>,
    cancelled: &dyn Fn() -> bool,
) -> Result<Vec<Result<Backtest, BacktestError>>, BacktestError> {
    let terms = terms.into();
    let split = &terms.split;
    if spec.scope() == Scope::Series {
        let one = |one: &PanelSeries<'_>| match backtest(one.series, spec, terms, cancelled) {
            Err(error @ BacktestError::Cancelled { .. }) => Err(error),
            finished => Ok(finished),
        };
        return panel.iter().map(one).collect();
    }
    let folds: Vec<_> = panel.iter().map(|one| plan(one.series, spec, split)).collect();
    let points = predict(panel, spec, split, &folds, cancelled)?;
    let judged = panel.iter().zip(folds).zip(points);
    Ok(judged.map(|((one, folds), points)| judge(one, spec, &terms, &folds?, points)).collect())
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
    let mut points: Vec<Vec<Points>> =
        folds.iter().map(|folds| vec![Ok(Vec::new()); folds.as_ref().map_or(0, Vec::len)]).collect();
    for (fit, dues) in fits(panel, split, folds).iter().enumerate() {
        let stopped = BacktestError::Cancelled { fold: fit };
        if cancelled() {
            return Err(stopped);
        }
        let date = dues[0].origin;
        let mut own: Vec<Option<&Due<'_>>> = vec![None; panel.len()];
        // A series with two origins among the dates of a fit is forecast from each, and learned from once.
        let mut again = Vec::new();
        for due in dues {
            if own[due.at].is_none() { own[due.at] = Some(due) } else { again.push(due) }
        }
        let members: Vec<Member<'_>> = panel
            .iter()
            .zip(&own)
            .map(|(one, due)| cut(one, date, split, due.map(|due| due.fold)))
            .chain(
                again
                    .iter()
                    .map(|due| Member { learned: 0, ..cut(&panel[due.at], date, split, Some(due.fold)) }),
            )
            .collect();
        let forecasts = spec.forecast_panel(&members, &|| !cancelled()).ok_or(stopped)?;
        for (due, mut forecast) in own.into_iter().chain(again.into_iter().map(Some)).zip(forecasts) {
            let Some(Due { at, nth, fold, .. }) = due else { continue };
            if let Ok(forecast) = &mut forecast {
                forecast.drain(..fold.test.start - fold.train.end);
            }
            points[*at][*nth] = forecast;
        }
    }
    Ok(points)
}

/// A fold that is to be forecast.
struct Due<'a> {
    origin: Moment,
    /// Whose it is, and which of its folds.
    at: usize,
    nth: usize,
    fold: &'a Fold,
}

/// What each fit forecasts, by ascending origins.
fn fits<'a>(
    panel: &[PanelSeries<'_>],
    split: &SplitConfig,
    folds: &'a [Result<Vec<Fold>, BacktestError>],
) -> Vec<Vec<Due<'a>>> {
    let mut of_date: BTreeMap<Moment, Vec<Due<'a>>> = BTreeMap::new();
    for (at, (one, folds)) in panel.iter().zip(folds).enumerate() {
        for (nth, fold) in folds.iter().flatten().enumerate() {
            let origin = one.series.dates()[fold.train.end - 1];
            of_date.entry(origin).or_default().push(Due { origin, at, nth, fold });
        }
    }
    let most = split.n_splits;
    if of_date.len() <= most {
        return of_date.into_values().collect();
    }
    let all: usize = of_date.values().map(Vec::len).sum();
    let (mut fits, mut before): (Vec<Vec<Due<'a>>>, usize) = (Vec::new(), 0);
    for dues in of_date.into_values() {
        // The next fit begins with the date by which its share of the forecasts is reached.
        let is_next = before * most >= fits.len() * all;
        before += dues.len();
        match fits.last_mut() {
            Some(last) if !is_next => last.extend(dues),
            _ => fits.push(dues),
        }
    }
    fits
}

/// A series of which was learned what was known on a date: with the rows of a fold to forecast, if it has one, from that
/// fold's own origin.
fn cut<'a>(one: &PanelSeries<'a>, date: Moment, split: &SplitConfig, fold: Option<&Fold>) -> Member<'a> {
    let series = one.series;
    let known = series.dates().partition_point(|&row| row <= date);
    let end = fold.map_or(known, |fold| fold.train.end);
    let start = match split.strategy {
        Strategy::Expanding => 0,
        Strategy::Sliding => end.saturating_sub(split.min_train_size),
    };
    let ahead = fold.map_or(end..end, |fold| end..fold.test.end);
    let plan = series.known().map(|known| known.rows(ahead.clone()));
    let member = one.member(start..end, Future { dates: &series.dates()[ahead], known: plan });
    Member { learned: known.saturating_sub(start).min(end - start), ..member }
}

fn judge(
    one: &PanelSeries<'_>,
    spec: &ModelSpec,
    terms: &Terms,
    folds: &[Fold],
    points: Vec<Points>,
) -> Result<Backtest, BacktestError> {
    let mut totals = Totals::default();
    let mut results = Vec::with_capacity(folds.len());
    for ((fold, points), scale) in folds.iter().zip(points).zip(terms.scales(one.series, folds)) {
        let predictions = points.map_err(|source| BacktestError::Fit { fold: fold.index, source })?;
        results.push(totals.judge(one.series, fold, predictions, scale));
    }
    let uncertainty = uncertainty(one.series, folds, &results, &vec![None; folds.len()]);
    Ok(Backtest { uncertainty, ..report(one.series, spec, terms, folds, results, &totals) })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use series::Series;

    use super::*;
    use crate::testing::{series, spec};

    #[test]
    fn many_origins_share_few_fits_none_of_which_is_newer_than_they() {
        let lengths = 60..120;
        let all: Vec<Series> = lengths.map(|rows| series(&vec![1.0; rows])).collect();
        let panel: Vec<PanelSeries<'_>> = all.iter().map(|one| PanelSeries::of(one, 0)).collect();
        let split = SplitConfig { n_splits: 3, horizon: 7, ..SplitConfig::default() };
        let model = spec("pooled_profile", Value::Null);
        let folds: Vec<_> = panel.iter().map(|one| plan(one.series, &model, &split)).collect();
        let fits = fits(&panel, &split, &folds);
        assert_eq!(fits.len(), 3);
        let dues: Vec<&Due<'_>> = fits.iter().flatten().collect();
        assert_eq!(dues.len(), folds.iter().flatten().map(Vec::len).sum::<usize>());
        assert!(dues.is_sorted_by_key(|due| due.origin));
        for (nth, dues) in fits.iter().enumerate() {
            for due in dues {
                let is_split = nth < 2 && dues.last().unwrap().origin >= fits[nth + 1][0].origin;
                assert!(!is_split, "the fits of one date are one");
                let member = cut(&panel[due.at], dues[0].origin, &split, Some(due.fold));
                assert!(member.history.dates[..member.learned].iter().all(|date| *date <= dues[0].origin));
                assert_eq!(member.history.dates.last(), Some(&due.origin));
            }
        }
        // Of one length there is a fit per fold, as there always was.
        let alike: Vec<PanelSeries<'_>> = vec![panel[0]; 20];
        let folds: Vec<_> = alike.iter().map(|one| plan(one.series, &model, &split)).collect();
        assert_eq!(super::fits(&alike, &split, &folds).len(), 3);
    }
}
