//! One model on all folds of many series, in passes that they share.
//!
//! Models whose arithmetic runs over many series at once learn those of one length together. What a series gets does not
//! depend on the others: it is what [`backtest`] gives it alone, bit for bit.

use forecast::{FitError, Future, History, ModelSpec, Predicted};
use series::Series;
use wire::model_selection::Strategy;

use crate::backtest::{Terms, ahead, judged, past};
use crate::{Backtest, BacktestError, backtest, plan};

/// The most series that are handed to a model together: their rows stay in the second-level cache.
pub const BLOCK: usize = 64;

/// A series and the model on it: one model type may have another season on each.
pub type Member<'a> = (&'a Series, &'a ModelSpec);

type Judged = Result<Backtest, BacktestError>;

/// The backtest of each member, in their order; `None` once `cancelled` says so, which is asked before each pass.
pub fn backtest_block(
    members: &[Member<'_>],
    terms: impl Into<Terms>,
    cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Judged>> {
    let terms = terms.into();
    let keys: Vec<(usize, &ModelSpec)> = members.iter().map(|&(series, spec)| (series.len(), spec)).collect();
    in_passes(&keys, BLOCK, cancelled, |pass| {
        let spec = members[pass[0]].1;
        let together = pass.iter().map(|&at| members[at].0);
        if terms.split.strategy == Strategy::Sliding || !spec.is_one_pass() {
            return together.map(|series| alone(series, spec, terms, cancelled)).collect();
        }
        Some(shared(&together.collect::<Vec<_>>(), spec, &terms))
    })
}

/// What members give, in their order, when those with the same key are taken together, up to `size` at once; `None` once
/// `cancelled` says so, which is asked before each pass, or a pass gives nothing.
pub(crate) fn in_passes<K: PartialEq, T>(
    keys: &[K],
    size: usize,
    cancelled: &dyn Fn() -> bool,
    give: impl Fn(&[usize]) -> Option<Vec<T>>,
) -> Option<Vec<T>> {
    let mut found: Vec<Option<T>> = keys.iter().map(|_| None).collect();
    for first in 0..keys.len() {
        if found[first].is_some() {
            continue;
        }
        let alike: Vec<usize> = (first..keys.len()).filter(|&at| keys[at] == keys[first]).collect();
        for pass in alike.chunks(size) {
            if cancelled() {
                return None;
            }
            for (&at, given) in pass.iter().zip(give(pass)?) {
                found[at] = Some(given);
            }
        }
    }
    found.into_iter().collect()
}

fn alone(series: &Series, spec: &ModelSpec, terms: Terms, cancelled: &dyn Fn() -> bool) -> Option<Judged> {
    match backtest(series, spec, terms, cancelled) {
        Err(BacktestError::Cancelled { .. }) => None,
        judged => Some(judged),
    }
}

/// Series of one length in one pass.
fn shared(series: &[&Series], spec: &ModelSpec, terms: &Terms) -> Vec<Judged> {
    let folds = match plan(series[0], spec, &terms.split) {
        Ok(folds) => folds,
        Err(error) => return series.iter().map(|_| Err(error.clone())).collect(),
    };
    let origins: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
    let histories: Vec<History<'_>> = series.iter().map(|one| past(one, 0..one.len())).collect();
    let futures: Vec<Vec<Future<'_>>> =
        series.iter().map(|one| folds.iter().map(|fold| ahead(one, fold)).collect()).collect();
    let all = spec.predict_block(&histories, &origins, &futures);
    let judge = |(one, points): (&&Series, Vec<Result<Predicted, FitError>>)| {
        let mut points = points.into_iter();
        judged(one, spec, terms, &folds, |fold| {
            let predicted = points.next().expect("there is one prediction per origin");
            let mut predicted =
                predicted.map_err(|source| BacktestError::Fit { fold: fold.index, source })?;
            predicted.skip(fold.test.start - fold.train.end);
            Ok(predicted)
        })
    };
    series.iter().zip(all).map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SplitConfig;
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
