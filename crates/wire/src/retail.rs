//! The retail data: worlds, the generator that makes them, and their stores and products.

mod counts;
mod dimension;
mod seeder;
mod world;

pub use counts::TableCounts;
pub use dimension::{DimensionQuery, Product, ProductPage, Store, StorePage};
pub use seeder::{
    DeleteRequest, Deleted, DeletionScope, GenerateRequest, Generated, Overrides, Scenario, Status,
    StatusQuery,
};
pub use world::{Pair, PairPage, PairsQuery, World, WorldPage};

kernel::id! {
    /// A world: what one generation made.
    WorldId
}

kernel::number! {
    /// A store. Its number is never used twice, not even after a deletion, so one that was kept elsewhere dangles
    /// instead of pointing at something new.
    StoreId
}

kernel::number! {
    /// A product. Its number is never used twice, as that of a store is not.
    ProductId
}
