//! The stores and products of a world.

use chrono::NaiveDate;
use kernel::{Class, Fault, ReadDb, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::Serialize;

use crate::key::{ProductId, StoreId, WorldId};
use crate::page::Page;
use crate::table::dimension::{product, store};
use crate::world;

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Store {
    /// Its number.
    pub id: StoreId,
    /// Its world.
    pub world_id: WorldId,
    /// Its code, unique in its world.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub region: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Its format.
    pub store_type: Option<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Product {
    /// Its number.
    pub id: ProductId,
    /// Its world.
    pub world_id: WorldId,
    /// Its stock-keeping unit, unique in its world.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: Option<String>,
    /// A finer category.
    pub subcategory: Option<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// Its list price.
    pub base_price_cents: Option<i64>,
    /// What it costs.
    pub base_cost_cents: Option<i64>,
    /// Units per pack.
    pub pack_size: Option<i32>,
    /// Where in its life it is.
    pub lifecycle_stage: Option<String>,
    /// The first day it is sold.
    pub launch_date: Option<NaiveDate>,
    /// The first day it is no longer sold.
    pub discontinue_date: Option<NaiveDate>,
}

impl From<store::Model> for Store {
    fn from(row: store::Model) -> Self {
        let store::Model { id, world_id, code, name, region, city, store_type } = row;
        Self { id, world_id, code, name, region, city, store_type }
    }
}

impl From<product::Model> for Product {
    fn from(row: product::Model) -> Self {
        Self {
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
}

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
    let stores: Vec<Store> = rows.into_iter().map(Store::from).collect();
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
    let products: Vec<Product> = rows.into_iter().map(Product::from).collect();
    Ok(Page::cut(products, limit, |product| product.sku.clone()))
}

/// A store.
pub async fn store(read: &ReadDb, tenant: Tenant, id: StoreId) -> Result<Store, PairError> {
    let query = in_world(store::Entity::find_by_id(id), store::Column::WorldId, tenant);
    query.one(read.conn()).await?.map(Store::from).ok_or(PairError::UnknownStore(id))
}

/// A product.
pub async fn product(read: &ReadDb, tenant: Tenant, id: ProductId) -> Result<Product, PairError> {
    let query = in_world(product::Entity::find_by_id(id), product::Column::WorldId, tenant);
    query.one(read.conn()).await?.map(Product::from).ok_or(PairError::UnknownProduct(id))
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
