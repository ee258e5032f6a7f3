//! Features: what is known of a date beforehand, the frames feature-aware models learn from, and the feature tables
//! people ask for.

mod frame;
mod frame_v1;
mod frame_v2;
mod known;
mod table;

pub(crate) use frame::Tail;
pub use frame::{Frame, FrameColumn, Safety};
pub use frame_v1::COLUMNS_V1;
pub use frame_v2::{Group, Groups};
pub use known::{
    Known, KnownRows, OutcomeRows, Outcomes, PastRows, PromotionRows, Promotions, SignalRows, Signals,
};
pub use table::{FeatureError, compute};
