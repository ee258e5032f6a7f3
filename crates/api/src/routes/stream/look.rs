//! Reading streams: what is there, or by long poll what comes next.

use std::pin::pin;
use std::time::Duration;

use ::streams::{Error, Kind, Offset, Part, Stream, StreamPath};
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header as http};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use kernel::{Class, Tenant};

use super::{cursor, events, header, path_of, refused};
use crate::Problem;
use crate::state::{Caller, Reads};

/// How long a long poll waits: less than proxies do.
const LONG_POLL: Duration = Duration::from_secs(15);

/// What was asked of a stream. Parameters that we do not know are passed over, as the protocol wants it.
#[derive(Default)]
struct Asked {
    offset: Option<From>,
    live: Option<Live>,
    cursor: Option<i64>,
}

#[derive(Clone, Copy)]
enum From {
    Offset(Offset),
    Now,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Live {
    LongPoll,
    Events,
}

/// A stream that somebody reads.
pub(super) struct Reading {
    pub(super) reads: Reads,
    pub(super) tenant: Tenant,
    pub(super) path: StreamPath,
    pub(super) stream: Stream,
    pub(super) cursor: Option<i64>,
}

/// `HEAD`: what the stream is and where it ends. It does not count as a read.
pub(crate) async fn describe(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let path = path_of(&uri)?;
    let stream = match reads.durable().find(tenant, &path).await {
        Ok(stream) => stream,
        Err(error) => return Ok(refused(error)),
    };
    let mut response = StatusCode::OK.into_response();
    let said = response.headers_mut();
    said.insert(http::CONTENT_TYPE, header::text(stream.content_type().as_str()));
    said.insert(header::NEXT_OFFSET, header::text(stream.end()));
    said.insert(http::ETAG, tag(&stream, Offset::START, stream.end(), stream.is_closed()));
    if stream.is_closed() {
        said.insert(header::CLOSED, header::TRUE);
    }
    header::declare(said, &stream);
    if let Some(ttl_s) = stream.ttl_s() {
        said.insert(header::TTL, ttl_s.into());
    }
    if let Some(expires_at) = stream.expires_at() {
        said.insert(header::EXPIRES_AT, header::text(expires_at));
    }
    Ok(response)
}

/// `GET`: what comes after an offset.
pub(crate) async fn read(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (path, asked) = (path_of(&uri)?, Asked::read(uri.query().unwrap_or_default())?);
    let stream = match reads.durable().find(tenant, &path).await {
        Ok(stream) => stream,
        Err(error) => return Ok(refused(error)),
    };
    let after = match asked.offset {
        Some(From::Offset(offset)) => offset,
        Some(From::Now) => stream.end(),
        None => Offset::START,
    };
    if after > stream.end() {
        let detail = format!("offset: the stream ends at {}, so nothing comes after {after}", stream.end());
        return Err(Problem::new(Class::Malformed, "STREAM_OFFSET_BEYOND_END", detail));
    }
    reads.durable().touch(&stream);
    let reading = Reading { reads, tenant, path, stream, cursor: asked.cursor };
    let answer = match (asked.live, asked.offset) {
        (Some(Live::Events), _) => events::stream(reading, after),
        (Some(Live::LongPoll), _) => reading.poll(after, &headers).await,
        (None, Some(From::Now)) => Ok(reading.nothing_yet()),
        (None, _) => reading.stored(after, &headers).await,
    };
    answer.or_else(|refusal| match refusal {
        Refusal::Stream(error) => Ok(refused(error)),
        Refusal::Other(problem) => Err(problem),
    })
}

/// Why a stream is not read.
pub(super) enum Refusal {
    Stream(Error),
    Other(Problem),
}

impl std::convert::From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Stream(error)
    }
}

impl std::convert::From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "offset" if asked.offset.is_some() => {
                    return Err(Error::Wrong { field: "offset", reason: "is given twice".to_owned() }.into());
                }
                "offset" => asked.offset = Some(From::read(&value)?),
                "live" => asked.live = Some(Live::read(&value)?),
                "cursor" => asked.cursor = value.parse().ok(),
                _ => {}
            }
        }
        if asked.live.is_some() && asked.offset.is_none() {
            let reason = "must say where to begin when reading live".to_owned();
            return Err(Error::Wrong { field: "offset", reason }.into());
        }
        Ok(asked)
    }
}

impl From {
    fn read(value: &str) -> Result<Self, Problem> {
        Ok(match value {
            "-1" => Self::Offset(Offset::START),
            "now" => Self::Now,
            offset => Self::Offset(offset.parse()?),
        })
    }
}

impl Live {
    fn read(value: &str) -> Result<Self, Problem> {
        match value {
            "long-poll" => Ok(Self::LongPoll),
            "sse" => Ok(Self::Events),
            _ => {
                let reason = "must be `long-poll` or `sse`".to_owned();
                Err(Error::Wrong { field: "live", reason }.into())
            }
        }
    }
}

impl Reading {
    /// What is stored after an offset.
    async fn stored(&self, after: Offset, headers: &HeaderMap) -> Result<Response, Refusal> {
        let part = self.reads.durable().read(&self.stream, after).await?;
        Ok(self.answer(after, part, headers))
    }

    /// What is stored after an offset, or what comes next.
    async fn poll(&self, after: Offset, headers: &HeaderMap) -> Result<Response, Refusal> {
        let answer = if after < self.stream.end() {
            self.stored(after, headers).await?
        } else if self.stream.is_closed() {
            nothing(&self.stream)
        } else {
            self.wait(after, headers).await?
        };
        Ok(self.with_cursor(answer))
    }

    async fn wait(&self, after: Offset, headers: &HeaderMap) -> Result<Response, Refusal> {
        let _permit = self.reads.stream_permit(self.tenant)?;
        let durable = self.reads.durable();
        let mut parts = pin!(durable.follow(&self.stream, after));
        let next = tokio::select! {
            () = self.reads.closing().cancelled() => None,
            next = tokio::time::timeout(LONG_POLL, parts.next()) => next.ok(),
        };
        match next {
            Some(Some(part)) => {
                let part = part?;
                if !part.content.is_empty() {
                    durable.touch(&self.stream);
                    return Ok(self.answer(after, part, headers));
                }
            }
            Some(None) => {}
            None => {
                durable.touch(&self.stream);
                return Ok(nothing(&self.stream));
            }
        }
        // It was closed or deleted.
        Ok(nothing(&durable.find(self.tenant, &self.path).await?))
    }

    /// The end, for whoever wants what comes after it.
    fn nothing_yet(&self) -> Response {
        let mut response = nothing(&self.stream);
        *response.status_mut() = StatusCode::OK;
        response.headers_mut().insert(http::CONTENT_TYPE, header::text(self.stream.content_type().as_str()));
        if self.stream.content_type().kind() == Kind::Json {
            *response.body_mut() = "[]".into();
        }
        response
    }

    fn answer(&self, after: Offset, part: Part, headers: &HeaderMap) -> Response {
        let Part { content, next, is_end } = part;
        let is_closed = is_end && self.stream.is_closed() && next >= self.stream.end();
        let tag = tag(&self.stream, after, next, is_closed);
        let is_known = headers.get(http::IF_NONE_MATCH).is_some_and(|known| names(known, &tag));
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            body(self.stream.content_type().kind(), content).into_response()
        };
        let said = response.headers_mut();
        said.insert(http::ETAG, tag);
        said.insert(http::CACHE_CONTROL, HeaderValue::from_static(cache(is_end && !is_closed)));
        if is_known {
            return response;
        }
        said.insert(http::CONTENT_TYPE, header::text(self.stream.content_type().as_str()));
        said.insert(header::NEXT_OFFSET, header::text(next));
        header::declare(said, &self.stream);
        if is_end {
            said.insert(header::UP_TO_DATE, header::TRUE);
        }
        if is_closed {
            said.insert(header::CLOSED, header::TRUE);
        }
        response
    }

    fn with_cursor(&self, mut response: Response) -> Response {
        response.headers_mut().insert(header::CURSOR, cursor(self.reads.clock(), self.cursor).into());
        response
    }
}

/// Nothing has come, or will.
fn nothing(stream: &Stream) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let said = response.headers_mut();
    said.insert(header::NEXT_OFFSET, header::text(stream.end()));
    said.insert(header::UP_TO_DATE, header::TRUE);
    header::declare(said, stream);
    if stream.is_closed() {
        said.insert(header::CLOSED, header::TRUE);
    }
    response
}

/// What lies before the end never changes; what is at the end may have more by the next time. It is the tenant's in
/// either case.
const fn cache(may_grow: bool) -> &'static str {
    if may_grow { "private, no-cache" } else { "private, max-age=60, stale-while-revalidate=300" }
}

fn body(kind: Kind, content: Vec<u8>) -> Vec<u8> {
    match kind {
        Kind::Bytes => content,
        Kind::Json => array(&content),
    }
}

/// Values as an array.
pub(super) fn array(values: &[u8]) -> Vec<u8> {
    [b"[", values, b"]"].concat()
}

/// Names these bytes of this stream: no other stream has its id, and what lies between two offsets stays.
fn tag(stream: &Stream, after: Offset, next: Offset, is_closed: bool) -> HeaderValue {
    let closed = if is_closed { ".closed" } else { "" };
    header::text(format_args!("\"{}.{after}.{next}{closed}\"", stream.id()))
}

fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let mut tags = known.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    tags.any(|known| known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == tag.as_bytes())
}
