//! Stores and products.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Uri};
use chrono::NaiveDate;
use retail::{ProductId, StoreId, dimension};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::{Problem, page};

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 500, default = 500)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
}

/// A page as it is written.
#[derive(Serialize)]
pub(crate) struct PageAnswer<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// A store.
#[derive(Serialize, ToSchema)]
#[schema(as = dimensions::Store)]
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
pub(crate) struct Store {
    id: i64,
    /// Unique.
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
    /// The stock-keeping unit, unique.
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
    responses((status = 200, description = "A page of stores", body = StorePage), Invalid, Refused))]
pub(crate) async fn stores(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<PageAnswer<dimension::Store>>), Problem> {
    let (limit, after) = position(&reads, "stores", query)?;
    let page = dimension::stores(reads.db(), tenant, after.as_deref(), limit).await;
    Ok(answer(&reads, "stores", &uri, page.map_err(Problem::internal)?))
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
    responses((status = 200, description = "A page of products", body = ProductPage), Invalid, Refused))]
pub(crate) async fn products(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<PageAnswer<dimension::Product>>), Problem> {
    let (limit, after) = position(&reads, "products", query)?;
    let page = dimension::products(reads.db(), tenant, after.as_deref(), limit).await;
    Ok(answer(&reads, "products", &uri, page.map_err(Problem::internal)?))
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

fn position(reads: &Reads, scope: &str, query: ListQuery) -> Result<(u64, Option<String>), Problem> {
    let limit = page::limit(query.limit, 500, 1..=500)?;
    let after = query.cursor.map(|cursor| reads.cursors().open(scope, &cursor)).transpose()?;
    Ok((limit as u64, after))
}

fn answer<T>(
    reads: &Reads,
    scope: &str,
    uri: &Uri,
    page: retail::Page<T, String>,
) -> (HeaderMap, Json<PageAnswer<T>>) {
    let next_cursor = page.next.map(|after| reads.cursors().seal(scope, &after));
    (page::link(uri, next_cursor.as_deref()), Json(PageAnswer { items: page.items, next_cursor }))
}
