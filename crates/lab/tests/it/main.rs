//! The lab on real databases, with a real engine.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod bulk;
mod candidate;
mod cohort;
mod condition;
mod database;
mod intake;
mod lineage;
mod live;
mod models;
mod resume;
mod retain;
mod season;
mod simulation;
mod support;
