//! Streams on a migrated database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agui;
mod append;
mod declared;
mod fork;
mod life;
mod record;
mod support;
