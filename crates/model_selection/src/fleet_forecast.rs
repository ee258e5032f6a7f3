//! Forecasts of the series of a data set: every candidate on the folds and after the last row of every series, weights by
//! evidence, and the forecast that comes of them.
//!
//! The series stay in the object of their data set, to which a run is pinned by digest; a block of them is in memory at a
//! time, and shards name it and some of its series.

mod choice;
mod decision;
mod error;
mod fleet;
mod kind;
mod outlook_shard;
mod plan;
mod race;
mod read;
mod request;
mod result;
mod shard;
mod statement;
mod submit;
mod tell;

pub use error::SubmitError;
pub use kind::{FleetForecast, Spec};
pub use outlook_shard::{OutlookInput, OutlookOutput, OutlookShard, Voice};
pub use shard::{SayInput, SayShard};
