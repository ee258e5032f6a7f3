//! Runs: list, look, cancel.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use kernel::{Class, Digest, RunId, Tenant};
use runs::{Filter, Run, RunState};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::artifact::Artifact;
use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, Late, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page, wire};

/// A run as it stands in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Item)]
pub(crate) struct RunItem {
    #[schema(value_type = uuid::Uuid)]
    run_id: RunId,
    /// What sort of work it is: `showcase`, `comparison`, …
    kind: String,
    status: RunStatus,
    title: String,
    #[serde(serialize_with = "wire::time")]
    created_at: DateTime<Utc>,
    /// When its first attempt began.
    #[serde(serialize_with = "wire::time_or_null")]
    started_at: Option<DateTime<Utc>>,
    #[serde(serialize_with = "wire::time_or_null")]
    ended_at: Option<DateTime<Utc>>,
    /// The number of its latest attempt; 0 before the first.
    attempt: u32,
    /// Runs may share one.
    conversation_id: String,
    /// How many frames it has.
    frames: u64,
    error: Option<RunFault>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = runs::Status)]
pub(crate) enum RunStatus {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Ended with its `metrics` artifact.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ended because somebody asked.
    Cancelled,
}

impl From<RunState> for RunStatus {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Queued => Self::Queued,
            RunState::Running => Self::Running,
            RunState::Succeeded => Self::Succeeded,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<RunStatus> for RunState {
    fn from(status: RunStatus) -> Self {
        match status {
            RunStatus::Queued => Self::Queued,
            RunStatus::Running => Self::Running,
            RunStatus::Succeeded => Self::Succeeded,
            RunStatus::Failed => Self::Failed,
            RunStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// Why a run or an attempt failed.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Fault)]
pub(crate) struct RunFault {
    /// A stable code.
    code: String,
    message: String,
}

impl From<runs::RunProblem> for RunFault {
    fn from(problem: runs::RunProblem) -> Self {
        Self { code: problem.code, message: problem.message }
    }
}

/// A page of runs, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Page)]
pub(crate) struct RunPage {
    items: Vec<RunItem>,
    /// Where the next page begins; `null` on the last.
    next_cursor: Option<String>,
}

/// Which runs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// Only runs that stand here.
    status: Option<RunStatus>,
    /// Only runs of this conversation.
    conversation_id: Option<String>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/runs", tag = "runs", params(ListQuery),
    responses((status = 200, description = "A page of runs", body = RunPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<RunPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("runs:{}", tenant.id());
    let before = query.cursor.map(|cursor| reads.cursors().open::<RunId>(&scope, &cursor)).transpose()?;
    let filter = Filter {
        kind: query.kind,
        state: query.status.map(RunState::from),
        conversation_id: query.conversation_id,
    };
    // One more than asked for says whether there is a next page.
    let wanted = limit as u64 + 1;
    let mut runs =
        runs::list(reads.db(), tenant, &filter, before, wanted).await.map_err(Problem::internal)?;
    let next_cursor = page::cut(&mut runs, limit).map(|last| reads.cursors().seal(&scope, &last.id));
    let mut items = Vec::with_capacity(runs.len());
    for run in runs {
        let frames = reads.head(tenant, run.id).await?.seq;
        items.push(RunItem::new(run, frames));
    }
    Ok((page::link(&uri, next_cursor.as_deref()), Json(RunPage { items, next_cursor })))
}

impl RunItem {
    fn new(run: Run, frames: u64) -> Self {
        Self {
            run_id: run.id,
            kind: run.kind,
            status: run.state.into(),
            title: run.title,
            created_at: run.created_at,
            started_at: run.started_at,
            ended_at: run.ended_at,
            attempt: run.attempt,
            conversation_id: run.conversation_id,
            frames,
            error: run.problem.map(RunFault::from),
        }
    }
}

/// Everything about a run but its frames.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Detail)]
pub(crate) struct RunDetail {
    #[serde(flatten)]
    item: RunItem,
    /// What was asked for, as pinned at submit.
    #[schema(value_type = Object)]
    spec: Box<RawValue>,
    /// SHA-256 of `spec`, 64 hex digits.
    #[schema(value_type = String)]
    spec_digest: Digest,
    /// The seed of all its randomness.
    seed: u64,
    attempts: Vec<Attempt>,
    timeline: Vec<TimelineEntry>,
    inputs: Vec<Input>,
    artifacts: Vec<Artifact>,
    ledger: RunLedger,
    /// The run it repeats.
    #[schema(value_type = Option<uuid::Uuid>)]
    retry_of: Option<RunId>,
    /// Its attempts are exhausted; somebody should look.
    is_dead_letter: bool,
}

/// One attempt at a run.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Attempt)]
pub(crate) struct Attempt {
    number: u32,
    /// Who held the lease.
    worker: String,
    #[serde(serialize_with = "wire::time")]
    started_at: DateTime<Utc>,
    #[serde(serialize_with = "wire::time_or_null")]
    ended_at: Option<DateTime<Utc>>,
    /// `succeeded`, `failed`, `cancelled`, `retried` or `lost`; `null` while it runs.
    outcome: Option<&'static str>,
    error: Option<RunFault>,
}

/// What happened to a run, and when.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::TimelineEntry)]
pub(crate) struct TimelineEntry {
    #[serde(serialize_with = "wire::time")]
    at: DateTime<Utc>,
    event: String,
}

/// Something a run was made from.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Input)]
pub(crate) struct Input {
    /// What it is to the run.
    role: String,
    /// Where it lives: `artifact` or `dataset`.
    source: &'static str,
    /// Its id there.
    id: String,
    /// What it was: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    digest: Digest,
}

/// Where a run's ledger stands.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Ledger)]
pub(crate) struct RunLedger {
    /// How many frames there are.
    seq: u64,
    /// The chain's digest after the last: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    head: Digest,
    /// Whether the last frame is the terminal one.
    is_closed: bool,
}

impl From<ledger::Head> for RunLedger {
    fn from(head: ledger::Head) -> Self {
        Self { seq: head.seq, head: head.digest, is_closed: head.is_closed }
    }
}

/// One run.
#[utoipa::path(get, path = "/runs/{run_id}", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = RunDetail), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<RunDetail>, Problem> {
    detail(&reads, tenant, id).await.map(Json)
}

/// Asks a run to stop and answers when it has.
#[utoipa::path(delete, path = "/runs/{run_id}", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The settled run", body = RunDetail),
        NotFound, Conflict, Late, Invalid, Refused))]
pub(crate) async fn cancel(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<RunDetail>, Problem> {
    acts.engine.cancel(tenant, id).await?;
    detail(&acts.reads, tenant, id).await.map(Json)
}

/// The run, or the one answer for unknown, deleted and foreign.
pub(crate) async fn known(reads: &Reads, tenant: Tenant, id: RunId) -> Result<Run, Problem> {
    let run = runs::find(reads.db(), tenant, id).await.map_err(Problem::internal)?;
    run.ok_or_else(|| Problem::new(Class::NotFound, "RUN_NOT_FOUND", format!("run {id} does not exist")))
}

async fn detail(reads: &Reads, tenant: Tenant, id: RunId) -> Result<RunDetail, Problem> {
    let run = known(reads, tenant, id).await?;
    let head = reads.head(tenant, id).await?;
    let attempts = runs::attempts(reads.db(), &run).await.map_err(Problem::internal)?;
    let inputs = runs::inputs(reads.db(), &run).await.map_err(Problem::internal)?;
    let artifacts = runs::artifacts(reads.db(), &run).await.map_err(Problem::internal)?;
    Ok(RunDetail {
        spec: RawValue::from_string(run.spec.clone()).map_err(Problem::internal)?,
        spec_digest: run.spec_digest,
        seed: run.seed.0,
        timeline: timeline(&run, &attempts),
        attempts: attempts.into_iter().map(Attempt::from).collect(),
        inputs: inputs.into_iter().map(Input::from).collect(),
        artifacts: artifacts.into_iter().map(Artifact::from).collect(),
        retry_of: run.retry_of,
        is_dead_letter: run.is_dead_letter,
        ledger: head.into(),
        item: RunItem::new(run, head.seq),
    })
}

impl From<runs::Attempt> for Attempt {
    fn from(attempt: runs::Attempt) -> Self {
        Self {
            number: attempt.number,
            worker: attempt.worker,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at,
            outcome: attempt.outcome.map(runs::AttemptOutcome::as_str),
            error: attempt.problem.map(RunFault::from),
        }
    }
}

impl From<runs::Input> for Input {
    fn from(input: runs::Input) -> Self {
        Self { role: input.role, source: input.source.as_str(), id: input.source_id, digest: input.digest }
    }
}

/// What the stored times say, oldest first.
fn timeline(run: &Run, attempts: &[runs::Attempt]) -> Vec<TimelineEntry> {
    let mut entries = vec![TimelineEntry { at: run.created_at, event: "submitted".to_owned() }];
    for attempt in attempts {
        let number = attempt.number;
        entries.push(TimelineEntry { at: attempt.started_at, event: format!("attempt {number} started") });
        if let (Some(at), Some(outcome)) = (attempt.ended_at, attempt.outcome) {
            entries.push(TimelineEntry { at, event: format!("attempt {number} {}", outcome.as_str()) });
        }
    }
    let asked = run.cancel_requested_at.map(|at| TimelineEntry { at, event: "cancel requested".to_owned() });
    let ended = run.ended_at.map(|at| TimelineEntry { at, event: run.state.to_string() });
    entries.extend(asked.into_iter().chain(ended));
    // Stable: entries of one time stay in the order in which they happen.
    entries.sort_by_key(|entry| entry.at);
    entries
}
