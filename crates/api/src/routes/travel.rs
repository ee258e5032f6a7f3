//! Runs as what they show: as of any frame, and beside another run.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use frames::diff::Ignore;
use kernel::RunId;
use runs::{Comparing, Position};
use wire::ledger::{Diff, DiffQuery, DiffShow, StateQuery};

use crate::extract::{Id, Ids, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::{Problem, page};

/// Compares two runs by what they show: what was asked for, what happened, what came of it.
///
/// Rows are aligned by what they say, not by the numbers of their frames. Ids of the runs themselves never count.
#[utoipa::path(get, path = "/runs/{run_id}/diff/{other_run_id}", tag = "ledger",
    params(("run_id" = uuid::Uuid, Path, description = "The run that is read first"),
        ("other_run_id" = uuid::Uuid, Path, description = "The run that it is compared with"), DiffQuery),
    responses((status = 200, description = "Where they part", body = Diff), NotFound, Invalid, Refused))]
pub(crate) async fn diff(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Ids(left, right): Ids<RunId, RunId>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<DiffQuery>,
) -> Result<(HeaderMap, Json<Diff>), Problem> {
    let limit = page::limit(query.limit, 200, 1..=1000)?;
    let show = query.show.unwrap_or(DiffShow::Changes);
    let ignore = ignore(query.ignore.as_deref())?;
    let scope = format!("diff:{left}:{right}:{show}:{ignore:?}");
    let after = query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?.unwrap_or(0);
    let asked = Comparing { left, right, ignore, show, after, limit };
    let (mut found, next) = reads.transcripts().compare(tenant, asked).await?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, next.as_ref());
    found.next_cursor = next_cursor;
    Ok((headers, Json(found)))
}

fn ignore(words: Option<&str>) -> Result<Ignore, Problem> {
    let mut ignore = Ignore::default();
    for word in words.into_iter().flat_map(|words| words.split(',')) {
        match word {
            "timing" => ignore.timing = true,
            "ids" => ignore.ids = true,
            other => {
                let message =
                    format!("`{other}` is neither `timing` nor `ids`; both are separated by a comma");
                return Err(Problem::field("ignore", message));
            }
        }
    }
    Ok(ignore)
}

/// What a run showed after its first frames: the state of the reducer, as pages show it.
///
/// Without a position it is what the run shows now. The state after frame n is the fold of exactly the first n frames.
#[utoipa::path(get, path = "/runs/{run_id}/replay/state", tag = "ledger",
    params(("run_id" = uuid::Uuid, Path, description = "The run"), StateQuery),
    responses((status = 200, description = "What it showed", body = wire::ledger::State),
        NotFound, Invalid, Refused))]
pub(crate) async fn state(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(run_id): Id<RunId>,
    Query(query): Query<StateQuery>,
) -> Result<Json<wire::ledger::State>, Problem> {
    let at = match (query.seq, query.t) {
        (Some(_), Some(_)) => return Err(Problem::field("t", "not together with seq")),
        (Some(seq), None) => Position::Seq(seq),
        (None, Some(time)) => Position::Time(time),
        (None, None) => Position::End,
    };
    let runs::State { conversation_id, seq, head, transcript } =
        reads.transcripts().state(tenant, run_id, at).await?;
    let head = wire::ledger::Head { seq: head.seq, digest: head.digest, is_closed: head.is_closed };
    Ok(Json(wire::ledger::State { run_id, conversation_id, seq, head, transcript }))
}
