//! A stream as server-sent events: `data` with what was appended, and after each of them `control` with where that leads.

use std::pin::Pin;

use ::streams::{ContentType, Error, Kind, Offset, Part};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header as http};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use tokio::time::Interval;
use tokio_util::sync::WaitForCancellationFutureOwned;
use wire::streams::Control;

use super::look::{Reading, Refusal, array};
use super::{cursor, header};
use crate::routes::replay::heartbeat;
use crate::streams::Permit;

/// How content stands in an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Text,
    Base64,
}

impl Form {
    fn of(content_type: &ContentType) -> Self {
        match content_type.kind() {
            Kind::Json => Self::Json,
            Kind::Bytes if content_type.essence().starts_with("text/") => Self::Text,
            Kind::Bytes => Self::Base64,
        }
    }
}

/// Where an event stream is.
enum Phase {
    Beginning,
    Following,
    Over,
}

struct Events {
    reading: Reading,
    form: Form,
    parts: BoxStream<'static, Result<Part, Error>>,
    beat: Interval,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
    at: Offset,
    phase: Phase,
    /// The right to an open stream, as long as this one is.
    _permit: Permit,
}

/// Everything after an offset, until the stream is closed or deleted.
pub(super) fn stream(reading: Reading, after: Offset) -> Result<Response, Refusal> {
    let permit = reading.reads.stream_permit(reading.tenant)?;
    let form = Form::of(reading.stream.content_type());
    let declared = reading.stream.clone();
    let events = Events {
        form,
        parts: reading.reads.durable().follow(&reading.stream, after).boxed(),
        beat: heartbeat(),
        closing: Box::pin(reading.reads.closing().clone().cancelled_owned()),
        at: after,
        phase: Phase::Beginning,
        _permit: permit,
        reading,
    };
    let body = Body::from_stream(stream::unfold(events, Events::next));
    let headers = [
        (http::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (http::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
        // For proxies that would collect the stream before passing it on.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    let mut response = (headers, body).into_response();
    header::declare(response.headers_mut(), &declared);
    if form == Form::Base64 {
        response.headers_mut().insert(header::SSE_ENCODING, HeaderValue::from_static("base64"));
    }
    Ok(response)
}

impl Events {
    async fn next(mut self) -> Option<(Result<Bytes, Error>, Self)> {
        let events = match self.phase {
            Phase::Over => return None,
            Phase::Beginning if self.at >= self.reading.stream.end() => self.begin(),
            Phase::Beginning | Phase::Following => {
                self.phase = Phase::Following;
                tokio::select! {
                    () = &mut self.closing => return None,
                    next = self.parts.next() => match next {
                        Some(Ok(part)) => self.render(&part),
                        Some(Err(error)) => {
                            tracing::error!(%error, "an event stream broke off");
                            return Some((Err(error), self));
                        }
                        None => self.end().await?,
                    },
                    _ = self.beat.tick() => {
                        let now = kernel::rfc3339(self.reading.reads.clock().now());
                        format!(": heartbeat {now}\n\n").into_bytes()
                    }
                }
            }
        };
        self.reading.reads.durable().touch(&self.reading.stream);
        Some((Ok(events.into()), self))
    }

    /// For a reader who has everything that is there.
    fn begin(&mut self) -> Vec<u8> {
        if self.reading.stream.is_closed() {
            self.phase = Phase::Over;
            return self.control(false, true);
        }
        self.phase = Phase::Following;
        self.control(true, false)
    }

    /// Nothing where the stream was deleted: whoever asks again is told.
    async fn end(&mut self) -> Option<Vec<u8>> {
        self.phase = Phase::Over;
        let reading = &self.reading;
        let stream = reading.reads.durable().find(reading.tenant, &reading.path).await.ok()?;
        (stream.id() == reading.stream.id()).then(|| self.control(false, true))
    }

    fn render(&mut self, part: &Part) -> Vec<u8> {
        self.at = part.next;
        let mut events = Vec::new();
        if !part.content.is_empty() {
            let data = match self.form {
                Form::Json => array(&part.content),
                Form::Text => String::from_utf8_lossy(&part.content).into_owned().into_bytes(),
                Form::Base64 => STANDARD.encode(&part.content).into_bytes(),
            };
            push_event(&mut events, "data", &data);
        }
        events.extend(self.control(part.is_end, false));
        events
    }

    fn control(&self, up_to_date: bool, stream_closed: bool) -> Vec<u8> {
        let cursor = cursor(self.reading.reads.clock(), self.reading.cursor);
        let control = Control {
            stream_next_offset: self.at.to_string(),
            stream_cursor: (!stream_closed).then(|| cursor.to_string()),
            up_to_date,
            stream_closed,
        };
        let mut events = Vec::new();
        push_event(&mut events, "control", &serde_json::to_vec(&control).expect("it is plain data"));
        events
    }
}

/// Each line of the data has a `data:` of its own, whichever of its three ends a line has. No space follows the colon:
/// a reader takes one away, and the data may begin with one.
fn push_event(events: &mut Vec<u8>, name: &str, data: &[u8]) {
    events.extend_from_slice(b"event: ");
    events.extend_from_slice(name.as_bytes());
    let mut rest = data;
    loop {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        events.extend_from_slice(b"\ndata:");
        events.extend_from_slice(line);
        rest = match after {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => break,
        };
    }
    events.extend_from_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_end_of_the_data_ends_an_event() {
        let mut events = Vec::new();
        push_event(&mut events, "data", b" a\rb\r\n\nevent: control\n");
        assert_eq!(events, b"event: data\ndata: a\ndata:b\ndata:\ndata:event: control\ndata:\n\n");
    }
}
