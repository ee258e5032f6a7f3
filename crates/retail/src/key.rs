//! What names a world, a store or a product.

pub use wire::retail::{ProductId, StoreId};
