//! Streams of bytes or JSON values that anyone may write: what the Durable Streams protocol calls a stream, kept in a
//! ledger.
//!
//! A stream is a row with a path and a ledger of its own. Each append is one frame of that ledger (a large one several,
//! committed together), so that what is acknowledged is committed, chained and told to readers as the frames of runs
//! are. The frame also says who wrote it and in which order: what a writer must know of a stream's past is read from
//! its ledger and from nowhere else. A fork is a stream that begins at a place of another one and shares what lies
//! before it.
//!
//! A stream in use has one writer task per process. It takes everything that waits, decides about each append in turn
//! and commits the accepted ones together; the token of the ledger keeps writers of several processes apart. Appends go
//! on when whoever asked for them has left.
//!
//! A stream may declare what its values are. It is then the record of a run that others do: each append becomes frames of
//! that run in the transaction that stores it, and an append that is not what was declared is refused whole. Elsewhere
//! nobody looks into what is streamed, beyond telling JSON values apart. It knows no HTTP.

mod content;
mod create;
mod error;
mod frame;
mod life;
mod name;
mod reader;
mod record;
mod remove;
mod schema;
mod state;
mod streams;
mod table;
mod writer;

pub use content::{Kind, MAX_BODY_BYTES};
pub use create::{Config, Fork, Lifetime};
pub use error::Error;
pub use name::{ContentType, MAX_PATH_BYTES, Offset, StreamId, StreamPath};
pub use reader::{Part, Reader, Stream};
pub use record::Refusal;
pub use schema::{Declared, Schema};
pub use state::{Appended, Producer};
pub use streams::{Streams, Write};
