//! The contract as a whole: goldens, and what the transcript makes of both.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod diff;
mod door;
mod fit;
mod golden;
mod goldens;
mod properties;
mod story;
mod transcript;
mod world;
