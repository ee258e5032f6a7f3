//! The engine on real databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attempt_end;
mod cancel;
mod collect;
mod database;
mod family;
mod foreign;
mod fork;
mod import;
mod interleaved;
mod large;
mod lifecycle;
mod queue;
mod recover;
mod reproduce;
mod retain;
mod shard;
mod support;
mod transcripts;
