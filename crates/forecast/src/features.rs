//! Features: what is known of a date beforehand, the sets feature-aware models learn from, and the feature tables
//! people ask for.

mod known;
mod set;
mod set_v1;
mod set_v2;
mod table;

pub use known::{
    Known, KnownRows, OutcomeRows, Outcomes, PastRows, PromotionRows, Promotions, SignalRows, Signals,
};
pub(crate) use set::Tail;
pub use set::{FeatureSet, Safety, SetColumn};
pub use set_v1::COLUMNS_V1;
pub use set_v2::{Group, Groups};
pub use table::{FeatureError, compute};
