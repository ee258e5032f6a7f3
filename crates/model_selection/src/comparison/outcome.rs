//! Whether the rows of a comparison say what its run recorded: the decision of the terminal frame, and the spec.
//!
//! Rows can be forged by whoever owns the database; the frames of a run are chained. So the rows are never believed
//! alone.

use kernel::{ReadDb, RunId};
use runs::Record;
use sea_orm::{DbErr, EntityTrait};
use serde_json::{Value, json};
use wire::model_selection::ComparisonStatus;

use super::rows;
use super::spec::Spec;
use crate::candidate_id;
use crate::differ::Differences;
use crate::source::Source;
use crate::table::{candidate, comparison};

const FRAME: &str = "the terminal frame";
const SPEC: &str = "the spec";

/// Where the rows of an ended comparison differ from the structured output of its terminal frame; `None` is that of a
/// run that ended without an outcome.
pub async fn check_outcome(
    db: &ReadDb,
    run: RunId,
    structured: Option<&Value>,
) -> Result<Vec<String>, DbErr> {
    let Some((row, candidates)) = stored(db, run).await? else { return Ok(vec![gone(run)]) };
    let mut found = Differences::default();
    match structured {
        Some(said) => {
            decision(&mut found, &row, said);
            endings(&mut found, run, &candidates, &said["candidates"]);
        }
        None => without_outcome(&mut found, &row),
    }
    Ok(found.into_vec())
}

/// Where the rows differ from the spec of the run.
pub async fn check_spec(db: &ReadDb, run: RunId, spec: &Spec) -> Result<Vec<String>, DbErr> {
    let Some((row, candidates)) = stored(db, run).await? else { return Ok(vec![gone(run)]) };
    let (pair, dataset) = match &spec.source {
        Source::Pair { pair, .. } => (Some(*pair), None),
        Source::Dataset { dataset_id, .. } => (None, Some(dataset_id.to_string())),
    };
    let mut found = Differences::default();
    let mut check = |column: &str, row: Value, spec: Value| {
        found.check(format!("comparison.{column}"), row, &spec, SPEC);
    };
    check("store_id", row.store_id.into(), pair.map(|pair| pair.store_id.0).into());
    check("product_id", row.product_id.into(), pair.map(|pair| pair.product_id.0).into());
    check("dataset_id", row.dataset_id.map(|id| id.to_string()).into(), dataset.into());
    check("horizon", row.horizon.into(), spec.horizon.into());
    check("ranking_metric", row.ranking_metric.into(), spec.ranking_metric.as_str().into());
    check("series_total", row.series_total.into(), spec.series_total.into());
    check("candidates_total", row.candidates_total.into(), spec.candidates.len().into());
    if candidates.len() != spec.candidates.len() {
        found.say(format!(
            "{} candidates are stored, {SPEC} says {}",
            candidates.len(),
            spec.candidates.len()
        ));
    }
    for (asked, row) in spec.candidates.iter().zip(&candidates) {
        let column = |name: &str| format!("comparison_candidate.{name} of ordinal {}", row.ordinal);
        found.check(column("model_type"), row.model_type.as_str(), &json!(asked.model_type), SPEC);
        let params = serde_json::from_str(&row.params).unwrap_or(Value::Null);
        found.check(column("params"), params, &json!(asked.params), SPEC);
    }
    Ok(found.into_vec())
}

/// Where the rows of an ended comparison differ from the run they belong to: whose they are, and when things happened.
/// What the record does not say to the microsecond has its place between two things that it does say.
pub(super) async fn check_run(record: &Record<'_>, spec: &Spec) -> Result<Vec<String>, DbErr> {
    // That they are gone is said elsewhere.
    let Some((row, candidates)) = stored(record.db, record.run.id).await? else { return Ok(Vec::new()) };
    let mut found = Differences::default();
    let source = match &spec.source {
        Source::Pair { .. } => "pair",
        Source::Dataset { .. } => "dataset",
    };
    found.check("comparison.source", row.source.as_str(), &source.into(), SPEC);
    let tenant = record.tenant.id().to_string();
    found.check("comparison.tenant_id", row.tenant_id.to_string(), &tenant.into(), "the run");
    if row.settled_us.is_none() {
        found.say("comparison.settled_us is empty, and its run has ended".to_owned());
    }
    let has_outcome = record.structured.is_some();
    if has_outcome && row.started_us.is_none() && candidates.iter().any(|row| row.started_us.is_some()) {
        found.say("comparison.started_us is empty, and candidates have started".to_owned());
    }
    for candidate in &candidates {
        complete(&mut found, record, &row, candidate);
    }
    if record.has_order {
        times(&mut found, record, &row, &candidates);
    }
    Ok(found.into_vec())
}

/// Whether a candidate has what one that ended so has.
fn complete(
    found: &mut Differences,
    record: &Record<'_>,
    comparison: &comparison::Model,
    row: &candidate::Model,
) {
    let ordinal = row.ordinal;
    let column = |name: &str| format!("comparison_candidate.{name} of ordinal {ordinal}");
    if row.ended_us.is_none() {
        found.say(format!("{} is empty, and its run has ended", column("ended_us")));
    }
    if row.started_us.is_none() && (row.status == "completed" || row.series_done != 0) {
        found.say(format!(
            "{} is empty, and it is `{}` after {} series",
            column("started_us"),
            row.status,
            row.series_done
        ));
    }
    if !(0..=comparison.series_total).contains(&row.series_done) {
        found.say(format!(
            "{} is {}, of {} series",
            column("series_done"),
            row.series_done,
            comparison.series_total
        ));
    }
    if row.error_code.is_some() != row.error_message.is_some() {
        found.say(format!("{} is there without its other half", column("error_code or error_message")));
    }
    // A candidate that the run's own error ended says the same as the run.
    let problem = record.run.problem.as_ref();
    if let Some(problem) = problem.filter(|problem| row.error_code.as_deref() == Some(&problem.code)) {
        found.check(
            column("error_message"),
            row.error_message.as_deref(),
            &json!(problem.message),
            "the run",
        );
    }
}

fn times(
    found: &mut Differences,
    record: &Record<'_>,
    row: &comparison::Model,
    candidates: &[candidate::Model],
) {
    let run = record.run;
    let created = ("run.created_us", Some(run.created_at.timestamp_micros()));
    let started = ("run.started_us", run.started_at.map(|at| at.timestamp_micros()));
    let ended = ("run.ended_us", run.ended_at.map(|at| at.timestamp_micros()));
    found.in_order(&[created, ("comparison.created_us", Some(row.created_us)), started, ended]);
    let settled = ("comparison.settled_us", row.settled_us);
    found.in_order(&[started, ("comparison.started_us", row.started_us), settled, ended]);
    for row in candidates {
        let column = |name: &str| format!("comparison_candidate.{name} of ordinal {}", row.ordinal);
        let own = [column("started_us"), column("ended_us")];
        found.in_order(&[started, (&own[0], row.started_us), (&own[1], row.ended_us), settled]);
    }
}

async fn stored(
    db: &ReadDb,
    run: RunId,
) -> Result<Option<(comparison::Model, Vec<candidate::Model>)>, DbErr> {
    let snapshot = db.snapshot().await?;
    let row = comparison::Entity::find_by_id(run).one(&snapshot).await?;
    let candidates = rows::candidates(&snapshot, run).await?;
    snapshot.commit().await?;
    Ok(row.map(|row| (row, candidates)))
}

fn gone(run: RunId) -> String {
    format!("the comparison of run {run} is not stored")
}

fn decision(found: &mut Differences, row: &comparison::Model, said: &Value) {
    let mut check = |column: &str, row: Value, said: &Value| {
        found.check(format!("comparison.{column}"), row, said, FRAME);
    };
    check("status", row.status.as_str().into(), &said["status"]);
    check("winner_ordinal", row.winner_ordinal.into(), &said["winner_ordinal"]);
    check("winner_model_type", row.winner_model_type.as_deref().into(), &said["winner_model_type"]);
    check("winner_value", row.winner_value.into(), &said["winner_value"]);
    check("confidence", row.confidence.as_deref().into(), &said["confidence"]);
    check("ranking_metric", row.ranking_metric.as_str().into(), &said["ranking_metric"]);
    check("error_code", row.error_code.as_deref().into(), &said["error"]["code"]);
    check("error_message", row.error_message.as_deref().into(), &said["error"]["message"]);
}

fn endings(found: &mut Differences, run: RunId, rows: &[candidate::Model], said: &Value) {
    let said = said.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.len() != said.len() {
        found.say(format!("{} candidates are stored, {FRAME} says {}", rows.len(), said.len()));
    }
    for (row, said) in rows.iter().zip(said) {
        let ordinal = row.ordinal;
        let mut check = |column: &str, row: Value, said: &Value| {
            found.check(format!("comparison_candidate.{column} of ordinal {ordinal}"), row, said, FRAME);
        };
        check("ordinal", ordinal.into(), &said["ordinal"]);
        check("candidate_id", row.candidate_id.to_string().into(), &said["candidate_id"]);
        check("model_type", row.model_type.as_str().into(), &said["model_type"]);
        check("status", row.status.as_str().into(), &said["status"]);
        check("series_done", row.series_done.into(), &said["series_done"]);
        check("error_code", row.error_code.as_deref().into(), &said["error_code"]);
        // Frames of earlier versions do not say.
        if let Some(message) = said.get("error_message") {
            check("error_message", row.error_message.as_deref().into(), message);
        }
        let derived = usize::try_from(ordinal).map(|ordinal| candidate_id(run, ordinal).to_string());
        check("candidate_id", row.candidate_id.to_string().into(), &json!(derived.ok()));
    }
}

/// A run that failed, or was cancelled before it began, has no champion.
fn without_outcome(found: &mut Differences, row: &comparison::Model) {
    let ended = [ComparisonStatus::Failed.as_str(), ComparisonStatus::Cancelled.as_str()];
    if !ended.contains(&row.status.as_str()) {
        found.say(format!("comparison.status is `{}`, and its run ended without an outcome", row.status));
    }
    let mut check = |column: &str, row: Value| {
        found.check(format!("comparison.{column}"), row, &Value::Null, FRAME);
    };
    check("winner_ordinal", row.winner_ordinal.into());
    check("winner_model_type", row.winner_model_type.as_deref().into());
    check("winner_value", row.winner_value.into());
    check("confidence", row.confidence.as_deref().into());
}
