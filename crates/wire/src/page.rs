//! Lists: which part of one, for those that take no more than that, and what of it cannot be read.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which part of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// Something whose row cannot be read, in its place in a list. Its trouble is its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = page::Damaged)]
pub struct Damaged {
    /// Which run, or whatever the list is of.
    pub id: Uuid,
    /// What cannot be read.
    pub reason: String,
}
