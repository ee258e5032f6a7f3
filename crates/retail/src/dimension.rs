//! The stores and products of a world.

use kernel::{Class, Fault, ReadDb, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use wire::retail::{Product, ProductId, Store, StoreId, WorldId};

use crate::table::dimension::{product, store};
use crate::world;
use kernel::Page;

/// A store or product that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// No such store.
    #[error("there is no store {0}")]
    UnknownStore(StoreId),
    /// No such product.
    #[error("there is no product {0}")]
    UnknownProduct(ProductId),
    /// Both exist, but not in one world.
    #[error("store {store_id} and product {product_id} are of two worlds; choose both from one")]
    TwoWorlds {
        /// The store.
        store_id: StoreId,
        /// The product.
        product_id: ProductId,
    },
    /// The database does not answer.
    #[error("stores and products could not be read")]
    Db(#[from] DbErr),
}

impl Fault for PairError {
    fn class(&self) -> Class {
        match self {
            Self::UnknownStore(_) | Self::UnknownProduct(_) => Class::NotFound,
            Self::TwoWorlds { .. } => Class::Unprocessable,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownStore(_) | Self::UnknownProduct(_) => "NOT_FOUND",
            Self::TwoWorlds { .. } => "PAIR_OF_TWO_WORLDS",
            Self::Db(error) => error.code(),
        }
    }
}

fn shown_store(row: store::Model) -> Store {
    let store::Model { id, world_id, code, name, region, city, store_type } = row;
    Store { id, world_id, code, name, region, city, store_type }
}

fn shown_product(row: product::Model) -> Product {
    Product {
        id: row.id,
        world_id: row.world_id,
        sku: row.sku,
        name: row.name,
        category: row.category,
        subcategory: row.subcategory,
        brand: row.brand,
        base_price_cents: row.base_price_cents,
        base_cost_cents: row.base_cost_cents,
        pack_size: row.pack_size,
        lifecycle_stage: row.lifecycle_stage,
        launch_date: row.launch_date,
        discontinue_date: row.discontinue_date,
    }
}

/// The stores of a world after a code, by code.
pub async fn stores(
    read: &ReadDb,
    tenant: Tenant,
    world: WorldId,
    after: Option<&str>,
    limit: u64,
) -> Result<Page<Store, String>, DbErr> {
    let mut query = in_world(store::Entity::find(), store::Column::WorldId, tenant)
        .filter(store::Column::WorldId.eq(world));
    if let Some(code) = after {
        query = query.filter(store::Column::Code.gt(code));
    }
    let rows = query.order_by_asc(store::Column::Code).limit(limit + 1).all(read.conn()).await?;
    let stores: Vec<Store> = rows.into_iter().map(shown_store).collect();
    Ok(Page::cut(stores, limit, |store| store.code.clone()))
}

/// The products of a world after a stock-keeping unit, by it.
pub async fn products(
    read: &ReadDb,
    tenant: Tenant,
    world: WorldId,
    after: Option<&str>,
    limit: u64,
) -> Result<Page<Product, String>, DbErr> {
    let mut query = in_world(product::Entity::find(), product::Column::WorldId, tenant)
        .filter(product::Column::WorldId.eq(world));
    if let Some(sku) = after {
        query = query.filter(product::Column::Sku.gt(sku));
    }
    let rows = query.order_by_asc(product::Column::Sku).limit(limit + 1).all(read.conn()).await?;
    let products: Vec<Product> = rows.into_iter().map(shown_product).collect();
    Ok(Page::cut(products, limit, |product| product.sku.clone()))
}

/// A store.
pub async fn store(read: &ReadDb, tenant: Tenant, id: StoreId) -> Result<Store, PairError> {
    let query = in_world(store::Entity::find_by_id(id), store::Column::WorldId, tenant);
    query.one(read.conn()).await?.map(shown_store).ok_or(PairError::UnknownStore(id))
}

/// A product.
pub async fn product(read: &ReadDb, tenant: Tenant, id: ProductId) -> Result<Product, PairError> {
    let query = in_world(product::Entity::find_by_id(id), product::Column::WorldId, tenant);
    query.one(read.conn()).await?.map(shown_product).ok_or(PairError::UnknownProduct(id))
}

/// Only rows of the tenant's complete worlds.
fn in_world<E: EntityTrait, C: ColumnTrait>(query: Select<E>, column: C, tenant: Tenant) -> Select<E> {
    query.filter(column.in_subquery(world::visible(tenant)))
}

/// A store and a product of one world; the store is looked for first.
pub async fn pair(
    read: &ReadDb,
    tenant: Tenant,
    store_id: StoreId,
    product_id: ProductId,
) -> Result<(Store, Product), PairError> {
    let (store, product) = (store(read, tenant, store_id).await?, product(read, tenant, product_id).await?);
    if store.world_id != product.world_id {
        return Err(PairError::TwoWorlds { store_id, product_id });
    }
    Ok((store, product))
}
