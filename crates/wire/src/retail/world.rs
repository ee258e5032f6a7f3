//! Worlds and their pairs.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::model_selection::Sufficiency;

use super::{ProductId, StoreId, TableCounts, WorldId};

/// A world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = worlds::World)]
pub struct World {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub world_id: WorldId,
    /// What it is called.
    pub title: String,
    /// The preset it was made from.
    pub scenario: String,
    /// The seed of its randomness.
    #[schema(format = "uint64")]
    pub seed: u64,
    /// SHA-256 over preset, seed and every number of the generator, 64 hex digits: two equal ones are one world.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// Its first day.
    pub start_date: NaiveDate,
    /// Its last day.
    pub end_date: NaiveDate,
    /// `null` in a world without sales.
    pub first_sale_date: Option<NaiveDate>,
    /// `null` in a world without sales.
    pub last_sale_date: Option<NaiveDate>,
    /// Rows per table.
    pub row_counts: TableCounts,
    /// When its generation began.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A page of worlds, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = worlds::Page)]
pub struct WorldPage {
    /// The worlds.
    pub items: Vec<World>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A store and a product that it sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = worlds::Pair)]
pub struct Pair {
    /// The store.
    #[schema(value_type = i64)]
    pub store_id: StoreId,
    /// Its code.
    pub store_code: String,
    /// The product.
    #[schema(value_type = i64)]
    pub product_id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Days with a sale.
    pub observed_days: u64,
    /// The first one.
    pub first_sale_date: NaiveDate,
    /// The last one.
    pub last_sale_date: NaiveDate,
    /// Whether they are enough for the split that was asked about.
    pub status: Sufficiency,
}

/// A page of pairs, by store code and stock-keeping unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = worlds::PairPage)]
pub struct PairPage {
    /// The pairs.
    pub items: Vec<Pair>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which pairs, judged by which split. Numbers are wide so that one outside its bounds is answered with the bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PairsQuery {
    /// Only pairs that are at least so ready.
    pub at_least: Option<Sufficiency>,
    /// Days to forecast.
    #[param(minimum = 1, maximum = 90, default = 14)]
    pub forecast_horizon: Option<i64>,
    /// Folds.
    #[param(minimum = 2, maximum = 20, default = 5)]
    pub n_splits: Option<i64>,
    /// Days of the shortest training part.
    #[param(minimum = 7, default = 30)]
    pub min_train_size: Option<i64>,
    /// Days between training and test, below the horizon.
    #[param(minimum = 0, maximum = 30, default = 0)]
    pub gap: Option<i64>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}
