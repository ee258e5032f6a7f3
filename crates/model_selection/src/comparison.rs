//! Comparisons: candidates are backtested on the same folds of the same series, and ranked.

mod chart;
mod choice;
mod error;
mod kind;
mod lane;
mod outcome;
mod plan;
mod preview;
mod race;
mod ranking;
mod read;
mod request;
mod rows;
mod series;
mod shard;
mod spec;
mod status;
mod submit;
mod tables;
mod tell;
mod view;

pub use error::SubmitError;
pub use kind::Comparison;
pub use outcome::{check_outcome, check_spec};
pub use request::validate;
pub use shard::{BacktestInput, BacktestOutput, BacktestShard};
pub use spec::Spec;
pub(crate) use spec::{Asked, model_for};
pub use view::Filter;
