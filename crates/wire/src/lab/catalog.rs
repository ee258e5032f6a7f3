//! Which models the lab has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A model of games or markets, or an optimiser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::LabModel)]
pub struct LabModel {
    /// Its name in requests.
    pub id: String,
    /// Its name for people.
    pub display_name: String,
    /// What it does, in a sentence.
    pub description: String,
    /// The version of what it leaves behind.
    pub schema_version: String,
    /// Whether it is kept for old runs only.
    pub deprecated: bool,
}

/// Every model of the lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Catalog)]
pub struct LabCatalog {
    /// Who beats whom.
    pub game_outcome_models: Vec<LabModel>,
    /// What others bid.
    pub market_share_models: Vec<LabModel>,
    /// The best bids.
    pub entry_optimizers: Vec<LabModel>,
}
