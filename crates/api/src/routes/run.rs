//! Runs: list, look, cancel.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use kernel::{Class, Digest, RunId, Tenant};
use ledger::Head;
use runs::{Filter, Listed, Run, RunState};
use wire::page::Damaged;
use wire::runs::{Detail, Kinds, ListQuery, Page};

use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, Late, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// What kinds of runs there are, by name.
#[utoipa::path(get, path = "/run-kinds", tag = "runs",
    responses((status = 200, description = "Every kind", body = Kinds), Refused))]
pub(crate) async fn kinds(State(reads): State<Reads>) -> Json<Kinds> {
    Json(Kinds { kinds: reads.run_kinds().iter().map(|&kind| kind.to_owned()).collect() })
}

/// Runs, newest first.
#[utoipa::path(get, path = "/runs", tag = "runs", params(ListQuery),
    responses((status = 200, description = "A page of runs", body = Page), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<Page>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("runs:{}", tenant.id());
    let before = query.cursor.map(|cursor| reads.cursors().open::<RunId>(&scope, &cursor)).transpose()?;
    let filter = Filter {
        kind: query.kind.map(|kind| known_kind(&reads, kind)).transpose()?,
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
    let heads = reads.ledger().heads(tenant, &ids).await?;
    let (mut items, mut damaged) = (Vec::with_capacity(runs.len()), Vec::new());
    for listed in runs {
        match listed {
            // A run whose ledger is gone has no frames to tell of.
            Listed::Run(run) => {
                let frames = heads.get(&run.id).map_or(0, |head| head.seq);
                items.push(run.into_item(frames));
            }
            Listed::Damaged { id, reason } => damaged.push(Damaged { id: id.0, reason }),
        }
    }
    Ok((page::link(&uri, next_cursor.as_deref()), Json(Page { items, damaged, next_cursor })))
}

/// A misspelt kind would be answered with no runs, as if there were none.
fn known_kind(reads: &Reads, kind: String) -> Result<String, Problem> {
    let kinds = reads.run_kinds();
    if kinds.contains(&kind.as_str()) {
        return Ok(kind);
    }
    Err(Problem::field("kind", format!("`{kind}` is not one of {}", kinds.join(", "))))
}

/// One run.
#[utoipa::path(get, path = "/runs/{run_id}", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The run", body = Detail), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Detail>, Problem> {
    detail(&reads, tenant, id).await.map(Json)
}

/// Asks a run to stop and answers when it has.
#[utoipa::path(delete, path = "/runs/{run_id}", tag = "runs",
    params(("run_id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, description = "The settled run", body = Detail),
        NotFound, Conflict, Late, Invalid, Refused))]
pub(crate) async fn cancel(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
) -> Result<Json<Detail>, Problem> {
    acts.engine.cancel(tenant, id).await?;
    detail(&acts.reads, tenant, id).await.map(Json)
}

/// The run, or the one answer for unknown, deleted and foreign.
pub(crate) async fn known(reads: &Reads, tenant: Tenant, id: RunId) -> Result<Run, Problem> {
    let run = runs::find(reads.db(), tenant, id).await.map_err(Problem::internal)?;
    run.ok_or_else(|| Problem::new(Class::NotFound, "RUN_NOT_FOUND", format!("run {id} does not exist")))
}

pub(crate) async fn detail(reads: &Reads, tenant: Tenant, id: RunId) -> Result<Detail, Problem> {
    let run = known(reads, tenant, id).await?;
    let heads = reads.ledger().heads(tenant, &[id]).await?;
    // A run whose ledger is gone is shown all the same: its row says why it is set aside.
    let head = heads.get(&id).copied().unwrap_or(Head { seq: 0, digest: Digest::ZERO, is_closed: false });
    runs::detail(reads.db(), run, head).await.map_err(Problem::internal)
}
