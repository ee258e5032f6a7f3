//! Runs: list, look, cancel.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use kernel::{Class, ConversationId, Digest, RunId, Tenant};
use ledger::Head;
use runs::{Filter, Listed, Run, RunState};
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
    /// What it waits for while it is `waiting`: `children`, `decision` or `time`.
    waits_for: Option<&'static str>,
    /// Runs may share one.
    #[schema(value_type = uuid::Uuid)]
    conversation_id: ConversationId,
    /// The run that started it.
    #[schema(value_type = Option<uuid::Uuid>)]
    parent_run_id: Option<RunId>,
    /// Higher ones are taken first.
    priority: i32,
    /// No further attempt is made; somebody should look.
    is_dead_letter: bool,
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
    /// Parked: it holds no worker, and a decision, a timer or the ends of its children wake it.
    Waiting,
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
            RunState::Waiting => Self::Waiting,
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
            RunStatus::Waiting => Self::Waiting,
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
    /// Runs of this page whose rows cannot be read. Their trouble is their own.
    damaged: Vec<DamagedRun>,
    /// Where the next page begins; `null` on the last.
    next_cursor: Option<String>,
}

/// A run whose row cannot be read.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Damaged)]
pub(crate) struct DamagedRun {
    #[schema(value_type = uuid::Uuid)]
    run_id: RunId,
    /// What cannot be read.
    reason: String,
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
    #[param(value_type = Option<uuid::Uuid>)]
    conversation_id: Option<ConversationId>,
    /// Only runs that this one has started.
    #[param(value_type = Option<uuid::Uuid>)]
    parent_run_id: Option<RunId>,
    /// Only dead letters, or only others.
    is_dead_letter: Option<bool>,
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
        parent_run_id: query.parent_run_id,
        is_dead_letter: query.is_dead_letter,
    };
    // One more than asked for says whether there is a next page.
    let wanted = limit as u64 + 1;
    let mut runs =
        runs::list(reads.db(), tenant, &filter, before, wanted).await.map_err(Problem::internal)?;
    let next_cursor = page::cut(&mut runs, limit).map(|last| reads.cursors().seal(&scope, &last.id()));
    let ids: Vec<RunId> = runs.iter().map(Listed::id).collect();
    let heads = reads.heads(tenant, &ids).await?;
    let (mut items, mut damaged) = (Vec::with_capacity(runs.len()), Vec::new());
    for listed in runs {
        match listed {
            // A run whose ledger is gone has no frames to tell of.
            Listed::Run(run) => {
                let frames = heads.get(&run.id).map_or(0, |head| head.seq);
                items.push(RunItem::new(*run, frames));
            }
            Listed::Damaged { id, reason } => damaged.push(DamagedRun { run_id: id, reason }),
        }
    }
    Ok((page::link(&uri, next_cursor.as_deref()), Json(RunPage { items, damaged, next_cursor })))
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
            waits_for: run.waits_for.map(runs::WaitsFor::as_str),
            conversation_id: run.conversation_id,
            parent_run_id: run.parent_run_id,
            priority: run.priority,
            is_dead_letter: run.is_dead_letter,
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
    /// The program that took it.
    program: Program,
    /// The run at the top of its family; itself where no run started it.
    #[schema(value_type = uuid::Uuid)]
    root_run_id: RunId,
    /// When a waiting run goes on at the latest.
    #[serde(serialize_with = "wire::time_or_null")]
    wakes_at: Option<DateTime<Utc>>,
    /// What it has asked a person.
    questions: Vec<Question>,
    attempts: Vec<Attempt>,
    timeline: Vec<TimelineEntry>,
    inputs: Vec<Input>,
    artifacts: Vec<Artifact>,
    ledger: RunLedger,
    /// The run it repeats.
    #[schema(value_type = Option<uuid::Uuid>)]
    retry_of: Option<RunId>,
}

/// Which program a run was submitted to.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Program)]
pub(crate) struct Program {
    version: String,
    /// The commit it was built from; `null` where it was built outside a checkout.
    commit: Option<String>,
}

/// Something a run asks a person.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Question)]
pub(crate) struct Question {
    /// Its name in the run.
    name: String,
    title: String,
    /// What depends on it.
    detail: Option<String>,
    #[serde(serialize_with = "wire::time")]
    asked_at: DateTime<Utc>,
    /// When it lapses.
    #[serde(serialize_with = "wire::time_or_null")]
    expires_at: Option<DateTime<Utc>>,
    /// `approved`, `rejected` or `timed_out`; `null` while nobody has answered.
    decision: Option<&'static str>,
    /// Why.
    reason: Option<String>,
}

impl From<runs::Asked> for Question {
    fn from(asked: runs::Asked) -> Self {
        Self {
            name: asked.name,
            title: asked.title,
            detail: asked.detail,
            asked_at: asked.asked_at,
            expires_at: asked.expires_at,
            decision: asked.decision.map(frames::Decision::as_str),
            reason: asked.reason,
        }
    }
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
    /// `succeeded`, `failed`, `cancelled`, `retried`, `lost` or `released`; `null` while it runs.
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
    /// Where it lives: `dataset`, `artifact`, `run`, `model` or `snapshot`.
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

pub(crate) async fn detail(reads: &Reads, tenant: Tenant, id: RunId) -> Result<RunDetail, Problem> {
    let run = known(reads, tenant, id).await?;
    let heads = reads.heads(tenant, &[id]).await?;
    // A run whose ledger is gone is shown all the same: its row says why it is set aside.
    let head = heads.get(&id).copied().unwrap_or(Head { seq: 0, digest: Digest::ZERO, is_closed: false });
    let questions = runs::questions(reads.db(), &run).await.map_err(Problem::internal)?;
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
        program: Program { version: run.program.version.clone(), commit: run.program.commit.clone() },
        root_run_id: run.root_run_id,
        wakes_at: run.wakes_at,
        questions: questions.into_iter().map(Question::from).collect(),
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
