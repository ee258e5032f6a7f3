//! What a run of the lab stands on: a row of columns beside its spec, written when it is submitted and never changed.

use kernel::{RunId, Tenant};
use runs::{OutcomeCheck, Record, Run};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use wire::lab::{CalcuttaId, LabKind, LabRun, Lineage, ListLabRuns, Resolution};
use wire::model_selection::Course;
use wire::runs::Removed;

use crate::error::LabError;
use crate::reader::Reader;
use crate::table::run;

/// A run of the lab as its spec describes it.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) kind: LabKind,
    pub(crate) model: Option<String>,
    pub(crate) lineage: Lineage,
}

impl Described {
    fn row(&self, tenant: Tenant, run_id: RunId) -> run::Model {
        let lineage = self.lineage.clone();
        run::Model {
            run_id,
            tenant_id: tenant.id(),
            run_kind: self.kind.as_str().to_owned(),
            model: self.model.clone(),
            tournament_id: lineage.tournament_id,
            state_id: lineage.state_id,
            calcutta_id: lineage.calcutta_id,
            snapshot_id: lineage.snapshot_id,
            game_outcome_run_id: lineage.game_outcome_run_id,
            market_share_run_id: lineage.market_share_run_id,
            simulation_run_id: lineage.simulation_run_id,
            cohort_id: lineage.cohort_id,
            synthetic_calcutta_id: lineage.synthetic_calcutta_id,
            excluded_entry_id: lineage.excluded_entry_id,
        }
    }

    /// Writes the row, in the transaction that submits the run.
    pub(crate) async fn write(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        run_id: RunId,
    ) -> Result<(), DbErr> {
        let row = self.row(tenant, run_id).into_active_model();
        run::Entity::insert(row).exec_without_returning(tx).await.map(drop)
    }

    /// Whether the row still says what the spec says.
    pub(crate) async fn check(&self, record: &Record<'_>) -> Result<OutcomeCheck, DbErr> {
        let id = record.run.id;
        let found = run::Entity::find_by_id(id).one(record.db.conn()).await?;
        let problems = match found {
            None => vec!["the row of what the run stands on is gone".to_owned()],
            Some(row) if row != self.row(record.tenant, id) => {
                vec!["the row of what the run stands on says something else than its spec".to_owned()]
            }
            Some(_) => Vec::new(),
        };
        Ok(OutcomeCheck { checked: 1, problems, not_covered: Vec::new() })
    }
}

/// Proposals of one kind, at most.
const PROPOSED: u64 = 50;

impl Reader {
    /// Runs of the lab, newest first, older than `before`; at most `limit`.
    pub async fn lab_runs(
        &self,
        tenant: Tenant,
        filter: &ListLabRuns,
        before: Option<RunId>,
        limit: u64,
    ) -> Result<Vec<LabRun>, LabError> {
        let rows = rows(tenant, filter, before).limit(limit).all(self.db.conn()).await?;
        let ids: Vec<RunId> = rows.iter().map(|row| row.run_id).collect();
        let mut removed = runs::removed(&self.db, &ids).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(run) = runs::find(&self.db, tenant, row.run_id).await? {
                let removed = removed.remove(&run.id);
                items.push(item(run, row, removed)?);
            }
        }
        Ok(items)
    }

    /// One run of the lab, of any kind.
    pub async fn lab_run(&self, tenant: Tenant, id: RunId) -> Result<LabRun, LabError> {
        let (run, row) =
            self.run_and_row(tenant, id).await?.ok_or_else(|| LabError::not_found("run of the lab", id))?;
        let removed = self.removed(id).await?;
        Ok(item(run, row, removed)?)
    }

    pub(crate) async fn run_and_row(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<Option<(Run, run::Model)>, DbErr> {
        let Some(run) = runs::find(&self.db, tenant, id).await? else { return Ok(None) };
        let row = run::Entity::find_by_id(id).one(self.db.conn()).await?;
        Ok(row.map(|row| (run, row)))
    }

    /// A run of one kind; one of another is as unknown as none.
    pub(crate) async fn run_of(
        &self,
        tenant: Tenant,
        kind: LabKind,
        id: RunId,
    ) -> Result<(Run, LabRun), LabError> {
        let found = self.run_and_row(tenant, id).await?.filter(|(_, row)| row.run_kind == kind.as_str());
        let (run, row) = found.ok_or_else(|| LabError::not_found(kind.as_str(), id))?;
        let item = item(run.clone(), row, self.removed(id).await?)?;
        Ok((run, item))
    }

    /// What retention has removed of a run.
    pub(crate) async fn removed(&self, id: RunId) -> Result<Option<Removed>, DbErr> {
        Ok(runs::removed(&self.db, &[id]).await?.remove(&id))
    }

    /// Why a run of this kind has nothing to show.
    pub(crate) async fn nothing(&self, kind: LabKind, run: RunId) -> Result<LabError, DbErr> {
        let kind = kind.as_str();
        Ok(match self.removed(run).await? {
            Some(removed) => LabError::Removed { kind, run, removed: gone(&removed) },
            None => LabError::NoResult { kind, run },
        })
    }

    /// Everything that a request on an auction may name.
    pub async fn resolve(&self, tenant: Tenant, id: CalcuttaId) -> Result<Resolution, LabError> {
        let calcutta = self.calcutta_item(tenant, id).await?;
        let of_tournament =
            ListLabRuns { tournament_id: Some(calcutta.tournament_id), ..ListLabRuns::default() };
        let of_calcutta = ListLabRuns { calcutta_id: Some(id), ..ListLabRuns::default() };
        Ok(Resolution {
            calcutta_id: id,
            tournament_id: calcutta.tournament_id,
            snapshots: self.snapshots(id).await?,
            states: self.states(calcutta.tournament_id).await?,
            game_outcome_runs: self.succeeded(tenant, LabKind::GameOutcome, of_tournament).await?,
            market_share_runs: self.succeeded(tenant, LabKind::MarketShare, of_calcutta.clone()).await?,
            strategy_generation_runs: self
                .succeeded(tenant, LabKind::StrategyGeneration, of_calcutta)
                .await?,
        })
    }

    /// Succeeded runs of a kind that have what they left behind, newest first: for people to choose from.
    pub(crate) async fn succeeded(
        &self,
        tenant: Tenant,
        kind: LabKind,
        filter: ListLabRuns,
    ) -> Result<Vec<LabRun>, LabError> {
        let filter = ListLabRuns { run_kind: Some(kind), ..filter };
        let mut items = self.lab_runs(tenant, &filter, None, PROPOSED).await?;
        items.retain(|item| item.status == wire::runs::Status::Succeeded && item.removed.is_none());
        Ok(items)
    }
}

/// The rows of runs that stand on everything that is named, newest first.
fn rows(tenant: Tenant, filter: &ListLabRuns, before: Option<RunId>) -> sea_orm::Select<run::Entity> {
    use run::Column;
    let mut query = run::Entity::find().filter(Column::TenantId.eq(tenant.id()));
    if let Some(kind) = filter.run_kind {
        query = query.filter(Column::RunKind.eq(kind.as_str()));
    }
    if let Some(id) = filter.tournament_id {
        query = query.filter(Column::TournamentId.eq(id));
    }
    if let Some(id) = filter.calcutta_id {
        query = query.filter(Column::CalcuttaId.eq(id));
    }
    if let Some(id) = filter.snapshot_id {
        query = query.filter(Column::SnapshotId.eq(id));
    }
    if let Some(id) = filter.cohort_id {
        query = query.filter(Column::CohortId.eq(id));
    }
    if let Some(id) = filter.synthetic_calcutta_id {
        query = query.filter(Column::SyntheticCalcuttaId.eq(id));
    }
    if let Some(before) = before {
        query = query.filter(Column::RunId.lt(before));
    }
    query.order_by_desc(Column::RunId)
}

/// What became of a run's results, in words.
pub(crate) fn gone(removed: &Removed) -> String {
    let at = removed.removed_at.format("%Y-%m-%d %H:%M UTC");
    format!(
        "retention removed what it left behind on {at} (receipt {}: {})",
        removed.receipt_id, removed.reason
    )
}

fn item(run: Run, row: run::Model, removed: Option<Removed>) -> Result<LabRun, DbErr> {
    let (error_code, error_message) = run.problem.map(|problem| (problem.code, problem.message)).unzip();
    Ok(LabRun {
        run_id: run.id,
        run_kind: row.run_kind.parse().map_err(|_| kernel::row::unreadable("run kind"))?,
        title: run.title,
        model: row.model,
        status: run.state.into(),
        parent_run_id: run.parent_run_id,
        lineage: Lineage {
            tournament_id: row.tournament_id,
            state_id: row.state_id,
            calcutta_id: row.calcutta_id,
            snapshot_id: row.snapshot_id,
            game_outcome_run_id: row.game_outcome_run_id,
            market_share_run_id: row.market_share_run_id,
            simulation_run_id: row.simulation_run_id,
            cohort_id: row.cohort_id,
            synthetic_calcutta_id: row.synthetic_calcutta_id,
            excluded_entry_id: row.excluded_entry_id,
        },
        removed,
        course: Course {
            error_code,
            error_message,
            created_at: run.created_at,
            started_at: run.started_at,
            completed_at: run.ended_at,
        },
    })
}
