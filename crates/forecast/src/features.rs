//! Features: what is known of a date beforehand, the frame feature-aware models learn from, and the feature tables
//! people ask for.

mod frame_v1;
mod known;
mod table;

pub use frame_v1::COLUMNS_V1;
pub(crate) use frame_v1::{FrameV1, HISTORY_TAIL};
pub use known::{Known, KnownRows};
pub use table::{
    Column, FeatureConfig, FeatureError, FeatureTable, LagConfig, RollingConfig, RollingStat, compute,
};
