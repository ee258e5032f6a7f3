//! Worlds.

use kernel::TenantId;
use sea_orm::entity::prelude::*;

use wire::retail::WorldId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "world")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorldId,
    pub tenant_id: TenantId,
    pub scenario: String,
    pub seed: i64,
    /// Canonical JSON of what was generated.
    pub config: String,
    pub digest: Vec<u8>,
    pub title: String,
    /// `building`, `complete` or `gone`.
    pub state: String,
    pub start_date: Date,
    pub end_date: Date,
    /// JSON of the rows per table, once it is complete.
    pub row_counts: Option<String>,
    pub first_sale_date: Option<Date>,
    pub last_sale_date: Option<Date>,
    pub created_us: i64,
    pub touched_us: i64,
    /// A digest of sums over its rows, once it is complete; worlds of earlier versions have none.
    pub facts_digest: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
