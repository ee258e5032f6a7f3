//! Typed calls of every operation of the public HTTP API over a transport: a TCP connection, or the router of the same
//! process.
//!
//! The showcase and every command of the program go through here, so both are black-box users of the contract that
//! is published under `openapi/`. A refused call is a [`wire::problem::Problem`], never a panic; a frame stream resumes by itself
//! and notices a gap. Nothing here knows a database or a domain.

mod call;
mod calls;
mod error;
mod follow;
mod in_process;
mod operation;
mod problem;
mod sse;
mod tcp;
mod transport;

pub use call::{Acting, Client, Inside};
pub use calls::operations;
pub use error::Error;
pub use in_process::InProcess;
pub use operation::Operation;
pub use tcp::{InvalidAddress, Tcp};
pub use transport::{Body, Transport, TransportError};
