//! Features: the sets feature-aware models learn from, and the feature tables people ask for.

mod clock;
mod set;
mod set_v1;
mod set_v2;
mod table;

pub(crate) use set::Tail;
pub use set::{FeatureSet, Safety, SetColumn};
pub use set_v1::COLUMNS_V1;
pub use set_v2::{Group, Groups};
pub use table::{FeatureError, compute};
