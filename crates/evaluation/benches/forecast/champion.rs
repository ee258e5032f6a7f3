//! One champion per series against combinations, on two halves of a thousand daily series of M5.
//!
//! Twelve models, five folds of 28 days; whatever is decided by the folds is judged on the 28 days after them.

use std::error::Error;
use std::path::Path;

use evaluation::combine::{Rule, combine, guarded_champion, weights};
use evaluation::metrics::Scale;
use evaluation::{Backtest, SplitConfig, backtest};
use forecast::{Future, History, ModelSpec};
use serde_json::{Value, json};
use series::{Frequency, Moment, Series};
use wire::model_selection::Gaps;

use crate::data::{FOLDS, HORIZON, ROWS};
use crate::m5::{self, M5};
use crate::report::Report;
use crate::{dates, spec};

/// Series of a half, and how far apart they are among all.
const SERIES: usize = 500;
const STEP: usize = 60;

/// The guarded champion's default is the first.
fn candidates() -> Vec<ModelSpec> {
    let of = |name: &str, params: Value| spec(name, &params);
    vec![
        of("ets", json!({"season": "always"})),
        of("ets", json!({})),
        of("ets", json!({"season": "never"})),
        of("dynamic_optimized_theta", json!({})),
        of("optimized_theta", json!({})),
        of("adida", json!({})),
        of("imapa", json!({})),
        of("croston", json!({})),
        of("sba", json!({})),
        of("tsb", json!({})),
        of("moving_average", json!({"window_size": 28})),
        of("seasonal_naive", json!({})),
    ]
}

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let m5 = m5::load(data)?;
    for (half, first) in [("first half", 0), ("second half", STEP / 2)] {
        let found: Vec<Outcome> = (0..SERIES).filter_map(|at| outcome(&m5, first + at * STEP)).collect();
        for (at, name) in RULES.iter().enumerate() {
            let errors: Vec<f64> = found.iter().map(|outcome| outcome.rules[at]).collect();
            let against =
                found.iter().map(|outcome| outcome.rules[at] - outcome.rules[0]).collect::<Vec<_>>();
            let (mean, error) = moments(&against);
            let note = if at == 0 {
                format!("{} series, {half}", found.len())
            } else {
                format!("less the champion's: {mean:+.4} (s.e. {error:.4})")
            };
            report.alone(format!("M5 {name}, {half}"), "RMSSE", moments(&errors).0, note);
        }
    }
    Ok(())
}

/// The ways to use twelve backtests; the first is what the others are compared with.
const RULES: [&str; 9] = [
    "champion of the folds",
    "guarded champion",
    "ETS with a season, always",
    "mean of all",
    "median of all",
    "mean of the best 3",
    "mean of the best 6",
    "inverse squared errors, half trusted",
    "oracle",
];

/// The test errors of each rule on one series.
struct Outcome {
    rules: [f64; RULES.len()],
}

/// `None` for a series without sales to scale errors by, or too short a life for every model.
fn outcome(m5: &M5, at: usize) -> Option<Outcome> {
    let (values, actuals) = (&m5.train[at], m5.actuals(at));
    let split = SplitConfig {
        n_splits: FOLDS,
        min_train_size: ROWS - FOLDS * HORIZON,
        horizon: HORIZON,
        ..SplitConfig::default()
    };
    let dates = dates(ROWS + HORIZON);
    let rows = dates[..ROWS].iter().copied().zip(values.iter().copied());
    let series = Series::of("series", Frequency::DAILY, rows, Gaps::Missing).ok()?;
    let backtests: Vec<(Backtest, Vec<f64>)> =
        candidates().iter().filter_map(|spec| candidate(&series, spec, &split, &dates)).collect();
    let all: Vec<&Backtest> = backtests.iter().map(|(backtest, _)| backtest).collect();
    let points: Vec<&[f64]> = backtests.iter().map(|(_, points)| points.as_slice()).collect();
    let scale = Scale::of(values, 1);
    let error = |points: &[f64]| evaluation::metrics::metrics_of(actuals, points, scale).rmsse;
    let by = |rule: Rule| error(&combine(&points, &weights(&all, rule)));
    let singles: Vec<f64> = points.iter().map(|points| error(points)).collect::<Option<_>>()?;
    Some(Outcome {
        rules: [
            by(Rule::TopK { count: 1 })?,
            singles[guarded_champion(&all, 0, 0.05)],
            *singles.first()?,
            by(Rule::Equal)?,
            error(&median(&points))?,
            by(Rule::TopK { count: 3 })?,
            by(Rule::TopK { count: 6 })?,
            by(Rule::Shrunk { trust: 0.5 })?,
            singles.iter().copied().fold(f64::INFINITY, f64::min),
        ],
    })
}

/// A model's folds and its forecast of the days after them.
fn candidate(
    series: &Series,
    spec: &ModelSpec,
    split: &SplitConfig,
    dates: &[Moment],
) -> Option<(Backtest, Vec<f64>)> {
    let folds = backtest(series, spec, split, &|| false).ok()?;
    let (past, ahead) = dates.split_at(ROWS);
    let history = History { values: series.values(), dates: past, known: None };
    Some((folds, spec.forecast(&history, &Future { dates: ahead, known: None }).ok()?))
}

fn median(points: &[&[f64]]) -> Vec<f64> {
    let at = |step: usize| {
        let mut all: Vec<f64> = points.iter().map(|points| points[step]).collect();
        all.sort_by(f64::total_cmp);
        0.5 * (all[(all.len() - 1) / 2] + all[all.len() / 2])
    };
    (0..HORIZON).map(at).collect()
}

/// The mean and its standard error.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
