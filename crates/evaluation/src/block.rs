//! One model on all folds of many series, in passes that they share.
//!
//! Models whose arithmetic runs over many series at once learn those of one length together. What a series gets does not
//! depend on the others: it is what [`backtest`] gives it alone, bit for bit.

use forecast::{FitError, Future, History, ModelSpec, Predicted};
use series::Series;
use wire::model_selection::Strategy;

use crate::backtest::judged;
use crate::{Backtest, BacktestError, Fold, SplitConfig, backtest, plan};

/// The most series that are handed to a model together: their rows stay in the second-level cache.
pub const BLOCK: usize = 64;

/// A series and the model on it: one model type may have another season on each.
pub type Member<'a> = (&'a Series, &'a ModelSpec);

type Judged = Result<Backtest, BacktestError>;

/// The backtest of each member, in their order; `None` once `cancelled` says so, which is asked before each pass.
pub fn backtest_block(
    members: &[Member<'_>],
    split: &SplitConfig,
    cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Judged>> {
    let mut found: Vec<Option<Judged>> = members.iter().map(|_| None).collect();
    for first in 0..members.len() {
        if found[first].is_some() {
            continue;
        }
        if cancelled() {
            return None;
        }
        let (series, spec) = members[first];
        if split.strategy == Strategy::Sliding || !spec.is_one_pass() {
            found[first] = Some(alone(series, spec, split, cancelled)?);
            continue;
        }
        let is_alike = |at: &usize| members[*at].0.len() == series.len() && members[*at].1 == spec;
        let alike: Vec<usize> = (first..members.len()).filter(is_alike).collect();
        for pass in alike.chunks(BLOCK) {
            let together: Vec<&Series> = pass.iter().map(|&at| members[at].0).collect();
            for (&at, judged) in pass.iter().zip(shared(&together, spec, split)) {
                found[at] = Some(judged);
            }
        }
    }
    found.into_iter().collect()
}

fn alone(
    series: &Series,
    spec: &ModelSpec,
    split: &SplitConfig,
    cancelled: &dyn Fn() -> bool,
) -> Option<Judged> {
    match backtest(series, spec, split, cancelled) {
        Err(BacktestError::Cancelled { .. }) => None,
        judged => Some(judged),
    }
}

/// Series of one length in one pass.
fn shared(series: &[&Series], spec: &ModelSpec, split: &SplitConfig) -> Vec<Judged> {
    let folds = match plan(series[0], spec, split) {
        Ok(folds) => folds,
        Err(error) => return series.iter().map(|_| Err(error.clone())).collect(),
    };
    let origins: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
    let histories: Vec<History<'_>> = series.iter().map(|one| past(one)).collect();
    let futures: Vec<Vec<Future<'_>>> =
        series.iter().map(|one| folds.iter().map(|fold| ahead(one, fold)).collect()).collect();
    let all = spec.predict_block(&histories, &origins, &futures);
    let judge = |(one, points): (&&Series, Vec<Result<Predicted, FitError>>)| {
        let mut points = points.into_iter();
        judged(one, spec, split, &folds, |fold| {
            let predicted = points.next().expect("there is one prediction per origin");
            let mut predicted =
                predicted.map_err(|source| BacktestError::Fit { fold: fold.index, source })?;
            predicted.skip(fold.test.start - fold.train.end);
            Ok(predicted)
        })
    };
    series.iter().zip(all).map(judge).collect()
}

fn past(series: &Series) -> History<'_> {
    History {
        values: series.values(),
        dates: series.dates(),
        known: series.known().map(|known| known.past(0..series.len())),
    }
}

/// The steps from a fold's origin to the end of its test, over the gap.
fn ahead<'a>(series: &'a Series, fold: &Fold) -> Future<'a> {
    let rows = fold.train.end..fold.test.end;
    Future { dates: &series.dates()[rows.clone()], known: series.known().map(|known| known.rows(rows)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{series, spec};

    #[test]
    fn a_block_is_its_series_alone() {
        let wave = |rows: usize, by: f64| -> Vec<f64> {
            (0..rows)
                .map(|t| 20.0 + by * ((t * 31 % 17) as f64) + [4.0, 0.0, 2.0, 7.0, 5.0, 1.0, 3.0][t % 7])
                .collect()
        };
        let mut all: Vec<Series> = (0..70).map(|at| series(&wave(90 + at % 3, 0.1 * at as f64))).collect();
        all.push(series(&[1.0; 20]));
        all.push(series(&[&[f64::NAN; 45][..], &wave(47, 1.0)].concat()));
        let split = SplitConfig { gap: 2, ..SplitConfig::default() };
        let never = || false;
        for name in ["ets", "dynamic_optimized_theta", "seasonal_naive", "croston", "regression", "arima"] {
            let specs = [spec(name, serde_json::Value::Null), spec(name, other(name))];
            let members: Vec<Member<'_>> =
                all.iter().enumerate().map(|(at, one)| (one, &specs[usize::from(at % 5 == 0)])).collect();
            let together = backtest_block(&members, &split, &never).unwrap();
            for ((one, spec), found) in members.iter().zip(together) {
                assert_eq!(found, backtest(one, spec, &split, &never), "{name}");
            }
        }
        assert_eq!(
            backtest_block(&[(&all[0], &spec("ets", serde_json::Value::Null))], &split, &|| true),
            None
        );
    }

    /// Another model of the type, where it has a season.
    fn other(name: &str) -> serde_json::Value {
        if ["ets", "seasonal_naive"].contains(&name) {
            serde_json::json!({ "season_length": 6 })
        } else {
            serde_json::Value::Null
        }
    }
}
