//! What of a season is kept already: the same content is the same tournament, state and auction, however often it comes.
//! What differs is kept beside it, and said.

use ::tournament::Results;
use kernel::{Digest, Tenant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use wire::lab::{
    CalcuttaItem, Entry, EntryId, ListCalcuttas, SnapshotContent, StateItem, TournamentId, TournamentItem,
};

use crate::Lab;
use crate::error::LabError;
use crate::field::Playing;
use crate::keep::Rows;
use crate::ran::ALL;
use crate::reader::tournament_item;
use crate::table::tournament;

impl Lab {
    /// The tournament of this name, season and field, kept if it is not there; and whether it was.
    pub(super) async fn known_tournament(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        (name, season): (&str, i32),
        playing: &Playing,
        beside: &mut Vec<String>,
    ) -> Result<(TournamentItem, bool), LabError> {
        use tournament::{Column, Entity};
        let own = self.add_tournament(tenant, rows, (name, season), playing).await?;
        let namesakes = Entity::find()
            .filter(Column::TenantId.eq(tenant.id()))
            .filter(Column::Season.eq(season))
            .filter(Column::Name.eq(name))
            .order_by_asc(Column::Id);
        let namesakes = namesakes.all(self.reader.db.conn()).await?;
        let namesakes = namesakes.iter().map(tournament_item).collect::<Result<Vec<_>, _>>()?;
        if let Some(same) = namesakes.iter().find(|other| other.digest == own.digest) {
            rows.forget_tournament();
            return Ok((same.clone(), true));
        }
        if let Some(other) = namesakes.last() {
            beside.push(format!(
                "There is a tournament `{name}` of {season} with another field already ({}); this one is kept beside it.",
                other.tournament_id
            ));
        }
        Ok((own, false))
    }

    /// The state with these results, kept if none has them; and whether one had.
    pub(super) async fn known_state(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        id: TournamentId,
        before: &[StateItem],
        (key, playing, results): (&str, &Playing, &Results),
        beside: &mut Vec<String>,
    ) -> Result<(StateItem, bool), LabError> {
        let digest: Digest = self.results_digest(playing, results).await?;
        if let Some(same) = before.iter().find(|state| state.digest == digest) {
            return Ok((same.clone(), true));
        }
        let is_taken = |key: &str| before.iter().any(|state| state.starting_state_key == key);
        let mut own = key.to_owned();
        for number in 2.. {
            if !is_taken(&own) {
                break;
            }
            own = format!("{key}_{number}");
        }
        if own != key {
            beside
                .push(format!("The state `{key}` is there with other results; these are the state `{own}`."));
        }
        Ok((self.add_state_row(tenant, rows, id, (&own, playing, results)).await?, false))
    }

    /// The auction of this name and content, kept if it is not there; and whether it was.
    pub(super) async fn known_calcutta(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        id: TournamentId,
        (name, content): (&str, &SnapshotContent),
        beside: &mut Vec<String>,
    ) -> Result<(CalcuttaItem, bool), LabError> {
        let of_tournament = ListCalcuttas { tournament_id: Some(id), ..ListCalcuttas::default() };
        let mut namesakes = self.reader.calcuttas(tenant, &of_tournament, None, ALL).await?;
        namesakes.retain(|calcutta| calcutta.name == name);
        for other in namesakes.iter().rev() {
            let kept = self.reader.snapshot(tenant, other.snapshot_id).await?.content;
            if without_ids(&kept) == without_ids(content) {
                return Ok((other.clone(), true));
            }
        }
        if let Some(other) = namesakes.first() {
            beside.push(format!(
                "There is an auction `{name}` with other content already ({}); this one is kept beside it.",
                other.calcutta_id
            ));
        }
        Ok((self.add_calcutta_rows(tenant, rows, id, (name, content)).await?.0, false))
    }
}

/// What an auction is but for the ids of its entries, which are drawn anew each time.
fn without_ids(content: &SnapshotContent) -> SnapshotContent {
    let entry = |entry: &Entry| Entry { entry_id: EntryId(uuid::Uuid::nil()), ..entry.clone() };
    SnapshotContent { entries: content.entries.iter().map(entry).collect(), ..content.clone() }
}
