//! What a forecast says while it runs, and in its end.

use chrono::TimeDelta;
use frames::{StepCompleted, StepStarted, StepStatus};
use kernel::{Digest, counted};
use runs::{RunContext, Stop};
use serde_json::Value;
use wire::model_selection::FleetResult;

use super::plan::Plan;
use crate::tell::{message, notice, progress as report, refusal};

pub(super) const RACE: &str = "race";
pub(super) const CONCLUDE: &str = "conclude";

/// What was chosen where nobody had chosen.
pub(super) async fn assumed(cx: &RunContext, plan: &Plan) -> Result<(), Stop> {
    for sentence in &plan.assumptions {
        notice(cx, "ASSUMED", sentence).await?;
    }
    Ok(())
}

/// A phase begins.
pub(super) async fn phase(cx: &RunContext, phase: &str, index: u32) -> Result<(), Stop> {
    crate::tell::phase(cx, phase, index, 2).await
}

/// How much of the work is done.
pub(super) async fn progress(cx: &RunContext, done: usize, total: usize) -> Result<(), Stop> {
    report(cx, RACE, done, total).await
}

/// Under what a step of the race tells the digest of what its shards gave.
pub(super) const DIGEST: &str = "digest";

/// A step of the race.
pub(super) struct Step<'a> {
    pub name: &'a str,
    /// Which one, from 0: the sample, models of all series, the blocks.
    pub index: usize,
    pub blocks: usize,
}

/// How a step ended.
pub(super) struct Ended {
    pub series: usize,
    pub digest: Digest,
    pub took: TimeDelta,
}

/// A step begins.
pub(super) async fn step_started(cx: &RunContext, place: &Step<'_>) -> Result<(), Stop> {
    let body = StepStarted {
        step: place.name.to_owned(),
        step_index: count(place.index + 1),
        step_total: count(place.blocks + 2),
        phase: RACE.to_owned(),
        phase_index: 1,
        phase_total: 2,
    };
    cx.emit(body).await
}

/// A step ended, and what it gave can be told from anything else.
pub(super) async fn step_ended(cx: &RunContext, place: &Step<'_>, ended: &Ended) -> Result<(), Stop> {
    let data = [("series", ended.series.into()), (DIGEST, ended.digest.to_string().into())];
    let took_us = ended.took.num_microseconds().unwrap_or(0);
    let body = StepCompleted {
        step: place.name.to_owned(),
        step_index: count(place.index + 1),
        step_total: count(place.blocks + 2),
        phase: RACE.to_owned(),
        phase_index: 1,
        phase_total: 2,
        status: StepStatus::Pass,
        detail: counted(ended.series, "series", "series"),
        duration_ms: took_us as f64 / 1e3,
        data: data.into_iter().map(|(name, value): (_, Value)| (name.to_owned(), value)).collect(),
    };
    cx.emit(body).await
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What came out, or that nothing did.
pub(super) async fn explain(cx: &RunContext, result: &FleetResult) -> Result<(), Stop> {
    if result.series_forecast == 0 {
        return refusal(cx, "explanation", 0, &result.statement).await;
    }
    message(cx, "explanation", 0, std::slice::from_ref(&result.statement)).await
}
