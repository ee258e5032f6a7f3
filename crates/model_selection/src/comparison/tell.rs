//! What a comparison says while it runs, and in its end.

use forecast::rank::rank_metrics;
use kernel::RunId;
use runs::{RunContext, Stop};
use serde_json::{Map, Value, json};

use super::lane::Lane;
use super::ranking::Ranking;
use super::shard::BacktestOutput;
use super::spec::Spec;
use super::status::CandidateStatus;
use crate::CandidateId;
use crate::tell::{Card, message, progress as report, refusal};

pub(super) const BACKTEST: &str = "backtest";
pub(super) const RANK: &str = "rank";

/// A phase of a comparison begins.
pub(super) async fn phase(cx: &RunContext, phase: &str, index: u32) -> Result<(), Stop> {
    crate::tell::phase(cx, phase, index, 2).await
}

/// A candidate will be backtested.
pub(super) async fn announce(cx: &RunContext, spec: &Spec, lane: &Lane) -> Result<(), Stop> {
    card(spec, lane).announce(cx).await
}

/// Its first backtest has begun.
pub(super) async fn start(cx: &RunContext, spec: &Spec, lane: &Lane) -> Result<(), Stop> {
    let asked = &spec.candidates[lane.ordinal];
    let mut arguments = Map::new();
    arguments.insert("model_type".to_owned(), asked.model_type.clone().into());
    arguments.insert("params".to_owned(), asked.params.clone().into());
    arguments.insert("series".to_owned(), lane.outputs.len().into());
    card(spec, lane).start(cx, arguments).await
}

/// It lost on a sample of the series and does not run on the rest.
pub(super) async fn dropped(cx: &RunContext, spec: &Spec, lane: &Lane, message: &str) -> Result<(), Stop> {
    let model_type = &spec.candidates[lane.ordinal].model_type;
    crate::tell::notice(cx, "CANDIDATE_DROPPED", &format!("{model_type} ({}): {message}", lane.id)).await
}

/// It has ended, and this is what it gave.
pub(super) async fn end(cx: &RunContext, spec: &Spec, lane: &Lane) -> Result<(), Stop> {
    let card = card(spec, lane);
    let mut facts = json!({
        "candidate_id": lane.id,
        "ordinal": lane.ordinal,
        "status": lane.status(),
        "series_done": lane.series_run(),
        "series_total": lane.outputs.len(),
    });
    if let Some((code, message)) = lane.failure() {
        facts["error"] = json!({ "code": code, "message": message });
    }
    if let [Some(BacktestOutput::Done { backtest })] = lane.outputs.as_slice() {
        facts["metrics"] = json!(rank_metrics(backtest));
        facts["folds"] = backtest.folds.len().into();
    }
    match lane.status() {
        CandidateStatus::Completed | CandidateStatus::Dropped => card.complete(cx, facts).await,
        _ => card.fail(cx, facts).await,
    }
}

/// How many backtests are done.
pub(super) async fn progress(cx: &RunContext, done: usize, total: usize) -> Result<(), Stop> {
    report(cx, BACKTEST, done, total).await
}

/// What the ranking means.
pub(super) async fn explain(cx: &RunContext, ranking: &Ranking) -> Result<(), Stop> {
    let overall = &ranking.overall;
    let mut paragraphs = vec![ranking.business_summary.headline.clone()];
    paragraphs.extend(ranking.business_summary.comparison.as_ref().map(|found| found.lead_text.clone()));
    paragraphs.push(format!("Confidence: {}.", overall.reasons.join("; ")));
    paragraphs.extend(overall.notes.iter().cloned());
    message(cx, "explanation", overall.entries.len(), &paragraphs).await
}

/// Why no champion is named.
pub(super) async fn refuse(cx: &RunContext, ranking: &Ranking, text: &str) -> Result<(), Stop> {
    refusal(cx, "explanation", ranking.overall.entries.len(), text).await
}

/// The artifact `metrics`: everything a list of runs compares, and nothing that differs between two runs of one spec.
pub(super) fn metrics(ranking: &Ranking) -> Value {
    let overall = &ranking.overall;
    json!({
        "ranking_metric": ranking.metric,
        "horizon": ranking.horizon,
        "series_total": ranking.series.len(),
        "series_excluded": ranking.excluded_series.len(),
        "confidence": overall.winner.map(|_| overall.confidence),
        "champion": overall.entries.first().filter(|first| first.entry.included),
        "candidates": overall.entries,
        "combination": overall.combination,
        "selection_check": overall.selection_check,
    })
}

/// The terminal frame's structured output: the ranking with the candidates' ids.
pub(super) fn structured(run: RunId, ranking: &Ranking) -> Value {
    let overall = &ranking.overall;
    let entries = overall.entries.iter().map(|place| {
        let entry = &place.entry;
        json!({
            "rank": entry.rank,
            "candidate_id": CandidateId::of(run, entry.ordinal),
            "ordinal": entry.ordinal,
            "model_type": entry.model_type,
            "params": entry.params,
            "included": entry.included,
            "exclusion_reason": entry.exclusion_reason,
            "metrics": entry.metrics,
            "mean_rank": place.mean_rank,
            "series_won": place.series_won,
        })
    });
    json!({
        "ranking_metric": ranking.metric,
        "winner": overall.winner.map(|ordinal| CandidateId::of(run, ordinal)),
        "confidence": overall.winner.map(|_| overall.confidence),
        "reasons": overall.reasons,
        "notes": overall.notes,
        "entries": entries.collect::<Vec<_>>(),
    })
}

fn card(spec: &Spec, lane: &Lane) -> Card {
    let model_type = &spec.candidates[lane.ordinal].model_type;
    Card::branch("candidates", lane.ordinal, lane.id.to_string(), model_type.clone())
}
