//! The order of candidates that ran on the same folds: who is eligible, and what a reader must know of the numbers. Pure functions of their arguments: the same results give the same bytes.
//!
//! Order: the chosen metric (bias by size), then wape → smape → |bias| → mae, then the model type, then the ordinal.
//! Ascending; an absent metric comes last. WAPE is the mean over folds, or pooled over all points when a fold has no
//! demand. How sure a first place is, and whether it is one at all, is said where all series are seen.

mod summary;

use std::cmp::Ordering;

use kernel::counted;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::model_selection::{Metric, RankEntry, RankMetrics, RankingMetric, RankingPolicy};

use crate::backtest::{Backtest, is_quiet};

pub use summary::{DemandFacts, business_summary, lead_in_words};

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

/// Candidates in order: the ranked, then the excluded in the order of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Everyone's place.
    pub entries: Vec<RankEntry>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
}

/// Ranks candidates by a metric. Those that no metric tells apart share a rank.
pub fn rank(candidates: &[Candidate], metric: RankingMetric, policy: &RankingPolicy) -> Order {
    let mut ranked = Vec::new();
    let mut excluded = Vec::new();
    for candidate in candidates {
        let key = key(candidate, candidates);
        match eligible(candidate, policy) {
            Ok(metrics) => ranked.push(entry(candidate, key, Ok(metrics))),
            Err(reason) => excluded.push(entry(candidate, key, Err(reason))),
        }
    }
    ranked.sort_by(|a, b| {
        by_numbers(a, b, metric).then_with(|| (&a.model_type, a.ordinal).cmp(&(&b.model_type, b.ordinal)))
    });
    for place in 0..ranked.len() {
        let is_equal = place > 0 && by_numbers(&ranked[place - 1], &ranked[place], metric).is_eq();
        ranked[place].rank = if is_equal { ranked[place - 1].rank } else { Some(place + 1) };
    }
    excluded.sort_by_key(|entry| entry.ordinal);
    let warnings = warnings(candidates, &ranked);
    ranked.extend(excluded);
    Order { entries: ranked, warnings }
}

/// The numbers of a backtest that count in a ranking.
pub fn rank_metrics(backtest: &Backtest) -> RankMetrics {
    let mean = &backtest.aggregate.fold_mean;
    let has_quiet_fold = backtest.folds.iter().any(|fold| is_quiet(&fold.metrics));
    let wape = if has_quiet_fold { backtest.aggregate.pooled.wape } else { mean.wape };
    RankMetrics {
        rel_mae: backtest.relative_error(),
        wape,
        smape: mean.smape,
        mae: mean.mae,
        rmse: mean.rmse,
        bias: mean.bias,
        bias_percent: backtest.aggregate.pooled.bias_percent,
        mase: mean.mase,
        rmsse: mean.rmsse,
        scale_rows: Some(backtest.scale_rows),
        wrmsse: None,
        sample_size: backtest.sample_size,
    }
}

fn eligible(candidate: &Candidate, policy: &RankingPolicy) -> Result<RankMetrics, String> {
    let backtest = match &candidate.outcome {
        Outcome::Completed { backtest } => backtest,
        Outcome::Failed { reason } => return Err(reason.clone()),
        Outcome::Cancelled => return Err("cancelled".to_owned()),
    };
    let metrics = rank_metrics(backtest);
    for (metric, value) in
        [(Metric::Smape, metrics.smape), (Metric::Mae, metrics.mae), (Metric::Bias, metrics.bias)]
    {
        if value.is_none() {
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
fn key(candidate: &Candidate, all: &[Candidate]) -> String {
    let is_same = |other: &&Candidate| other.model_type == candidate.model_type;
    if all.iter().filter(is_same).count() > 1 {
        format!("{} #{}", candidate.model_type, candidate.ordinal + 1)
    } else {
        candidate.model_type.clone()
    }
}

/// By the chosen metric, then down the chain.
fn by_numbers(a: &RankEntry, b: &RankEntry, chosen: RankingMetric) -> Ordering {
    use RankingMetric::{Bias, Mae, Smape, Wape};
    let chain = std::iter::once(chosen).chain([Wape, Smape, Bias, Mae]);
    let value = |entry: &RankEntry, metric| entry.by(metric).unwrap_or(f64::INFINITY);
    chain
        .map(|metric| value(a, metric).total_cmp(&value(b, metric)))
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
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
        warnings.push("no fold has any demand: WAPE has no value".to_owned());
    }
    warnings
}

#[cfg(test)]
#[path = "rank/tests.rs"]
mod tests;
