//! The retail facts: worlds, the generator and the dimension lists.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Page;
use crate::call::with_query;
use crate::{Client, Error};

kernel::id! {
    /// One world: what one generation made.
    WorldId
}

/// A world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    /// Its id.
    pub world_id: WorldId,
    /// What it is called.
    pub title: String,
    /// The preset it was made from.
    pub scenario: String,
    /// The seed of its randomness.
    pub seed: u64,
    /// SHA-256 over everything it was made from.
    pub digest: Digest,
    /// Its first day.
    pub start_date: NaiveDate,
    /// Its last day.
    pub end_date: NaiveDate,
    /// The first day with a sale.
    pub first_sale_date: Option<NaiveDate>,
    /// The last one.
    pub last_sale_date: Option<NaiveDate>,
    /// Rows per table.
    pub row_counts: BTreeMap<String, u64>,
    /// When its generation began.
    pub created_at: DateTime<Utc>,
}

/// A page of worlds, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldPage {
    /// The worlds.
    pub items: Vec<World>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// Whether a pair's history is enough for a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// For every fold.
    Ready,
    /// For one.
    Limited,
    /// For none.
    Unusable,
}

impl Readiness {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Limited => "limited",
            Self::Unusable => "unusable",
        }
    }
}

/// Which pairs of a world, judged by which split.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairFilter {
    /// Only pairs that are at least so ready.
    pub at_least: Option<Readiness>,
    /// Days to forecast.
    pub forecast_horizon: Option<u32>,
    /// Folds.
    pub n_splits: Option<u32>,
    /// Days of the shortest training part.
    pub min_train_size: Option<u32>,
    /// Days between training and test.
    pub gap: Option<u32>,
    /// How many, at most.
    pub limit: Option<u32>,
}

/// A store and a product that it sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The store.
    pub store_id: i64,
    /// Its code.
    pub store_code: String,
    /// The product.
    pub product_id: i64,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Days with a sale.
    pub observed_days: u64,
    /// The first one.
    pub first_sale_date: NaiveDate,
    /// The last one.
    pub last_sale_date: NaiveDate,
    /// Whether they are enough for the split.
    pub status: Readiness,
}

/// What to generate; what is absent is the preset's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenerateRequest {
    /// The preset.
    pub scenario: String,
    /// The seed of all randomness.
    pub seed: u64,
    /// How many stores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stores: Option<u32>,
    /// How many products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<u32>,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<NaiveDate>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<NaiveDate>,
    /// The share of pairs without sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sparsity: Option<f64>,
    /// Only count.
    #[serde(default)]
    pub dry_run: bool,
    /// The curated knobs, as the user gave them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Value>,
}

/// What was generated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Generated {
    /// The world; a dry run has none.
    pub world_id: Option<WorldId>,
    /// Whether the same request had made it before.
    pub is_existing: bool,
    /// Rows per table.
    pub records_created: BTreeMap<String, u64>,
    /// How long it took.
    pub duration_seconds: f64,
    /// One line for a human.
    pub message: String,
    /// The seed.
    pub seed: u64,
}

/// What is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeederStatus {
    /// The world; `None` if there is none.
    pub world_id: Option<WorldId>,
    /// The first day with sales.
    pub date_range_start: Option<NaiveDate>,
    /// The last day with sales.
    pub date_range_end: Option<NaiveDate>,
    /// When anything was last written.
    pub last_updated: Option<DateTime<Utc>>,
    /// Rows per table.
    #[serde(flatten)]
    pub rows: BTreeMap<String, Value>,
}

/// A preset as the user sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioCard {
    /// Its id.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// How many stores.
    pub stores: u32,
    /// How many products.
    pub products: u32,
    /// The first day.
    pub start_date: NaiveDate,
    /// The last day.
    pub end_date: NaiveDate,
}

/// What to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletionScope {
    /// Every world.
    All,
}

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Worlds.
    pub worlds_deleted: u64,
    /// Rows per table.
    pub records_deleted: BTreeMap<String, u64>,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Its id.
    pub id: i64,
    /// Its world.
    pub world_id: WorldId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: Option<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: i64,
    /// Its world.
    pub world_id: WorldId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: Option<String>,
}

impl Client {
    /// `POST /api/seeder/generate`.
    pub async fn generate(&self, request: &GenerateRequest) -> Result<Generated, Error> {
        self.post("/api/seeder/generate", request).await
    }

    /// `GET /api/seeder/status` of a world, or of the only one.
    pub async fn seeder_status(&self, world: Option<WorldId>) -> Result<SeederStatus, Error> {
        self.get(&in_world("/api/seeder/status", world)).await
    }

    /// `GET /api/seeder/scenarios`.
    pub async fn scenarios(&self) -> Result<Vec<ScenarioCard>, Error> {
        self.get("/api/seeder/scenarios").await
    }

    /// `DELETE /api/seeder/data`: every world. `run` is the showcase that asks, if one does.
    pub async fn delete_data(&self, scope: DeletionScope, run: Option<RunId>) -> Result<Deleted, Error> {
        let mut body = serde_json::Map::from_iter([("scope".to_owned(), serde_json::json!(scope))]);
        body.extend(run.map(|run| ("run_id".to_owned(), serde_json::json!(run))));
        self.delete("/api/seeder/data", Some(&body)).await
    }

    /// `GET /api/worlds`, newest first.
    pub async fn worlds(&self, cursor: Option<&str>) -> Result<WorldPage, Error> {
        self.get(&with_query("/api/worlds", &[("cursor", cursor.map(str::to_owned))])).await
    }

    /// `GET /api/worlds/{id}`.
    pub async fn world(&self, world: WorldId) -> Result<World, Error> {
        self.get(&format!("/api/worlds/{world}")).await
    }

    /// `DELETE /api/worlds/{id}`.
    pub async fn delete_world(&self, world: WorldId) -> Result<Deleted, Error> {
        self.delete(&format!("/api/worlds/{world}"), None::<&()>).await
    }

    /// `GET /api/worlds/{id}/pairs`: the first page of the pairs that sell, by store code and stock-keeping unit.
    pub async fn pairs(&self, world: WorldId, filter: &PairFilter) -> Result<Vec<Pair>, Error> {
        let number = |value: Option<u32>| value.map(|value| value.to_string());
        let query = [
            ("at_least", filter.at_least.map(|least| least.as_str().to_owned())),
            ("forecast_horizon", number(filter.forecast_horizon)),
            ("n_splits", number(filter.n_splits)),
            ("min_train_size", number(filter.min_train_size)),
            ("gap", number(filter.gap)),
            ("limit", number(filter.limit)),
        ];
        let page: Page<Pair> = self.get(&with_query(&format!("/api/worlds/{world}/pairs"), &query)).await?;
        Ok(page.items)
    }

    /// `GET /api/dimensions/stores` of a world, or of the only one; ordered by code.
    pub async fn stores(&self, world: Option<WorldId>) -> Result<Vec<Store>, Error> {
        let page: Page<Store> = self.get(&in_world("/api/dimensions/stores", world)).await?;
        Ok(page.items)
    }

    /// `GET /api/dimensions/stores/{id}`.
    pub async fn store(&self, store: i64) -> Result<Store, Error> {
        self.get(&format!("/api/dimensions/stores/{store}")).await
    }

    /// `GET /api/dimensions/products` of a world, or of the only one; ordered by stock-keeping unit.
    pub async fn products(&self, world: Option<WorldId>) -> Result<Vec<Product>, Error> {
        let page: Page<Product> = self.get(&in_world("/api/dimensions/products", world)).await?;
        Ok(page.items)
    }

    /// `GET /api/dimensions/products/{id}`.
    pub async fn product(&self, product: i64) -> Result<Product, Error> {
        self.get(&format!("/api/dimensions/products/{product}")).await
    }
}

fn in_world(path: &str, world: Option<WorldId>) -> String {
    with_query(path, &[("world_id", world.map(|world| world.to_string()))])
}
