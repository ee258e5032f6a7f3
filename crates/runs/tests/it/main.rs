//! The engine on real databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cancel;
mod database;
mod lifecycle;
mod recover;
mod shard;
mod support;
