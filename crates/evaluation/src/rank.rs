//! Standings of candidates that ran on the same folds: who is eligible, in which order, how sure that is, and what to
//! say about it. Pure functions of their arguments: the same results give the same bytes.
//!
//! Order: the chosen metric (bias by size), then wape → smape → |bias| → mae without the chosen one, then the model
//! type, then the ordinal. Ascending; an absent metric comes last. WAPE is the mean over folds, or pooled over all
//! points when a fold has no demand.

mod confidence;
mod summary;

use std::cmp::Ordering;

use kernel::counted;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::model_selection::{Metric, RankEntry, RankMetrics, RankingPolicy, Standings, Sufficiency};

use crate::backtest::Backtest;
use crate::compare;

pub use summary::{DemandFacts, business_summary};

/// A model that took part, and how it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its identity; a model type may take part more than once.
    pub candidate_id: String,
    /// Its place in the request, from 0.
    pub ordinal: usize,
    /// Its model type.
    pub model_type: String,
    /// Its parameters.
    pub params: Value,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a candidate ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// It ran on all folds.
    Completed {
        /// What it gave.
        backtest: Box<Backtest>,
    },
    /// It could not run.
    Failed {
        /// Why.
        reason: String,
    },
    /// It was stopped.
    Cancelled,
}

/// Ranks candidates by a metric.
pub fn rank(
    candidates: &[Candidate],
    metric: Metric,
    policy: &RankingPolicy,
    sufficiency: Sufficiency,
) -> Standings {
    let mut ranked = Vec::new();
    let mut excluded = Vec::new();
    for candidate in candidates {
        let key = key(candidate, candidates);
        match eligible(candidate, policy) {
            Ok(metrics) => ranked.push(entry(candidate, key, Ok(metrics))),
            Err(reason) => excluded.push(entry(candidate, key, Err(reason))),
        }
    }
    ranked.sort_by(|a, b| order(a, b, metric));
    for (place, entry) in ranked.iter_mut().enumerate() {
        entry.rank = Some(place + 1);
    }
    excluded.sort_by_key(|entry| entry.ordinal);
    let (confidence, reason) = confidence::assess(&ranked, policy, sufficiency);
    let tied = tied(candidates, &ranked);
    let mut warnings = warnings(candidates, &ranked);
    warnings.extend(no_clear_winner(&tied));
    let winner = ranked.first().cloned();
    ranked.extend(excluded);
    Standings { metric, winner, entries: ranked, confidence, reasons: vec![reason], tied, warnings }
}

/// The winner and everyone whose daily errors do not differ from the winner's by more than chance.
fn tied(candidates: &[Candidate], ranked: &[RankEntry]) -> Vec<String> {
    let Some(winner) = ranked.first() else { return Vec::new() };
    let is_tied = |entry: &&RankEntry| {
        let pair = result(&winner.key, candidates).zip(result(&entry.key, candidates));
        let test = pair.and_then(|(first, other)| compare::paired(first, other));
        test.is_some_and(|test| test.p_value > compare::SIGNIFICANT)
    };
    let others = ranked[1..].iter().filter(is_tied).map(|entry| entry.key.clone());
    std::iter::once(winner.key.clone()).chain(others).collect()
}

fn no_clear_winner(tied: &[String]) -> Option<String> {
    let (winner, others) = tied.split_first()?;
    (!others.is_empty()).then(|| {
        format!(
            "no clear winner: the errors of {} cannot be told from those of {winner} at 5 %; choosing the best of a \
             few folds is often no better than a combination of the best",
            others.join(", ")
        )
    })
}

/// The numbers of a backtest that count in a ranking.
pub fn rank_metrics(backtest: &Backtest) -> RankMetrics {
    let mean = &backtest.aggregate.fold_mean;
    let has_quiet_fold = backtest.folds.iter().any(|fold| fold.metrics.wape.is_none());
    let wape = if has_quiet_fold { backtest.aggregate.pooled.wape } else { mean.wape };
    RankMetrics {
        wape,
        smape: mean.smape,
        mae: mean.mae,
        rmse: mean.rmse,
        bias: mean.bias,
        bias_percent: backtest.aggregate.pooled.bias_percent,
        mase: mean.mase,
        rmsse: mean.rmsse,
        wrmsse: None,
        sample_size: backtest.sample_size,
    }
}

/// What it is ranked by: of the bias its size.
fn size(metrics: &RankMetrics, metric: Metric) -> Option<f64> {
    match metric {
        Metric::Wape => metrics.wape,
        Metric::Smape => metrics.smape,
        Metric::Mae => metrics.mae,
        Metric::Rmse => metrics.rmse,
        Metric::Bias => metrics.bias.map(f64::abs),
        Metric::Mase => metrics.mase,
        Metric::Rmsse => metrics.rmsse,
    }
}

fn eligible(candidate: &Candidate, policy: &RankingPolicy) -> Result<RankMetrics, String> {
    let backtest = match &candidate.outcome {
        Outcome::Completed { backtest } => backtest,
        Outcome::Failed { reason } => return Err(reason.clone()),
        Outcome::Cancelled => return Err("cancelled".to_owned()),
    };
    let metrics = rank_metrics(backtest);
    for metric in [Metric::Smape, Metric::Mae, Metric::Bias] {
        if size(&metrics, metric).is_none() {
            let reason = backtest.aggregate.fold_mean.missing.get(&metric).map_or("unknown", String::as_str);
            return Err(format!("{metric} is missing or not finite: {reason}"));
        }
    }
    // WAPE may be absent only because there is no demand to divide by: then every candidate lacks it.
    let overflow = metrics.wape.is_none() && backtest.aggregate.pooled.mae.is_none();
    if overflow {
        return Err("wape is missing or not finite".to_owned());
    }
    if metrics.sample_size < policy.minimum_sample_size {
        let (found, needed) = (metrics.sample_size, policy.minimum_sample_size);
        return Err(format!(
            "{} fewer than the required {needed}",
            counted(found, "test point is", "test points are")
        ));
    }
    Ok(metrics)
}

fn entry(candidate: &Candidate, key: String, verdict: Result<RankMetrics, String>) -> RankEntry {
    RankEntry {
        rank: None,
        candidate_id: candidate.candidate_id.clone(),
        ordinal: candidate.ordinal,
        key,
        model_type: candidate.model_type.clone(),
        params: candidate.params.clone(),
        included: verdict.is_ok(),
        metrics: verdict.as_ref().ok().copied(),
        uncertainty: match &candidate.outcome {
            Outcome::Completed { backtest } if verdict.is_ok() => backtest.uncertainty.clone(),
            _ => None,
        },
        exclusion_reason: verdict.err(),
    }
}

/// The model type, or `type #2` (the place in the request) where it occurs more than once.
pub(crate) fn key(candidate: &Candidate, all: &[Candidate]) -> String {
    let is_same = |other: &&Candidate| other.model_type == candidate.model_type;
    if all.iter().filter(is_same).count() > 1 {
        format!("{} #{}", candidate.model_type, candidate.ordinal + 1)
    } else {
        candidate.model_type.clone()
    }
}

/// The backtest behind an entry.
pub(crate) fn result<'a>(wanted: &str, candidates: &'a [Candidate]) -> Option<&'a Backtest> {
    candidates.iter().find_map(|candidate| match &candidate.outcome {
        Outcome::Completed { backtest } if key(candidate, candidates) == wanted => Some(&**backtest),
        _ => None,
    })
}

fn order(a: &RankEntry, b: &RankEntry, chosen: Metric) -> Ordering {
    const CHAIN: [Metric; 4] = [Metric::Wape, Metric::Smape, Metric::Bias, Metric::Mae];
    let chain = std::iter::once(chosen).chain(CHAIN.into_iter().filter(|&metric| metric != chosen));
    let value = |entry: &RankEntry, metric| {
        entry.metrics.and_then(|metrics| size(&metrics, metric)).unwrap_or(f64::INFINITY)
    };
    chain
        .map(|metric| value(a, metric).total_cmp(&value(b, metric)))
        .find(|ordering| ordering.is_ne())
        .unwrap_or_else(|| (&a.model_type, a.ordinal).cmp(&(&b.model_type, b.ordinal)))
}

fn warnings(candidates: &[Candidate], ranked: &[RankEntry]) -> Vec<String> {
    let mut warnings = Vec::new();
    let backtests = candidates.iter().filter_map(|candidate| match &candidate.outcome {
        Outcome::Completed { backtest } => Some(backtest),
        _ => None,
    });
    for warning in backtests.flat_map(|backtest| &backtest.warnings) {
        if !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    if ranked.first().and_then(|entry| entry.metrics).is_some_and(|metrics| metrics.wape.is_none()) {
        warnings.push("no fold has any demand: WAPE is undefined and the next metrics decide".to_owned());
    }
    warnings
}

#[cfg(test)]
#[path = "rank/tests.rs"]
mod tests;
