//! Our log against the crates `tlog_tiles` and `signed_note`: what we make they check, what they make we check.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod note;
mod tree;
