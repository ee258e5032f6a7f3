//! From backtests to a ranking: per series, and over all of them. Pure, and free of ids, times and thread counts, so
//! that the same spec gives the same bytes.

mod bias;
mod blind;
mod combination;
mod coverage;
mod figures;
mod measure;
mod method;
mod overall;
mod summary;
mod verdict;
mod warnings;

use evaluation::SplitConfig;
use evaluation::compare::tell_one;
use evaluation::rank::{Candidate, Order, Outcome};
use serde::{Deserialize, Serialize};
use series::Series;

use super::shard::BacktestOutput;
use super::spec::Spec;
use crate::panel::observed;
use verdict::{Facts, Statement};
use wire::model_selection::{
    BusinessSummary, Confidence, Coverage, RankEntry, RankingMetric, SeriesRanking, Standings, Sufficiency,
    Verdict,
};

pub(super) use overall::Overall;

/// What a comparison found over all series; the artifact `ranking`. What it found of each is in tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Found {
    /// The metric it is ordered by.
    pub metric: RankingMetric,
    /// Steps that were forecast.
    pub horizon: usize,
    /// The folds asked for.
    pub split: SplitConfig,
    /// How much of what was asked for it rests on.
    pub coverage: Coverage,
    /// Over all series.
    pub overall: Overall,
    /// Series that took no part; the spec says which, and why.
    pub series_excluded: usize,
    /// What was not asked for and how it was decided.
    pub assumptions: Vec<String>,
    /// The same in plain sentences.
    pub business_summary: BusinessSummary,
}

/// What one candidate gave on each series; `None` where it was stopped before.
pub(super) type Results = Vec<Option<BacktestOutput>>;

/// A series with what each candidate gave on it.
pub(super) struct Judged<'a> {
    pub series: &'a Series,
    pub candidates: Vec<Candidate>,
    pub ranking: SeriesRanking,
}

/// The series that are ranked, and what was left out.
pub(super) struct Judgement<'a> {
    pub series: Vec<Judged<'a>>,
    pub coverage: Coverage,
    /// By ordinal: why a candidate was stopped and does not count.
    stopped: Vec<Option<String>>,
}

/// Ranks the results, `results[candidate][series]`, of a panel, as far as they can be compared.
pub(super) fn judge<'a>(spec: &Spec, panel: &'a [Series], results: Vec<Results>) -> Judgement<'a> {
    let counted = coverage::counted(&results, panel.len());
    let mut by_series: Vec<Vec<Candidate>> = panel.iter().map(|_| Vec::new()).collect();
    for (ordinal, outputs) in results.into_iter().enumerate() {
        for (candidates, output) in by_series.iter_mut().zip(outputs) {
            candidates.push(candidate(spec, ordinal, output, counted.stopped[ordinal].as_deref()));
        }
    }
    let ranked = panel.iter().zip(by_series).zip(&counted.series).filter(|(_, is_ranked)| **is_ranked);
    let series: Vec<_> = ranked.map(|((series, all), _)| judged(spec, series, all)).collect();
    let coverage = Coverage { series: series.len(), series_total: panel.len() };
    Judgement { series, coverage, stopped: counted.stopped }
}

fn judged<'a>(spec: &Spec, series: &'a Series, candidates: Vec<Candidate>) -> Judged<'a> {
    let sufficiency = sufficiency(series, &spec.split);
    let Order { entries, warnings } = evaluation::rank(&candidates, spec.ranking_metric, &spec.policy);
    let ranking = SeriesRanking {
        name: series.name().to_owned(),
        frequency: series.frequency().into(),
        rows: series.len(),
        sufficiency,
        verdict: Verdict::Nobody,
        statement: String::new(),
        standings: Standings {
            metric: spec.ranking_metric,
            winner: entries.first().filter(|first| first.included).cloned(),
            entries,
            confidence: Confidence::Low,
            reasons: Vec::new(),
            tied: Vec::new(),
            warnings,
        },
    };
    let mut judged = Judged { series, candidates, ranking };
    let statement = of_series(spec, &judged);
    judged.say(statement);
    judged
}

/// What is said of one series of several: by the lead and the test over time. The choice is judged over all.
fn of_series(spec: &Spec, judged: &Judged<'_>) -> Statement {
    let ranked: Vec<&RankEntry> = judged.ranked().collect();
    let folds = ranked.iter().filter_map(|entry| Some(backtest_of(judged, entry)?.folds.as_slice()));
    let telling = tell_one(&folds.collect());
    verdict::state(&Facts {
        ranked: &ranked,
        asked: spec.candidates.len(),
        telling: &telling,
        check: None,
        metric: spec.ranking_metric,
        measure: measure::measure(spec.ranking_metric, 1),
        policy: &spec.policy,
        sufficiency: judged.ranking.sufficiency,
        several: None,
    })
}

impl Judged<'_> {
    fn ranked(&self) -> impl Iterator<Item = &RankEntry> {
        self.ranking.standings.entries.iter().filter(|entry| entry.included)
    }

    /// Puts a statement in the place of what is known of the series alone.
    fn say(&mut self, statement: Statement) {
        let found = &mut self.ranking;
        found.verdict = statement.verdict;
        found.statement = statement.sentence;
        found.standings.confidence = statement.confidence;
        found.standings.reasons = statement.reasons;
        found.standings.tied = statement.tied;
    }
}

/// The ranking of judged series. Of a single one it says the same as of all.
pub(super) fn ranking(spec: &Spec, judgement: &mut Judgement<'_>) -> Found {
    let (overall, statement) = overall::overall(spec, judgement);
    if let [only] = judgement.series.as_mut_slice() {
        only.say(statement);
    }
    Found {
        metric: spec.ranking_metric,
        horizon: spec.horizon,
        split: spec.split,
        coverage: judgement.coverage,
        business_summary: summary::summary(spec, &judgement.series, &overall),
        overall,
        series_excluded: spec.excluded_series.len(),
        assumptions: spec.assumptions.clone(),
    }
}

/// A candidate's name inside artifacts, where no run may show: its place in the request, from 1.
fn label(ordinal: usize) -> String {
    format!("candidate_{}", ordinal + 1)
}

fn candidate(
    spec: &Spec,
    ordinal: usize,
    mut output: Option<BacktestOutput>,
    stopped: Option<&str>,
) -> Candidate {
    let asked = &spec.candidates[ordinal];
    let params = match &mut output {
        Some(BacktestOutput::Done { backtest }) => std::mem::take(&mut backtest.params),
        _ => asked.params.clone().into(),
    };
    let outcome = match (stopped, output) {
        (Some(reason), _) => Outcome::Failed { reason: reason.to_owned() },
        (None, Some(BacktestOutput::Done { backtest })) => Outcome::Completed { backtest },
        (None, Some(BacktestOutput::Failed { message, .. })) => Outcome::Failed { reason: message },
        (None, None) => Outcome::Cancelled,
    };
    Candidate { candidate_id: label(ordinal), ordinal, model_type: asked.model_type.clone(), params, outcome }
}

/// Enough for every fold asked for, with few holes; or for one fold; or not even that.
pub(super) fn sufficiency(series: &Series, split: &SplitConfig) -> Sufficiency {
    let observed = observed(series);
    let is_dense = observed as f64 >= 0.8 * series.len() as f64;
    if observed >= split.rows_of_all() && is_dense {
        Sufficiency::Ready
    } else if observed >= split.rows_needed() {
        Sufficiency::Limited
    } else {
        Sufficiency::Unusable
    }
}

/// The backtest of a ranked entry.
fn backtest_of<'a>(judged: &'a Judged<'_>, entry: &RankEntry) -> Option<&'a evaluation::Backtest> {
    if entry.included { backtest_of_ordinal(judged, entry.ordinal) } else { None }
}

/// The backtest of a candidate that finished.
fn backtest_of_ordinal<'a>(judged: &'a Judged<'_>, ordinal: usize) -> Option<&'a evaluation::Backtest> {
    match &judged.candidates.get(ordinal)?.outcome {
        Outcome::Completed { backtest } => Some(backtest),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
