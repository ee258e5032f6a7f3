//! Stores and products.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use kernel::Tenant;
use retail::{dimension, world};
use wire::retail::{DimensionQuery, Product, ProductId, ProductPage, Store, StoreId, StorePage, WorldId};

use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::{Problem, page};

/// The stores, by code.
#[utoipa::path(get, path = "/dimensions/stores", tag = "dimensions", params(DimensionQuery),
    responses((status = 200, description = "A page of stores", body = StorePage), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn stores(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<DimensionQuery>,
) -> Result<(HeaderMap, Json<StorePage>), Problem> {
    let Position { limit, world, scope, after } = position(&reads, tenant, "stores", query).await?;
    let Some(world) = world else {
        return Ok((HeaderMap::new(), Json(StorePage::default())));
    };
    let page = dimension::stores(reads.db(), tenant, world, after.as_deref(), limit).await;
    let page = page.map_err(Problem::internal)?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, page.next.as_ref());
    Ok((headers, Json(StorePage { items: page.items, next_cursor })))
}

/// One store.
#[utoipa::path(get, path = "/dimensions/stores/{store_id}", tag = "dimensions",
    params(("store_id" = i64, Path, description = "The store")),
    responses((status = 200, description = "The store", body = Store), NotFound, Invalid, Refused))]
pub(crate) async fn store(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<StoreId>,
) -> Result<Json<Store>, Problem> {
    Ok(Json(dimension::store(reads.db(), tenant, id).await?))
}

/// The products, by stock-keeping unit.
#[utoipa::path(get, path = "/dimensions/products", tag = "dimensions", params(DimensionQuery),
    responses((status = 200, description = "A page of products", body = ProductPage), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn products(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<DimensionQuery>,
) -> Result<(HeaderMap, Json<ProductPage>), Problem> {
    let Position { limit, world, scope, after } = position(&reads, tenant, "products", query).await?;
    let Some(world) = world else {
        return Ok((HeaderMap::new(), Json(ProductPage::default())));
    };
    let page = dimension::products(reads.db(), tenant, world, after.as_deref(), limit).await;
    let page = page.map_err(Problem::internal)?;
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, page.next.as_ref());
    Ok((headers, Json(ProductPage { items: page.items, next_cursor })))
}

/// One product.
#[utoipa::path(get, path = "/dimensions/products/{product_id}", tag = "dimensions",
    params(("product_id" = i64, Path, description = "The product")),
    responses((status = 200, description = "The product", body = Product), NotFound, Invalid, Refused))]
pub(crate) async fn product(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ProductId>,
) -> Result<Json<Product>, Problem> {
    Ok(Json(dimension::product(reads.db(), tenant, id).await?))
}

/// Which rows of which world.
struct Position {
    limit: u64,
    /// `None` if there is no world.
    world: Option<WorldId>,
    scope: String,
    after: Option<String>,
}

async fn position(
    reads: &Reads,
    tenant: Tenant,
    list: &str,
    query: DimensionQuery,
) -> Result<Position, Problem> {
    let limit = page::limit(query.limit, 500, 1..=500)? as u64;
    let world = world::resolve(reads.db(), tenant, query.world_id).await?.map(|world| world.world_id);
    // A place in one world's list is none in another's.
    let scope = world.map_or_else(|| list.to_owned(), |world| format!("{list}:{world}"));
    let after = query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    Ok(Position { limit, world, scope, after })
}
