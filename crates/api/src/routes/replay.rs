//! Reading a run's frames: in pages, as an event stream, and proving them.
//!
//! Frames are put into answers as stored text, never parsed and written again, so every way of reading gives the
//! same bytes.

use std::fmt::Write as _;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{Class, ConversationId, RunId, SharedClock, Tenant, counted};
use ledger::Head;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use wire::ledger::{EventsQuery, Playback, StreamQuery};

use super::run::known;
use crate::extract::{Id, Query};
use crate::playback::{Played, of_run, time_of};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::{Problem, page};

/// Proxies cut a connection that stays silent much longer.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);
const LAST_EVENT_ID: &str = "last-event-id";

/// A run's frames in pages.
#[utoipa::path(get, path = "/runs/{run_id}/replay/events", tag = "ledger",
    params(("run_id" = uuid::Uuid, Path, description = "The run"), EventsQuery),
    responses((status = 200, description = "A page of frames, byte for byte as stored", body = wire::ledger::Page),
        NotFound, Invalid, Refused))]
pub(crate) async fn events(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<EventsQuery>,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit, 500, 1..=1000)?;
    let run = known(&reads, tenant, id).await?;
    let scope = format!("frames:{id}");
    let after = match (query.cursor, query.after) {
        (Some(_), Some(_)) => return Err(Problem::field("after", "not together with cursor")),
        (Some(cursor), None) => reads.cursors().open(&scope, &cursor)?,
        (None, after) => after.unwrap_or(0),
    };
    let page = reads.ledger().page(tenant, id, after, limit).await?;
    let last = page.frames.last().filter(|_| !page.is_end);
    let next_cursor = last.map(|(seq, _)| reads.cursors().seal(&scope, seq));
    let mut headers = page::link(&uri, next_cursor.as_deref());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let cut_after = runs::cut_after(reads.db(), tenant, run.conversation_id, id).await?;
    let body = frame_page(id, run.conversation_id, &page, next_cursor.as_deref(), cut_after);
    Ok((headers, body).into_response())
}

/// The JSON of a page, written around the stored text of its frames.
fn frame_page(
    id: RunId,
    conversation_id: ConversationId,
    page: &ledger::Page,
    next_cursor: Option<&str>,
    cut_after: Option<u64>,
) -> String {
    let json = |value: &serde_json::Value| value.to_string();
    let frames: usize = page.frames.iter().map(|(_, frame)| frame.len() + 1).sum();
    let mut body = String::with_capacity(frames + 512);
    let _infallible = write!(body, r#"{{"run_id":"{id}","conversation_id":"{conversation_id}","items":["#);
    for (place, (_, frame)) in page.frames.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(frame);
    }
    let Head { seq, digest, is_closed } = page.head;
    let _infallible = write!(
        body,
        r#"],"next_cursor":{},"head":{{"seq":{seq},"digest":"{digest}","is_closed":{is_closed}}},"cut_after_seq":{}}}"#,
        json(&next_cursor.into()),
        json(&cut_after.into())
    );
    body
}

/// A run's frames as server-sent events, stored and live without a seam.
///
/// `id:` is the frame's seq, `data:` its stored bytes. A browser's `EventSource` resumes by itself: it repeats the
/// last id, and 204 tells it that nothing will come. With `speed` a record is played at its own pace, or faster or
/// slower; a live run goes on at its own.
#[utoipa::path(get, path = "/runs/{run_id}/replay/stream", tag = "ledger",
    params(("run_id" = uuid::Uuid, Path, description = "The run"), StreamQuery,
        ("Last-Event-ID" = Option<u64>, Header, description = "The last seq that arrived")),
    responses((status = 200, description = "Frames; comments are heartbeats", content_type = "text/event-stream", body = String),
        (status = 204, description = "Nothing is left of what was asked for"), NotFound, Invalid, Refused))]
pub(crate) async fn stream(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    headers: HeaderMap,
    Query(query): Query<StreamQuery>,
) -> Result<Response, Problem> {
    let mut playback = query.playback().map_err(|error| Problem::invalid(vec![error]))?;
    if let Some(last) = last_event_id(&headers)? {
        playback.after = if query.from.is_some() { playback.after.max(last) } else { last };
    }
    let head = start(&reads, tenant, id, playback.after).await?;
    if !query.follow.unwrap_or(true) {
        playback.until = Some(playback.until.map_or(head.seq, |until| until.min(head.seq)));
    } else if is_over(&reads, tenant, id, &head, &playback).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let permit = reads.stream_permit(tenant)?;
    let frames = of_run(reads.ledger(), tenant, id, playback);
    let events = events_of(frames, reads.clock(), reads.closing());
    // The permit lives as long as the stream.
    let frames = events.inspect(move |_| _ = &permit);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
        // For proxies that would collect the stream before passing it on.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::from_stream(frames)).into_response())
}

/// Whether nothing will come of what was asked for, now or later. A browser asks again for a stream that ended, until it
/// is told.
async fn is_over(
    reads: &Reads,
    tenant: Tenant,
    id: RunId,
    head: &Head,
    playback: &Playback,
) -> Result<bool, Problem> {
    let Playback { after, from, until, to, .. } = *playback;
    if until.is_some_and(|until| after >= until) {
        return Ok(true);
    }
    if after >= head.seq {
        return Ok(head.is_closed);
    }
    let time = async |after| {
        let page = reads.ledger().page(tenant, id, after, 1).await?;
        Ok::<_, ledger::Error>(page.frames.first().and_then(|(_, frame)| time_of(frame)))
    };
    if let (Some(from), true) = (from, head.is_closed)
        && time(head.seq - 1).await?.is_some_and(|last| last < from)
    {
        return Ok(true);
    }
    Ok(match (from, to) {
        (None, Some(to)) => time(after).await?.is_some_and(|next| next > to),
        _ => false,
    })
}

/// Everything that can be wrong with a stream is found here, before its first byte.
pub(crate) async fn start(reads: &Reads, tenant: Tenant, id: RunId, after: u64) -> Result<Head, Problem> {
    known(reads, tenant, id).await?;
    let head = reads.ledger().head_to_follow(tenant, id, after).await?;
    if after > head.seq {
        let detail = format!(
            "run {id} has {}, so nothing comes after frame {after}",
            counted(head.seq, "frame", "frames")
        );
        return Err(Problem::new(Class::Malformed, "POSITION_BEYOND_END", detail));
    }
    Ok(head)
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(id) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let id = id.to_str().ok().and_then(|id| id.parse().ok());
    id.map(Some).ok_or_else(|| Problem::field("Last-Event-ID", "must be the seq of a frame"))
}

/// Frames as event text, a heartbeat every now and then, an end when the server stops.
fn events_of(
    frames: Played,
    clock: &SharedClock,
    closing: &CancellationToken,
) -> impl Stream<Item = Result<Bytes, ledger::Error>> + Send + use<> {
    struct Beating {
        frames: Played,
        clock: SharedClock,
        closing: Pin<Box<WaitForCancellationFutureOwned>>,
        beat: Interval,
    }
    let state = Beating {
        frames,
        clock: SharedClock::clone(clock),
        closing: Box::pin(closing.clone().cancelled_owned()),
        beat: heartbeat(),
    };
    stream::unfold(state, |mut state| async move {
        let events = tokio::select! {
            () = &mut state.closing => return None,
            next = state.frames.next() => {
                let next = next?;
                if let Err(error) = &next {
                    tracing::error!(%error, "a frame stream broke off");
                }
                next.map(|chunk| chunk.to_sse())
            }
            _ = state.beat.tick() => {
                Ok(Bytes::from(format!(": heartbeat {}\n\n", kernel::rfc3339(state.clock.now()))))
            }
        };
        Some((events, state))
    })
}

/// Ticks as often as a stream must say that it is there. It does not begin anew with each frame: that would cost more
/// than the few beats it saves.
pub(crate) fn heartbeat() -> Interval {
    let mut beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::SystemClock;
    use ledger::Chunk;

    use super::*;
    use crate::playback::play;

    fn chunk(first_seq: u64, frames: &[&str]) -> Chunk {
        Chunk::new(first_seq, first_seq + frames.len() as u64 - 1, frames.join("\n"))
    }

    async fn text(stream: impl Stream<Item = Result<Bytes, ledger::Error>>) -> String {
        let pieces: Vec<_> =
            stream.map(|piece| String::from_utf8(piece.unwrap().to_vec()).unwrap()).collect().await;
        pieces.concat()
    }

    fn events(
        chunks: impl Stream<Item = Result<Chunk, ledger::Error>> + Send + 'static,
        closing: &CancellationToken,
        playback: Playback,
    ) -> impl Stream<Item = Result<Bytes, ledger::Error>> {
        let clock: SharedClock = Arc::new(SystemClock);
        events_of(play(chunks, playback), &clock, closing)
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_by_comments_and_ends_with_the_server() {
        let closing = CancellationToken::new();
        let chunks = stream::iter([Ok(chunk(1, &["{}"]))]).chain(stream::pending());
        let stop = closing.clone();
        tokio::spawn(async move {
            tokio::time::sleep(HEARTBEAT * 5 / 2).await;
            stop.cancel();
        });
        let text = text(events(chunks, &closing, Playback::default())).await;
        let blocks: Vec<&str> = text.split("\n\n").collect();
        assert_eq!(blocks[0], "id: 1\ndata: {}");
        assert!(blocks[1].starts_with(": heartbeat ") && blocks[2].starts_with(": heartbeat "), "{text}");
        assert_eq!(blocks[3..], [""]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_of_the_record_is_broken_by_comments() {
        let frame = |second| format!(r#"{{"server_timestamp":"2026-01-05T08:00:{second}Z"}}"#);
        let chunks = stream::iter([Ok(chunk(1, &[&frame("00"), &frame("40")]))]);
        let playback = Playback { speed: wire::ledger::Speed::ORIGINAL, ..Playback::default() };
        let text = text(events(chunks, &CancellationToken::new(), playback)).await;
        let sorts: Vec<&str> = text.split_terminator("\n\n").map(|block| &block[..5]).collect();
        assert_eq!(sorts, ["id: 1", ": hea", ": hea", "id: 2"]);
    }

    #[tokio::test]
    async fn a_bounded_stream_ends_in_the_middle_of_a_chunk() {
        let chunks = stream::iter([Ok(chunk(3, &["a", "b", "c"]))]).chain(stream::pending());
        let playback = Playback { after: 2, until: Some(4), ..Playback::default() };
        let text = text(events(chunks, &CancellationToken::new(), playback)).await;
        assert_eq!(text, "id: 3\ndata: a\n\nid: 4\ndata: b\n\n");
    }

    #[tokio::test]
    async fn a_stream_that_breaks_off_is_cut_and_not_ended() {
        let broken = ledger::Error::Damaged { run: RunId(uuid::Uuid::nil()), seq: 2 };
        let chunks = stream::iter([Ok(chunk(1, &["a"])), Err(broken)]);
        let pieces: Vec<_> = events(chunks, &CancellationToken::new(), Playback::default()).collect().await;
        assert!(matches!(pieces.as_slice(), [Ok(_), Err(_)]));
    }
}
