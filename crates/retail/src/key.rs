//! What names a world, a store, a product or a dataset.
//!
//! Stores and products have numbers. A number is never used twice, not even after a deletion, so one that was kept
//! elsewhere dangles instead of pointing at something new.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// A store.
    StoreId
}

number! {
    /// A product.
    ProductId
}

kernel::id! {
    /// A world.
    WorldId
}

kernel::id! {
    /// An imported dataset.
    DatasetId
}
