//! The champion selector: races forecasting models on the same folds, ranks them, trains one, and keeps the registry
//! of trained models with the history of its aliases.
//!
//! Guarantees: what a comparison reads is pinned by digest when it is submitted; a candidate is known by its id and
//! ordinal, never by its model type; a failed or stopped candidate stays visible with its reason; the same spec gives
//! the same artifact bytes on any number of threads; a registered model carries the metrics of its own candidate.
//! It knows no HTTP and nothing of the showcase.

mod blocking;
mod bounds;
mod differ;
mod feature_set;
mod id;
mod imported;
mod list;
mod panel;
mod plan;
mod reader;
mod selector;
mod source;
mod table;
mod tell;

pub mod comparison;
pub mod featureset;
pub mod fleet_forecast;
pub mod registry;
pub mod training;

pub use feature_set::FeatureSetChoice;
pub use id::candidate_id;
pub use imported::DatasetCheck;
pub use reader::{ReadError, Reader};
pub use runs::Submission;
pub use selector::Selector;
pub use source::Pair;
