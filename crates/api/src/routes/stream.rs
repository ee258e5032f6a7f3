//! The door for streams of anyone: the Durable Streams protocol, on one address per stream.
//!
//! `PUT` makes a stream, `POST` appends to it, `GET` reads it (whole, by long poll, or as an event stream), `HEAD`
//! describes it, `DELETE` ends it. The protocol has a document and a test suite of its own; the routes are not in ours,
//! whose addresses cannot hold a path of several parts ([decision 126](../../../../docs/adr/0126-a-stream-is-a-ledger.md)).

mod change;
mod events;
mod header;
mod look;

use ::streams::{Error, MAX_BODY_BYTES, StreamPath};
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, put};
use axum::{Extension, http::HeaderValue};
use kernel::SharedClock;

use crate::Problem;
use crate::extract::BodyLimit;
use crate::state::Acts;

pub(crate) use look::{describe, read};

/// Where streams are.
pub(crate) const PATH: &str = "/streams/{*path}";

/// What stands before a stream's path in its address.
const DOOR: &str = "/api/streams/";

/// Every method that changes a stream.
pub(crate) fn acting() -> MethodRouter<Acts> {
    put(change::create)
        .post(change::append)
        .delete(change::delete)
        .layer(Extension(BodyLimit(MAX_BODY_BYTES)))
}

/// The path as it stands in the address: what is escaped there stays so.
fn path_of(uri: &OriginalUri) -> Result<StreamPath, Problem> {
    Ok(uri.path().strip_prefix(DOOR).unwrap_or_default().parse::<StreamPath>()?)
}

/// A refusal with what the protocol adds to it.
fn refused(error: Error) -> Response {
    let said = match &error {
        Error::Closed { end } => {
            vec![(header::CLOSED, header::TRUE), (header::NEXT_OFFSET, header::text(end))]
        }
        Error::StaleEpoch { current } => vec![(header::PRODUCER_EPOCH, (*current).into())],
        Error::ProducerGap { expected, given } => vec![
            (header::PRODUCER_EXPECTED_SEQ, HeaderValue::from(*expected)),
            (header::PRODUCER_RECEIVED_SEQ, HeaderValue::from(*given)),
        ],
        _ => Vec::new(),
    };
    let problem = match error {
        Error::Gone => Problem::gone("STREAM_GONE", error.to_string()),
        error => error.into(),
    };
    let mut response = problem.into_response();
    response.headers_mut().extend(said);
    response
}

/// Cursors begin with this moment, 2024-10-09T00:00:00Z, in seconds since 1970.
const CURSOR_EPOCH_S: i64 = 1_728_432_000;
/// So long a cursor stays the same, so that readers who ask together have one address.
const CURSOR_S: i64 = 20;
/// How far a cursor that would repeat leaps ahead at most: an hour.
const MAX_LEAP: i64 = 180;

/// The cursor to hand out: never the one that was sent, so that no cache between can answer with itself for ever.
fn cursor(clock: &SharedClock, given: Option<i64>) -> i64 {
    let now_us = clock.now_us();
    let current = (now_us / 1_000_000 - CURSOR_EPOCH_S) / CURSOR_S;
    match given {
        Some(given) if given >= current => given.saturating_add(1 + now_us.rem_euclid(MAX_LEAP)),
        _ => current,
    }
}
