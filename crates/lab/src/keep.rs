//! Keeping tournaments, states, auctions and snapshots: documents first, then all rows in one transaction.

use ::tournament::Results;
use kernel::{Digest, Tenant};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, SqlErr};
use wire::lab::{
    CalcuttaId, CalcuttaItem, SnapshotContent, SnapshotId, SnapshotItem, SnapshotKind, StateId, StateItem,
    TournamentId, TournamentItem,
};

use crate::Lab;
use crate::document;
use crate::error::LabError;
use crate::field::Playing;
use crate::reader::{calcutta_item, snapshot_item, state_item, tournament_item};
use crate::table::{calcutta, snapshot, state, tournament};

/// Rows that are kept together.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    tournament: Option<tournament::Model>,
    states: Vec<state::Model>,
    calcutta: Option<calcutta::Model>,
    snapshot: Option<snapshot::Model>,
}

/// A snapshot that is to be kept.
#[derive(Debug)]
pub(crate) struct NewSnapshot<'a> {
    pub(crate) calcutta_id: CalcuttaId,
    pub(crate) tournament_id: TournamentId,
    pub(crate) kind: SnapshotKind,
    pub(crate) base: Option<SnapshotId>,
    pub(crate) description: Option<String>,
    pub(crate) content: &'a SnapshotContent,
}

impl Lab {
    pub(crate) async fn add_tournament(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        (name, season): (&str, i32),
        playing: &Playing,
    ) -> Result<TournamentItem, LabError> {
        let digest = document::put(&self.store, &playing.field).await?;
        let row = tournament::Model {
            id: TournamentId::new(&*self.clock),
            tenant_id: tenant.id(),
            name: name.to_owned(),
            season,
            team_count: count(playing.field.teams.len()),
            game_count: count(playing.field.games.len()),
            digest: bytes(digest),
            created_us: self.clock.now_us(),
        };
        let item = tournament_item(&row)?;
        rows.tournament = Some(row);
        Ok(item)
    }

    /// The digest of results as they are kept, which they are when this returns.
    pub(crate) async fn results_digest(
        &self,
        playing: &Playing,
        results: &Results,
    ) -> Result<Digest, LabError> {
        document::put(&self.store, &playing.told(results)).await
    }

    pub(crate) async fn add_state_row(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        tournament_id: TournamentId,
        (key, playing, results): (&str, &Playing, &Results),
    ) -> Result<StateItem, LabError> {
        let decided = results.winners().iter().flatten().count();
        let digest = self.results_digest(playing, results).await?;
        let row = state::Model {
            id: StateId::new(&*self.clock),
            tenant_id: tenant.id(),
            tournament_id,
            starting_state_key: key.to_owned(),
            decided_games: count(decided),
            digest: bytes(digest),
            created_us: self.clock.now_us(),
        };
        let item = state_item(&row)?;
        rows.states.push(row);
        Ok(item)
    }

    /// An auction with the snapshot it is imported as.
    pub(crate) async fn add_calcutta_rows(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        tournament_id: TournamentId,
        (name, content): (&str, &SnapshotContent),
    ) -> Result<(CalcuttaItem, SnapshotItem), LabError> {
        let calcutta_id = CalcuttaId::new(&*self.clock);
        let snapshot = NewSnapshot {
            calcutta_id,
            tournament_id,
            kind: SnapshotKind::AsIs,
            base: None,
            description: None,
            content,
        };
        let kept = self.add_snapshot_row(tenant, rows, snapshot).await?;
        let row = calcutta::Model {
            id: calcutta_id,
            tenant_id: tenant.id(),
            tournament_id,
            name: name.to_owned(),
            snapshot_id: kept.snapshot_id,
            entry_count: count(content.entries.len()),
            created_us: self.clock.now_us(),
        };
        let item = calcutta_item(&row)?;
        rows.calcutta = Some(row);
        Ok((item, kept))
    }

    pub(crate) async fn add_snapshot_row(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        new: NewSnapshot<'_>,
    ) -> Result<SnapshotItem, LabError> {
        let row = snapshot::Model {
            id: SnapshotId::new(&*self.clock),
            tenant_id: tenant.id(),
            calcutta_id: new.calcutta_id,
            tournament_id: new.tournament_id,
            snapshot_type: new.kind.as_str().to_owned(),
            base_snapshot_id: new.base,
            description: new.description,
            entry_count: count(new.content.entries.len()),
            digest: bytes(document::put(&self.store, new.content).await?),
            created_us: self.clock.now_us(),
        };
        let item = snapshot_item(&row)?;
        rows.snapshot = Some(row);
        Ok(item)
    }

    /// Keeps all rows, or none.
    pub(crate) async fn keep(&self, name: &'static str, rows: Vec<Rows>) -> Result<(), LabError> {
        let kept = self.write.write(name, async |tx| {
            for row in rows {
                row.insert(tx).await?;
            }
            Ok::<_, DbErr>(())
        });
        Ok(kept.await?)
    }
}

impl Rows {
    /// The tournament is there already.
    pub(crate) fn forget_tournament(&mut self) {
        self.tournament = None;
    }

    pub(crate) async fn insert(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        if let Some(row) = self.tournament {
            tournament::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        }
        for row in self.states {
            state::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        }
        if let Some(row) = self.calcutta {
            calcutta::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        }
        if let Some(row) = self.snapshot {
            snapshot::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}

/// Whether a row was refused because another has its name.
pub(crate) fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn bytes(digest: Digest) -> Vec<u8> {
    digest.as_bytes().to_vec()
}

fn count(n: usize) -> i32 {
    i32::try_from(n).expect("a field and an auction are small")
}
