//! The retail data: worlds, the generator, stores and products.

use wire::page::PageQuery;
use wire::retail::{
    DeleteRequest, Deleted, DimensionQuery, GenerateRequest, Generated, PairPage, PairsQuery, Product,
    ProductId, ProductPage, Scenario, Status, StatusQuery, Store, StoreId, StorePage, World, WorldId,
    WorldPage,
};

use crate::operation::calls;

calls! {
    /// Generates a world, or finds the one that the same request made.
    generate() = POST "/seeder/generate", GenerateRequest => Generated;

    /// What the named world holds, or the only one.
    seeder_status() = GET "/seeder/status" ? StatusQuery => Status;

    /// The presets of the generator.
    scenarios() = GET "/seeder/scenarios" => Vec<Scenario>;

    /// Deletes every world, or only counts.
    delete_data() = DELETE "/seeder/data", DeleteRequest => Deleted;

    /// A page of worlds, newest first.
    worlds() = GET "/worlds" ? PageQuery => WorldPage;

    /// A world.
    world(world: WorldId) = GET "/worlds/{world_id}" => World;

    /// Deletes a world.
    delete_world(world: WorldId) = DELETE "/worlds/{world_id}" => Deleted;

    /// A page of the pairs of a world that sell, by store code and stock-keeping unit.
    pairs(world: WorldId) = GET "/worlds/{world_id}/pairs" ? PairsQuery => PairPage;

    /// A page of the stores of the named world, or of the only one, by code.
    stores() = GET "/dimensions/stores" ? DimensionQuery => StorePage;

    /// A store.
    store(store: StoreId) = GET "/dimensions/stores/{store_id}" => Store;

    /// A page of the products of the named world, or of the only one, by stock-keeping unit.
    products() = GET "/dimensions/products" ? DimensionQuery => ProductPage;

    /// A product.
    product(product: ProductId) = GET "/dimensions/products/{product_id}" => Product;
}
