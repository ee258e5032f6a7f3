//! The rows.

use kernel::row::number;
use sea_orm::DbErr;

pub(crate) fn count(n: i32) -> Result<usize, DbErr> {
    number("count", n)
}

/// Counts and horizons are bounded where they enter, far below 2^31.
pub(crate) fn int(n: usize) -> i32 {
    i32::try_from(n).expect("counts are bounded where they enter")
}

pub(crate) mod comparison {
    use kernel::{RunId, TenantId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "comparison")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        pub tenant_id: TenantId,
        pub source: String,
        pub store_id: Option<i64>,
        pub product_id: Option<i64>,
        pub dataset_id: Option<Uuid>,
        pub horizon: i32,
        pub ranking_metric: String,
        pub series_total: i32,
        pub candidates_total: i32,
        pub status: String,
        pub winner_ordinal: Option<i32>,
        pub winner_model_type: Option<String>,
        pub winner_value: Option<f64>,
        pub confidence: Option<String>,
        pub error_code: Option<String>,
        pub error_message: Option<String>,
        pub created_us: i64,
        pub started_us: Option<i64>,
        pub settled_us: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod candidate {
    use kernel::RunId;
    use sea_orm::entity::prelude::*;
    use wire::model_selection::CandidateId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "comparison_candidate")]
    #[expect(clippy::struct_field_names, reason = "fields are named like their columns")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ordinal: i32,
        pub candidate_id: CandidateId,
        pub model_type: String,
        pub params: String,
        pub status: String,
        pub series_done: i32,
        pub error_code: Option<String>,
        pub error_message: Option<String>,
        pub started_us: Option<i64>,
        pub ended_us: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod registered_model {
    use kernel::{RunId, TenantId};
    use sea_orm::entity::prelude::*;
    use wire::model_selection::ModelId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "registered_model")]
    #[expect(clippy::struct_field_names, reason = "fields are named like their columns")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub model_id: ModelId,
        pub tenant_id: TenantId,
        pub training_run_id: RunId,
        pub comparison_run_id: Option<RunId>,
        pub candidate_ordinal: Option<i32>,
        pub model_type: String,
        pub params: String,
        pub config_hash: String,
        pub series_name: String,
        pub window_start: String,
        pub window_end: String,
        pub horizon: i32,
        pub metrics: String,
        pub metrics_origin: String,
        pub artifact_id: Uuid,
        pub artifact_digest: Vec<u8>,
        pub artifact_size_bytes: i64,
        pub description: Option<String>,
        pub registered_by: String,
        pub registered_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod alias_move {
    use kernel::TenantId;
    use sea_orm::entity::prelude::*;
    use wire::model_selection::ModelId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_alias_move")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: TenantId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub from_model_id: Option<ModelId>,
        pub to_model_id: Option<ModelId>,
        pub moved_by: String,
        pub reason: Option<String>,
        pub moved_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod model_event {
    use kernel::{RunId, TenantId};
    use sea_orm::entity::prelude::*;
    use wire::model_selection::ModelId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_event")]
    #[expect(clippy::struct_field_names, reason = "fields are named like their columns")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub model_id: ModelId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub tenant_id: TenantId,
        pub state: String,
        pub changed_by: String,
        pub reason: Option<String>,
        pub changed_us: i64,
        /// Of the first event: what the model was made from. Events of earlier versions do not say.
        pub training_run_id: Option<RunId>,
        pub comparison_run_id: Option<RunId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
