//! A run's frames over a WebSocket: the same bytes as everywhere, one text message per frame.
//!
//! A viewer may go to another place at any time. What it says is answered before the frame that follows from it, so that it
//! knows which frames are which.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseCode, CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures::{SinkExt, StreamExt};
use kernel::{RunId, Tenant};
use ledger::Chunk;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;
use wire::ledger::{LiveAnswer, LiveQuery, LiveRequest, LiveRequestType, Playback};

use super::replay::{heartbeat, start};
use crate::Problem;
use crate::extract::{Id, Query, read_json};
use crate::playback::{Played, of_run};
use crate::state::{Caller, Reads};

/// How long a peer may take to answer a close.
const CLOSING: Duration = Duration::from_secs(1);
/// So many messages that mean nothing are answered.
const MAX_REFUSED: u32 = 100;

/// `WS /runs/{id}/stream`. Closes with 1000 after the terminal frame or the last one asked for, 1001 when the server stops,
/// 1002, 1007 or 1009 when the viewer breaks the protocol, 1008 when it goes on saying what means nothing, 1011 when the
/// frames cannot be read.
pub(crate) async fn stream(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    Query(query): Query<LiveQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let playback = query.playback().map_err(|error| Problem::invalid(vec![error]))?;
    start(&reads, tenant, id, playback.after).await?;
    let upgrade = upgrade.map_err(|_| not_a_websocket())?;
    let permit = reads.stream_permit(tenant)?;
    let viewer = Viewer { reads, tenant, run: id, playback, refused: 0 };
    Ok(limited(upgrade).on_upgrade(async move |mut socket| {
        let _permit = permit;
        if let Some((code, reason)) = send(&mut socket, viewer).await {
            close(&mut socket, code, reason).await;
        }
    }))
}

/// A viewer has little to say, so what it may say is short, and what is kept ready for it is little.
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

/// Says why the socket is closed and waits for the answer: a connection that is dropped with something unread in it may
/// lose what was sent last.
pub(crate) async fn close(socket: &mut WebSocket, code: CloseCode, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    // The peer may be gone already.
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        to_its_end(socket).await;
    }
}

/// Reads to the end of a socket that one of the two has closed; what answers the other's close is sent by that.
async fn to_its_end(socket: &mut WebSocket) {
    let ended = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _late = timeout(CLOSING, ended).await;
}

/// Why a socket is closed.
type End = (CloseCode, &'static str);

/// Somebody who watches a run.
struct Viewer {
    reads: Reads,
    tenant: Tenant,
    run: RunId,
    playback: Playback,
    /// How many of its messages meant nothing.
    refused: u32,
}

impl Viewer {
    fn frames(&self) -> Played {
        of_run(self.reads.ledger(), self.tenant, self.run, self.playback)
    }

    /// Goes where a message says. `Err` closes the socket.
    async fn hear(&mut self, text: &str) -> Result<LiveAnswer, End> {
        let refused = match self.resume(text).await {
            Ok(after) => return Ok(LiveAnswer::Resumed { after }),
            Err(problem) => problem,
        };
        if refused.status().is_server_error() {
            tracing::error!(cause = refused.cause(), "a viewer could not go on from elsewhere");
            return Err((close_code::ERROR, "the frames cannot be read"));
        }
        self.refused += 1;
        if self.refused > MAX_REFUSED {
            return Err((close_code::POLICY, "too many messages that mean nothing here"));
        }
        let body = refused.body("");
        Ok(LiveAnswer::Refused { code: body.code, detail: body.detail, errors: body.errors })
    }

    async fn resume(&mut self, text: &str) -> Result<u64, Problem> {
        let LiveRequest { kind: LiveRequestType::Resume, after } = read_json(text.as_bytes())?;
        start(&self.reads, self.tenant, self.run, after).await?;
        // Who says where to go on is not held to where it wanted to begin.
        self.playback = Playback { after, from: None, ..self.playback };
        Ok(after)
    }
}

/// Sends until the frames end, the peer leaves (`None`) or the server stops.
async fn send(socket: &mut WebSocket, mut viewer: Viewer) -> Option<End> {
    let closing = viewer.reads.closing().clone();
    let mut closing = std::pin::pin!(closing.cancelled());
    let mut frames = viewer.frames();
    let mut beat = heartbeat();
    loop {
        tokio::select! {
            biased;
            () = &mut closing => return Some((close_code::AWAY, "")),
            said = socket.recv() => match said? {
                Ok(Message::Text(text)) => {
                    let answer = match viewer.hear(&text).await {
                        Ok(answer) => answer,
                        Err(end) => return Some(end),
                    };
                    if let LiveAnswer::Resumed { .. } = answer {
                        frames = viewer.frames();
                    }
                    tell(socket, &answer).await?;
                }
                Ok(Message::Binary(_)) => return Some((close_code::UNSUPPORTED, "only text is understood")),
                Ok(Message::Close(_)) => {
                    to_its_end(socket).await;
                    return None;
                }
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Err(error) => return broken(error),
            },
            next = frames.next() => match next {
                Some(Ok(chunk)) => send_all(socket, &chunk).await?,
                Some(Err(error)) => {
                    tracing::error!(%error, "a frame stream broke off");
                    return Some((close_code::ERROR, "the frames cannot be read"));
                }
                None => return Some((close_code::NORMAL, "")),
            },
            _ = beat.tick() => socket.send(Message::Ping(bytes::Bytes::new())).await.ok()?,
        }
    }
}

async fn tell(socket: &mut WebSocket, answer: &LiveAnswer) -> Option<()> {
    let text = serde_json::to_string(answer).ok()?;
    socket.send(Message::Text(text.into())).await.ok()
}

/// What is said to a peer that breaks the protocol; nothing to one that is gone.
fn broken(error: axum::Error) -> Option<End> {
    match error.into_inner().downcast_ref::<tungstenite::Error>()? {
        tungstenite::Error::Capacity(_) => Some((close_code::SIZE, "a message has at most 64 KiB")),
        tungstenite::Error::Utf8(_) => Some((close_code::INVALID, "the text is not UTF-8")),
        tungstenite::Error::Protocol(_) => Some((close_code::PROTOCOL, "this is not the WebSocket protocol")),
        _ => None,
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
