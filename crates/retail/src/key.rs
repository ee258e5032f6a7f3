//! What names a world, a store, a product or a dataset.

pub use wire::datasets::DatasetId;
pub use wire::retail::{ProductId, StoreId, WorldId};
