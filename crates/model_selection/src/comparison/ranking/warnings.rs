//! What a reader must know of the numbers over all series: the warnings of the series, without one sentence for each of them.

use std::collections::BTreeMap;

use evaluation::rank::Outcome;
use kernel::{counted, measured};
use wire::model_selection::{RankingMetric, Weight};

use super::Judged;

/// So many different warnings are told over all series; each series has its own.
const TOLD: usize = 20;

/// On how many series a warning is, and which is the first.
struct Warned<'a> {
    at: usize,
    first: &'a str,
    series: usize,
}

/// The warnings of the series, each once, in the order of the first series that they are of.
pub(super) fn warnings(judged: &[Judged<'_>], metric: RankingMetric) -> Vec<String> {
    if let [only] = judged {
        return only.ranking.standings.warnings.clone();
    }
    let mut found: BTreeMap<&str, Warned<'_>> = BTreeMap::new();
    for (at, series) in judged.iter().enumerate() {
        for warning in &series.ranking.standings.warnings {
            let first = Warned { at, first: &series.ranking.name, series: 0 };
            found.entry(warning).or_insert(first).series += 1;
        }
    }
    let mut found: Vec<(&str, Warned<'_>)> = found.into_iter().collect();
    found.sort_by_key(|(_, warned)| warned.at);
    let left = found.len().saturating_sub(TOLD);
    let left =
        (left > 0).then(|| format!("{} on single series", counted(left, "more warning", "more warnings")));
    let told = found.iter().take(TOLD).map(|(warning, warned)| said(warning, warned));
    one_decides(judged, metric).into_iter().chain(told).chain(left).collect()
}

/// More than this share of the volume, and what is weighed by volume is mostly of one series: it counts twice what all others
/// count together. Half would be reached by one of two equals.
const DECIDES: f64 = 2.0 / 3.0;

/// Whether one of several series has most of the volume of the test points.
fn one_decides(judged: &[Judged<'_>], metric: RankingMetric) -> Option<String> {
    let volumes: Vec<f64> = judged.iter().map(volume).collect();
    let largest = (0..volumes.len()).max_by(|a, b| volumes[*a].total_cmp(&volumes[*b]))?;
    // In units of the largest, so that no sum overflows.
    let share = 1.0 / volumes.iter().map(|volume| volume / volumes[largest]).sum::<f64>();
    let name = &judged[largest].ranking.name;
    let follows = match metric.weighs_series() {
        Weight::Alike => {
            "pooled WAPE, MAE, RMSE, WRMSSE and bias over all series are mostly its own; the ranking counts every series alike"
        }
        Weight::Volume => "it decides a ranking by volume; rel_mae counts every series alike",
    };
    (share > DECIDES).then(|| {
        format!(
            "{name} has {} % of the volume of {} series: {follows}",
            measured(100.0 * share),
            judged.len()
        )
    })
}

/// The sum of the sizes of its test points.
fn volume(series: &Judged<'_>) -> f64 {
    let folds = series.candidates.iter().find_map(|candidate| match &candidate.outcome {
        Outcome::Completed { backtest } => Some(&backtest.folds),
        _ => None,
    });
    let actuals = folds.into_iter().flatten().flat_map(|fold| fold.actuals.iter().flatten());
    actuals.map(|actual| actual.abs()).sum()
}

fn said(warning: &str, warned: &Warned<'_>) -> String {
    match warned.series {
        1 => format!("{}: {warning}", warned.first),
        series => format!("{} and {} more series: {warning}", warned.first, series - 1),
    }
}
