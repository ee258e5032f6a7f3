//! From backtests to a ranking: per series, and over all of them. Pure, and free of ids, times and thread counts, so
//! that the same spec gives the same bytes.

mod combination;
mod overall;
mod summary;

use forecast::rank::{BusinessSummary, Candidate, ChartData, Outcome, RankEntry, Sufficiency, chart_data};
use forecast::{Frequency, Metric, Series, SplitConfig};
use serde::{Deserialize, Serialize};

use super::shard::BacktestOutput;
use super::spec::{ExcludedSeries, Spec};
use crate::panel::observed;

pub use combination::{Combination, RuleCheck, SelectionCheck};
pub use overall::{Overall, OverallEntry};

/// What a comparison found; the artifact `ranking`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// The metric it is ordered by.
    pub metric: Metric,
    /// Steps that were forecast.
    pub horizon: usize,
    /// The folds asked for.
    pub split: SplitConfig,
    /// Over all series.
    pub overall: Overall,
    /// Per series, in the order of the input.
    pub series: Vec<SeriesRanking>,
    /// Series that took no part, and why.
    pub excluded_series: Vec<ExcludedSeries>,
    /// The same in plain sentences.
    pub business_summary: BusinessSummary,
}

/// The ranking on one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesRanking {
    /// Its name.
    pub name: String,
    /// How far apart its dates are.
    pub frequency: Frequency,
    /// Its rows.
    pub rows: usize,
    /// Whether it has enough of them.
    pub sufficiency: Sufficiency,
    /// Everyone's place.
    #[serde(flatten)]
    pub ranking: forecast::Ranking,
}

/// The charts of one series; the artifact `charts` has one per series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesCharts {
    /// The series.
    pub name: String,
    /// Its charts.
    #[serde(flatten)]
    pub charts: ChartData,
}

/// What one candidate gave on each series; `None` where it was stopped before.
pub(super) type Results = Vec<Option<BacktestOutput>>;

/// A series with what each candidate gave on it.
pub(super) struct Judged<'a> {
    pub series: &'a Series,
    pub candidates: Vec<Candidate>,
    pub ranking: SeriesRanking,
}

/// Ranks the results, `results[candidate][series]`, of a panel.
pub(super) fn judge<'a>(spec: &Spec, panel: &'a [Series], results: Vec<Results>) -> Vec<Judged<'a>> {
    let mut by_series: Vec<Vec<Candidate>> = panel.iter().map(|_| Vec::new()).collect();
    for (ordinal, outputs) in results.into_iter().enumerate() {
        for (candidates, output) in by_series.iter_mut().zip(outputs) {
            candidates.push(candidate(spec, ordinal, output));
        }
    }
    panel.iter().zip(by_series).map(|(series, candidates)| judged(spec, series, candidates)).collect()
}

fn judged<'a>(spec: &Spec, series: &'a Series, candidates: Vec<Candidate>) -> Judged<'a> {
    let sufficiency = sufficiency(series, &spec.split);
    let ranking = SeriesRanking {
        name: series.name().to_owned(),
        frequency: series.frequency(),
        rows: series.len(),
        sufficiency,
        ranking: forecast::rank(&candidates, spec.ranking_metric, &spec.policy, sufficiency),
    };
    Judged { series, candidates, ranking }
}

/// The ranking of judged series.
pub(super) fn ranking(spec: &Spec, judged: &[Judged<'_>]) -> Ranking {
    let overall = overall::overall(spec, judged);
    Ranking {
        metric: spec.ranking_metric,
        horizon: spec.horizon,
        split: spec.split,
        business_summary: summary::summary(spec, judged, &overall),
        overall,
        series: judged.iter().map(|judged| judged.ranking.clone()).collect(),
        excluded_series: spec.excluded_series.clone(),
    }
}

/// The charts of judged series.
pub(super) fn charts(judged: &[Judged<'_>]) -> Vec<SeriesCharts> {
    let charts = |judged: &Judged<'_>| SeriesCharts {
        name: judged.ranking.name.clone(),
        charts: chart_data(&judged.ranking.ranking, &judged.candidates),
    };
    judged.iter().map(charts).collect()
}

/// A candidate's name inside artifacts, where no run may show: its place in the request, from 1.
fn label(ordinal: usize) -> String {
    format!("candidate_{}", ordinal + 1)
}

fn candidate(spec: &Spec, ordinal: usize, output: Option<BacktestOutput>) -> Candidate {
    let asked = &spec.candidates[ordinal];
    let params = match &output {
        Some(BacktestOutput::Done { backtest }) => backtest.params.clone(),
        _ => asked.params.clone().into(),
    };
    let outcome = match output {
        Some(BacktestOutput::Done { backtest }) => Outcome::Completed { backtest },
        Some(BacktestOutput::Failed { message, .. }) => Outcome::Failed { reason: message },
        None => Outcome::Cancelled,
    };
    Candidate { candidate_id: label(ordinal), ordinal, model_type: asked.model_type.clone(), params, outcome }
}

/// Enough for every fold asked for, with few holes; or for one fold; or not even that.
pub(super) fn sufficiency(series: &Series, split: &SplitConfig) -> Sufficiency {
    let observed = observed(series);
    let all_folds = split.min_train_size + split.gap + split.horizon * split.n_splits;
    let is_dense = observed as f64 >= 0.8 * series.len() as f64;
    if observed >= all_folds && is_dense {
        Sufficiency::Ready
    } else if observed >= split.rows_needed() {
        Sufficiency::Limited
    } else {
        Sufficiency::Unusable
    }
}

/// The backtest of a ranked entry.
fn backtest_of<'a>(judged: &'a Judged<'_>, entry: &RankEntry) -> Option<&'a forecast::Backtest> {
    match &judged.candidates.get(entry.ordinal)?.outcome {
        Outcome::Completed { backtest } if entry.included => Some(backtest),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
