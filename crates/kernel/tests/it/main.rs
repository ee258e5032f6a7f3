//! The database handles, on a healthy database and on one that fails in the middle.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod broken;
mod evidence;
mod handle;
mod server;
mod support;
