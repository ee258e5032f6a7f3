//! The generator of worlds.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::RunId;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{TableCounts, WorldId};

/// What to generate; what is absent is the preset's own. Numbers are wide so that one outside its bounds is answered
/// with the bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::GenerateRequest)]
#[serde(default, deny_unknown_fields)]
pub struct GenerateRequest {
    /// The preset's name.
    #[schema(default = "demo_minimal")]
    pub scenario: String,
    /// The seed of all randomness.
    #[schema(value_type = u64, format = "uint64", default = 42, minimum = 0)]
    pub seed: i64,
    /// How many stores.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub stores: Option<i64>,
    /// How many products.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub products: Option<i64>,
    /// The first day; the preset's span before the last one if absent.
    pub start_date: Option<NaiveDate>,
    /// The last day, not before `start_date`.
    pub end_date: Option<NaiveDate>,
    /// The share of store-product pairs without any sales; 0 leaves the preset's.
    #[schema(minimum = 0, maximum = 1)]
    pub sparsity: f64,
    /// Only say what would be generated.
    pub dry_run: bool,
    /// Parts of the generator that are off by default, by name.
    pub features: Vec<String>,
    /// Single numbers to change.
    pub overrides: Option<Overrides>,
}

impl Default for GenerateRequest {
    fn default() -> Self {
        Self {
            scenario: "demo_minimal".to_owned(),
            seed: 42,
            stores: None,
            products: None,
            start_date: None,
            end_date: None,
            sparsity: 0.0,
            dry_run: false,
            features: Vec::new(),
            overrides: None,
        }
    }
}

/// The knobs a user may turn; they win over everything else. What is absent stays as it is, and `null` is no number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::Overrides)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// How many stores.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, nullable = false, minimum = 1, maximum = 100)]
    pub stores: Option<i64>,
    /// How many products.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, nullable = false, minimum = 1, maximum = 500)]
    pub products: Option<i64>,
    /// Days before the last one; not for a preset whose window is fixed.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, nullable = false, minimum = 75, maximum = 365)]
    pub window_days: Option<i64>,
    /// The share of pairs that sell nothing.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 0.9)]
    pub sparsity: Option<f64>,
    /// The chance of a promotion per product and month.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 0.5)]
    pub promotion_intensity: Option<f64>,
    /// The chance of a stock-out per product, store and day.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 0.5)]
    pub stockout_intensity: Option<f64>,
    /// The standard deviation of the noise.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 0.5)]
    pub noise_sigma: Option<f64>,
}

/// A value that is there, and therefore not `null`.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What a generation did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::Generated)]
pub struct Generated {
    /// The world; a dry run has none.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub world_id: Option<WorldId>,
    /// Whether the same request had made it before, so that nothing was created.
    pub is_existing: bool,
    /// The preset.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// The first generated day.
    pub start_date: NaiveDate,
    /// The last one.
    pub end_date: NaiveDate,
    /// Rows inserted per table. A dry run says how many stores, products and days the world would have, and no more.
    pub records_created: TableCounts,
    /// How long it took.
    pub duration_seconds: f64,
    /// One line for a person.
    pub message: String,
}

/// What a world holds. Without any world there are no rows and no days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::Status)]
pub struct Status {
    /// The world; `null` if there is none.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub world_id: Option<WorldId>,
    /// Rows per table.
    #[serde(flatten)]
    pub counts: TableCounts,
    /// The first day with sales.
    pub date_range_start: Option<NaiveDate>,
    /// The last day with sales.
    pub date_range_end: Option<NaiveDate>,
    /// When its generation began; it has not changed since.
    #[serde(with = "crate::time::option")]
    pub last_updated: Option<DateTime<Utc>>,
}

/// Which world.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatusQuery {
    /// Needed when there are several.
    #[param(value_type = Option<uuid::Uuid>)]
    pub world_id: Option<WorldId>,
}

/// A preset as a card shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::Scenario)]
pub struct Scenario {
    /// Its wire name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What is special about it.
    pub description: String,
    /// How many stores it has unless asked otherwise.
    pub stores: u32,
    /// How many products it has unless asked otherwise.
    pub products: u32,
    /// Its first day if it were generated now.
    pub start_date: NaiveDate,
    /// Its last day if it were generated now.
    pub end_date: NaiveDate,
}

/// What to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::DeleteRequest)]
#[serde(deny_unknown_fields)]
pub struct DeleteRequest {
    /// How much.
    pub scope: DeletionScope,
    /// Only count.
    #[serde(default)]
    pub dry_run: bool,
    /// The showcase that asks; it may delete while it runs.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub run_id: Option<RunId>,
}

kernel::words! {
    /// How much to delete.
    #[derive(ToSchema)]
    #[schema(as = seeder::DeletionScope)]
    pub enum DeletionScope {
        /// Every world.
        All = "all",
    }
}

/// What was deleted, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = seeder::Deleted)]
pub struct Deleted {
    /// Whether the rows are still there.
    pub dry_run: bool,
    /// Worlds.
    pub worlds_deleted: u64,
    /// Rows per table.
    pub records_deleted: TableCounts,
}
