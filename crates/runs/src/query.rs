//! Reading runs. Every query takes the tenant; a foreign run does not exist.

use kernel::{ReadDb, RunId, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use crate::run::{Artifact, ArtifactId, Attempt, Input, Run};
use crate::state::RunState;
use crate::table;

/// Which runs a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this state.
    pub state: Option<RunState>,
    /// Only this conversation.
    pub conversation_id: Option<String>,
}

/// One run.
pub async fn find(db: &ReadDb, tenant: Tenant, run: RunId) -> Result<Option<Run>, DbErr> {
    table::run::Entity::find_by_id(run)
        .filter(table::run::Column::TenantId.eq(tenant.id()))
        .one(db.conn())
        .await?
        .map(Run::try_from)
        .transpose()
}

/// Runs, newest first, older than `before`; at most `limit`.
pub async fn list(
    db: &ReadDb,
    tenant: Tenant,
    filter: &Filter,
    before: Option<RunId>,
    limit: u64,
) -> Result<Vec<Run>, DbErr> {
    use table::run::Column;
    let mut query = table::run::Entity::find().filter(Column::TenantId.eq(tenant.id()));
    if let Some(kind) = &filter.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(conversation_id) = &filter.conversation_id {
        query = query.filter(Column::ConversationId.eq(conversation_id));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db.conn()).await?;
    rows.into_iter().map(Run::try_from).collect()
}

/// A run's attempts, first to last. The caller has found the run under its tenant.
pub async fn attempts(db: &ReadDb, run: &Run) -> Result<Vec<Attempt>, DbErr> {
    let rows = table::attempt::Entity::find()
        .filter(table::attempt::Column::RunId.eq(run.id))
        .order_by_asc(table::attempt::Column::Number)
        .all(db.conn())
        .await?;
    rows.into_iter().map(Attempt::try_from).collect()
}

/// A run's inputs by role. The caller has found the run under its tenant.
pub async fn inputs(db: &ReadDb, run: &Run) -> Result<Vec<Input>, DbErr> {
    let rows = table::input::Entity::find()
        .filter(table::input::Column::RunId.eq(run.id))
        .order_by_asc(table::input::Column::Role)
        .all(db.conn())
        .await?;
    rows.into_iter().map(Input::try_from).collect()
}

/// A run's artifacts by name. The caller has found the run under its tenant.
pub async fn artifacts(db: &ReadDb, run: &Run) -> Result<Vec<Artifact>, DbErr> {
    let rows = table::artifact::Entity::find()
        .filter(table::artifact::Column::RunId.eq(run.id))
        .order_by_asc(table::artifact::Column::Name)
        .all(db.conn())
        .await?;
    rows.into_iter().map(Artifact::try_from).collect()
}

/// One artifact.
pub async fn artifact(db: &ReadDb, tenant: Tenant, id: ArtifactId) -> Result<Option<Artifact>, DbErr> {
    let of_tenant = table::artifact::Entity::belongs_to(table::run::Entity)
        .from(table::artifact::Column::RunId)
        .to(table::run::Column::Id)
        .into();
    table::artifact::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, of_tenant)
        .filter(table::run::Column::TenantId.eq(tenant.id()))
        .one(db.conn())
        .await?
        .map(Artifact::try_from)
        .transpose()
}
