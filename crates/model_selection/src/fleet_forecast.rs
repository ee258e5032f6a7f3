//! Forecasts of the series of a data set: every candidate on the folds and after the last row of every series, weights by
//! evidence, and the forecast that comes of them.
//!
//! The series stay in the object of their data set, to which a run is pinned by digest; shards name what is read of it and a
//! block of its series.

mod choice;
mod decision;
mod error;
mod kind;
mod plan;
mod read;
mod request;
mod result;
mod shard;
mod submit;
mod tell;

pub use error::SubmitError;
pub use kind::{FleetForecast, Spec};
pub use shard::{SayInput, SayShard};
