//! Taking a body in: never more of it than its route takes, never more of all bodies together than there is room for,
//! and never for longer than a slow line needs.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::header;
use http_body_util::BodyExt as _;
use kernel::Class;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::Problem;

/// No body is larger, unless its route says so with a [`BodyLimit`].
const USUAL_LIMIT: usize = 1024 * 1024;
/// All bodies in memory together: one of the largest files, and a quarter more for everybody else.
const ROOM: usize = 1280 * 1024 * 1024;
/// Room is given out in pieces of this size.
const PIECE: usize = 4 * 1024;
/// A body of so many bytes in one piece is not copied; a smaller one may be a part of a buffer that is much larger than it.
const NOT_COPIED: usize = 1024 * 1024;
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(15);
/// What must come per second on the whole, once a first silence is over.
const PACE: usize = 16 * 1024;

/// How large a body of a route may be: an extension that the route puts into its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) usize);

/// The memory that bodies share: an extension of every request.
#[derive(Debug, Clone)]
pub(crate) struct Room(Arc<Semaphore>);

impl Room {
    /// As much as a server gives to bodies.
    pub(crate) fn usual() -> Self {
        Self::of(ROOM)
    }

    fn of(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes / PIECE)))
    }

    fn take(&self, pieces: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let pieces = u32::try_from(pieces).map_err(|_| full())?;
        Arc::clone(&self.0).try_acquire_many_owned(pieces).map_err(|_| full())
    }
}

/// Bytes with the room they take; it is free again when the last copy of them is gone.
struct Held<B = Vec<u8>> {
    bytes: B,
    room: Option<OwnedSemaphorePermit>,
}

impl<B: AsRef<[u8]>> AsRef<[u8]> for Held<B> {
    fn as_ref(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}

/// The whole body.
pub(crate) async fn whole(request: Request) -> Result<Bytes, Problem> {
    let limit = request.extensions().get::<BodyLimit>().map_or(USUAL_LIMIT, |limit| limit.0);
    let Some(room) = request.extensions().get::<Room>().cloned() else {
        return Err(Problem::panicked("a body is read outside the edge".to_owned()));
    };
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > limit as u64) {
        return Err(too_large(limit));
    }
    read(request.into_body(), limit, &room).await
}

async fn read(mut body: Body, limit: usize, room: &Room) -> Result<Bytes, Problem> {
    let started = Instant::now();
    let mut held = Held { bytes: Vec::new(), room: None };
    loop {
        let on_pace = started + SILENCE + Duration::from_secs((held.bytes.len() / PACE) as u64);
        let frame = timeout_at(on_pace.min(Instant::now() + SILENCE), body.frame());
        match frame.await.map_err(|_| Problem::too_slow())? {
            None => return Ok(Bytes::from_owner(held)),
            Some(Err(_)) => {
                let detail = "the body could not be read to its end";
                return Err(Problem::new(Class::Malformed, "BODY_BROKEN", detail));
            }
            Some(Ok(frame)) => {
                match frame.into_data() {
                    // A caller of this process sends all at once, and would have it twice.
                    Ok(data) if data.len() >= NOT_COPIED && held.bytes.is_empty() && body.is_end_stream() => {
                        return as_it_is(data, limit, room);
                    }
                    Ok(data) => held.push(&data, limit, room)?,
                    Err(_) => {}
                }
            }
        }
    }
}

fn as_it_is(data: Bytes, limit: usize, room: &Room) -> Result<Bytes, Problem> {
    if data.len() > limit {
        return Err(too_large(limit));
    }
    let room = Some(room.take(data.len().div_ceil(PIECE))?);
    Ok(Bytes::from_owner(Held { bytes: data, room }))
}

impl Held {
    fn push(&mut self, data: &[u8], limit: usize, room: &Room) -> Result<(), Problem> {
        let len = self.bytes.len() + data.len();
        if len > limit {
            return Err(too_large(limit));
        }
        if len > self.bytes.capacity() {
            // Doubled, because each growth may copy; what is reserved is what is counted.
            let capacity = len.max(2 * self.bytes.capacity().min(limit / 2)).next_multiple_of(PIECE);
            let missing = capacity / PIECE - self.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
            let more = room.take(missing)?;
            match &mut self.room {
                Some(room) => room.merge(more),
                none => *none = Some(more),
            }
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the body is larger than the {limit} bytes this route takes");
    Problem::new(Class::TooLarge, "BODY_TOO_LARGE", detail)
}

fn full() -> Problem {
    let detail = "the bodies of other requests fill the room there is; send it again a little later";
    Problem::new(Class::Busy, "BODIES_FILL_THE_ROOM", detail)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::{StreamExt as _, stream};

    use super::*;

    fn pieces(
        n: usize,
        size: usize,
    ) -> impl futures::Stream<Item = Result<Bytes, Infallible>> + Send + 'static {
        stream::iter((0..n).map(move |_| Ok(Bytes::from(vec![b'x'; size]))))
    }

    fn request(limit: usize, room: &Room, body: Body) -> Request {
        let mut request = Request::new(body);
        request.extensions_mut().insert(BodyLimit(limit));
        request.extensions_mut().insert(room.clone());
        request
    }

    async fn code(request: Request) -> String {
        whole(request).await.unwrap_err().body("r").code
    }

    #[tokio::test]
    async fn all_bodies_together_are_bounded_and_their_room_comes_back() {
        let room = Room::of(100 * PIECE);
        let body = || Body::from_stream(pieces(60, PIECE));
        let first = whole(request(100 * PIECE, &room, body())).await.unwrap();
        assert_eq!(first.len(), 60 * PIECE);
        assert_eq!(code(request(100 * PIECE, &room, body())).await, "BODIES_FILL_THE_ROOM");
        let copy = first.slice(1..2);
        drop(first);
        assert_eq!(code(request(100 * PIECE, &room, body())).await, "BODIES_FILL_THE_ROOM");
        drop(copy);
        assert_eq!(room.0.available_permits(), 100);
        assert_eq!(whole(request(100 * PIECE, &room, body())).await.unwrap().len(), 60 * PIECE);
    }

    #[tokio::test]
    async fn what_is_reserved_is_counted() {
        let room = Room::of(1000 * PIECE);
        for (n, size) in [(1, 1), (3, PIECE), (7, 1000), (1, 5 * PIECE + 1), (900, 100)] {
            let body = whole(request(32 * PIECE, &room, Body::from_stream(pieces(n, size)))).await.unwrap();
            let taken = (1000 - room.0.available_permits()) * PIECE;
            assert!(
                (body.len()..=(2 * body.len()).next_multiple_of(PIECE)).contains(&taken),
                "{n} × {size}: {taken}"
            );
        }
    }

    #[tokio::test]
    async fn a_large_body_in_one_piece_is_taken_as_it_is_and_counted() {
        let room = Room::of(2 * NOT_COPIED);
        for (size, is_copied) in [(NOT_COPIED + 1, false), (NOT_COPIED - 1, true)] {
            let sent = Bytes::from(vec![b'x'; size]);
            let body = whole(request(NOT_COPIED + 1, &room, Body::from(sent.clone()))).await.unwrap();
            assert_eq!((body.len(), body.as_ptr() != sent.as_ptr()), (size, is_copied));
            let taken = 2 * NOT_COPIED / PIECE - room.0.available_permits();
            assert!((size.div_ceil(PIECE)..=2 * size.div_ceil(PIECE)).contains(&taken), "{taken}");
        }
        assert_eq!(room.0.available_permits(), 2 * NOT_COPIED / PIECE);
        let large = Body::from(vec![b'x'; NOT_COPIED + 1]);
        assert_eq!(code(request(NOT_COPIED, &room, large)).await, "BODY_TOO_LARGE");
        let large = Body::from(vec![b'x'; NOT_COPIED + 1]);
        assert_eq!(code(request(2 * NOT_COPIED, &Room::of(NOT_COPIED), large)).await, "BODIES_FILL_THE_ROOM");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_or_crawls_is_given_up() {
        let room = Room::of(64 * PIECE);
        let begun = Body::from_stream(pieces(2, 10).chain(stream::pending()));
        assert_eq!(code(request(PIECE, &room, begun)).await, "BODY_TOO_SLOW");
        let crawling = pieces(1000, 1).then(async |piece| {
            tokio::time::sleep(SILENCE / 2).await;
            piece
        });
        let started = Instant::now();
        assert_eq!(code(request(PIECE, &room, Body::from_stream(crawling))).await, "BODY_TOO_SLOW");
        assert!(started.elapsed() <= 2 * SILENCE);
        let steady = pieces(100, PACE).then(async |piece| {
            tokio::time::sleep(Duration::from_millis(900)).await;
            piece
        });
        let room = Room::of(1000 * PIECE);
        let body = whole(request(100 * PACE, &room, Body::from_stream(steady))).await.unwrap();
        assert_eq!(body.len(), 100 * PACE);
    }

    #[tokio::test]
    async fn a_declared_length_beyond_the_limit_is_refused_unread() {
        let room = Room::of(64 * PIECE);
        let mut declared =
            request(PIECE, &room, Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()));
        declared.headers_mut().insert(header::CONTENT_LENGTH, "4294967296".parse().unwrap());
        assert_eq!(code(declared).await, "BODY_TOO_LARGE");
        assert_eq!(code(request(PIECE, &room, Body::from_stream(pieces(2, PIECE)))).await, "BODY_TOO_LARGE");
    }
}
