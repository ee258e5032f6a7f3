//! Streams on a migrated database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod append;
mod fork;
mod life;
mod support;
