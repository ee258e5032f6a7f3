//! JSON goes out as gzip to whoever takes it.
//!
//! An answer with an `ETag` is left as it is: the tag names exactly these bytes, and ranges of artifacts and `If-Match`
//! rest on that. Streams are left as well, because a compressor holds back what a viewer waits for.

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{CompressionLayer, Predicate};

/// A shorter answer fits into one packet as it is.
const MIN_BYTES: u64 = 1024;

/// The layer that does it.
pub(crate) fn compress() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(SizeAbove::new(MIN_BYTES).and(is_untagged_json))
}

/// Only what reads is negotiated: the layer answers 406 where no encoding is taken, and by then an action has happened.
pub(crate) async fn keep_actions_plain(mut request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    next.run(request).await
}

fn is_untagged_json(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    is_json && !headers.contains_key(header::ETAG)
}
