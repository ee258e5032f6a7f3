//! What a forecast says while it runs, and in its end.

use runs::{RunContext, Stop};
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

/// How many pieces of work are done.
pub(super) async fn progress(cx: &RunContext, done: usize, total: usize) -> Result<(), Stop> {
    report(cx, RACE, done, total).await
}

/// What came out, or that nothing did.
pub(super) async fn explain(cx: &RunContext, result: &FleetResult) -> Result<(), Stop> {
    if result.series_forecast == 0 {
        return refusal(cx, "explanation", 0, &result.statement).await;
    }
    message(cx, "explanation", 0, std::slice::from_ref(&result.statement)).await
}
