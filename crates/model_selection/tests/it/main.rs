//! The selector on real databases, with a real engine.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod alias;
mod cancel;
mod comparison;
mod database;
mod dataset;
mod determinism;
mod feature_set;
mod featureset;
mod fleet_blocks;
mod fleet_forecast;
mod golden;
mod known;
mod large;
mod outcome;
mod planned;
mod registry;
mod support;
mod tables;
mod training;
mod validation;
