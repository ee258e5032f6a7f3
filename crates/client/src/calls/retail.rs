//! The retail facts: the generator and the dimension lists.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Page;
use crate::{Client, Error};

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
    /// Whether all of it was written.
    pub success: bool,
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
    /// Everything.
    All,
    /// The facts, not the dimensions.
    Facts,
    /// The dimensions, and with them the facts.
    Dimensions,
}

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Rows per table.
    pub records_deleted: BTreeMap<String, u64>,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Its id.
    pub id: i64,
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

    /// `GET /api/seeder/status`.
    pub async fn seeder_status(&self) -> Result<SeederStatus, Error> {
        self.get("/api/seeder/status").await
    }

    /// `GET /api/seeder/scenarios`.
    pub async fn scenarios(&self) -> Result<Vec<ScenarioCard>, Error> {
        self.get("/api/seeder/scenarios").await
    }

    /// `DELETE /api/seeder/data`.
    pub async fn delete_data(&self, scope: DeletionScope) -> Result<Deleted, Error> {
        self.delete("/api/seeder/data", Some(&serde_json::json!({ "scope": scope }))).await
    }

    /// `GET /api/dimensions/stores`, ordered by code.
    pub async fn stores(&self) -> Result<Vec<Store>, Error> {
        let page: Page<Store> = self.get("/api/dimensions/stores").await?;
        Ok(page.items)
    }

    /// `GET /api/dimensions/products`, ordered by stock-keeping unit.
    pub async fn products(&self) -> Result<Vec<Product>, Error> {
        let page: Page<Product> = self.get("/api/dimensions/products").await?;
        Ok(page.items)
    }
}
