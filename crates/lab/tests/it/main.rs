//! The lab on real databases, with a real engine.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod bulk;
mod candidate;
mod cohort;
mod database;
mod intake;
mod lineage;
mod models;
mod resume;
mod season;
mod simulation;
mod support;
