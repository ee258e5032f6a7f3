//! The start request: the body of `POST /demo/run`, the first message of `WS /demo/stream`, and what the command line
//! makes. A request without the newer fields means exactly what it meant before they existed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model_selection::Strategy;

use super::Preset;
use crate::retail::{Overrides, ProductId, StoreId, WorldId};

/// A showcase to run; what is left out has its default, other keys are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::StartRequest)]
#[serde(default)]
pub struct StartRequest {
    /// The seed of all randomness.
    #[schema(format = "uint64", minimum = 0, default = 42)]
    pub seed: u64,
    /// Delete every world first; needs `skip_seed` = false.
    #[schema(default = false)]
    pub reset: bool,
    /// Use the stored data instead of generating it.
    #[schema(default = true)]
    pub skip_seed: bool,
    /// The preset.
    pub scenario: Preset,
    /// The world to use; needs `skip_seed` = true. The only one there is when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub world_id: Option<WorldId>,
    /// Only `ephemeral`: there are no workspaces yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Preservation, default = "ephemeral", required = false)]
    pub preservation: Option<Preservation>,
    /// Curated knobs of the generator; needs `skip_seed` = false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed_overrides: Option<Overrides>,
    /// The pair to model; the first one that is ready when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_scope: Option<UserScope>,
    /// The models to train and compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 10)]
    pub train_model_types: Option<Vec<String>>,
    /// How to compare them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Backtest>,
}

impl Default for StartRequest {
    fn default() -> Self {
        Self {
            seed: 42,
            reset: false,
            skip_seed: true,
            scenario: Preset::DemoMinimal,
            world_id: None,
            preservation: None,
            seed_overrides: None,
            user_scope: None,
            train_model_types: None,
            backtest: None,
        }
    }
}

kernel::words! {
    /// What is kept of a showcase besides its run.
    #[derive(ToSchema)]
    #[schema(as = demo::Preservation)]
    pub enum Preservation {
        /// Nothing.
        Ephemeral = "ephemeral",
    }
}

/// One store and one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::UserScope)]
#[serde(deny_unknown_fields)]
pub struct UserScope {
    /// The store.
    #[schema(value_type = i64, minimum = 1)]
    pub store_id: StoreId,
    /// The product.
    #[schema(value_type = i64, minimum = 1)]
    pub product_id: ProductId,
}

/// How the models are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Backtest)]
#[serde(default, deny_unknown_fields)]
pub struct Backtest {
    /// Days to forecast.
    #[schema(minimum = 1, maximum = 90, default = 14)]
    pub horizon: u32,
    /// How the training window moves.
    pub strategy: Strategy,
    /// Folds.
    #[schema(minimum = 2, maximum = 20, default = 3)]
    pub n_splits: u32,
    /// Days of the smallest training window.
    #[schema(minimum = 7, maximum = 100_000, default = 30)]
    pub min_train_size: u32,
    /// Days between training and test, below the horizon.
    #[schema(minimum = 0, maximum = 30, default = 0)]
    pub gap: u32,
    /// What decides.
    pub metric: Metric,
}

impl Default for Backtest {
    fn default() -> Self {
        Self {
            horizon: 14,
            strategy: Strategy::Expanding,
            n_splits: 3,
            min_train_size: 30,
            gap: 0,
            metric: Metric::Wape,
        }
    }
}

kernel::words! {
    /// What decides between models.
    #[derive(ToSchema)]
    #[schema(as = demo::Metric)]
    pub enum Metric {
        /// Weighted absolute percentage error.
        Wape = "wape",
        /// Mean absolute error.
        Mae = "mae",
        /// Root mean squared error.
        Rmse = "rmse",
    }
}
