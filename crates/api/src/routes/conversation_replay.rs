//! Reading a whole conversation, run after run, and cutting it.
//!
//! As of a run, frames are put into answers as stored text. A cut is shown where it stands, in pages as an item of its own
//! and in streams as an event `cut`; what it leaves out stays in its runs.

mod following;

use axum::Json;
use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use kernel::ConversationId;
use runs::{AtOpen, Place, Told};
use serde_json::value::RawValue;
use wire::runs::{Cut, Cuts, Replay, ReplayItem, ReplayQuery, ReplayStreamQuery, Truncate};

use self::following::Following;
use super::conversation::known;
use crate::edge::Identity;
use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// The frames of a conversation in pages: those of its runs, one run after the other.
///
/// Runs stand in the order of their submission, each with exactly the frames of its own replay, up to a cut. A place that
/// was cut away since is read as that of the cut.
#[utoipa::path(get, path = "/conversations/{conversation_id}/replay/events", tag = "conversations",
    params(("conversation_id" = uuid::Uuid, Path, description = "The conversation"), ReplayQuery),
    responses((status = 200, description = "A page; frames byte for byte as stored", body = Replay),
        NotFound, Invalid, Refused))]
pub(crate) async fn events(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ConversationId>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ReplayQuery>,
) -> Result<(HeaderMap, Json<Replay>), Problem> {
    let limit = page::limit(query.limit, 500, 1..=1000)?;
    known(&reads, tenant, id).await?;
    let scope = format!("conversation:{id}");
    let after = match (query.cursor, query.after) {
        (Some(_), Some(_)) => return Err(Problem::field("after", "not together with cursor")),
        (Some(cursor), None) => reads.cursors().open(&scope, &cursor)?,
        (None, after) => place("after", after.as_deref())?,
    };
    let sources = (reads.db(), reads.ledger());
    let found = runs::replay_conversation(sources, tenant, id, after, limit, AtOpen::PassOver).await?;
    let next = (!found.is_end).then_some(found.end);
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, next.as_ref());
    let items = found.told.into_iter().map(item).collect::<Result<_, _>>()?;
    Ok((headers, Json(Replay { conversation_id: id, items, open_run_ids: found.open, next_cursor })))
}

fn place(field: &str, text: Option<&str>) -> Result<Place, Problem> {
    let place =
        text.map(|text| text.parse::<Place>().map_err(|error| Problem::field(field, error.to_string())));
    Ok(place.transpose()?.unwrap_or(Place::START))
}

fn item(told: Told) -> Result<ReplayItem, Problem> {
    let (frame, cut, gone_from_seq) = (None, None, None);
    Ok(match told {
        Told::Frame { run, seq, text } => {
            let frame = RawValue::from_string(text).map_err(|_| ledger::Error::Damaged { run, seq })?;
            ReplayItem { run_id: run, seq, frame: Some(frame), cut, gone_from_seq }
        }
        Told::Gone { run, first_seq, last_seq } => {
            ReplayItem { run_id: run, seq: last_seq, frame, cut, gone_from_seq: Some(first_seq) }
        }
        Told::Cut(cut) => {
            ReplayItem { run_id: cut.run_id, seq: cut.seq, frame, cut: Some(cut), gone_from_seq }
        }
    })
}

/// The frames of a conversation as server-sent events, stored and live.
///
/// `id:` is a place, `RUN:SEQ`, `data:` the frame's stored bytes. An event `cut` says what is left out there, an event
/// `gone` which frames were let go. A run that goes on holds back those behind it, so that no frame is missed; the stream ends
/// when every run has ended. A browser's `EventSource` resumes by itself, and 204 tells it that nothing will come.
#[utoipa::path(get, path = "/conversations/{conversation_id}/replay/stream", tag = "conversations",
    params(("conversation_id" = uuid::Uuid, Path, description = "The conversation"), ReplayStreamQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "The last place that arrived")),
    responses((status = 200, description = "Frames; comments are heartbeats", content_type = "text/event-stream", body = String),
        (status = 204, description = "Nothing is left"), NotFound, Invalid, Refused))]
pub(crate) async fn stream(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ConversationId>,
    headers: HeaderMap,
    Query(query): Query<ReplayStreamQuery>,
) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").map(|last| last.to_str().unwrap_or_default());
    let after = match last {
        Some(_) => place("Last-Event-ID", last)?,
        None => place("after", query.after.as_deref())?,
    };
    known(&reads, tenant, id).await?;
    let at_open = if query.follow.unwrap_or(true) { AtOpen::Wait } else { AtOpen::PassOver };
    let first =
        runs::replay_conversation((reads.db(), reads.ledger()), tenant, id, after, 1, at_open).await?;
    let will_come = at_open == AtOpen::Wait && !first.open.is_empty();
    if first.told.is_empty() && first.is_end && !will_come {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let permit = reads.stream_permit(tenant)?;
    let events = Following::new(reads, tenant, id, after, at_open).events();
    // The permit lives as long as the stream.
    let events = events.inspect(move |_| _ = &permit);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
        // For proxies that would collect the stream before passing it on.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// Leaves out what there is of a conversation behind a frame of one of its runs. Nothing is erased.
///
/// The rest of that run and the runs submitted after it no longer stand in the conversation's replay, which shows the cut
/// in their place; each run's own replay, its chain and its end in the log stay as they are. The same cut again changes nothing.
#[utoipa::path(post, path = "/conversations/{conversation_id}/truncate", tag = "conversations",
    params(("conversation_id" = uuid::Uuid, Path, description = "The conversation")), request_body = Truncate,
    responses((status = 201, description = "Cut", body = Cut), (status = 200, description = "It was cut there before", body = Cut),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn truncate(
    State(acts): State<Acts>,
    identity: Identity,
    Id(id): Id<ConversationId>,
    extract::Json(at): extract::Json<Truncate>,
) -> Result<(StatusCode, Json<Cut>), Problem> {
    let reads = &acts.reads;
    let who = runs::Cutting { tenant: identity.tenant, by: identity.token };
    let (cut, is_new) =
        runs::truncate_conversation(&acts.write, reads.ledger(), &**reads.clock(), who, id, at).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(cut)))
}

/// Every cut of a conversation, first to last: the lineage of its segments.
#[utoipa::path(get, path = "/conversations/{conversation_id}/cuts", tag = "conversations",
    params(("conversation_id" = uuid::Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The cuts", body = Cuts), NotFound, Invalid, Refused))]
pub(crate) async fn cuts(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ConversationId>,
) -> Result<Json<Cuts>, Problem> {
    known(&reads, tenant, id).await?;
    let items = runs::cuts(reads.db(), tenant, id).await.map_err(Problem::internal)?;
    Ok(Json(Cuts { items }))
}
