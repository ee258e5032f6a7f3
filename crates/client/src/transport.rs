//! The one seam: a request goes in, a response with a streamed body comes out.

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;

/// A response body that arrives piece by piece.
pub type Body = UnsyncBoxBody<Bytes, TransportError>;

/// Carries requests to the API, wherever it lives.
///
/// The request's URI is a path with its query (`/api/runs?limit=10`); the transport adds where that is.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request. The response is there when its head is; the body follows.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>>;
}

/// The API could not be reached, or the connection broke.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The in-process transport was used before a service was bound to it, or after it was unbound.
    #[error("no service is bound to the in-process transport")]
    Unbound,
    /// The server does not answer or the connection broke.
    #[error("no connection to {address}; is the server running there?")]
    Connection {
        /// The server's base address.
        address: String,
        /// What the layer below said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The body broke off.
    #[error("the connection broke while the body was read")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nothing came in time.
    #[error("no answer within {seconds} s")]
    Timeout {
        /// How long it was waited for.
        seconds: u64,
    },
}
