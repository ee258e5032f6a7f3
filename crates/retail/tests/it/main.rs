//! Operations on a migrated database.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod constraints;

mod history;
mod seeder;
mod send;
mod support;
