//! Stores and products.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ProductId, StoreId, WorldId};

/// Which part of a list of stores or products.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DimensionQuery {
    /// Needed when there are several worlds.
    #[param(value_type = Option<uuid::Uuid>)]
    pub world_id: Option<WorldId>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 500, default = 500)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = dimensions::Store)]
pub struct Store {
    /// Its number.
    #[schema(value_type = i64)]
    pub id: StoreId,
    /// Its world.
    #[schema(value_type = uuid::Uuid)]
    pub world_id: WorldId,
    /// Unique in its world.
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

/// A page of stores, by code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = dimensions::StorePage)]
pub struct StorePage {
    /// The stores.
    pub items: Vec<Store>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = dimensions::Product)]
pub struct Product {
    /// Its number.
    #[schema(value_type = i64)]
    pub id: ProductId,
    /// Its world.
    #[schema(value_type = uuid::Uuid)]
    pub world_id: WorldId,
    /// The stock-keeping unit, unique in its world.
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

/// A page of products, by stock-keeping unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = dimensions::ProductPage)]
pub struct ProductPage {
    /// The products.
    pub items: Vec<Product>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}
