//! Stores and products.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use chrono::NaiveDate;
use kernel::Tenant;
use retail::{ProductId, StoreId, WorldId, dimension, world};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::{Problem, page};

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Needed when there are several worlds.
    #[param(value_type = Option<uuid::Uuid>)]
    world_id: Option<WorldId>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 500, default = 500)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
}

/// A store.
#[derive(Serialize, ToSchema)]
#[schema(as = dimensions::Store)]
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
pub(crate) struct Store {
    id: i64,
    world_id: uuid::Uuid,
    /// Unique in its world.
    code: String,
    name: String,
    region: Option<String>,
    city: Option<String>,
    store_type: Option<String>,
}

/// A page of stores, by code.
#[derive(Serialize, ToSchema)]
#[schema(as = dimensions::StorePage)]
pub(crate) struct StorePage {
    items: Vec<Store>,
    next_cursor: Option<String>,
}

/// A product.
#[derive(Serialize, ToSchema)]
#[schema(as = dimensions::Product)]
pub(crate) struct Product {
    id: i64,
    world_id: uuid::Uuid,
    /// The stock-keeping unit, unique in its world.
    sku: String,
    name: String,
    category: Option<String>,
    subcategory: Option<String>,
    brand: Option<String>,
    base_price_cents: Option<i64>,
    base_cost_cents: Option<i64>,
    pack_size: Option<i32>,
    lifecycle_stage: Option<String>,
    launch_date: Option<NaiveDate>,
    discontinue_date: Option<NaiveDate>,
}

/// A page of products, by stock-keeping unit.
#[derive(Serialize, ToSchema)]
#[schema(as = dimensions::ProductPage)]
pub(crate) struct ProductPage {
    items: Vec<Product>,
    next_cursor: Option<String>,
}

/// The stores, by code.
#[utoipa::path(get, path = "/dimensions/stores", tag = "dimensions", params(ListQuery),
    responses((status = 200, description = "A page of stores", body = StorePage), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn stores(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<page::Answer<dimension::Store>>), Problem> {
    let Position { limit, world, scope, after } = position(&reads, tenant, "stores", query).await?;
    let Some(world) = world else {
        return Ok(page::answer(reads.cursors(), &scope, &uri, Vec::new(), None::<&String>));
    };
    let page = dimension::stores(reads.db(), tenant, world, after.as_deref(), limit).await;
    let page = page.map_err(Problem::internal)?;
    Ok(page::answer(reads.cursors(), &scope, &uri, page.items, page.next.as_ref()))
}

/// One store.
#[utoipa::path(get, path = "/dimensions/stores/{store_id}", tag = "dimensions",
    params(("store_id" = i64, Path, description = "The store")),
    responses((status = 200, description = "The store", body = Store), NotFound, Invalid, Refused))]
pub(crate) async fn store(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<i64>,
) -> Result<Json<dimension::Store>, Problem> {
    Ok(Json(dimension::store(reads.db(), tenant, StoreId(id)).await?))
}

/// The products, by stock-keeping unit.
#[utoipa::path(get, path = "/dimensions/products", tag = "dimensions", params(ListQuery),
    responses((status = 200, description = "A page of products", body = ProductPage), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn products(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<page::Answer<dimension::Product>>), Problem> {
    let Position { limit, world, scope, after } = position(&reads, tenant, "products", query).await?;
    let Some(world) = world else {
        return Ok(page::answer(reads.cursors(), &scope, &uri, Vec::new(), None::<&String>));
    };
    let page = dimension::products(reads.db(), tenant, world, after.as_deref(), limit).await;
    let page = page.map_err(Problem::internal)?;
    Ok(page::answer(reads.cursors(), &scope, &uri, page.items, page.next.as_ref()))
}

/// One product.
#[utoipa::path(get, path = "/dimensions/products/{product_id}", tag = "dimensions",
    params(("product_id" = i64, Path, description = "The product")),
    responses((status = 200, description = "The product", body = Product), NotFound, Invalid, Refused))]
pub(crate) async fn product(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<i64>,
) -> Result<Json<dimension::Product>, Problem> {
    Ok(Json(dimension::product(reads.db(), tenant, ProductId(id)).await?))
}

/// Which rows of which world.
struct Position {
    limit: u64,
    /// `None` if there is no world.
    world: Option<WorldId>,
    scope: String,
    after: Option<String>,
}

async fn position(reads: &Reads, tenant: Tenant, list: &str, query: ListQuery) -> Result<Position, Problem> {
    let limit = page::limit(query.limit, 500, 1..=500)? as u64;
    let world = world::resolve(reads.db(), tenant, query.world_id).await?.map(|world| world.world_id);
    // A place in one world's list is none in another's.
    let scope = world.map_or_else(|| list.to_owned(), |world| format!("{list}:{world}"));
    let after = query.cursor.map(|cursor| reads.cursors().open(&scope, &cursor)).transpose()?;
    Ok(Position { limit, world, scope, after })
}
