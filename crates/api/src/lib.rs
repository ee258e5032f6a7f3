//! HTTP: the one public surface of the system, for browsers, programs, the showcase and the command line alike.
//!
//! Guarantees: a refusal is always `application/problem+json` with a stable code and the request's id; what is our
//! own fault never shows its text; a handler of `GET` holds nothing it could write with; frames leave with the bytes
//! they are stored with; everything is validated before the first byte of a stream. It knows no SQL and no rule of
//! any domain: it reads requests, calls one operation and writes what that returned.

mod connections;
mod contract;
mod document;
mod edge;
mod extract;
mod page;
mod playback;
mod problem;
mod quotas;
mod range;
mod router;
mod routes;
mod state;
mod stream_document;
mod streams;
mod submit;
mod version;

pub use connections::Connections;
pub use document::openapi;
pub use edge::{Hosts, InvalidHost};
pub use problem::Problem;
pub use quotas::Quotas;
pub use router::router;
pub use routes::{LINT_TOLD, lint_report};
pub use state::{Parts, Reads};
pub use stream_document::asyncapi;
