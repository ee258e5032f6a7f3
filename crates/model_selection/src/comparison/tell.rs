//! What a comparison says while it runs, and in its end.

use evaluation::rank::rank_metrics;
use kernel::RunId;
use runs::{RunContext, Stop};
use serde_json::{Map, Value, json};
use wire::model_selection::{CandidateStatus, OverallEntry};

use super::kind::Outcome;
use super::lane::Lane;
use super::ranking::{Found, Overall};
use super::rows::CandidateEnd;
use super::shard::BacktestOutput;
use super::spec::Spec;
use crate::candidate_id;
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
pub(super) async fn explain(cx: &RunContext, ranking: &Found) -> Result<(), Stop> {
    let overall = &ranking.overall;
    let mut paragraphs = vec![overall.statement.clone(), confidence(overall)];
    paragraphs.extend(overall.bias.iter().chain(&overall.warnings).chain(&overall.notes).cloned());
    message(cx, "explanation", overall.entries.len(), &paragraphs).await
}

/// How sure the first place is, and why.
pub(super) fn confidence(overall: &Overall) -> String {
    let word = overall.confidence.as_str();
    format!("Confidence {word}: {}.", overall.reasons.join("; "))
}

/// Why no champion is named.
pub(super) async fn refuse(cx: &RunContext, ranking: &Found, text: &str) -> Result<(), Stop> {
    refusal(cx, "explanation", ranking.overall.entries.len(), text).await
}

/// The artifact `metrics`: everything a list of runs compares, and nothing that differs between two runs of one spec.
pub(super) fn metrics(ranking: &Found) -> Value {
    let overall = &ranking.overall;
    json!({
        "ranking_metric": ranking.metric,
        "horizon": ranking.horizon,
        "verdict": overall.verdict,
        "statement": overall.statement,
        "series_total": ranking.coverage.series_total,
        "series_ranked": ranking.coverage.series,
        "series_excluded": ranking.series_excluded,
        "confidence": overall.winner.map(|_| overall.confidence),
        "champion": overall.entries.first().filter(|first| first.entry.included),
        "candidates": overall.entries,
        "combination": overall.combination,
        "selection_check": overall.selection_check,
    })
}

/// The terminal frame's structured output: the decision as the rows have it, and the ranking with the candidates' ids.
/// It repeats no parameters: they are in the spec, and a request may make them long.
pub(super) fn structured(run: RunId, ranking: &Found, outcome: &Outcome) -> Value {
    let (overall, end) = (&ranking.overall, &outcome.end);
    let champion = end.champion.as_ref();
    json!({
        "status": end.status,
        "winner": champion.map(|champion| candidate_id(run, champion.ordinal)),
        "winner_ordinal": champion.map(|champion| champion.ordinal),
        "winner_model_type": champion.map(|champion| &champion.model_type),
        "winner_value": champion.and_then(|champion| champion.value),
        "confidence": end.confidence,
        "error": end.error.as_ref().map(|(code, message)| json!({ "code": code, "message": message })),
        "ranking_metric": ranking.metric,
        "verdict": overall.verdict,
        "statement": overall.statement,
        "reasons": overall.reasons,
        "tied": overall.tied,
        "bias": overall.bias,
        "warnings": overall.warnings,
        "figures": overall.figures,
        "notes": overall.notes,
        "coverage": ranking.coverage,
        "entries": entries(run, overall),
        "candidates": candidates(run, overall, outcome),
    })
}

fn entries(run: RunId, overall: &Overall) -> Vec<Value> {
    let entry = |place: &OverallEntry| {
        let entry = &place.entry;
        json!({
            "rank": entry.rank,
            "candidate_id": candidate_id(run, entry.ordinal),
            "ordinal": entry.ordinal,
            "model_type": entry.model_type,
            "included": entry.included,
            "exclusion_reason": entry.exclusion_reason,
            "metrics": entry.metrics,
            "mean_rank": place.mean_rank,
            "series_won": place.series_won,
        })
    };
    overall.entries.iter().map(entry).collect()
}

/// How each candidate ended, by ordinal.
fn candidates(run: RunId, overall: &Overall, outcome: &Outcome) -> Vec<Value> {
    let model_type = |ordinal: usize| {
        let place = overall.entries.iter().find(|place| place.entry.ordinal == ordinal)?;
        Some(&place.entry.model_type)
    };
    let candidate = |end: &CandidateEnd| {
        json!({
            "ordinal": end.ordinal,
            "candidate_id": candidate_id(run, end.ordinal),
            "model_type": model_type(end.ordinal),
            "status": end.status,
            "series_done": end.series_done,
            "error_code": end.error.as_ref().map(|error| &error.0),
            "error_message": end.error.as_ref().map(|error| &error.1),
        })
    };
    outcome.candidates.iter().map(candidate).collect()
}

fn card(spec: &Spec, lane: &Lane) -> Card {
    let model_type = &spec.candidates[lane.ordinal].model_type;
    Card::branch("candidates", lane.ordinal, lane.id.to_string(), model_type.clone())
}
