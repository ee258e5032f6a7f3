//! The headers of the protocol, and reading them.

use std::fmt::Display;

use ::streams::{Config, ContentType, Declared, Fork, Lifetime, Producer, Stream};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::DOOR;
use crate::Problem;

pub(super) const NEXT_OFFSET: HeaderName = HeaderName::from_static("stream-next-offset");
pub(super) const UP_TO_DATE: HeaderName = HeaderName::from_static("stream-up-to-date");
pub(super) const CLOSED: HeaderName = HeaderName::from_static("stream-closed");
pub(super) const CURSOR: HeaderName = HeaderName::from_static("stream-cursor");
pub(super) const TTL: HeaderName = HeaderName::from_static("stream-ttl");
pub(super) const EXPIRES_AT: HeaderName = HeaderName::from_static("stream-expires-at");
pub(super) const SSE_ENCODING: HeaderName = HeaderName::from_static("stream-sse-data-encoding");
pub(super) const PRODUCER_EPOCH: HeaderName = HeaderName::from_static("producer-epoch");
pub(super) const PRODUCER_SEQ: HeaderName = HeaderName::from_static("producer-seq");
pub(super) const PRODUCER_EXPECTED_SEQ: HeaderName = HeaderName::from_static("producer-expected-seq");
pub(super) const PRODUCER_RECEIVED_SEQ: HeaderName = HeaderName::from_static("producer-received-seq");
pub(super) const SCHEMA: HeaderName = HeaderName::from_static("stream-schema");
pub(super) const RUN: HeaderName = HeaderName::from_static("stream-run");
pub(super) const PAGE: HeaderName = HeaderName::from_static("stream-page");
pub(super) const TRUE: HeaderValue = HeaderValue::from_static("true");

/// The value of a header that is plain text.
pub(super) fn text(value: impl Display) -> HeaderValue {
    HeaderValue::try_from(value.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// Says what a stream was declared to be, and where the run is that it is the record of: in the API, and for people.
pub(super) fn declare(said: &mut HeaderMap, stream: &Stream) {
    let Some(Declared { schema, run }) = stream.declared() else { return };
    said.insert(SCHEMA, HeaderValue::from_static(schema.as_str()));
    said.insert(RUN, text(format_args!("/api/runs/{run}")));
    said.insert(PAGE, text(format_args!("/runs/{run}")));
}

/// One header of the request.
pub(super) fn given<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(wrong(name, "is given twice"));
    }
    value.to_str().map(Some).map_err(|_| wrong(name, "must be printable ASCII"))
}

fn wrong(name: &'static str, reason: impl Into<String>) -> Problem {
    ::streams::Error::Wrong { field: name, reason: reason.into() }.into()
}

/// A whole number in plain digits. Its text says one number in one way, unless `padded`.
fn number(headers: &HeaderMap, name: &'static str, is_padded: Padded) -> Result<Option<u64>, Problem> {
    let Some(text) = given(headers, name)? else { return Ok(None) };
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = is_padded == Padded::May || text == "0" || !text.starts_with('0');
    let number = text.parse().ok().filter(|_| is_plain && is_short);
    number.map(Some).ok_or_else(|| wrong(name, "must be a whole number in plain digits, 0 or more"))
}

/// Whether zeros may stand before a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Padded {
    May,
    MustNot,
}

/// Whether the request closes the stream.
pub(super) fn closes(headers: &HeaderMap) -> Result<bool, Problem> {
    Ok(given(headers, "Stream-Closed")?.is_some_and(|value| value.eq_ignore_ascii_case("true")))
}

/// The content type of the request's body; an empty one is none.
pub(super) fn content_type(headers: &HeaderMap) -> Result<Option<ContentType>, Problem> {
    let text = given(headers, header::CONTENT_TYPE.as_str())?.filter(|text| !text.trim().is_empty());
    Ok(text.map(str::parse).transpose()?)
}

/// All three headers of a producer, or none.
pub(super) fn producer(headers: &HeaderMap) -> Result<Option<Producer>, Problem> {
    let id = given(headers, "Producer-Id")?;
    let epoch = number(headers, "Producer-Epoch", Padded::May)?;
    let seq = number(headers, "Producer-Seq", Padded::May)?;
    match (id, epoch, seq) {
        (None, None, None) => Ok(None),
        (Some(id), Some(epoch), Some(seq)) => Ok(Some(Producer { id: id.to_owned(), epoch, seq })),
        _ => Err(wrong("Producer-Id", "comes with Producer-Epoch and Producer-Seq, or none of them does")),
    }
}

/// What a stream is to be.
pub(super) fn config<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Config<'a>, Problem> {
    Ok(Config {
        content_type: content_type(headers)?,
        lifetime: lifetime(headers)?,
        body,
        is_closed: closes(headers)?,
        fork: fork(headers)?,
        schema: given(headers, "Stream-Schema")?.map(str::parse).transpose()?,
    })
}

fn lifetime(headers: &HeaderMap) -> Result<Lifetime, Problem> {
    match (number(headers, "Stream-TTL", Padded::MustNot)?, given(headers, "Stream-Expires-At")?) {
        (Some(_), Some(_)) => Err(wrong("Stream-TTL", "not together with Stream-Expires-At")),
        (None, None) => Ok(Lifetime::Unsaid),
        (Some(ttl_s), None) => {
            let ttl_s = i64::try_from(ttl_s).map_err(|_| wrong("Stream-TTL", "is too large a number"))?;
            Ok(Lifetime::Ttl(ttl_s))
        }
        (None, Some(text)) => Ok(Lifetime::until(text)?),
    }
}

/// The source may be named by its path, or by the path of its address.
fn fork(headers: &HeaderMap) -> Result<Option<Fork>, Problem> {
    let more = number(headers, "Stream-Fork-Sub-Offset", Padded::MustNot)?;
    let after = given(headers, "Stream-Fork-Offset")?;
    let Some(source) = given(headers, "Stream-Forked-From")? else {
        return match (after, more) {
            (None, None) => Ok(None),
            _ => Err(wrong("Stream-Forked-From", "must name the stream that the offset is of")),
        };
    };
    let source = source.strip_prefix(DOOR).unwrap_or(source).parse()?;
    let after = after.map(str::parse).transpose()?;
    Ok(Some(Fork { source, after, more: more.unwrap_or(0) }))
}
