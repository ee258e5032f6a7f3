//! The states of registered models: what was said of each, one event after another. The newest one counts.

use std::collections::BTreeMap;

use kernel::{FieldError, RunId, Tenant};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, Set, SqlErr, Statement, Value,
};
use wire::model_selection::{ModelEvent, ModelId, ModelState, RegisteredModel};

use super::{Error, Expected, PERSON_RULE, TEXT_RULE, alias, is_person, is_text, model};
use crate::table::model_event;
use crate::{Reader, Selector};
use kernel::row::{time, unreadable};

/// A change to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeModel {
    /// The model.
    pub model_id: ModelId,
    /// How it shall stand.
    pub state: ModelState,
    /// Who says so.
    pub changed_by: String,
    /// Why.
    pub reason: Option<String>,
    /// Where the caller believes it stands.
    pub expected: Expected,
}

impl ChangeModel {
    fn validate(&self) -> Result<(), Error> {
        let mut fields = Vec::new();
        if !is_person(&self.changed_by) {
            fields.push(FieldError::new("changed_by", PERSON_RULE));
        }
        if !is_text(self.reason.as_deref()) {
            fields.push(FieldError::new("reason", TEXT_RULE));
        }
        if fields.is_empty() { Ok(()) } else { Err(Error::Invalid { fields }) }
    }
}

impl Selector {
    /// Archives a model or restores it. A model that already stands so stays as it is.
    pub async fn change_model(&self, tenant: Tenant, request: ChangeModel) -> Result<RegisteredModel, Error> {
        request.validate()?;
        let changed_us = self.clock.now_us();
        let changed =
            self.write.write("change model", async |tx| change_in(tx, tenant, &request, changed_us).await);
        match changed.await {
            Err(Error::Db(error))
                if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) =>
            {
                // Two changed it at once: the second sees what the first did.
                let found = self.reader.model(tenant, request.model_id).await?.state_version;
                Err(Error::ModelChanged { model: request.model_id, found })
            }
            other => other,
        }
    }
}

impl Reader {
    /// Every change of a model's state, first to last.
    pub async fn model_events(&self, tenant: Tenant, id: ModelId) -> Result<Vec<ModelEvent>, Error> {
        let conn = self.db.conn();
        model::known(conn, tenant, id).await?;
        let rows = model_event::Entity::find()
            .filter(model_event::Column::ModelId.eq(id))
            .order_by_asc(model_event::Column::Version)
            .all(conn)
            .await?;
        Ok(rows.into_iter().map(ModelEvent::try_from).collect::<Result<_, _>>()?)
    }
}

async fn change_in(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    request: &ChangeModel,
    changed_us: i64,
) -> Result<RegisteredModel, Error> {
    let id = request.model_id;
    let row = model::locked(tx, tenant, id).await?.ok_or(Error::ModelNotFound(id))?;
    let before = newest(tx, id).await?;
    let version = before.version()?;
    if !request.expected.holds(version) {
        return Err(Error::ModelChanged { model: id, found: version });
    }
    if before.state()? == request.state {
        return Ok(model::of(row, &before)?);
    }
    if request.state == ModelState::Archived {
        let aliases = alias::names_of(tx, tenant, id).await?;
        if !aliases.is_empty() {
            return Err(Error::ModelInUse { model: id, aliases });
        }
    }
    let change = Change {
        state: request.state,
        changed_by: request.changed_by.trim(),
        reason: request.reason.as_deref(),
        changed_us,
        made_from: MadeFrom::default(),
    };
    let event = append(tx, tenant, id, version + 1, change).await?;
    Ok(model::of(row, &event)?)
}

/// What an event says.
pub(super) struct Change<'a> {
    pub state: ModelState,
    pub changed_by: &'a str,
    pub reason: Option<&'a str>,
    pub changed_us: i64,
    pub made_from: MadeFrom,
}

/// The runs a model was made from, which its first event names: so that a row that is gone is missed there.
#[derive(Default)]
pub(super) struct MadeFrom {
    pub training: Option<RunId>,
    pub comparison: Option<RunId>,
}

pub(super) async fn append(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    model: ModelId,
    version: u32,
    change: Change<'_>,
) -> Result<model_event::Model, DbErr> {
    let row = model_event::ActiveModel {
        model_id: Set(model),
        version: Set(i32::try_from(version).expect("a model changes less than 2^31 times")),
        tenant_id: Set(tenant.id()),
        state: Set(change.state.as_str().to_owned()),
        changed_by: Set(change.changed_by.to_owned()),
        reason: Set(change.reason.map(str::to_owned)),
        changed_us: Set(change.changed_us),
        training_run_id: Set(change.made_from.training),
        comparison_run_id: Set(change.made_from.comparison),
    };
    row.insert(tx).await
}

/// The event that counts.
pub(super) async fn newest(conn: &impl ConnectionTrait, model: ModelId) -> Result<model_event::Model, DbErr> {
    let found = model_event::Entity::find()
        .filter(model_event::Column::ModelId.eq(model))
        .order_by_desc(model_event::Column::Version)
        .one(conn)
        .await?;
    found.ok_or_else(|| unreadable("model state"))
}

/// The event that counts of each of these models.
pub(super) async fn newest_of(
    conn: &impl ConnectionTrait,
    models: impl IntoIterator<Item = ModelId>,
) -> Result<BTreeMap<ModelId, model_event::Model>, DbErr> {
    let rows = model_event::Entity::find()
        .filter(model_event::Column::ModelId.is_in(models))
        .order_by_asc(model_event::Column::Version)
        .all(conn)
        .await?;
    // A later version takes the place of an earlier one.
    Ok(rows.into_iter().map(|row| (row.model_id, row)).collect())
}

/// Whether a model of this tenant has events.
pub(super) async fn has_any(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    model: ModelId,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM model_event WHERE model_id = $1 AND tenant_id = $2 LIMIT 1";
    let values = [model.into(), tenant.id().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}

/// Models that have events and no row, newest first, older than `before`; at most `limit`.
pub(super) async fn without_row(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    before: Option<ModelId>,
    limit: u64,
) -> Result<Vec<ModelId>, DbErr> {
    let mut values: Vec<Value> = vec![tenant.id().into()];
    let older = before.map_or("", |before| {
        values.push(before.into());
        "AND e.model_id < $2"
    });
    let sql = format!(
        "SELECT DISTINCT e.model_id FROM model_event e WHERE e.tenant_id = $1 {older}
         AND NOT EXISTS (SELECT 1 FROM registered_model m WHERE m.model_id = e.model_id)
         ORDER BY e.model_id DESC LIMIT {limit}"
    );
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    conn.query_all_raw(statement).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

impl model_event::Model {
    pub(super) fn state(&self) -> Result<ModelState, DbErr> {
        let all = [ModelState::Registered, ModelState::Archived];
        all.into_iter().find(|state| state.as_str() == self.state).ok_or_else(|| unreadable("model state"))
    }

    pub(super) fn version(&self) -> Result<u32, DbErr> {
        self.version.try_into().map_err(|_| unreadable("model state"))
    }
}

impl TryFrom<model_event::Model> for ModelEvent {
    type Error = DbErr;

    fn try_from(row: model_event::Model) -> Result<Self, DbErr> {
        Ok(Self {
            version: row.version()?,
            state: row.state()?,
            changed_by: row.changed_by,
            reason: row.reason,
            changed_at: time(row.changed_us)?,
        })
    }
}
