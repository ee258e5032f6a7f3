//! The reading half: tournaments, states, auctions and snapshots by id.

use kernel::row::{digest, number, time};
use kernel::{ReadDb, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use wire::lab::{
    Calcutta, CalcuttaId, CalcuttaItem, Field, GameResult, ListCalcuttas, Snapshot, SnapshotContent,
    SnapshotId, SnapshotItem, State, StateId, StateItem, Tournament, TournamentId, TournamentItem,
};

use crate::document::{self, Pinned};
use crate::error::LabError;
use crate::field::Playing;
use crate::table::{calcutta, snapshot, state, tournament};

/// Reads rows from the database and documents from the store; there is no way from here to a writing handle. Clones
/// share everything.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: ReadDb,
    pub(crate) store: artifacts::Reader,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader of both.
    pub const fn new(db: ReadDb, store: artifacts::Reader) -> Self {
        Self { db, store }
    }

    /// Tournaments, newest first, older than `before`; at most `limit`.
    pub async fn tournaments(
        &self,
        tenant: Tenant,
        before: Option<TournamentId>,
        limit: u64,
    ) -> Result<Vec<TournamentItem>, LabError> {
        use tournament::{Column, Entity};
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        let rows = query.order_by_desc(Column::Id).limit(limit).all(self.db.conn()).await?;
        Ok(rows.iter().map(tournament_item).collect::<Result<_, _>>()?)
    }

    /// A tournament with its field and its states.
    pub async fn tournament(&self, tenant: Tenant, id: TournamentId) -> Result<Tournament, LabError> {
        let item = self.tournament_item(tenant, id).await?;
        let field: Field = document::get(&self.store, "field", &item.digest).await?;
        Ok(Tournament { states: self.states(id).await?, item, field })
    }

    pub(crate) async fn tournament_item(
        &self,
        tenant: Tenant,
        id: TournamentId,
    ) -> Result<TournamentItem, LabError> {
        let query = tournament::Entity::find_by_id(id).filter(tournament::Column::TenantId.eq(tenant.id()));
        let row = query.one(self.db.conn()).await?.ok_or_else(|| LabError::not_found("tournament", id))?;
        Ok(tournament_item(&row)?)
    }

    /// A tournament as it is computed with.
    pub(crate) async fn playing(&self, item: &TournamentItem) -> Result<Playing, LabError> {
        let field: Field = document::get(&self.store, "field", &item.digest).await?;
        Playing::read(field).map_err(|error| LabError::unreadable("field", error))
    }

    /// The states of a tournament, oldest first.
    pub(crate) async fn states(&self, id: TournamentId) -> Result<Vec<StateItem>, LabError> {
        use state::{Column, Entity};
        let query = Entity::find().filter(Column::TournamentId.eq(id)).order_by_asc(Column::Id);
        let rows = query.all(self.db.conn()).await?;
        Ok(rows.iter().map(state_item).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn state_item(&self, tenant: Tenant, id: StateId) -> Result<StateItem, LabError> {
        let query = state::Entity::find_by_id(id).filter(state::Column::TenantId.eq(tenant.id()));
        let row = query.one(self.db.conn()).await?.ok_or_else(|| LabError::not_found("state", id))?;
        Ok(state_item(&row)?)
    }

    /// A state of play with its results.
    pub async fn state(&self, tenant: Tenant, id: StateId) -> Result<State, LabError> {
        let item = self.state_item(tenant, id).await?;
        let results: Vec<GameResult> = document::get(&self.store, "state", &item.digest).await?;
        Ok(State { item, results })
    }

    /// Auctions, newest first, older than `before`; at most `limit`.
    pub async fn calcuttas(
        &self,
        tenant: Tenant,
        filter: &ListCalcuttas,
        before: Option<CalcuttaId>,
        limit: u64,
    ) -> Result<Vec<CalcuttaItem>, LabError> {
        use calcutta::{Column, Entity};
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(id) = filter.tournament_id {
            query = query.filter(Column::TournamentId.eq(id));
        }
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        let rows = query.order_by_desc(Column::Id).limit(limit).all(self.db.conn()).await?;
        Ok(rows.iter().map(calcutta_item).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn calcutta_item(
        &self,
        tenant: Tenant,
        id: CalcuttaId,
    ) -> Result<CalcuttaItem, LabError> {
        let query = calcutta::Entity::find_by_id(id).filter(calcutta::Column::TenantId.eq(tenant.id()));
        let row = query.one(self.db.conn()).await?.ok_or_else(|| LabError::not_found("calcutta", id))?;
        Ok(calcutta_item(&row)?)
    }

    /// An auction with all its snapshots.
    pub async fn calcutta(&self, tenant: Tenant, id: CalcuttaId) -> Result<Calcutta, LabError> {
        let item = self.calcutta_item(tenant, id).await?;
        Ok(Calcutta { item, snapshots: self.snapshots(id).await? })
    }

    pub(crate) async fn snapshots(&self, id: CalcuttaId) -> Result<Vec<SnapshotItem>, LabError> {
        use snapshot::{Column, Entity};
        let query = Entity::find().filter(Column::CalcuttaId.eq(id)).order_by_asc(Column::Id);
        let rows = query.all(self.db.conn()).await?;
        Ok(rows.iter().map(snapshot_item).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn snapshot_item(
        &self,
        tenant: Tenant,
        id: SnapshotId,
    ) -> Result<SnapshotItem, LabError> {
        let query = snapshot::Entity::find_by_id(id).filter(snapshot::Column::TenantId.eq(tenant.id()));
        let row = query.one(self.db.conn()).await?.ok_or_else(|| LabError::not_found("snapshot", id))?;
        Ok(snapshot_item(&row)?)
    }

    /// A snapshot with its content.
    pub async fn snapshot(&self, tenant: Tenant, id: SnapshotId) -> Result<Snapshot, LabError> {
        let item = self.snapshot_item(tenant, id).await?;
        let content: SnapshotContent = document::get(&self.store, "snapshot", &item.digest).await?;
        Ok(Snapshot { item, content })
    }
}

/// What runs pin of these.
impl From<&TournamentItem> for Pinned<TournamentId> {
    fn from(item: &TournamentItem) -> Self {
        Self { id: item.tournament_id, digest: item.digest }
    }
}

impl From<&StateItem> for Pinned<StateId> {
    fn from(item: &StateItem) -> Self {
        Self { id: item.state_id, digest: item.digest }
    }
}

impl From<&SnapshotItem> for Pinned<SnapshotId> {
    fn from(item: &SnapshotItem) -> Self {
        Self { id: item.snapshot_id, digest: item.digest }
    }
}

pub(crate) fn tournament_item(row: &tournament::Model) -> Result<TournamentItem, DbErr> {
    Ok(TournamentItem {
        tournament_id: row.id,
        name: row.name.clone(),
        season: row.season,
        team_count: number("team count", row.team_count)?,
        game_count: number("game count", row.game_count)?,
        digest: digest(&row.digest)?,
        created_at: time(row.created_us)?,
    })
}

pub(crate) fn state_item(row: &state::Model) -> Result<StateItem, DbErr> {
    Ok(StateItem {
        state_id: row.id,
        tournament_id: row.tournament_id,
        starting_state_key: row.starting_state_key.clone(),
        decided_games: number("game count", row.decided_games)?,
        digest: digest(&row.digest)?,
        created_at: time(row.created_us)?,
    })
}

pub(crate) fn calcutta_item(row: &calcutta::Model) -> Result<CalcuttaItem, DbErr> {
    Ok(CalcuttaItem {
        calcutta_id: row.id,
        tournament_id: row.tournament_id,
        name: row.name.clone(),
        snapshot_id: row.snapshot_id,
        entry_count: number("entry count", row.entry_count)?,
        created_at: time(row.created_us)?,
    })
}

pub(crate) fn snapshot_item(row: &snapshot::Model) -> Result<SnapshotItem, DbErr> {
    Ok(SnapshotItem {
        snapshot_id: row.id,
        calcutta_id: row.calcutta_id,
        tournament_id: row.tournament_id,
        snapshot_type: row.snapshot_type.parse().map_err(|_| kernel::row::unreadable("snapshot type"))?,
        base_snapshot_id: row.base_snapshot_id,
        description: row.description.clone(),
        entry_count: number("entry count", row.entry_count)?,
        digest: digest(&row.digest)?,
        created_at: time(row.created_us)?,
    })
}
