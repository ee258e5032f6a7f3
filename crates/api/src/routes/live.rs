//! A run's frames over a WebSocket: the same bytes as everywhere, one text message per frame.

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures::{SinkExt, Stream, StreamExt};
use kernel::RunId;
use ledger::Chunk;
use tokio_util::sync::CancellationToken;
use wire::ledger::LiveQuery;

use super::replay::{heartbeat, start};
use crate::Problem;
use crate::extract::{Id, Query};
use crate::state::{Caller, Reads};

/// `WS /runs/{id}/stream`. Closes with 1000 after the terminal frame, 1001 when the server stops, 1011 when the
/// frames cannot be read.
pub(crate) async fn stream(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    Query(query): Query<LiveQuery>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let after = query.after.unwrap_or(0);
    start(&reads, tenant, id, after).await?;
    let upgrade = upgrade.map_err(|_| not_a_websocket())?;
    let permit = reads.stream_permit(tenant)?;
    let frames = reads.ledger().follow(tenant, id, after);
    let closing = reads.closing().clone();
    Ok(limited(upgrade).on_upgrade(async move |mut socket| {
        let _permit = permit;
        if let Some(code) = send(&mut socket, frames, closing).await {
            close(&mut socket, code, "").await;
        }
    }))
}

/// A viewer has nothing to say, so what it may say is short, and what is kept ready for it is little.
pub(crate) fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .max_message_size(64 * 1024)
        .max_frame_size(64 * 1024)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(16 * 1024)
}

pub(crate) fn not_a_websocket() -> Problem {
    let detail = "this route speaks WebSocket; frames in pages or as an event stream are under /replay";
    Problem::new(kernel::Class::Malformed, "WEBSOCKET_EXPECTED", detail)
}

pub(crate) async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    // The peer may be gone already.
    let _gone = socket.send(Message::Close(Some(frame))).await;
}

/// Sends until the run ends, the peer leaves (`None`) or the server stops.
async fn send(
    socket: &mut WebSocket,
    frames: impl Stream<Item = Result<Chunk, ledger::Error>>,
    closing: CancellationToken,
) -> Option<u16> {
    let mut frames = Box::pin(frames);
    let mut beat = heartbeat();
    let mut closing = std::pin::pin!(closing.cancelled());
    loop {
        tokio::select! {
            () = &mut closing => return Some(close_code::AWAY),
            said = socket.recv() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            },
            next = frames.next() => match next {
                Some(Ok(chunk)) => send_all(socket, &chunk).await?,
                Some(Err(error)) => {
                    tracing::error!(%error, "a frame stream broke off");
                    return Some(close_code::ERROR);
                }
                None => return Some(close_code::NORMAL),
            },
            _ = beat.tick() => socket.send(Message::Ping(bytes::Bytes::new())).await.ok()?,
        }
    }
}

/// One message a frame, all of them out of the chunk's memory and with one flush.
async fn send_all(socket: &mut WebSocket, chunk: &Chunk) -> Option<()> {
    for frame in chunk.texts() {
        // A stored frame is text.
        let text = Utf8Bytes::try_from(frame).ok()?;
        socket.feed(Message::Text(text)).await.ok()?;
    }
    socket.flush().await.ok()
}
