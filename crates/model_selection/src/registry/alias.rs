//! Aliases: names that point at a registered model or at none, and every move they made.

use kernel::{FieldError, Tenant};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, Set, SqlErr, Statement,
};
use wire::model_selection::{Alias, AliasMove, ModelId, ModelState};

use super::event;
use super::{Error, PERSON_RULE, TEXT_RULE, is_alias_name, is_person, is_text, model};
use crate::list::said;
use crate::table::alias_move;
use crate::{Reader, Selector};
use kernel::row::{time, unreadable};

/// A move to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveAlias {
    /// The alias; made when there is none.
    pub alias_name: String,
    /// Where it shall point; `None` withdraws it, for a reason.
    pub model_id: Option<ModelId>,
    /// Who moves it.
    pub moved_by: String,
    /// Why.
    pub reason: Option<String>,
    /// Where the caller believes it stands.
    pub expected: Expected,
}

/// What a caller knows of an alias before moving it, or of a model before changing its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: do it wherever it stands.
    Any,
    /// That it does not exist.
    Absent,
    /// That it is at this version.
    Version(u32),
}

impl Expected {
    pub(super) const fn holds(self, version: u32) -> bool {
        match self {
            Self::Any => true,
            Self::Absent => version == 0,
            Self::Version(expected) => expected == version,
        }
    }
}

impl MoveAlias {
    fn validate(&self) -> Result<(), Error> {
        let mut fields = Vec::new();
        let mut wrong = |field: &str, message: &str| fields.push(FieldError::new(field, message));
        if !is_alias_name(&self.alias_name) {
            wrong("alias_name", "must be 1 to 100 of a-z, 0-9, - and _, beginning with a letter or digit");
        }
        if !is_person(&self.moved_by) {
            wrong("moved_by", PERSON_RULE);
        }
        let is_blank = self.reason.as_deref().is_none_or(|reason| reason.trim().is_empty());
        if !is_text(self.reason.as_deref()) {
            wrong("reason", TEXT_RULE);
        } else if self.model_id.is_none() && is_blank {
            wrong("reason", "must say why the alias shall point at no model");
        }
        if fields.is_empty() { Ok(()) } else { Err(Error::Invalid { fields }) }
    }
}

impl Selector {
    /// Points an alias at a model, or at none. An alias that already points there stays as it is.
    pub async fn move_alias(&self, tenant: Tenant, request: MoveAlias) -> Result<Alias, Error> {
        request.validate()?;
        let moved_us = self.clock.now_us();
        let moved =
            self.write.write("move alias", async |tx| move_in(tx, tenant, &request, moved_us).await).await;
        match moved {
            Err(Error::Db(error))
                if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) =>
            {
                // Two moved at once: the second sees where the first went.
                let found = self.reader.alias(tenant, &request.alias_name).await?.version;
                Err(Error::AliasMoved { name: request.alias_name, found })
            }
            other => other,
        }
    }
}

impl Reader {
    /// One alias.
    pub async fn alias(&self, tenant: Tenant, name: &str) -> Result<Alias, Error> {
        let conn = self.db.conn();
        let row = newest(conn, tenant, name).await?.ok_or_else(|| Error::AliasNotFound(name.to_owned()))?;
        alias_of(conn, tenant, row).await
    }

    /// Every alias, by name. One that points at a damaged model has no model type; one whose own row is damaged is left out
    /// and said in the log.
    pub async fn aliases(&self, tenant: Tenant) -> Result<Vec<Alias>, Error> {
        let conn = self.db.conn();
        let sql = "SELECT * FROM model_alias WHERE tenant_id = $1 ORDER BY name";
        let statement = Statement::from_sql_and_values(self.db.backend(), sql, [tenant.id().into()]);
        let mut aliases = Vec::new();
        for row in conn.query_all_raw(statement).await? {
            let alias = match alias_move::Model::from_query_result(&row, "") {
                Ok(row) => match alias_of(conn, tenant, row.clone()).await {
                    Ok(alias) => Ok(alias),
                    Err(Error::AliasDamaged { .. }) => shown(row, None),
                    Err(Error::Db(error)) => Err(error),
                    Err(error) => return Err(error),
                },
                Err(error) => Err(error),
            };
            aliases.extend(said("alias", alias));
        }
        Ok(aliases)
    }

    /// Every move of an alias, first to last.
    pub async fn alias_moves(&self, tenant: Tenant, name: &str) -> Result<Vec<AliasMove>, Error> {
        if !is_alias_name(name) {
            return Err(Error::AliasNotFound(name.to_owned()));
        }
        let rows = alias_move::Entity::find()
            .filter(alias_move::Column::TenantId.eq(tenant.id()))
            .filter(alias_move::Column::Name.eq(name))
            .order_by_asc(alias_move::Column::Version)
            .all(self.db.conn())
            .await?;
        if rows.is_empty() {
            return Err(Error::AliasNotFound(name.to_owned()));
        }
        Ok(rows.into_iter().map(AliasMove::try_from).collect::<Result<_, _>>()?)
    }
}

async fn move_in(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    request: &MoveAlias,
    moved_us: i64,
) -> Result<Alias, Error> {
    let before = newest(tx, tenant, &request.alias_name).await?;
    let version = before.as_ref().map_or(Ok(0), |row| stored_version(row.version))?;
    if !request.expected.holds(version) {
        return Err(Error::AliasMoved { name: request.alias_name.clone(), found: version });
    }
    match request.model_id {
        Some(model) => usable(tx, tenant, model).await?,
        None if before.is_none() => return Err(Error::AliasNotFound(request.alias_name.clone())),
        None => {}
    }
    if let Some(unmoved) = before.as_ref().filter(|row| row.to_model_id == request.model_id) {
        return alias_of(tx, tenant, unmoved.clone()).await;
    }
    let row = alias_move::ActiveModel {
        tenant_id: Set(tenant.id()),
        name: Set(request.alias_name.clone()),
        version: Set(i32::try_from(version + 1).expect("an alias moves less than 2^31 times")),
        from_model_id: Set(before.and_then(|row| row.to_model_id)),
        to_model_id: Set(request.model_id),
        moved_by: Set(request.moved_by.trim().to_owned()),
        reason: Set(request.reason.clone()),
        moved_us: Set(moved_us),
    };
    let row = row.insert(tx).await?;
    alias_of(tx, tenant, row).await
}

/// A model an alias may point at: registered, and not archived while this transaction lasts.
async fn usable(tx: &DatabaseTransaction, tenant: Tenant, model: ModelId) -> Result<(), Error> {
    if model::locked(tx, tenant, model).await?.is_none() {
        let message = format!("must be a registered model; {model} is none");
        return Err(Error::Invalid { fields: vec![FieldError::new("model_id", message)] });
    }
    match event::newest(tx, model).await?.state()? {
        ModelState::Registered => Ok(()),
        ModelState::Archived => Err(Error::ModelArchived(model)),
    }
}

/// The names that point at a model.
pub(super) async fn names_of(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    model: ModelId,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT name FROM model_alias WHERE tenant_id = $1 AND to_model_id = $2 ORDER BY name";
    let values = [tenant.id().into(), model.into()];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    tx.query_all_raw(statement).await?.iter().map(|row| row.try_get("", "name")).collect()
}

async fn newest(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    name: &str,
) -> Result<Option<alias_move::Model>, DbErr> {
    // What is no name is in no row; the database would not even take it.
    if !is_alias_name(name) {
        return Ok(None);
    }
    alias_move::Entity::find()
        .filter(alias_move::Column::TenantId.eq(tenant.id()))
        .filter(alias_move::Column::Name.eq(name))
        .order_by_desc(alias_move::Column::Version)
        .one(conn)
        .await
}

async fn alias_of(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    row: alias_move::Model,
) -> Result<Alias, Error> {
    let model_type = match row.to_model_id {
        Some(id) => match model::known(conn, tenant, id).await {
            Ok(model) => Some(model.model_type),
            Err(Error::ModelDamaged { model, reason }) => {
                return Err(Error::AliasDamaged { name: row.name, model, reason });
            }
            Err(Error::ModelNotFound(model)) => {
                let reason = "it is gone, and so are its events".to_owned();
                return Err(Error::AliasDamaged { name: row.name, model, reason });
            }
            Err(error) => return Err(error),
        },
        None => None,
    };
    Ok(shown(row, model_type)?)
}

fn shown(row: alias_move::Model, model_type: Option<String>) -> Result<Alias, DbErr> {
    Ok(Alias {
        alias_name: row.name,
        model_id: row.to_model_id,
        model_type,
        version: stored_version(row.version)?,
        moved_by: row.moved_by,
        reason: row.reason,
        moved_at: time(row.moved_us)?,
    })
}

fn stored_version(version: i32) -> Result<u32, DbErr> {
    version.try_into().map_err(|_| unreadable("alias version"))
}

impl TryFrom<alias_move::Model> for AliasMove {
    type Error = DbErr;

    fn try_from(row: alias_move::Model) -> Result<Self, DbErr> {
        Ok(Self {
            version: stored_version(row.version)?,
            from_model_id: row.from_model_id,
            to_model_id: row.to_model_id,
            moved_by: row.moved_by,
            reason: row.reason,
            moved_at: time(row.moved_us)?,
        })
    }
}
