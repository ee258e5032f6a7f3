//! Registered models.

use kernel::{Class, Fault, ReadDb, RunId, Tenant};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use wire::artifacts::ArtifactId;
use wire::model_selection::{JudgedBy, MetricsOrigin, ModelId, RegisteredModel};

use super::{Error, event};
use crate::Reader;
use crate::candidate_id;
use crate::list::{self, readable};
use crate::table::{count, model_event, registered_model};
use kernel::row::{time, unreadable};

/// A place in the list of models.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    /// A model.
    Model(Box<RegisteredModel>),
    /// One whose row is gone or cannot be read: its trouble is its own, so the list goes on.
    Damaged {
        /// Which model.
        id: ModelId,
        /// What is wrong.
        reason: String,
    },
}

impl Listed {
    /// Which model stands here.
    pub fn id(&self) -> ModelId {
        match self {
            Self::Model(model) => model.model_id,
            Self::Damaged { id, .. } => *id,
        }
    }
}

const GONE: &str = "its row is gone, and its events are there";

impl Reader {
    /// One registered model.
    pub async fn model(&self, tenant: Tenant, id: ModelId) -> Result<RegisteredModel, Error> {
        let conn = self.db.conn();
        let row = known(conn, tenant, id).await?;
        let model = match event::newest(conn, id).await {
            Ok(event) => of(row, &event),
            Err(error) => Err(error),
        };
        model.map_err(|error| damaged(id, error))
    }

    /// Registered models, newest first, older than `before`; at most `limit`.
    pub async fn models(
        &self,
        tenant: Tenant,
        before: Option<ModelId>,
        limit: u64,
    ) -> Result<Vec<Listed>, Error> {
        use registered_model::Column;
        let conn = self.db.conn();
        let query = registered_model::Entity::find()
            .filter(Column::TenantId.eq(tenant.id()))
            .apply_if(before, |query, before| query.filter(Column::ModelId.lt(before)))
            .order_by_desc(Column::ModelId)
            .limit(limit);
        let rows: Vec<list::Found<registered_model::Model, ModelId>> =
            list::rows(conn, query, "model_id").await?;
        let events = event::newest_of(conn, rows.iter().filter_map(|row| row.0)).await?;
        let mut models = Vec::new();
        for (id, row) in rows {
            // A row whose very id cannot be read is nobody's and is left out.
            let Some(id) = id else { continue };
            let event = events.get(&id).ok_or_else(|| unreadable("model state"));
            models.push(match row.and_then(|row| of(row, event?)) {
                Ok(model) => Listed::Model(Box::new(model)),
                Err(error) => Listed::Damaged { id, reason: readable(&error) },
            });
        }
        let gone = event::without_row(conn, tenant, before, limit).await?;
        models.extend(gone.into_iter().map(|id| Listed::Damaged { id, reason: GONE.to_owned() }));
        models.sort_by_key(|listed| std::cmp::Reverse(listed.id()));
        models.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(models)
    }
}

/// The row of a model of this tenant, or what is wrong with it.
pub(super) async fn known(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    id: ModelId,
) -> Result<registered_model::Model, Error> {
    match row(conn, tenant, id).await {
        Ok(Some(row)) => Ok(row),
        Ok(None) if event::has_any(conn, tenant, id).await? => {
            Err(Error::ModelDamaged { model: id, reason: GONE.to_owned() })
        }
        Ok(None) => Err(Error::ModelNotFound(id)),
        Err(error) => Err(damaged(id, error)),
    }
}

/// A row that cannot be read, unless it is the database as a whole that is in trouble.
fn damaged(model: ModelId, error: DbErr) -> Error {
    match error.class() {
        Class::Internal => Error::ModelDamaged { model, reason: readable(&error) },
        _ => Error::Db(error),
    }
}

/// The row of a model of this tenant.
pub(super) async fn row(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    id: ModelId,
) -> Result<Option<registered_model::Model>, DbErr> {
    registered_model::Entity::find_by_id(id)
        .filter(registered_model::Column::TenantId.eq(tenant.id()))
        .one(conn)
        .await
}

/// That row, kept as it is by the database until the transaction ends: who archives a model and who points an alias
/// at it wait for each other.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    id: ModelId,
) -> Result<Option<registered_model::Model>, DbErr> {
    registered_model::Entity::find_by_id(id)
        .filter(registered_model::Column::TenantId.eq(tenant.id()))
        .lock_exclusive()
        .one(tx)
        .await
}

/// A model and the event that counts.
pub(super) fn of(row: registered_model::Model, event: &model_event::Model) -> Result<RegisteredModel, DbErr> {
    let judged_by = match (row.comparison_run_id, row.candidate_ordinal) {
        (Some(comparison_id), Some(ordinal)) => {
            Some(JudgedBy { comparison_id, candidate_id: candidate_id(comparison_id, count(ordinal)?) })
        }
        _ => None,
    };
    let date = |text: &str| text.parse().map_err(|_| unreadable("date"));
    Ok(RegisteredModel {
        model_id: row.model_id,
        training_run_id: row.training_run_id,
        judged_by,
        model_type: row.model_type,
        params: serde_json::from_str(&row.params).map_err(|_| unreadable("parameters"))?,
        config_hash: row.config_hash,
        series_name: row.series_name,
        window_start: date(&row.window_start)?,
        window_end: date(&row.window_end)?,
        horizon: count(row.horizon)?,
        metrics: serde_json::from_str(&row.metrics).map_err(|_| unreadable("metrics"))?,
        metrics_origin: if judged_by.is_some() { MetricsOrigin::Comparison } else { MetricsOrigin::Holdout },
        artifact_id: ArtifactId(row.artifact_id),
        artifact_digest: kernel::row::digest(&row.artifact_digest)?,
        artifact_size_bytes: kernel::row::number("size", row.artifact_size_bytes)?,
        description: row.description,
        registered_by: row.registered_by,
        registered_at: time(row.registered_us)?,
        state: event.state()?,
        state_version: event.version()?,
    })
}

/// The runs of this tenant that registered models stand on, each with the model that says so.
pub(crate) async fn held(
    db: &ReadDb,
    tenant: Tenant,
    run_of: fn(&registered_model::Model) -> Option<RunId>,
) -> Result<Vec<(RunId, String)>, DbErr> {
    use registered_model::{Column, Entity};
    let rows = Entity::find().filter(Column::TenantId.eq(tenant.id())).all(db.conn()).await?;
    let held =
        |row: &registered_model::Model| Some((run_of(row)?, format!("model {} stands on it", row.model_id)));
    Ok(rows.iter().filter_map(held).collect())
}
