//! The connections of the server: how many there may be, how long one may say nothing, and how they end.
//!
//! There is a bound below the number of open files. Where it is reached, the connection that has waited for a request
//! the longest makes room, so that neither idle browsers nor half-sent heads can make the server deaf; connections
//! that are being answered are never cut for another one.

mod answer;
mod line;
mod waiting;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use self::answer::Answer;
use self::line::Line;
use self::waiting::{Seat, Waiting};

/// From the first moment at which a request may come to the end of its head.
const HEAD: Duration = Duration::from_secs(30);
/// No head is larger: as many as there may be connections are in memory at once.
const MAX_HEAD: usize = 32 * 1024;
/// How long one that makes room may take for it.
const LEAVE: Duration = Duration::from_secs(1);
/// After an error of `accept` that will come again at once, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);
const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// All connections of one server.
#[derive(Debug, Clone)]
pub struct Connections {
    places: Arc<Semaphore>,
    waiting: Waiting,
    tasks: TaskTracker,
    /// No further request on any of them.
    closing: CancellationToken,
    /// Not another byte.
    cut: CancellationToken,
}

impl Connections {
    /// Room for this many.
    pub fn new(limit: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(limit)),
            waiting: Waiting::default(),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            cut: CancellationToken::new(),
        }
    }

    /// Accepts connections and serves them with the router until told to stop.
    pub async fn accept(self, listener: TcpListener, app: Router, until: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                () = until.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => match self.place().await {
                    Some(place) => {
                        self.tasks.spawn(self.clone().serve(stream, place, app.clone()));
                    }
                    // Best effort: the socket's buffer is empty, so this is either sent at once or not at all.
                    None => drop(stream.try_write(BUSY)),
                },
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be accepted");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// The right to one more connection; `None` if all are being answered.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let places = Arc::clone(&self.places);
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Some(place);
        }
        if !self.waiting.end_longest() {
            return None;
        }
        timeout(LEAVE, places.acquire_owned()).await.ok()?.ok()
    }

    async fn serve(self, stream: TcpStream, place: OwnedSemaphorePermit, app: Router) {
        // A frame is sent when it is there; without this a small one waits for the one after it.
        let _is_only_slower = stream.set_nodelay(true);
        let seat = Arc::new(self.waiting.seat());
        let answer = {
            let seat = Arc::clone(&seat);
            service_fn(move |request| answer(app.clone(), Arc::clone(&seat), request))
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_header_size(MAX_HEAD)
            .max_buf_size(2 * MAX_HEAD)
            .serve_connection(Line::new(stream, place), answer)
            .with_upgrades();
        let mut connection = pin!(connection);
        let mut is_closing = false;
        loop {
            tokio::select! {
                // An error here is the other side's: it left, or it does not speak HTTP.
                _ended = connection.as_mut() => return,
                () = seat.ended() => return,
                () = self.cut.cancelled() => return,
                () = self.closing.cancelled(), if !is_closing => {
                    is_closing = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }

    /// Ends them all: those without a request soon, those with one within `grace`.
    pub async fn close(&self, grace: Duration) {
        self.closing.cancel();
        self.tasks.close();
        // An answer may still be on its way out of a connection that already waits for the next request.
        if timeout(LEAVE.min(grace), self.tasks.wait()).await.is_ok() {
            return;
        }
        while self.waiting.end_longest() {}
        if timeout(grace.saturating_sub(LEAVE), self.tasks.wait()).await.is_err() {
            tracing::warn!(connections = self.tasks.len(), "open connections were cut");
            self.cut.cancel();
        }
    }
}

/// Answers one request. The connection is busy until the last byte of the answer has been made.
fn answer(
    app: Router,
    seat: Arc<Seat>,
    request: Request<Incoming>,
) -> BoxFuture<'static, Result<Response, Infallible>> {
    Box::pin(async move {
        let busy = seat.busy();
        let response = app.oneshot(request.map(Body::new)).await?;
        Ok(response.map(|body| Body::new(Answer::new(body, busy))))
    })
}

/// Errors that say something of the connection that was to be accepted, and nothing of the next one.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}
