//! Reading runs. Every query takes the tenant; a foreign run does not exist.

use kernel::{ConversationId, ReadDb, RunId, Tenant};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, Select, Statement,
};

use crate::run::{Artifact, Input, Run};
use crate::state::RunState;
use crate::table;
use wire::artifacts::ArtifactId;
use wire::runs::Attempt;

/// Which runs a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this state.
    pub state: Option<RunState>,
    /// Only this conversation.
    pub conversation_id: Option<ConversationId>,
    /// Only runs that this one started.
    pub parent_run_id: Option<RunId>,
    /// Only dead letters, or only others.
    pub is_dead_letter: Option<bool>,
}

/// A place in a list of runs.
#[derive(Debug, Clone)]
pub enum Listed {
    /// A run.
    Run(Box<Run>),
    /// A row that cannot be read: its trouble is its own, so the list goes on.
    Damaged {
        /// Which run.
        id: RunId,
        /// What cannot be read.
        reason: String,
    },
}

impl Listed {
    /// Which run stands here.
    pub fn id(&self) -> RunId {
        match self {
            Self::Run(run) => run.id,
            Self::Damaged { id, .. } => *id,
        }
    }

    /// The run, if it is readable.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Self::Run(run) => Some(run),
            Self::Damaged { .. } => None,
        }
    }

    /// A row whose very id cannot be read is nobody's and is left out.
    fn read(row: &QueryResult) -> Option<Self> {
        let id: RunId = row.try_get("", "id").ok()?;
        let run = table::run::Model::from_query_result(row, "").and_then(Run::try_from);
        Some(match run {
            Ok(run) => Self::Run(Box::new(run)),
            Err(error) => Self::Damaged { id, reason: error.to_string() },
        })
    }
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
) -> Result<Vec<Listed>, DbErr> {
    use table::run::Column;
    let mut query = table::run::Entity::find().filter(Column::TenantId.eq(tenant.id()));
    if let Some(kind) = &filter.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(conversation) = filter.conversation_id {
        query = query.filter(Column::ConversationId.eq(conversation));
    }
    if let Some(parent) = filter.parent_run_id {
        query = query.filter(Column::ParentRunId.eq(parent));
    }
    if let Some(is_dead_letter) = filter.is_dead_letter {
        query = query.filter(Column::IsDeadLetter.eq(is_dead_letter));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let statement = query.order_by_desc(Column::Id).limit(limit).build(db.backend());
    let rows = db.conn().query_all_raw(statement).await?;
    Ok(rows.iter().filter_map(Listed::read).collect())
}

/// A run's attempts, first to last. The caller has found the run under its tenant.
pub async fn attempts(db: &ReadDb, run: &Run) -> Result<Vec<Attempt>, DbErr> {
    attempt_rows(db, run.id).await?.into_iter().map(Attempt::try_from).collect()
}

pub(crate) async fn attempt_rows(db: &ReadDb, run: RunId) -> Result<Vec<table::attempt::Model>, DbErr> {
    attempts_of(run).all(db.conn()).await
}

pub(crate) fn attempts_of(run: RunId) -> Select<table::attempt::Entity> {
    use table::attempt::{Column, Entity};
    Entity::find().filter(Column::RunId.eq(run)).order_by_asc(Column::Number)
}

/// A run's inputs by role and order. The caller has found the run under its tenant.
pub async fn inputs(db: &ReadDb, run: &Run) -> Result<Vec<Input>, DbErr> {
    inputs_of(db.conn(), run.id).await
}

pub(crate) async fn inputs_of(db: &impl ConnectionTrait, run: RunId) -> Result<Vec<Input>, DbErr> {
    input_rows(run).all(db).await?.into_iter().map(Input::try_from).collect()
}

pub(crate) fn input_rows(run: RunId) -> Select<table::input::Entity> {
    use table::input::{Column, Entity};
    Entity::find().filter(Column::RunId.eq(run)).order_by_asc(Column::Role).order_by_asc(Column::Ordinal)
}

/// A run's artifacts by name. The caller has found the run under its tenant.
pub async fn artifacts(db: &ReadDb, run: &Run) -> Result<Vec<Artifact>, DbErr> {
    artifact_rows(run.id).all(db.conn()).await?.into_iter().map(Artifact::try_from).collect()
}

pub(crate) fn artifact_rows(run: RunId) -> Select<table::artifact::Entity> {
    use table::artifact::{Column, Entity};
    Entity::find().filter(Column::RunId.eq(run)).order_by_asc(Column::Name)
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

/// Whether a run was let go of under retention: but for its row, its inputs, its attempts and its `metrics`, what it left
/// behind is gone.
pub async fn is_retired(db: &ReadDb, run: RunId) -> Result<bool, DbErr> {
    is_retired_in(db.conn(), run).await
}

pub(crate) async fn is_retired_in(conn: &impl ConnectionTrait, run: RunId) -> Result<bool, DbErr> {
    is_released(conn, "run", run.0.as_bytes()).await
}

/// Whether a receipt of retention names this.
pub(crate) async fn is_released(
    conn: &impl ConnectionTrait,
    kind: &str,
    subject: &[u8],
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM retention_release WHERE kind = $1 AND subject = $2";
    let values = [kind.into(), subject.to_vec().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}
